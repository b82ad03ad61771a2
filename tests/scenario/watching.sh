#!/bin/sh
# What goes on, of all dataflows and instances: how long calls take, what troubles they meet, how far runs have come and what happened when. The same for people and scripts.
. "$top_srcdir/tests/scenario/lib.sh"
sandbox_start --latency 40
destination_create
for n in 1 2 3 4; do message "p$n@example.com" a1 realized; done > "$work/feed.ndjson"
message nobody a1 realized | sed 's/"id":"nobody"/"id":"not an address"/' >> "$work/feed.ndjson"
expect 0 penstock dataflow create flow --destination demo --source "$work/feed.ndjson" --audience a1
expect 0 penstock dataflow create idle --destination demo --source "$work/feed.ndjson" --audience a1

# Nothing has happened: nothing is made up.
expect 0 penstock status --json
holds '.events == [] and all(.dataflows[]; .progress == null and .account == "demo") and .quota[0].in_flight == 0'

# A run that is cut off once: the trouble, its beginning and its end are events, newest first, and calls have a length that is not shorter than the server's own.
hook POST /_sandbox/settings '{"faults":["cut-before+1@/v1/leads"]}' > /dev/null
expect 0 penstock run flow --json
id=$(value .run.id)
hook POST /_sandbox/settings '{"faults":[]}' > /dev/null
expect 0 penstock status --json
holds --argjson id "$id" '(.events | map(.at) | . == (sort | reverse)) and ([.events[] | select(.kind == "run_started" or .kind == "run_ended") | .kind] == ["run_ended", "run_started"]) and
	any(.events[]; .kind == "run_ended" and .run == $id and .state == "success" and .subject == "flow") and
	any(.events[]; .kind == "trouble" and .code == "network" and .subject == "demo" and .count == 1 and (.message | contains("network")))'
holds '.quota[0].latency | .calls > 4 and .p50_ms >= 40 and .p95_ms >= .p50_ms'
holds '.quota[0].concurrent == 8 and (.dataflows[] | select(.name == "flow") | .progress.done == 5 and .progress.total == 5 and .progress.records_per_second == 0 and
	.progress.seconds_left == null and (.progress.told_at | length == 20))'
expect 0 penstock status
grep -q 'demo .*network: the connection was cut' "$work/out" || fail 'the table does not tell of the trouble'
grep -Eq "flow +run $id ended: success" "$work/out" || fail 'the table does not tell of the end'
grep -q ' 100 %' "$work/out" || fail 'the table does not tell how far it came'
grep -Eq ' [0-9]+ / [0-9]+ ms' "$work/out" || fail 'the table does not tell how long calls take'

# Marketo pushes back: whoever looks sees with which code.
hook POST /_sandbox/settings '{"faults":["607@/v1/lists"]}' > /dev/null
expect 6 penstock lists demo --json
expect 0 penstock status --json
holds '.events[0].kind == "trouble" and .events[0].code == "607" and .quota[0].quota_reached'
