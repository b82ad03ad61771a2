#!/bin/sh
# A job of more calls than a day has, by a clock that is wound: it waits (state waiting, status 6) at the share of the quota that is ours until midnight US
# Central, goes on after it, through the change to or from daylight saving time, and ends right; no call too many on any day.
# PENSTOCK_PEOPLE: a quarter of the calls about; PENSTOCK_QUOTA: calls of a day; PENSTOCK_DAYS: which days; PENSTOCK_SPEED: of the clock.
. "$top_srcdir/tests/fault/lib.sh"
people=${PENSTOCK_PEOPLE:-150} quota=${PENSTOCK_QUOTA:-500} speed=${PENSTOCK_SPEED:-20}
ours=$((quota * 9 / 10))
# Others used most of the first day.
others=$((ours - people / 4))
export PENSTOCK_TEST_CLOCK="$work/clock"
PENSTOCK=$top_builddir/tests/tools/penstock_clocked
wind() {
	"$top_builddir/tests/tools/clock_main" "$PENSTOCK_TEST_CLOCK" "$@"
}
feed() {
	awk -v people="$people" 'BEGIN {
		for (n = 1; n <= people; n++)
			printf "{\"segmentMembership\":{\"ups\":{\"a1\":{\"status\":\"realized\"}}},\"identityMap\":{\"Email\":[{\"id\":\"p%d@example.com\"}],\"CRMID\":[{\"id\":\"C,%d\"}]}}\n", n, n
	}' > "$work/feed.ndjson"
}

# The run that has ended waits for the quota, and so does the next one an hour before the reset. (An hour: the clock is fast, and a process takes its time.)
waits() {
	holds '.run.state == "waiting" and .error.code == "607" and (.error.hint | contains("midnight US Central"))'
	says_reset=$(value .error.hint)
	case $says_reset in
	*"$1"*) ;;
	*) fail "the reset is at $1: $says_reset" ;;
	esac
	[ "$(hook GET /_sandbox/state | jq -r .day_ends)" = "$1" ] || fail "the day does not end at $1"
	[ "$(hook GET /_sandbox/state | jq .calls_today)" -le $((ours + 8)) ] || fail "more than $ours calls on a day"
	wind "$(date -u -d "$1 - 1 hour" +%Y-%m-%dT%H:%M:%SZ)"
	expect 6 penstock run flow --json
	holds '.run.state == "waiting"'
	[ "$(hook GET /_sandbox/state | jq .calls_today)" -le $((ours + 8)) ] || fail "more than $ours calls on a day, before the reset"
}

# A run in which the clock is put to a minute after $1 while its hundredth call is under way.
run_over() {
	hook POST /_sandbox/settings '{"hold":{"call":100}}' > /dev/null
	"$PENSTOCK" run flow --json > "$work/out" 2> "$work/err" &
	run=$!
	until hook GET /_sandbox/state | grep -q '"held":true'; do
		kill -0 $run 2> /dev/null || fail 'the run ended before its hundredth call'
	done
	wind "$(date -u -d "$1 + 1 minute" +%Y-%m-%dT%H:%M:%SZ)"
	hook POST /_sandbox/settings '{"hold":{"call":0}}' > /dev/null
	got=0
	wait $run || got=$?
	[ $got -eq 6 ] || fail "status $got, not 6"
}

# A Marketo that takes one record a call: batches are halved until they fit.
many_writes() {
	account_create demo
	expect 0 penstock account update demo --daily-calls "$quota" --concurrent 1
	expect 0 penstock destination create demo --account demo --person-creation match-and-create --list-folder Audiences
	expect 0 penstock mapping set demo identityMap.Email=email identityMap.CRMID=customerNumber
	hook POST /_sandbox/settings '{"records_max":1}' > /dev/null
}
check_writes() {
	holds --argjson people "$people" '.earlier // .run | .state == "success" and .received == $people and .activated == $people and .added == $people and .created == $people'
	jq -e --argjson people "$people" '.people == $people and (.lists[] | select(.name == "First") | .members == $people)' "$work/state" > /dev/null ||
		fail "the end is not right: $(cat "$work/state")"
	check_creates "$work/log"
}
# A value with a comma is looked up in a call of its own, and nobody is found by it: no answer that has come is asked for again.
many_look_ups() {
	account_create demo
	expect 0 penstock account update demo --daily-calls "$quota" --concurrent 1
	expect 0 penstock destination create demo --account demo --list-folder Audiences --dedupe-field customerNumber
	expect 0 penstock mapping set demo identityMap.CRMID=customerNumber
}
check_look_ups() {
	holds --argjson people "$people" '.earlier // .run | .state == "success" and .received == $people and .excluded == $people'
	[ "$(jq -r 'select(.filterType) | 1' "$work/log" | wc -l)" -eq $((people + 1)) ] || fail "look-ups were repeated"
}

