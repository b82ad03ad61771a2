#!/bin/sh
# The console takes V1 to V2 in seven steps: nothing is written before the fourth, V1 is disabled and deleted only once the lists agree, undo leads back.
. "$top_srcdir/tests/screen/lib.sh"
. "$top_srcdir/tests/scenario/migrate_lib.sh"
sandbox_start
account_create demo
for one in a b; do join 1001 "$(person $one@example.com)"; done
join 1002 "$(person e@example.com)"
page '' "$(v1_flow F-1 partner-list enabled "$(email_field),$(three_fields)" "$(audience AUD-1 Partners 1001)")" \
	"$(v1_flow F-2 without-identity enabled "$(three_fields)" "$(audience AUD-2 Legacy 1002)")" > "$work/export.json"
{
	message a@example.com AUD-1 realized
	message b@example.com AUD-1 realized
} > "$work/feed.ndjson"
cd "$work" # paths are short

# Home tells of V1, and m leads to it; without any, an export is taken.
console 24 80
see 'Marketo V2'
press m
see 'No V1 dataflow was imported yet'
press Space
see 'no V1 dataflow was imported yet: I imports an export'
press I
see 'reply of GET'
paste export.json
press Enter
see partner-list
press q
see 'dataflows: 2, on V2: 0, done: 0'
golden migrate-home
press Down r
see 'a dataflow of V1 does not run here'
press m
see 'not begun'

# Both are picked and compared with what V2 would be.
press A
see '2 picked'
press ]
see 'Field, renamed'
see 'no_identity'
press B
paste feed.ndjson
press Enter
see 'Source: feed.ndjson'
see ready
golden migrate-compare-80 '/~ Source/d'
golden_looks migrate-compare
press Down
see 'nobody can be matched'
resize 16 60
golden migrate-compare-60
press Up ]
see 'Dry run of 2 records'
resize 24 80
golden migrate-dry-run '/~ Source/d'
expect 0 penstock dataflow list --json
holds 'all(.dataflows[]; .card == "V1")'

# Made after a question; the other one stands in nobody's way.
press ]
see 'Enter makes V2'
press Enter
see 'Make V2 now? Dataflows: 2'
press Esc
gone 'Make V2 now'
press Enter
see 'Make V2 now? Dataflows: 2'
press Left Enter
see 'some dataflows could not be brought over'
see 'V2 made'
see no_identity
expect 0 penstock dataflow show partner-list-v2 --json
holds '.dataflow | .card == "V2" and .enabled'

# Only the one that is made goes on: it is run, its lists agree.
press [ [ [
see 'Space picks'
press Down
see '▶ [x] without-identity'
press Space
see '1 picked'
press Up ]
see 'Enter compares'
press ]
see 'Enter tells'
press ]
see 'Enter makes V2'
press ]
see 'r runs V2'
press Enter
see 'V2 has not run'
press r
see 'Run partner-list-v2 now?'
press Left Enter
see 'The run has ended'
press q
see 'r runs V2'
press Enter
see 'lists agree'
golden migrate-verify

# V1 is disabled, which undo takes back; and deleted only after its name was typed.
press ]
see 'Enter disables V1'
press Enter
see 'Disable V1 now? Dataflows: 1'
press Left Enter
see 'V1 paused'
expect 0 penstock dataflow show partner-list --json
holds '.dataflow.enabled == false'
press u
see 'Take the migration back? Dataflows: 1'
press Left Enter
see 'not begun'
expect 0 penstock dataflow list --json
holds '[.dataflows[].name] == ["partner-list", "without-identity"] and .dataflows[0].enabled'
# What a run of V2 has put into a list that it kept is not taken back, which is said.
person c@example.com > /dev/null
message c@example.com AUD-1 realized >> feed.ndjson
expect 0 penstock migrate apply partner-list --source feed.ndjson
expect 0 penstock run partner-list-v2 --json
press Ctrl-R
see 'V2 made'
press u
see 'Take the migration back? Dataflows: 1'
press Left Enter
see "V1's lists keep 1 changes of V2's runs"
expect 0 penstock migrate apply partner-list --source feed.ndjson
expect 0 penstock run partner-list-v2 --json
expect 0 penstock migrate compare partner-list
press Ctrl-R
see 'lists agree'
press Enter
see 'Disable V1 now? Dataflows: 1'
press Left Enter
see 'V1 paused'
press ]
see 'Enter deletes V1'
press Enter
see 'Delete V1 now? Dataflows: 1'
typed partner-list
press Enter
see 'V1 deleted'
golden migrate-deleted
expect 0 penstock dataflow list --json
holds '[.dataflows[].name] == ["partner-list-v2", "without-identity"]'
press q
see 'dataflows: 2, on V2: 0, done: 1'
press q
ended 0
restored

# Who may only look sees the plan and changes nothing.
console 24 80 --read-only
see 'Marketo V2'
press m
see 'V1 deleted'
press u
see 'this console is read-only'
press q q
ended 0
exit 0
