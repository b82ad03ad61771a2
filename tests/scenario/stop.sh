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

people() {
	hook GET /_sandbox/state | jq '.people'
}
# running COMMAND...: starts it, and waits until it is in its middle: one of its calls has no answer yet.
running() {
	hold_call 10
	"$@" > "$work/run.out" 2> "$work/run.err" &
	run=$!
	until call_held; do
		kill -0 $run 2> /dev/null || fail "it ended before it was stopped: $(cat "$work/run.err")"
	done
}

# Once the first people are there, stop.
running "$PENSTOCK" run flow --json
[ "$(people)" -ge 600 ] || fail 'the run has hardly begun'
# Five seconds are promised, which a busy machine may stretch; a run that did not stop would go on for half a minute and more.
hook POST /_sandbox/settings '{"latency_ms":3000}' > /dev/null
before=$(date +%s)
kill -INT $run
let_call_go
status=0
wait $run || status=$?
[ "$status" -eq 6 ] || fail "status $status, not 6"
[ $(($(date +%s) - before)) -le 20 ] || fail 'it took much more than five seconds'
cp "$work/run.out" "$work/out"
holds '.run.state == "stopped" and .error.code != null and .run.id > 0'
id=$(value .run.id)
expect 0 penstock status --json
holds '.runs == []'
hook POST /_sandbox/settings '{"latency_ms":0}' > /dev/null
expect 0 penstock run flow --json
holds --argjson id "$id" '.earlier.id == $id and .earlier.state == "success" and .earlier.activated == 6000 and .run.unchanged == 6000'
[ "$(people)" -eq 6000 ] || fail 'somebody is missing or there twice'

# A question is given up at once, though nobody answers it.
ask_and_stop() {
	hold_call 1
	"$PENSTOCK" lists demo --json > "$work/out" 2> "$work/err" &
	asking=$!
	until call_held; do
		kill -0 $asking 2> /dev/null || fail 'the question was not asked'
		sleep 0.1
	done
	before=$(date +%s)
	kill -TERM $asking
	status=0
	wait $asking || status=$?
	took=$(($(date +%s) - before))
	[ "$status" -eq 6 ] || fail "status $status, not 6"
	holds '.error.code == "stopped"'
	call_held || fail 'the question was answered'
	let_call_go
}
# A busy machine makes it late now and then; one that waits for the answer, or for the grace that a run has, is late each time.
for try in 1 2 3 4 5; do
	ask_and_stop
	[ $took -gt 2 ] || break
done
[ $took -le 2 ] || fail 'the question was not given up at once'

# Stopped from another process: told at once, done within seconds.
awk 'BEGIN {
	for (n = 1; n <= 6000; n++)
		printf "{\"segmentMembership\":{\"ups\":{\"b1\":{\"status\":\"realized\"}}},\"identityMap\":{\"Email\":[{\"id\":\"q%d@example.com\"}]}}\n", n
}' > "$work/other.ndjson"
expect 0 penstock dataflow create other --destination demo --source "$work/other.ndjson" --audience 'b1=Other'
for words in 'stop flow' 'stop other'; do
	# shellcheck disable=SC2086
	expect 2 penstock $words --json
	holds '.error.code == "not_running"'
done
expect 2 penstock stop nothing --json
holds '.error.code == "not_found"'
expect 4 penstock --read-only stop other --json
holds '.error.code == "read_only"'

hook POST /_sandbox/settings '{"latency_ms":300}' > /dev/null
running "$PENSTOCK" run other --json
expect 0 penstock status --json
holds '(.runs | length == 1) and .runs[0].dataflow == "other" and (.runs[0] | has("interrupted") | not)'
expect 1 penstock run flow --fail-if-busy --json
holds --arg pid $run '.error.code == "busy" and (.error.hint | contains($pid))'
expect 2 penstock stop flow --json
holds '.error.code == "not_running"'
expect 0 penstock stop other --json
holds '.stop.dataflow == "other" and .stop.run > 0'
id=$(value .stop.run)
let_call_go
status=0
wait $run || status=$?
[ "$status" -eq 6 ] || fail "status $status, not 6"
jq -e --argjson id "$id" '.run.id == $id and .run.state == "stopped"' "$work/run.out" > /dev/null || fail 'another run was stopped'
expect 0 penstock audit --json
holds --arg run "run $id" 'any(.audit[]; .action == "stop" and .object == "other" and .detail == $run)'
expect 2 penstock stop other --json
holds '.error.code == "not_running"'

# Killed: its row still says running, and the process that is gone is told apart.
running "$PENSTOCK" run other --json
kill -KILL $run
wait $run || true
let_call_go
expect 0 penstock status --json
holds --argjson id "$id" '.runs[0].id == $id and .runs[0].state == "running" and .runs[0].interrupted and (.dataflows[] | select(.name == "other").last_run.interrupted)'
expect 0 penstock status
grep -q 'was interrupted' "$work/out" || fail 'the status does not tell of the interruption'
expect 2 penstock stop other --json
holds '.error.code == "not_running" and (.error.message | contains("interrupted"))'
hook POST /_sandbox/settings '{"latency_ms":0}' > /dev/null
expect 0 penstock run other --json
holds --argjson id "$id" '.earlier.id == $id and .earlier.activated == 6000'
expect 0 penstock status --json
holds '.runs == []'
