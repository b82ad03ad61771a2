#!/bin/sh
# run --follow on a file that grows, is rotated and truncated, and on a folder that files are put into.
. "$top_srcdir/tests/scenario/lib.sh"
following=
stop_following() {
	[ -n "$following" ] || return 0
	kill -TERM "$following" 2> /dev/null || true
	status=0
	wait "$following" || status=$?
	following=
}
trap 'stop_following; cleanup' EXIT
# follow DATAFLOW [OPTIONS]: in the background; its words go to $work/follow.out and $work/follow.err.
follow() {
	"$PENSTOCK" run "$@" --follow --json > "$work/follow.out" 2> "$work/follow.err" &
	following=$!
}
# ends STATUS: stopped as an operator does.
ends() {
	begun=$(date +%s)
	stop_following
	[ "$status" -eq "$1" ] || fail "status $status, not $1: $(cat "$work/follow.err")"
	[ $(($(date +%s) - begun)) -le 60 ] || fail 'it did not stop' # within five seconds, or a busy machine's many; it would go on for ever
	cp "$work/follow.out" "$work/out"
}
# members LIST COUNT: waits until the list has so many; the test is ended when that never comes true.
members() {
	doing="$2 members of $1"
	while :; do
		list=$(hook GET /_sandbox/state | jq --arg name "$1" '.lists[] | select(.name == $name) | .id')
		[ -z "$list" ] || count=$(hook GET "/_sandbox/members?list=$list" | jq '.members | length')
		[ -z "$list" ] || [ "$count" -ne "$2" ] || return 0
		kill -0 "$following" 2> /dev/null || fail "it has ended: $(cat "$work/follow.err")"
		sleep 0.05
	done
}
# people FROM TO STATUS
people() {
	n=$1
	while [ "$n" -le "$2" ]; do
		message "p$n@example.com" a1 "$3"
		n=$((n + 1))
	done
}
waits() {
	doing="waiting for: $*"
	until "$@" > /dev/null 2>&1; do
		kill -0 "$following" 2> /dev/null || fail "it has ended: $(cat "$work/follow.err")"
		sleep 0.05
	done
}

# A run is one of an hour of the clock, whose end is made below.
by_the_clock 2026-11-16T22:05:00Z
sandbox_start --no-limits
destination_create
feed=$work/feed.ndjson
people 1 3 realized > "$feed"
expect 0 penstock dataflow create flow --destination demo --source "$feed" --audience a1=Followed

# What cannot be: options that contradict each other, sources that do not grow.
for options in '--plan 1' '--dry-run' '--limit 3' '--allow-removals'; do
	# shellcheck disable=SC2086
	expect 2 penstock run flow --follow $options --json
	holds '.error.code == "usage"'
done
expect 2 penstock run flow --max-delay 3s --json
for delay in x 1d 61m -1 1.5s ''; do
	expect 2 penstock run flow --follow "--max-delay=$delay" --json
done
printf 'E-mail\na@example.com\n' > "$work/table.csv"
expect 0 penstock dataflow create table --destination demo --source "$work/table.csv" --audience Table
expect 0 penstock mapping clear table
expect 0 penstock mapping set table E-mail=email
refused 2 'cannot be followed' penstock run table --follow
expect 0 penstock dataflow create stdin --destination demo --source - --audience a1=Other
refused 2 'standard input' penstock run stdin --follow

# What is there is taken at once, what is appended when it is its time; half a line waits for the other half.
follow flow --max-delay 300ms
members Followed 3
people 4 5 realized >> "$feed"
members Followed 5
message p6@example.com a1 realized > "$work/line"
head -c 100 "$work/line" >> "$feed"
people 1 1 exited > "$work/other"
sleep 1
[ "$count" -eq 5 ] || fail 'half a line was taken'
tail -c +101 "$work/line" >> "$feed"
members Followed 6
cat "$work/other" >> "$feed"
members Followed 5

# Lines that cannot be used are counted, with their numbers; one that is longer than allowed is passed over.
{
	printf 'no json\n\n{"a":"\0"}\n{"a":"\377"}\n'
	head -c 1100000 /dev/zero | tr '\0' x
	echo
	people 7 7 realized
} >> "$feed"
members Followed 6
# As others see it.
waits sh -c "'$PENSTOCK' status --json | jq -e '.runs[0].dataflow == \"flow\" and .runs[0].state == \"running\" and (.runs[0] | has(\"interrupted\") | not)'"
expect 1 penstock run flow --fail-if-busy --json
holds '.error.code == "busy"'

