#!/bin/sh
# By the hour of the day: a dataflow that never ran begins at its first one after the daemon has seen it, and runs once a day from then on. The clock is wound.
. "$top_srcdir/tests/scenario/lib.sh"
export PENSTOCK_TEST_CLOCK="$work/clock" PENSTOCK_TEST_CLOCK_NAME=schedule
PENSTOCK=$top_builddir/tests/tools/penstock_clocked
log=$work/log daemon=
end_daemon() {
	end_ours KILL $daemon
	cleanup
}
trap end_daemon EXIT
wind() {
	"$top_builddir/tests/tools/clock_main" "$PENSTOCK_TEST_CLOCK" "$@"
}
# Ready, it has looked at the store by the time that the clock shows.
daemon_start() {
	readies=$(grep -c '"event":"ready"' "$log" || :)
	"$PENSTOCK" daemon --log "$log" --log-json > "$work/daemon.out" 2>&1 &
	daemon=$!
	doing='a ready daemon'
	until [ "$(grep -c '"event":"ready"' "$log")" -gt "$readies" ]; do
		kill -0 $daemon 2> /dev/null || fail "the daemon has ended: $(cat "$work/daemon.out")"
		sleep 0.1
	done
}
daemon_stop() {
	kill -TERM $daemon
	wait $daemon || fail 'it did not stop well'
	daemon=
}
ends() {
	jq -s '[.[] | select(.event == "ended" and .dataflow == "night" and .status == 0)] | length' "$log"
}
waits_for() {
	doing="the end of run $1"
	until [ "$(ends)" -eq "$1" ]; do
		kill -0 $daemon 2> /dev/null || fail "the daemon has ended: $(cat "$work/daemon.out")"
		sleep 0.1
	done
}
# Long enough for a run that should not be.
nothing_more() {
	wind "$2"
	sleep 1
	[ "$(ends)" -eq "$1" ] || fail "it ran again before $2"
}

wind 2026-11-26T01:00:00Z 10
sandbox_start --no-limits
destination_create
message first@example.com one realized > "$work/feed.ndjson"
expect 0 penstock dataflow create night --destination demo --source "$work/feed.ndjson" --audience one --every 1d --at 03:00
: > "$log"
daemon_start
nothing_more 0 2026-11-26T02:30:00Z
wind 2026-11-26T03:00:10Z
waits_for 1
nothing_more 1 2026-11-26T12:00:00Z
# Not with the start of another daemon either, but the next night; one that was missed is made up for.
daemon_stop
daemon_start
nothing_more 1 2026-11-27T02:30:00Z
wind 2026-11-27T03:00:10Z
waits_for 2
daemon_stop
wind 2026-11-28T08:00:00Z
daemon_start
waits_for 3
nothing_more 3 2026-11-29T02:30:00Z
daemon_stop
expect 0 penstock runs night --json
holds '[.runs[] | select(.state == "success")] | length == 3'

# The clock was wrong by weeks and has been set back: the next night is not the one that was due then.
rm "$PENSTOCK_TEST_CLOCK"
wind 2026-11-08T02:50:00Z 10
daemon_start
nothing_more 3 2026-11-08T02:55:00Z
wind 2026-11-08T03:00:10Z
waits_for 4

# One that does not hear that it is to stop is in nobody's way for ever.
: > "$work/stuck.ndjson"
expect 0 penstock dataflow create stuck --destination demo --source "$work/stuck.ndjson" --audience two --every always
# The daemon's child that follows.
follower() {
	for child in $(awk -v parent=$daemon '$4 == parent { print $1 }' /proc/[0-9]*/stat 2> /dev/null); do
		! tr '\0' ' ' < "/proc/$child/cmdline" 2> /dev/null | grep -q ' run --follow ' || return 0
	done
	return 1
}
doing='the one that follows'
until follower; do sleep 0.1; done
# Where nobody else waits for it: stopped while it writes, it would hold the store's lock.
kill -STOP "$child"
until "$top_builddir/tests/tools/sql_main" "$PENSTOCK_DB" 'BEGIN IMMEDIATE; ROLLBACK' < /dev/null 2> /dev/null; do
	kill -CONT "$child"
	sleep 0.1
	kill -STOP "$child"
done
expect 0 penstock dataflow disable stuck
doing='its end'
until jq -se 'any(.[]; .event == "ended" and .dataflow == "stuck" and .signal == 9)' "$log" > /dev/null; do sleep 0.1; done
daemon_stop
