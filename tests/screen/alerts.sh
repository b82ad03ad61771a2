#!/bin/sh
# Alerts as a table: added question by question, tested, changed, switched, with what goes on of them, and removed.
. "$top_srcdir/tests/screen/lib.sh"
sandbox_start
destination_create
message ann@example.com 11 realized > "$work/feed.ndjson"
expect 0 penstock dataflow create spring --destination demo --source "$work/feed.ndjson" --audience 11

console 24 100
see 'New dataflow'
press o
see '[Dataflows]'
press Tab Tab Tab Tab Tab
see '[Alerts]'
see 'nobody is told of anything yet'
press n
see 'New alert: of what'
see 'a certificate ends soon'
typed skipped
press Enter
see 'in a hundred'
typed 101
press Enter
see 'from 1 to 100'
press Backspace
press Enter
see 'how to tell'
press Enter
see 'it reads one JSON object'
press Enter
see 'must not be empty'
typed "cat >> '$work/words'"
press Enter
see 'Its name'
press End Ctrl-u
typed many
press Enter
see 'Alert many added'
see '▶ many               skipped           10 %           0 -'
expect 0 penstock alert show many --json
holds --arg target "cat >> '$work/words'" '(.alert | .when == "skipped" and .over == 10 and .way == "command" and .target == $target and .enabled and .going_on == 0) and .incidents == []'

# Tested after a question; what was told says that it is a test.
press t
see 'as if there were an incident'
press Left Enter
see 'many: done (Tell)'
jq -e '.alert == "many" and .state == "test"' "$work/words" > "$work/out" || fail 'nobody was told'

# Something goes on.
{
	message ann@example.com 11 realized
	message nobody 11 realized | sed 's/"id":"nobody"/"id":"not an address"/'
} > "$work/feed.ndjson"
expect 0 penstock run spring
press Ctrl-r
see '▶ many               skipped           10 %           1 20'
press Enter
see 'Incidents'
see '▶ spring                              50 20'
press q
see '[Alerts]'

# Changed, switched off and on.
press c
see 'Change many: what?'
typed over
press Enter
see 'over'
typed 60
press Enter
see 'many: done (Change)'
press z
see 'many: done (Disable)'
expect 0 penstock alert show many --json
holds '.alert | .over == 60 and (.enabled | not) and .going_on == 0'
press z
see 'many: done (Enable)'

# Without words to somebody.
press n
see 'New alert: of what'
typed refused
press Enter
see 'how to tell'
typed syslog
press Enter
see 'Its name'
press Enter
see 'Alert refused added'
see '1-2 of 2'

press Home x
see 'Remove the alert many'
press Enter
gone 'Remove the alert many'
press x
see 'Remove the alert many'
press Left Enter
see 'many: done (Remove)'
see '1-1 of 1'
expect 0 penstock alert list --json
holds '[.alerts[].name] == ["refused"]'
press q
see ' Home'
press q
ended 0
restored
harmless

# Looking is all that a read-only console does.
console 16 60 --read-only
see ' Home'
press o Tab Tab Tab Tab Tab
see '[Alerts]'
press n
see 'read-only'
press q q
ended 0
