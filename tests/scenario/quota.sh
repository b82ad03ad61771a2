#!/bin/sh
# The quota of the day: others keep their reserve, our own cap holds over processes, and what waits says until when.
# ux 22: 607 says until when.
. "$top_srcdir/tests/scenario/lib.sh"
# The morning of the day of the quota, which is one of US Central.
by_the_clock 2026-11-16T15:00:00Z
sandbox_start --log "$work/log"
destination_create
message p1@example.com a1 realized > "$work/feed.ndjson"
expect 0 penstock dataflow create flow --destination demo --source "$work/feed.ndjson" --audience 'a1=Quota'
expect 0 penstock account show demo --json
holds '.account.daily_cap == null'
expect 2 penstock account update demo --daily-cap x --json
calls() {
	grep -c '"counted":true' "$work/log" || true
}

# So many calls of ours and no more, whichever process makes them.
before=$(calls)
expect 0 penstock account update demo --daily-cap $((before + 5))
expect 0 penstock account show demo --json
holds --argjson cap $((before + 5)) '.account.daily_cap == $cap'
for try in 1 2 3 4 5 6; do
	status=0
	"$PENSTOCK" lists demo --json > "$work/out" 2> "$work/err" || status=$?
	[ "$status" -ne 6 ] || break
done
[ "$status" -eq 6 ] || fail "try $try: still no end of the cap"
holds '.error.code == "607" and (.error.hint | test("20[0-9-]*T0[56]:00:00Z"))'
[ "$(calls)" -eq $((before + 5)) ] || fail "$(($(calls) - before)) calls, not 5"
expect 0 penstock status --json
holds --argjson ours "$(calls)" '.quota[0].calls_today == $ours and .quota[0].daily_cap == $ours and .quota[0].quota_reached'
# No cap any more.
expect 0 penstock account update demo --daily-cap 0
expect 0 penstock lists demo --json

# The reserve of others: the run stops before it, keeps its state, and goes on when there is room again.
awk 'BEGIN {
	for (n = 1; n <= 6000; n++)
		printf "{\"segmentMembership\":{\"ups\":{\"a1\":{\"status\":\"realized\"}}},\"identityMap\":{\"Email\":[{\"id\":\"p%d@example.com\"}]}}\n", n
}' > "$work/feed.ndjson"
used=$(calls)
expect 0 penstock account update demo --daily-calls $((2 * (used + 20))) --quota-stop 50
expect 6 penstock run flow --json
holds '.run.state == "waiting" and .error.code == "607" and .run.activated < 6000'
id=$(value .run.id)
[ "$(calls)" -le $((used + 20)) ] || fail "$(calls) calls: more than the reserve leaves"
[ "$(calls)" -ge $((used + 18)) ] || fail "$(calls) calls of $((used + 20)): stopped too early"
expect 0 penstock status --json
holds '.dataflows[0].last_run.state == "waiting" and .quota[0].quota_reached'
holds --argjson id "$id" 'any(.events[]; .kind == "run_ended" and .run == $id and .state == "waiting" and (.message | contains("quota")))'
# Whoever wants it, or another job of the dataflow, to go on is shown what waits.
for words in 'run flow' 'resync flow' "retry $id" 'verify flow --repair' "run flow --plan 999"; do
	# shellcheck disable=SC2086
	expect 6 penstock $words --json
	holds --argjson id "$id" '.run.id == $id and .run.state == "waiting" and .run.pending > 0 and .error.code == "607" and (.error.hint | test("20[0-9-]*T0[56]:00:00Z"))'
done
expect 6 penstock run flow
grep -q "^run  *$id, flow: waiting" "$work/out" || fail 'not shown to people'
expect 0 penstock run-show "$id" --json
holds '.run.state == "waiting" and .error.code == "607"'
expect 0 penstock account update demo --daily-calls 50000 --quota-stop 90
expect 0 penstock run flow --json
holds --argjson id "$id" '.earlier.id == $id and .earlier.activated + .earlier.unchanged == 6000'

# 607 itself: who waits with --wait is still there, says until when, and can be stopped.
hook POST /_sandbox/settings '{"daily_quota":1}' > /dev/null
sed 's/"p/"q/' "$work/feed.ndjson" > "$work/new.ndjson" && mv "$work/new.ndjson" "$work/feed.ndjson"
"$PENSTOCK" run flow --wait --json > "$work/out" 2> "$work/err" &
run=$!
doing='waiting for the quota'
while ! grep -q 'goes on at 20' "$work/err"; do
	kill -0 $run 2> /dev/null || fail 'it did not wait'
	sleep 0.1
done
kill -TERM $run
status=0
wait $run || status=$?
[ "$status" -eq 6 ] || fail "status $status, not 6"
holds '.error.code == "607"'
