#!/bin/sh
# What goes wrong is told whole, with what to do, and leads to where it is mended: a test that fails, and what only planning finds out.
# ux 22: what to do, and where. ux 30: the review prints the command that does the same.
. "$top_srcdir/tests/screen/lib.sh"
sandbox_start
account_create own
(umask 077 && echo wrong > "$work/wrong")
expect 0 penstock account create bad --munchkin-id "$munchkin" --client-id "$client" --client-secret-file "$work/wrong" \
	--endpoint "$url/rest" --identity "$url/identity"
message a@example.com 11 realized | sed 's/Audience 11/Newsletter subscribers/' > "$work/feed.ndjson"

# A secret that Marketo refuses: what, why, and what to do, longer than a line.
console 24 80
see 'New dataflow'
press n
see '1 of 6'
press BackTab Up Up Enter
see 'filter:'
typed bad
press Enter
see '< bad >'
press t
see '✗ Token: '
see 'penstock account update'
see '· Fields      not tried'
press !
see 'token'
press Esc

# A list of the audience's own name that lies elsewhere: a problem with a jump.
press Enter
see 'filter:'
typed own
press Enter
see '< own >'
press Ctrl-N
see '2 of 6'
typed "it's mine"
press Down Down Down Down Down Down Down Enter
see Lists/Audiences
typed lists/audiences
press Enter
see 'List folder         < /Lead'
press Ctrl-N
see '3 of 6'
press Ctrl-N
see '4 of 6'
typed "$work/feed.ndjson"
press Enter
see '1 profiles, 1 audiences'
see '[x] Newsletter subscribers'
press Ctrl-N
see '5 of 6'
see 'a: take'
press a
see 'mapped: 1'
press Ctrl-N
see '6 of 6'
see '✗ 4 Audiences: '
see 'its id is 1001'
see 'choose that list'
see "penstock plan 'it'"
press Enter
see '4 of 6'
press J
see 'filter:'
typed Newsletter
press Down Enter
see '→ 1001'
press Ctrl-N
see '5 of 6'
press Ctrl-N
see 'match rate'
see "penstock run 'it'\\\\''s mine' --plan "
press q
see 'Unfinished'
press q
ended 0

# What a plan finds and somebody has to look at stands among the problems, with a jump, also when the mapping was not looked at before; whom a rule leaves out stands below.
long=$(printf 'x%.0s' $(seq 300))
{
	message a@example.com 11 realized | sed "s/\"Ada\"/\"$long\"/"
	message nobody 11 realized
} > "$work/feed.ndjson"
jq -n --arg feed "$work/feed.ndjson" '{step: 5, name: "late", account: "own", person_creation: "match-and-create", dedupe: "email", source: $feed, list_folder: "Audiences",
	audiences: [{id: "11", list: "late list"}], mapping: [{source: "identityMap.Email", target: "email"}, {source: "person.name.firstName", target: "firstName"},
	{source: "person.name.lastName", target: "lastName"}]}' > "$work/draft.json"
expect 0 penstock draft save "$work/draft.json"
expect 0 penstock fields own
console 24 80
see 'late '
press Down
see '▶ late'
press Enter
see '6 of 6'
see '! 5 Mapping: 1: First Name (firstName) was left out'
see '  1: '
press e e
see '▶ ! 5 Mapping'
press Enter
see '5 of 6'
press q
see ' Home'
press q
ended 0

# Where choices have no room beside each other the one in force is seen. A secret that cannot be had keeps one on the step: the account has the one of before.
with "PENSTOCK_DB=$work/again.db"
console 16 60
see 'Set up a dataflow'
press Enter
see '1 of 6'
typed "$munchkin"
press Tab
typed "$url/rest"
press Tab
typed "$url/identity"
press Tab
typed "$client"
press Tab
see '▶ Secret from'
press l l
see '(•) a command  3 of 3'
press h h
see '(•) typed, kept sealed  1 of 3'
press Tab
typed wrong
press Ctrl-T
see '✗ Token'
press BackTab
see '▶ Secret from'
press l l
see '(•) a command  3 of 3'
press Tab
typed false
press Ctrl-T
see 'the secret command failed'
press Ctrl-N
see '1 of 6'
see 'the secret command failed'
press Ctrl-C
ended 0

# A run that cannot begin says so where its numbers would stand, and a run that leaves everybody out is not called whole.
with "PENSTOCK_DB=$PENSTOCK_DB"
expect 0 penstock destination create left --account own
expect 0 penstock mapping set left identityMap.Email=email
message unknown@example.com 12 realized > "$work/left.ndjson"
expect 0 penstock dataflow create left --destination left --source "$work/left.ndjson" --audience 12=nowhere
console 24 80
see 'left '
press End
see '▶ left'
press r
see 'Run left'
press Left Enter
see 'left - did not begin'
press q
see ' Home'
expect 0 penstock destination update left --list-folder Audiences
press r
see 'Run left'
press Left Enter
see '! The run has ended; left out by rule: 1 of 1 (f).'
press q
see ' Home'
press q
ended 0