# Who is to wait (--wait) asks once how things stand, says until when it waits, and goes on by itself when the clock is there.
waits_over() {
	calls=$(hook GET /_sandbox/state | jq .calls_today)
	"$PENSTOCK" run flow --wait --json > "$work/out" 2> "$work/err" &
	run=$!
	doing='waiting for the quota'
	until grep -q "goes on at $(date -u -d "$1" +%Y-%m-%dT%H:)" "$work/err"; do
		kill -0 $run 2> /dev/null || fail 'it did not wait'
		sleep 0.1
	done
	[ "$(hook GET /_sandbox/state | jq .calls_today)" -le $((calls + 2)) ] || fail 'it calls while it waits'
	wind "$1"
	got=0
	wait $run || got=$?
	[ $got -eq 0 ] || fail "status $got after the reset"
}

# crosses JOB BEGIN FIRST CHANGE SECOND: from BEGIN over the reset FIRST, the hour CHANGE and the reset SECOND.
crosses() {
	rm -rf "$work/store" "$work/log"
	wind "$2" "$speed"
	sandbox_start --log "$work/log"
	feed
	"many_$1"
	expect 0 penstock dataflow create flow --destination demo --source "$work/feed.ndjson" --audience a1=First
	hook POST /_sandbox/reset > /dev/null
	hook POST /_sandbox/settings "{\"daily_quota\":$quota,\"calls_today\":$others}" > /dev/null
	from=$(wc -l < "$work/log")
	expect 6 penstock run flow --json
	waits "$3"
	wind "$3"
	run_over "$4"
	waits "$5"
	# What the run that follows the finished one reads.
	[ "$1" = writes ] || sed -i '2,$d; s/C,/C/' "$work/feed.ndjson"
	waits_over "$5"
	hook GET /_sandbox/state > "$work/state"
	"check_$1"
	jq -e '.seen_606 == 0 and .seen_607 == 0 and .seen_615 == 0' "$work/state" > /dev/null || fail "a limit was passed: $(cat "$work/state")"
	tail -n +$((from + 1)) "$work/log" | jq -r 'select(.counted) | .time' | awk -v first="$3" -v change="$4" -v second="$5" -v others="$others" -v quota="$quota" -v ours="$ours" '
		{ day = $0 < first ? 1 : $0 < second ? 2 : 3; count[day]++; if (day == 2) hour[$0 < change]++ }
		END {
			printf "%s: %d, %d (%d of them before this hour) and %d calls in three days\n", change, count[1], count[2], hour[1], count[3]
			exit !(count[1] + others <= quota && count[2] > ours - 10 && count[2] <= ours + 8 && count[3] > 0 && count[3] <= ours + 8 && hour[1] > 0 && hour[0] > 0)
		}' || fail 'the days are not kept'
	sandbox_stop
}

for day in ${PENSTOCK_DAYS:-march november june commas}; do
	case $day in
	march) crosses writes 2026-03-08T05:00:00Z 2026-03-08T06:00:00Z 2026-03-08T08:00:00Z 2026-03-09T05:00:00Z ;;
	november) crosses writes 2026-11-01T04:00:00Z 2026-11-01T05:00:00Z 2026-11-01T07:00:00Z 2026-11-02T06:00:00Z ;;
	june) crosses writes 2026-06-10T04:00:00Z 2026-06-10T05:00:00Z 2026-06-10T07:00:00Z 2026-06-11T05:00:00Z ;;
	commas)
		people=$((people * 4))
		crosses look_ups 2026-06-10T04:00:00Z 2026-06-10T05:00:00Z 2026-06-10T07:00:00Z 2026-06-11T05:00:00Z
		;;
	esac
done
