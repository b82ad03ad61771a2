#!/bin/sh
# One job an account at a time: a second run of a dataflow follows the first, others wait for their turn; a run pauses and goes on, told from another process.
. "$top_srcdir/tests/scenario/lib.sh"
sandbox_start --no-limits --latency 100 --log "$work/log"
destination_create
# feed AUDIENCE PEOPLE
feed() {
	awk -v audience="$1" -v name="$2" 'BEGIN {
		for (n = 1; n <= 6000; n++)
			printf "{\"segmentMembership\":{\"ups\":{\"%s\":{\"status\":\"realized\"}}},\"identityMap\":{\"Email\":[{\"id\":\"%s%d@example.com\"}]}}\n", audience, name, n
	}'
}
for name in one two; do
	feed $name $name > "$work/$name.ndjson"
	expect 0 penstock dataflow create $name --destination demo --source "$work/$name.ndjson" --audience "$name=List $name"
done
expect 0 penstock account update demo --concurrent 1
people() {
	hook GET /_sandbox/state | jq '.people'
}
# until COMMAND...: succeeds, while the process $watched lives.
until_so() {
	doing="until $*"
	while ! "$@" > /dev/null 2>&1; do
		kill -0 "$watched" 2> /dev/null || fail "it ended before: $*: $(cat "$work"/*.err)"
		sleep 0.1
	done
}
none_under_way() {
	hook GET /_sandbox/state | jq -e '.in_flight == 0'
}
state_is() {
	penstock status --json | jq -e --arg state "$1" '.runs | length == 1 and .[0].state == $state'
}
# A run in its middle, which goes no further before let_call_go.
run() {
	before=$(people)
	hold_call 9
	"$PENSTOCK" run one --json > "$work/first.out" 2> "$work/first.err" &
	first=$! watched=$!
	until_so call_held
	[ "$(people)" -ge $((before + 300)) ] || fail 'the run has hardly begun'
}
ended() {
	status=0
	wait "$1" || status=$?
	[ "$status" -eq "$2" ] || fail "status $status, not $2: $(cat "$work"/*.err)"
}

# Paused from outside, it sends nothing.
run
expect 2 penstock pause two --json
holds '.error.code == "not_running"'
expect 4 penstock --read-only pause one --json
expect 0 penstock pause one --json
holds '.pause.dataflow == "one" and .pause.run > 0'
id=$(value .pause.run)
let_call_go
until_so state_is paused
here=$(wc -l < "$work/log")
until_so none_under_way # its last answer may still be counted for a moment
expect 1 penstock run two --fail-if-busy --json
holds '.error.code == "busy"'
[ "$(wc -l < "$work/log")" -le $((here + 3)) ] || fail 'something was sent though the run pauses'
expect 0 penstock status
expect 0 penstock run-show "$id" --json
holds '.run.state == "paused"'
hold_call 2
expect 0 penstock resume one --json
holds --argjson id "$id" '.resume.run == $id'
until_so state_is running
until_so call_held

# A second run of it follows, one of another dataflow and a plan wait; both say so.
expect 0 penstock pause one
let_call_go
until_so state_is paused
hold_call 2
"$PENSTOCK" run one --json > "$work/second.out" 2> "$work/second.err" &
second=$!
until_so state_is running # whoever runs it lets it go on
"$PENSTOCK" run two --json > "$work/other.out" 2> "$work/other.err" &
other=$!
"$PENSTOCK" plan two --json > "$work/plan.out" 2> "$work/plan.err" &
plan=$!
"$PENSTOCK" run two --json > "$work/given.out" 2> "$work/given.err" &
given=$!
until_so grep -q 'following it' "$work/second.err"
for waiting in other plan given; do
	until_so grep -q "waiting for run $id of one" "$work/$waiting.err"
done
kill -TERM $given
ended $given 6
jq -e '.error.code == "stopped"' "$work/given.out" > /dev/null || fail 'who gives up waiting says otherwise'
hook POST /_sandbox/settings '{"latency_ms":0}' > /dev/null
let_call_go
ended $first 0
ended $second 0
ended $other 0
ended $plan 0
jq -e --argjson id "$id" '.run.id == $id and .run.state == "success" and .run.activated == 6000' "$work/second.out" > /dev/null || fail 'the follower tells of another run'
[ "$(jq -S .run "$work/first.out")" = "$(jq -S .run "$work/second.out")" ] || fail 'the two tell of one run in two ways'
jq -e '.run.activated == 6000' "$work/other.out" > /dev/null || fail 'the other dataflow did not run'

known=$(people)

# Paused and killed it is one that was interrupted: the next run goes on with it. Its follower does so by itself.
feed one more > "$work/one.ndjson"
hook POST /_sandbox/settings '{"latency_ms":100}' > /dev/null
run
expect 0 penstock pause one --json
id=$(value .pause.run)
let_call_go
until_so state_is paused
kill -KILL $first
wait $first || true
expect 0 penstock status --json
holds '.runs[0].state == "paused" and .runs[0].interrupted'
expect 2 penstock resume one --json
holds '.error.code == "not_running" and (.error.message | contains("interrupted"))'
run
"$PENSTOCK" run one --json > "$work/second.out" 2> "$work/second.err" &
second=$! watched=$!
until_so grep -q 'following it' "$work/second.err"
kill -KILL $first
wait $first || true
let_call_go
hook POST /_sandbox/settings '{"latency_ms":0}' > /dev/null
ended $second 0
grep -q 'going on with it here' "$work/second.err" || fail 'it does not say that it goes on itself'
jq -e --argjson id "$id" '.earlier.id == $id and .earlier.state == "success" and .earlier.activated == 6000 and .run.unchanged == 6000' "$work/second.out" > /dev/null ||
	fail "the run of the dead was not ended: $(cat "$work/second.out")"
[ "$(people)" -eq $((known + 6000)) ] || fail 'somebody is missing, or there twice'
