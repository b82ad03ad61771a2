#!/bin/sh
# run --follow on a source that is never still lets others have the account every half minute, and rests meanwhile.
. "$top_srcdir/tests/scenario/lib.sh"
PENSTOCK=$top_builddir/tests/tools/penstock_clocked
PENSTOCK_TEST_CLOCK=$work/clock PENSTOCK_TEST_CLOCK_NAME=follow_rest
export PENSTOCK_TEST_CLOCK PENSTOCK_TEST_CLOCK_NAME
following= writer=
trap 'end_ours KILL $following $writer; cleanup' EXIT
clock() {
	"$top_builddir/tests/tools/clock_main" "$PENSTOCK_TEST_CLOCK" "$@"
}
clock 2026-11-16T22:05:00Z 1
sandbox_start --no-limits
destination_create
# In a folder of its own: whatever changes there is looked at.
mkdir "$work/in"
feed=$work/in/feed.ndjson
: > "$feed"
expect 0 penstock dataflow create flow --destination demo --source "$feed" --audience a1=Followed
(
	n=0
	while :; do
		n=$((n + 1))
		message "p$n@example.com" a1 realized >> "$feed"
		sleep 0.05
	done
) &
writer=$!
: > "$work/progress"
"$PENSTOCK" run flow --follow --max-delay 0ms --progress-fd 3 --json > "$work/out" 2> "$work/err" 3> "$work/progress" &
following=$!
# looks: how often it has told of itself between two batches.
looks() {
	grep -c '"phase":"following"' "$work/progress" || :
}
doing='waiting for the first batches'
until [ "$(grep -c '"activated":[1-9]' "$work/progress")" -gt 3 ]; do
	kill -0 "$following" 2> /dev/null || fail "it has ended: $(cat "$work/err")"
	sleep 0.1
done
before=$(looks)
clock 2026-11-16T22:06:00Z
sleep 3
rested=$(($(looks) - before))
[ "$rested" -lt 1000 ] || fail "$rested looks in three seconds"
kill -TERM "$following"
doing='the end of the run'
got=0
wait "$following" || got=$?
following=
[ "$got" -eq 6 ] || fail "status $got: $(cat "$work/err")"
