#!/bin/sh
# The mapping of a launched dataflow is edited in the console: nothing is in force before it is saved, nothing is lost before that either, and what `mapping set` would be
# refused is refused here.
# ux 15, 17: kept as it is typed, also by kill -9, and taken back. ux 19: read-only. ux 30: the question names the command.
. "$top_srcdir/tests/screen/lib.sh"
sandbox_start
destination_create
message a@example.com 11 realized | sed 's/"person":{/"job":"dev","city":"Rome",&/' > "$work/feed.ndjson"
expect 0 penstock dataflow create spring --destination demo --source "$work/feed.ndjson" --audience 11
expect 0 penstock fields demo
expect 0 penstock run spring
revision_is() {
	expect 0 penstock mapping show spring --json
	holds ".revision == $1 and (.mapping | length) == $2"
}
edit() {
	press +
	see 'is in force until s saves another one'
	gone 'reading the source'
	see 'job'
}
console 24 80
see 'New dataflow'
press Down
see '▶ spring'

# Who only looks leaves nothing behind.
edit
golden mapping-edit
press ]
see 'only the mapping is edited here'
press u
see 'There is no edit to take back'
see 'mapped: 3'
press q
see ' Home'
expect 0 penstock draft list --json
holds '.drafts == []'

# An edit is kept when it is left, and not in force.
edit
press End
see '▶   job'
press Enter
see 'Marketo field for job'
typed title
see '▶ title'
press Enter
see 'mapped: 4'
press q
see 'Kept as a draft, not in force yet'
see 'its mapping, edited'
golden mapping-edit-home
revision_is 1 3

# The same key goes on with it, also after kill -9; edits are taken back and put in force again.
press Down
see '▶ spring                ✓'
edit
see 'mapped: 4'
demand signal KILL
ended 'signal 9'
console 24 80
see 'its mapping, edited'
press Down Enter
see 'Revision 1 is in force'
see 'mapped: 4'
press u
see 'mapped: 3'
press U
see 'mapped: 4'

# Saved as a revision after a question that names the command.
press s
see 'Save it as revision 2 of the mapping of spring?'
see 'penstock draft apply '
see '[▶Cancel ]'
press Enter
gone 'Save it as'
# Not from under the console, and a file edits nobody's mapping.
expect 0 penstock draft list --json
id=$(jq '.drafts[0].id' "$work/out")
refused 2 'open in another console' penstock draft apply "$id"
expect 0 penstock draft show "$id" --json
jq '.draft | .name = "harmless"' "$work/out" > "$work/other.json"
expect 0 penstock draft save "$work/other.json"
expect 0 penstock draft list --json
holds '[.drafts[] | select(.name == "harmless")] | length == 1 and (.[0].mapping_of // "") == ""'
expect 0 penstock draft delete "$(jq '.drafts[] | select(.name == "harmless").id' "$work/out")"
revision_is 1 3
press s
see 'Save it as'
press Left Enter
see 'The mapping of spring is revision 2; the next run sends by it.'
revision_is 2 4
expect 0 penstock audit --json
holds '.audit[-1] | .action == "mapping set" and .object == "spring" and .detail == "revision 2, 4 rows"'
expect 0 penstock draft list --json
holds '.drafts == []'

# From the tables, too. Somebody else's revision is not written over.
press o
see '[Dataflows]'
edit
press End Up x
gone 'mapped: 4'
expect 0 penstock mapping set spring city=city
press s
see 'Save it as revision 3'
press Left Enter
see 'has become revision 3 meanwhile'
press q
see '[Dataflows]'
revision_is 3 5
expect 0 penstock draft list --json
id=$(jq '.drafts[0].id' "$work/out")
refused 2 'has become revision 3 meanwhile' penstock draft apply "$id"
expect 0 penstock draft delete "$id"

# Where it has to be signed that is said, and history leads here as well.
expect 0 penstock destination update demo --sign-off required
press H
see 'REVISION 3'
edit
press /
typed job
press Enter End
see '▶   job'
press x
see 'mapped: 4'
press s
see 'before somebody has signed it'
press Left Enter
see 'It has to be signed'
revision_is 4 4
press q
see '[Dataflows]'

# A policy refuses what it refuses the command.
expect 0 penstock destination update demo --marketing-action exportToThirdParty
expect 0 penstock label set job C2
expect 0 penstock policy enable restrict-third-party-export
refused 5 'restrict-third-party-export' penstock mapping set spring job=title
edit
press /
typed job
press Enter End
see '▶   job'
press Enter
see 'Marketo field for job'
typed title
see '▶ title'
press Enter
see 'mapped: 5'
press s
see 'Save it as revision 5'
press Left Enter
see 'restrict-third-party-export'
revision_is 4 4
press Esc Esc u
see 'mapped: 4'
press q
see '[Dataflows]'
expect 0 penstock draft list --json
holds '.drafts == []'
press q q
ended 0
restored

# A console that only looks says why not.
console 24 80 --read-only
see 'New dataflow'
press Down +
see 'this console is read-only'
press q
ended 0

# A dataflow that is given up takes an edit of its mapping with it: another one of its name begins anew.
console 24 80
see 'New dataflow'
press Down
see '▶ spring'
edit
press x
gone 'mapped: 4'
press q
see 'its mapping, edited'
expect 0 penstock dataflow delete spring --json
expect 0 penstock draft list --json
holds '.drafts == []'
press q
ended 0
