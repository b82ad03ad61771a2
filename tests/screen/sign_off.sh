#!/bin/sh
# Sign-off in the console: Details asks for it, Review locks the launch until the mapping is signed, and signs it with a note.
. "$top_srcdir/tests/screen/lib.sh"
sandbox_start --no-limits
account_create demo
expect 0 penstock fields demo
message p1@example.com a1 realized > "$work/feed.ndjson"
jq -n --arg feed "$work/feed.ndjson" '{step: 1, name: "spring", account: "demo", source: $feed, person_creation: "match-and-create", dedupe: "email", list_folder: "21",
	audiences: [{id: "a1"}], mapping: [{source: "identityMap.Email", target: "email"}, {source: "person.name.firstName", target: "firstName"},
		{source: "person.name.lastName", target: "lastName"}]}' > "$work/draft.json"
expect 0 penstock draft save "$work/draft.json"

console 24 80
see spring
press Down Enter
see '2 of 6'
press Tab Tab Tab Tab Tab Tab Tab Tab
see 'Sign-off'
press Right
see 'runs only with a revision'
golden sign-off-details
press Ctrl-N
see '3 of 6'
press ]
see '4 of 6'
see 'profiles,'
press ]
see '5 of 6'
gone 'asking Marketo'
press ]
see '6 of 6'
see 'penstock run spring --plan'
see 'not signed yet'
see 'nobody has signed revision 1'
golden sign-off-review
press L
see 'is not signed: N signs it'
press N
see 'Sign revision 1 of spring'
golden sign-off-note
typed 'read with legal'
press Enter
see 'Revision 1 of the mapping is signed'
gone 'nobody has signed'
see '; signed'
press N
see 'is signed already'

# An edit voids it.
press [
see '5 of 6'
press End x
see 'mapped: 2'
press ]
see 'nobody has signed revision 2'
press u
see 'nobody has signed revision 3'
# Somebody else signs.
expect 0 penstock mapping sign spring 3
press p
gone 'nobody has signed'
see 'penstock run spring --plan'
press L
see 'Launch spring into'
press Left Enter
see 'The run has ended'
press q
see 'Home'
press q
ended 0
expect 0 penstock mapping revisions spring --json
holds '[.revisions[] | .note] == [null, null, "read with legal"] and ([.revisions[].signed_by] | .[0] != null and .[1] == null and .[2] != null)'
expect 0 penstock destination show spring --json
holds '.destination.sign_off == "required"'
