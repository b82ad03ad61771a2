#!/bin/sh
# Ctrl-C in the middle of a run: what is under way ends, the state is kept, the next run goes on from there.
. "$top_srcdir/tests/scenario/lib.sh"
sandbox_start --no-limits --latency 300 --log "$work/log"
destination_create
awk 'BEGIN {
	for (n = 1; n <= 6000; n++)
		printf "{\"segmentMembership\":{\"ups\":{\"a1\":{\"status\":\"realized\"}}},\"identityMap\":{\"Email\":[{\"id\":\"p%d@example.com\"}]}}\n", n
}' > "$work/feed.ndjson"
expect 0 penstock dataflow create flow --destination demo --source "$work/feed.ndjson" --audience 'a1=Stopped'
expect 0 penstock account update demo --concurrent 2

# Once the first people are there, stop.
people() {
	hook GET /_sandbox/state | jq '.people'
}
"$PENSTOCK" run flow --json > "$work/out" 2> "$work/err" &
run=$!
while [ "$(people)" -lt 600 ]; do
	kill -0 $run 2> /dev/null || fail 'the run ended before it was stopped'
done
before=$(date +%s)
kill -INT $run
status=0
wait $run || status=$?
[ "$status" -eq 6 ] || fail "status $status, not 6"
[ $(($(date +%s) - before)) -le 6 ] || fail 'it took more than five seconds'
holds '.run.state == "stopped" and .error.code != null and .run.id > 0'
id=$(value .run.id)
expect 0 penstock status --json
holds '.runs == []'
hook POST /_sandbox/settings '{"latency_ms":0}' > /dev/null
expect 0 penstock run flow --json
holds --argjson id "$id" '.earlier.id == $id and .earlier.state == "success" and .earlier.activated == 6000 and .run.unchanged == 6000'
[ "$(people)" -eq 6000 ] || fail 'somebody is missing or there twice'

# A question is given up at once.
hook POST /_sandbox/settings '{"latency_ms":3000}' > /dev/null
"$PENSTOCK" lists demo --json > "$work/out" 2> "$work/err" &
asking=$!
while [ "$(hook GET /_sandbox/state | jq .in_flight)" -eq 0 ]; do
	kill -0 $asking 2> /dev/null || fail 'the question was not asked'
	sleep 0.1
done
before=$(date +%s)
kill -TERM $asking
status=0
wait $asking || status=$?
[ "$status" -eq 6 ] || fail "status $status, not 6"
[ $(($(date +%s) - before)) -le 2 ] || fail 'the question was not given up'
holds '.error.code == "stopped"'
