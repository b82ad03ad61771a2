#!/bin/sh
# Several processes on one instance: two runs from two databases, tests of the connection and questions for the fields, all at once, with a second of latency and Marketo's own
# limits. None is refused for its rate, the allowed rate is used, and who is killed does not change that. RATE, AT_ONCE: the accounts' limits.
. "$top_srcdir/tests/scenario/lib.sh"
rate=${RATE:-90} at_once=${AT_ONCE:-8}
people=80000 # more than can be brought while we look
sandbox_start --latency 1000 --log "$work/log"
feed() {
	awk -v n=$people -v name="$1" 'BEGIN {
		for (i = 1; i <= n; i++)
			printf "{\"segmentMembership\":{\"ups\":{\"a1\":{\"status\":\"realized\"}}},\"identityMap\":{\"Email\":[{\"id\":\"%s%d@example.com\"}]}}\n", name, i
	}'
}
# the second database
other() {
	PENSTOCK_DB="$work/other/penstock.db" "$@"
}
setup() {
	feed "$1" > "$work/$1.ndjson"
	destination_create
	expect 0 penstock account update demo --calls-per-20s "$rate" --concurrent "$at_once"
	expect 0 penstock dataflow create flow --destination demo --source "$work/$1.ndjson" --audience "a1=List $1"
}
setup one
other setup two

# Where the log stands, and what the practice Marketo has seen from line $1 on.
line() {
	wc -l < "$work/log"
}
since() {
	tail -n "+$(($1 + 1))" "$work/log"
}
counted() {
	since "$1" | grep -c '"counted":true' || true
}
no_refusal() {
	! grep -qE '"code":"(606|615)"' "$work/log" || fail "refused: $(grep -E '"code":"(606|615)"' "$work/log" | head -n 3)"
}
start_one() {
	"$PENSTOCK" run flow --json --quiet > "$work/one.out" 2> "$work/one.err" &
	one=$!
}
start_one
# Not by way of the function: a signal would end the shell between.
PENSTOCK_DB="$work/other/penstock.db" "$PENSTOCK" run flow --json --quiet > "$work/two.out" 2> "$work/two.err" &
two=$!
: > "$work/going"
while [ -e "$work/going" ]; do
	"$PENSTOCK" account test demo --json > "$work/test.out" 2> "$work/test.err" || break
	echo test >> "$work/asked"
done &
tests=$!
while [ -e "$work/going" ]; do
	other "$PENSTOCK" fields demo --refresh --json > "$work/fields.out" 2> "$work/fields.err" || break
	echo fields >> "$work/asked"
done &
fields=$!

# The middle: one window is let go by, then so many seconds are looked at.
doing='the middle of the runs'
middle=60
sleep 22
from=$(line)
begin=$(date +%s%3N)
sleep $middle
seen=$(counted "$from")
took=$(($(date +%s%3N) - begin))
for process in $one $two $tests $fields; do
	kill -0 "$process" 2> /dev/null || fail "one of the four ended: $(cat "$work/one.err" "$work/two.err" "$work/test.err" "$work/fields.err")"
done
allowed=$((rate * took / 20000))
echo "# $seen calls in $took ms, $allowed allowed; answered meanwhile: $(sort "$work/asked" | uniq -c | tr -s '\n ' ' ')"
no_refusal
[ $((seen * 100)) -ge $((allowed * 95)) ] || fail "$seen calls in $took ms: less than 95 % of $allowed"
[ "$seen" -le $((rate * (took / 20000 + 1))) ] || fail "$seen calls in $took ms are more than allowed"
for what in test fields; do
	grep -q $what "$work/asked" || fail "no $what was answered while the runs went on"
done
expect 0 penstock status --json

# Killed with calls under way, and started again at once.
for round in 1 2; do
	kill -KILL $one
	wait $one || true
	start_one
	sleep 5
	kill -0 $one 2> /dev/null || fail "round $round: it did not go on: $(cat "$work/one.out" "$work/one.err")"
done
sleep 20
no_refusal
rm "$work/going"
kill -TERM $one $two
wait $tests $fields || true
for process in $one $two; do
	status=0
	wait "$process" || status=$?
	[ "$status" -eq 6 ] || fail "status $status, not 6: $(cat "$work/one.err" "$work/two.err")"
done
no_refusal
