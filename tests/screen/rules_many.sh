#!/bin/sh
# The rules about long lists: the palette over 2,000 things, live filters that count what they hide, rows that are cut and shown whole, and a focus that stays with its row.
. "$top_srcdir/tests/screen/lib.sh"
sandbox_start
destination_create
{
	message a@example.com 11 realized
	message b@example.com 11 realized
} > "$work/feed.ndjson"
expect 0 penstock dataflow create first --destination demo --source "$work/feed.ndjson" --audience 11
"$top_builddir/tests/tools/sql_main" "$PENSTOCK_DB" "
	WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1999)
		INSERT INTO dataflow (destination, name, source, identity, enabled)
			SELECT destination, printf('flow-%04d-of-many', i), source, identity, 1 FROM n, dataflow WHERE name = 'first';
	INSERT INTO dataflow (destination, name, source, identity, enabled)
		SELECT destination, 'long-' || printf('%.*c', 60, 'x') || '-end', source, identity, 1 FROM dataflow WHERE name = 'first';
	INSERT INTO audience (dataflow, place, audience, audience_id, list_id, start_ms, end_ms)
		SELECT dataflow.id, 0, audience, audience_id, list_id, start_ms, end_ms FROM dataflow, audience WHERE dataflow.name <> 'first';" \
	< /dev/null > /dev/null || fail 'the store could not be prepared'

console 24 80
see 'Dataflows 2001'

# ux 5: anything by a part of its name, over 2,000 of them; Ctrl-P in a field, too. What the time is, `make bench-console` tells.
press :
see 'What is to be done?'
typed 'flow1234'
see '▶ flow-1234-of-many'
press Enter
see '[Dataflows]'
see '▶ flow-1234-of-many'

# ux 21: where one is, and rows that are not seen cost nothing and are reached.
see 'of 2001'
press End
see '▶ long-xxx'
see '-2001 of 2001'
# What is cut says so, and stands whole below.
demand see '▶ long-xxx'
row "${answer% *}" | grep -q 'x…' || fail "the row is not cut with a sign: $answer"
demand dump "$work/dump"
tr -d '\n│ ' < "$work/dump" | grep -q "long-x\{60\}-end" || fail 'the whole name is nowhere'
press Home
see '▶ first'

# ux 20: the filter is live, says how much it leaves, and Esc takes it away; the row with the focus keeps it.
press /
typed 'flow-12|flow-1311'
see '101 of 2001'
press Down Down
see '▶ flow-1202'
press Esc
see '▶ flow-1202'
see 'of 2001'
press /
typed '!flow'
see '2 of 2001'
press Ctrl-u
typed '~f19m'
see '▶ flow-'
press Ctrl-u
typed 'FLOW'
see '0 of 2001'
see 'nothing fits the filter'
press Esc q
see ' Home'
press q
ended 0

# A mapping with an error: it is counted however the filter hides it, identities stay, and e says where the error is.
jq -n --arg feed "$work/feed.ndjson" '{step: 4, name: "spring", account: "demo", person_creation: "match-only", dedupe: "email", source: $feed, audiences: [{id: "11"}],
	mapping: [{source: "identityMap.Email", target: "email"}, {source: "person.name.firstName", target: "noSuchField"}]}' > "$work/draft.json"
expect 0 penstock draft save "$work/draft.json"
expect 0 penstock fields demo
console 24 80
see Unfinished
press Down Enter
see '5 of 6'
gone 'reading the source'
see 'errors: 1'
see '✗ error'
# ux 21: e and E go from problem to problem.
press Home e
see '▶   person.name.firstName'
press Home E
see '▶   person.name.firstName'
press Home /
typed lastName
see '2 of 3'
gone firstName
see 'identityMap.Email'
see 'errors: 1'
press Enter e
see 'The filter hid this row'
see '▶   person.name.firstName'
press q
see ' Home'
press q
ended 0
restored
