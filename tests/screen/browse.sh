#!/bin/sh
# Everything there is as tables: what they show is what the commands say, a filter, rows down to the record, and what can be done with a row, each after its question.
. "$top_srcdir/tests/screen/lib.sh"
sandbox_start
destination_create
{
	message ann@example.com 11 realized
	message bob@example.com 11 realized
	message nobody 11 realized | sed 's/"id":"nobody"/"id":"not an address"/'
} > "$work/feed.ndjson"
dataflow() {
	expect 0 penstock dataflow create "$1" --destination demo --source "$work/feed.ndjson" --audience 11
}
dataflow spring
dataflow winter
dataflow autumn
dataflow 2026 # a name like a number is a name

console 24 100
see 'New dataflow'
press o
see '[Dataflows]'
see 'autumn'
see '1-4 of 4'

# The filter: either, without, with gaps; the row with the focus keeps it.
press Home Down Down
see '▶ spring'
press /
typed 'spring|wint'
see '2 of 4'
gone autumn
see '▶ spring'
press Esc
see '1-4 of 4'
see '▶ spring'
press /
typed '!spring'
see '3 of 4'
press Esc
see '1-4 of 4'
# Of one column, and several at once.
press /
typed 'destination=demo & name=wint|aut'
see '2 of 4'
gone '▶ spring'
press Esc
see '1-4 of 4'
press Home
see '▶ 2026'
press z
see '✓ 2026: done (Disable)'
press /
typed 'enabled=no'
see '1 of 4'
gone 'spring '
press Esc
see '1-4 of 4'
press Home Down Down
see '▶ spring'

# On and off is one key, and takes itself back.
press z
see '✓ spring: done (Disable)'
expect 0 penstock dataflow show spring --json
holds '.dataflow.enabled == false'
press z
see '✓ spring: done (Enable)'

# A dry run sends nothing and says so.
press p
see 'nothing is sent'
see 'received'
press Esc
expect 0 penstock runs --json
holds '.runs == []'

# A setting is changed by the command's own word.
press c
see 'Change spring: what?'
typed start
press Enter
see 'start'
typed 2024-01-01
press Enter
see '✓ spring: done (Change)'
expect 0 penstock dataflow show spring --json
holds '.dataflow.audiences[0].start == "2024-01-01T00:00:00Z"'

# When it runs by itself, and where the source says who agrees.
press c
see 'Change spring: what?'
typed every
see '▶ every'
see '6h, 1d, always, never'
press Enter
see 'every (6h, 1d, always, never)'
typed 6h
press Enter
see 'done (Change)'
press Esc c
see 'Change spring: what?'
typed consent
press Enter
see 'consent (PATH or PATH=VALUE)'
typed person.name.firstName=Ada
press Enter
see 'done (Change)'
expect 0 penstock dataflow show spring --json
holds '.dataflow | .every == "6h" and (.consent | tostring | test("person.name.firstName"))'
expect 0 penstock dataflow update spring --consent '' --every never

# A run: planned first, the question says how many, where to, and what cannot be undone; nothing runs before the name is typed.
press r
see 'Run spring? Of 3 records'
see 'cannot be'
see 'penstock run spring --plan'
see 'environment: '
press Enter
gone 'Run spring?'
press r
see 'Run spring?'
press Left Enter
see 'Run spring?'
typed spring
press Enter
see 'The run has ended'
press q
see '[Dataflows]'
see '✓ success'

# Down to the record; who it is is masked unless asked for.
press Enter
see ' Runs - spring'
see '✓ success'
press Enter
see 'Excluded and failed'
see 'no***'
gone 'not an address'
press i
see 'not an address'
press i
gone 'not an address'
press Enter
see 'CAN BE RETRIED'
see 'no***'
press Esc q q
see '[Dataflows]'

# Its lists, with how many members Marketo has.
press J
see 'Lists and their members'
see '11'
see 'MEMBERS 2, OURS 2'
press q
press v
see 'in_list'
press Esc

# Its mapping's history: who changed what, and whoever has read it signs.
press H
see 'Revisions of the mapping'
see 'REVISION 1'
press Enter
see 'What the revision changed'
see 'added    email'
# Sorted by a column, filtered, and signed from there.
press b
see 'sorted by CHANGE'
press b b
see 'sorted by WAS'
press b
see 'sorted by NOW'
press b b
see 'sorted by SAVED'
press b
see 'sorted by REVISION'
press b
gone 'sorted by'
press /
typed last
see '1 of 3'
press Esc
press q
see 'Revisions of the mapping'
press N
see 'Sign revision 1 of spring'
typed 'read it'
press Enter
see 'NOTE read it'
# Against what was launched last; whoever has read that can sign there, too.
press -
see 'it is as it was launched last'
press q
see 'Revisions of the mapping'
press q
see '[Dataflows]'
expect 0 penstock mapping set spring person.name.firstName=firstName:create-only job=title
expect 0 penstock mapping unset spring lastName
press -
see 'What changed since it was launched last'
see 'added    title'
golden browse-since-launch "s/ +$(id -un) +/ WHO /g" 's/BY [^,]+,/BY WHO,/' 's/ +│$/ │/'
press N
see 'Sign revision 3 of spring'
typed 'read since'
press Enter
see 'done (Sign)'
expect 0 penstock mapping revisions spring --json
holds '.revisions[0] | .revision == 3 and .note == "read since"'
press q
see '[Dataflows]'

# The other tables.
press Tab
see '[Destinations]'
press t
see 'milliseconds'
press Esc Tab
see '[Accounts]'
press J
see 'Static lists - '
press q
see '[Accounts]'
press x
see 'Remove the account'
press Esc Tab
see '[Runs]'
see 'ACTIVATED 2'
press f
see 'no***'
press q Tab
see '[Audit]'
# Newest first: what was done last stands on top.
see 'mapping sign'
[ "$(row 5 | grep -c 'mapping sign')" -eq 1 ] || fail "the newest is not on top: $(row 5)"
press Enter
see 'WHO'
press Esc BackTab BackTab BackTab BackTab
see '[Dataflows]'
press Home Down
see '▶ autumn'
press x
see 'Remove autumn: what becomes of its lists?'
press Enter
see 'Remove the dataflow autumn'
see 'Marketo stay as'
typed autumn
press Enter
see '✓ autumn: done (Remove)'
see '1-3 of 3'
press q q
ended 0
restored
expect 0 penstock dataflow list --json
holds '[.dataflows[].name] == ["2026", "spring", "winter"]'

# Its lists can go with it: the question names them, and nothing happens before the name is typed.
expect 0 penstock runs spring --json
expect 0 penstock dataflow show spring --json
list=$(value '.dataflow.audiences[0].list_id')
console 24 80
see 'New dataflow'
press o
see '[Dataflows]'
press Home Down
see '▶ spring'
press x
see 'what becomes of its lists?'
golden browse-fate
typed Empty
press Enter
see 'Whom penstock has brought is taken out'
golden browse-empty
typed spring
press Enter
see '✓ spring: done (Remove)'
see '1-2 of 2'
press q q
ended 0
[ "$(hook GET "/_sandbox/members?list=$list" | jq .count)" -eq 0 ] || fail 'somebody is left in the list'
dataflow spring

# Read-only: what changes something says why not, what only looks goes on.
console 24 100 --read-only
see 'New dataflow'
press o
see '[Dataflows]'
see 'spring'
press Home Down r
see '! this console is read-only'
press Enter
see ' Runs - spring'
press q q q
ended 0