# Rotated by renaming, with something written to the old one after that; then once more, twice at once.
mv "$feed" "$feed.1"
people 8 8 realized >> "$feed.1"
people 9 9 realized > "$feed"
members Followed 8
# The last line of a file that is left may do without its newline.
people 10 10 realized | tr -d '\n' >> "$feed"
mv "$feed" "$feed-20260101"
people 11 11 realized > "$feed"
members Followed 10
# Truncated in place.
people 12 12 realized > "$work/line"
cat "$work/line" > "$feed"
members Followed 11
ends 6
holds '.run.state == "stopped" and .run.bad_lines == 4 and .run.failed == 0 and .run.received == .run.activated + .run.unchanged + .run.excluded and .error.code == "stopped"'
id=$(value .run.id)
expect 0 penstock run-show "$id" --json
holds '[.bad_lines[].position] == [8, 10, 11, 12]'

# While nobody follows: appended to, rotated and removed. It goes on where it was, and nothing is read twice; within the hour, in the same run.
people 13 13 realized >> "$feed"
mv "$feed" "$feed.3"
sleep 0.05
people 14 14 realized > "$feed"
mv "$feed" "$feed.2"
follow flow --max-delay 0
members Followed 12
people 15 15 realized > "$feed"
members Followed 14
ends 6
holds --argjson id "$id" '.run.id == $id and .run.received == 16 and .run.unchanged == 0'

# Copied and truncated: what was not read yet is in the copy.
people 16 16 realized >> "$feed"
cp "$feed" "$feed.9"
people 17 17 realized > "$feed"
follow flow --max-delay 0
members Followed 16
ends 6

# An hour that is over has had its run.
"$top_builddir/tests/tools/sql_main" "$PENSTOCK_DB" 'UPDATE run SET started_at = started_at - 3600000' < /dev/null
last=$(value .run.id)
follow flow
people 18 18 realized >> "$feed"
members Followed 17
ends 6
holds --argjson last "$last" '.run.id > $last and .run.received == 1 and .run.activated == 1'

# Nothing to follow yet: its folder is enough.
rm -f "$feed"*
follow flow --max-delay 0
sleep 0.3
people 19 19 realized > "$work/line"
mv "$work/line" "$feed"
members Followed 18
# Stopped from another terminal.
waits "$PENSTOCK" stop flow
status=0
wait $following || status=$?
following=
[ $status -eq 6 ] || fail "status $status, not 6"

# A folder: files appear whole, are taken in order of their names, and are moved away.
mkdir "$work/spool"
expect 0 penstock dataflow create spool --destination demo --source "$work/spool" --audience a1=Spooled
people 1 2 realized > "$work/spool/2.ndjson"
message p1@example.com a1 exited > "$work/spool/1.ndjson"
expect 0 penstock source check "spool:$work/spool" --json
holds '.source | .format == "spool" and .profiles == 3 and .audiences[0].realized == 2 and .audiences[0].exited == 1'
follow spool --max-delay 200ms
members Spooled 2
waits test -f "$work/spool/done/1.ndjson" -a -f "$work/spool/done/2.ndjson"
# Being written is not being there.
exec 3> "$work/spool/3.ndjson"
people 3 3 realized >&3
people 4 4 realized > "$work/spool/.4.ndjson"
people 5 5 realized > "$work/spool/5.ndjson"
members Spooled 3
[ -f "$work/spool/3.ndjson" ] || fail 'a file was taken while it was written'
people 6 6 realized >&3
exec 3>&-
members Spooled 5
mv "$work/spool/.4.ndjson" "$work/spool/4.ndjson"
members Spooled 6
# The same name again, nothing but rubbish, a table, a name with a line break, an empty one.
people 7 7 realized > "$work/spool/2.ndjson"
echo rubbish > "$work/spool/rubbish"
cp "$work/table.csv" "$work/spool/table.csv"
people 8 8 realized > "$work/spool/with
break"
: > "$work/spool/empty"
members Spooled 8
waits test -f "$work/spool/bad/rubbish" -a -f "$work/spool/bad/table.csv" -a -f "$work/spool/done/2.ndjson.1" -a -f "$work/spool/done/empty"
waits test -f "$work/spool/done/with
break"
ends 6
holds '.run.bad_lines == 2 and .run.failed == 0'
[ "$(find "$work/spool" -maxdepth 1 -type f | wc -l)" -eq 0 ] || fail 'something was left'
# Without --follow what is in the folder is read, and stays.
people 9 9 realized > "$work/spool/9.ndjson"
expect 0 penstock run spool --json
holds '.run.activated == 1'
[ -f "$work/spool/9.ndjson" ] || fail 'a run without --follow has moved a file'
refused 2 'is no folder' penstock source check "spool:$feed"
