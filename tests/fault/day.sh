#!/bin/sh
# A whole day of the daemon, by a clock that is wound: a file that is followed and rotated, a folder, a table, a query and a nightly table go to one Marketo. On the way
# tokens end, the log is rotated, Marketo is away for two hours, the quota is used up before midnight US Central, the disk is full, the daemon is stopped, and killed, and
# the snapshots bring nothing. In the end the lists are exactly what the sources say; memory and descriptors are what they
# were in the second hour.
# PENSTOCK_HOURS: of the day (10); PENSTOCK_SPEED: of the clock (90). The store has a small disk of its own: that needs a name space.
if [ -z "${PENSTOCK_OWN_MOUNTS-}" ]; then
	unshare -rm true 2> /dev/null || {
		echo 'no disk of its own can be had here (unshare)'
		exit 77
	}
	export PENSTOCK_OWN_MOUNTS=yes
	exec unshare -rm sh "$0"
fi
. "$top_srcdir/tests/fault/lib.sh"
hours=${PENSTOCK_HOURS:-10} speed=${PENSTOCK_SPEED:-90}
[ "$hours" -ge 10 ] || fail 'all this needs ten hours'
export PENSTOCK_TEST_CLOCK="$work/clock" PENSTOCK_TEST_CLOCK_NAME=day
PENSTOCK=$top_builddir/tests/tools/penstock_clocked
mkdir -m 700 "$work/store"
mount -t tmpfs -o size=160m,mode=700 tmpfs "$work/store"
log=$work/store/log daemon=
end_day() {
	end_ours KILL $daemon
	sandbox_stop
	umount -l "$work/store" || true
	cleanup
}
trap end_day EXIT

# When what comes: minutes of a day of ten hours, of which one of more hours has more in between, and minutes after that. Each event waits for the one before it.
plan='100 0 log_rotated
120 0 away
120 120 back
350 -60 used_up
350 5 renewed
400 0 disk_full
400 30 disk_free
450 0 stopped
470 0 killed
490 0 nothing
490 75 something
575 0 log_rotated'
reset=2026-11-26T06:00:00Z
reset_at=$((350 * hours / 10))
seconds_of() {
	date -u -d "$1" +%s
}
begun=$(($(seconds_of $reset) - reset_at * 60))
"$top_builddir/tests/tools/clock_main" "$PENSTOCK_TEST_CLOCK" "$(date -u -d "@$begun" +%Y-%m-%dT%H:%M:%SZ)" "$speed"
# Minutes since the day began.
minute() {
	echo $((($(seconds_of "$("$top_builddir/tests/tools/clock_main" "$PENSTOCK_TEST_CLOCK")") - begun) / 60))
}
say_what() {
	echo "minute $(minute): $*"
}

start_daemon() {
	"$PENSTOCK" daemon --log "$log" --log-json --metrics "$work/store/metrics" > "$work/daemon.out" 2>&1 &
	daemon=$!
}
still() {
	kill -0 "$daemon" 2> /dev/null || fail "the daemon has ended: $(cat "$work/daemon.out")"
}
children() {
	cat "/proc/$daemon/task/$daemon/children" 2> /dev/null || true
}
# The process that follows for a dataflow, if it is there.
follower() {
	for child in $(children); do
		if tr '\0' ' ' 2> /dev/null < "/proc/$child/cmdline" | grep -q -- "--follow -- $1 \$"; then
			echo "$child"
		fi
	done
}
members() {
	list=$(hook GET /_sandbox/state | jq --arg name "$1" '.lists[] | select(.name == $name) | .id')
	[ -z "$list" ] || hook GET "/_sandbox/members?list=$list" | jq -r '.members[].email' | LC_ALL=C sort
}
# Whom a feed says are members: everybody's last word.
last_words() {
	jq -r '[.identityMap.Email[0].id, .segmentMembership.ups.a1.status] | join(" ")' "$1" |
		awk '{ last[$1] = $2 } END { for (who in last) if (last[who] == "realized") print who }' | LC_ALL=C sort
}
is_caught_up() {
	last_words "$work/all.stream" > "$work/wanted.Stream"
	last_words "$work/all.spool" > "$work/wanted.Spool"
	for fed in Stream Spool; do
		members $fed > "$work/got.$fed"
		cmp -s "$work/wanted.$fed" "$work/got.$fed" || return 1
	done
}
catch_up() {
	doing="catching up: $*"
	from=$(minute)
	until is_caught_up; do
		still
		sleep 0.5
	done
	say_what "$*: caught up after $(($(minute) - from)) minutes"
}

# people PREFIX FROM TO STATUS
people() {
	awk -v prefix="$1" -v from="$2" -v to="$3" -v status="$4" 'BEGIN {
		for (n = from; n <= to; n++)
			printf "{\"person\":{\"name\":{\"firstName\":\"N%d\"}},\"segmentMembership\":{\"ups\":{\"a1\":{\"status\":\"%s\"}}}," \
				"\"identityMap\":{\"Email\":[{\"id\":\"%s%d@example.com\"}]}}\n", n, status, prefix, n
	}'
}
# Every ten minutes some come, and half of those of half an hour ago leave; a tenth of them comes back.
feed() {
	for one in stream spool; do
		{
			people $one $((beat * 20)) $((beat * 20 + 19)) realized
			[ $beat -lt 3 ] || people $one $((beat * 20 - 60)) $((beat * 20 - 51)) exited
			[ $beat -lt 6 ] || people $one $((beat * 20 - 120)) $((beat * 20 - 119)) realized
		} > "$work/lines.$one"
		cat "$work/lines.$one" >> "$work/all.$one"
	done
	[ $((beat % 12)) -ne 5 ] || mv "$work/feed.ndjson" "$work/feed.ndjson.$beat"
	cat "$work/lines.stream" >> "$work/feed.ndjson"
	name=$(printf '%05d.ndjson' "$beat")
	cp "$work/lines.spool" "$work/spool/.$name"
	mv "$work/spool/.$name" "$work/spool/$name"
}
# Who is in the table: every half hour some have left it, and others come. Some of them are in the stream, too.
table() {
	awk -v turn="$1" -v prefix="$2" 'BEGIN {
		for (n = turn * 3; n < turn * 3 + 200; n++)
			print prefix n "@example.com"
		for (n = 1; n < 10; n++)
			print "stream" n "@example.com"
	}'
}
snapshots() {
	[ "$missing" = no ] || return 0
	table $((beat / 3)) table | LC_ALL=C sort > "$work/wanted.Table"
	{
		echo email
		cat "$work/wanted.Table"
	} > "$work/table.new"
	mv "$work/table.new" "$work/table.csv"
	table $((beat / 3)) query | LC_ALL=C sort > "$work/wanted.Query"
	query "BEGIN IMMEDIATE; DELETE FROM member; INSERT INTO member VALUES $(sed "s/.*/('&')/" "$work/wanted.Query" | paste -sd ,); COMMIT"
}
# A run may be reading just then: that is waited out, as others do.
query() {
	"$top_builddir/tests/tools/sql_main" "$work/crm.db" "PRAGMA busy_timeout = 60000; $1" < /dev/null > /dev/null || fail "SQLite: $(echo "$1" | head -c 100)"
}

# Peak and present memory in KiB and descriptors, the fewest of some looks: what is open for a moment does not count.
measure() {
	for one in daemon stream spool; do
		pid=$daemon
		[ $one = daemon ] || pid=$(follower $one)
		fds=9999
		for pause in 0 0.1 0.1 0.1 0.1 0.1 0.1; do
			sleep $pause
			open=$(find "/proc/$pid/fd" -mindepth 1 2> /dev/null | wc -l)
			[ "$open" -lt 1 ] || [ "$open" -ge "$fds" ] || fds=$open
		done
		awk -v about="$1 $one ${pid:-0}" -v fds="$fds" '/^VmHWM/ { peak = $2 } /^VmRSS/ { now = $2 } END { if (now) print about, peak, now, fds }' \
			"/proc/${pid:-0}/status" >> "$work/levels" 2> /dev/null || true
	done
}

log_rotated() {
	mv "$log" "$work/log.$beat"
	kill -HUP "$daemon"
	doing='waiting for the new log'
	until grep -qs '"event":"reloaded"' "$log"; do
		still
		sleep 0.1
	done
	cat "$work/log.$beat" >> "$work/old_logs"
	say_what 'the log is a new one'
}
away() {
	hook POST /_sandbox/settings '{"faults":["http-503","http-503@/identity"]}' > /dev/null
	away_from=$(minute)
	say_what 'Marketo is away'
}
back() {
	hook POST /_sandbox/settings '{"faults":[]}' > /dev/null
	back_from=$(minute)
	catch_up 'Marketo is back'
}
# Others have used all but some calls.
used_up() {
	[ "$(minute)" -lt $((reset_at - 20)) ] || fail 'the clock is too fast for this machine: the quota of the day is new already'
	hook POST /_sandbox/settings '{"calls_today":49980}' > /dev/null
	quota=used
	say_what 'the quota is used up'
}
look_for_waiting() {
	expect 0 penstock runs --json
	! jq -e 'any(.runs[]; .state == "waiting")' "$work/out" > /dev/null || quota=waited_for
}
renewed() {
	[ $quota = waited_for ] || fail 'no run has waited for the quota'
	[ "$(hook GET /_sandbox/state | jq .calls_today)" -lt 10000 ] || fail 'the day of the practice Marketo is not over'
	quota=new
	catch_up 'the quota is new'
}
disk_full() {
	dd if=/dev/zero of="$work/store/filler" bs=4k 2> /dev/null || true
	people stream 1000000 1004999 realized > "$work/lines"
	cat "$work/lines" >> "$work/feed.ndjson"
	cat "$work/lines" >> "$work/all.stream"
	say_what "the disk is full: $(df -k "$work/store" | awk 'NR == 2 { print $4 }') KiB are left"
}
disk_free() {
	! is_caught_up || fail 'the full disk was none'
	rm "$work/store/filler"
	catch_up 'the disk has room'
}
stopped() {
	expect 0 penstock status --json
	kill -TERM "$daemon"
	status=0
	wait "$daemon" || status=$?
	[ $status -eq 0 ] || fail "the daemon ended with status $status"
	start_daemon
	say_what 'the daemon was stopped and started'
}
killed() {
	left=$(children)
	kill -KILL "$daemon"
	wait "$daemon" 2> /dev/null || true
	doing='waiting for the end of the children'
	for one in $left; do
		while kill -0 "$one" 2> /dev/null; do sleep 0.1; done
	done
	start_daemon
	catch_up 'the daemon was killed and started'
}
nothing() {
	missing=yes
	members Table > "$work/before.Table"
	members Query > "$work/before.Query"
	echo email > "$work/table.csv"
	query 'DELETE FROM member'
	say_what 'the table and the query bring nothing'
}
something() {
	for one in Table Query; do
		members $one | cmp -s - "$work/before.$one" || fail "$one: an empty snapshot has changed the list"
	done
	for one in table query; do
		jq -es --arg one $one --argjson begun "$begun" 'map(select(.dataflow == $one)) | last | .state == "firing"' "$work/words" > /dev/null || fail "$one: nobody was told"
	done
	missing=no
	say_what 'the table and the query are whole again'
}

sandbox_start --latency 5 --log "$work/calls"
account_create demo
expect 0 penstock destination create demo --account demo --person-creation match-and-create --list-folder Audiences
expect 0 penstock mapping set demo identityMap.Email=email person.name.firstName=firstName
mkdir "$work/spool"
: > "$work/feed.ndjson"
: > "$work/crm.db"
query 'CREATE TABLE member (email TEXT)'
echo 'SELECT email FROM member' > "$work/members.sql"
missing=no quota=new beat=0
snapshots
{
	echo email
	table 0 night
} > "$work/night.csv"
table 0 night | LC_ALL=C sort > "$work/wanted.Night"
expect 0 penstock dataflow create stream --destination demo --source "$work/feed.ndjson" --audience a1=Stream --every always
expect 0 penstock dataflow create spool --destination demo --source "$work/spool" --audience a1=Spool --every always
expect 0 penstock dataflow create table --destination demo --source "$work/table.csv" --audience Table --every 30m
expect 0 penstock dataflow create query --destination demo --source "sqlite:$work/crm.db#$work/members.sql" --audience Query --every 1h
# After the quota is new, before the disk is full.
expect 0 penstock dataflow create night --destination demo --source "$work/night.csv" --audience Night --every 1d --at "$(date -u -d "$reset + 20 minutes" +%H:%M)"
for one in table query night; do
	expect 0 penstock mapping clear $one
	expect 0 penstock mapping set $one email=email
done
expect 0 penstock alert create fails --when run-failed --command "cat >> '$work/words'"
start_daemon

beats=$((hours * 6))
printf '%s\n' "$plan" > "$work/plan"
while [ $beat -le $beats ]; do
	doing="beat $beat of $beats"
	feed
	[ $((beat % 3)) -ne 0 ] || snapshots
	[ $quota != used ] || look_for_waiting
	[ $((beat % 6)) -ne 4 ] || measure $((beat / 6))
	while read -r when after what < "$work/plan" && [ $((when * hours / 10 + after)) -le $((beat * 10)) ]; do
		sed -i 1d "$work/plan"
		$what
	done
	beat=$((beat + 1))
	while [ "$(minute)" -lt $((beat * 10)) ]; do
		still
		sleep 0.2
	done
done
[ ! -s "$work/plan" ] || fail "not all has come: $(cat "$work/plan")"
say_what 'the day is over'
doing='waiting for the last lists'
for one in Stream Spool Table Query Night; do
	until members $one > "$work/got.$one" && cmp -s "$work/wanted.$one" "$work/got.$one"; do
		still
		is_caught_up || true
		sleep 0.5
	done
done
doing='waiting for the last word'
until jq -es 'group_by(.dataflow) | all(.[]; last.state == "recovered")' "$work/words" > /dev/null; do
	still
	sleep 0.5
done
measure end
kill -TERM "$daemon"
status=0
wait "$daemon" || status=$?
[ $status -eq 0 ] || fail "the daemon ended with status $status"
daemon=
cat "$log" >> "$work/old_logs"

# The lists are the right ones, by Marketo, by the sources and by the ledger; nobody was created blindly, or twice.
hook GET /_sandbox/state > "$work/state"
jq -e '.seen_606 == 0 and .seen_615 == 0' "$work/state" > /dev/null || fail "a limit was passed: $(cat "$work/state")"
for one in Stream Spool Table Query Night; do
	[ -z "$(uniq -d "$work/got.$one")" ] || fail "somebody is twice in $one"
done
cat "$work/got."* | LC_ALL=C sort -u > "$work/there"
jq -r 'select(.segmentMembership.ups.a1.status == "realized") | .identityMap.Email[0].id' "$work/all.stream" "$work/all.spool" > "$work/ever"
n=0
while [ $n -le $((beats / 3)) ]; do
	table $n table
	table $n query
	n=$((n + 1))
done >> "$work/ever"
cat "$work/wanted.Night" >> "$work/ever"
ever=$(LC_ALL=C sort -u "$work/ever" | wc -l)
people=$(jq .people "$work/state")
[ "$people" -ge "$(wc -l < "$work/there")" ] && [ "$people" -le "$ever" ] || fail "$people people: not from $(wc -l < "$work/there") to $ever"
check_creates "$work/calls"
for one in stream spool table query night; do
	expect 0 penstock verify $one --json
	holds '.ok'
	expect 0 penstock runs $one --json
	cp "$work/out" "$work/runs.$one"
	holds 'all(.runs[]; .received == .activated + .excluded + .failed + .unchanged and .failed == 0 and .bad_lines == 0)'
done
expect 0 penstock check
# A run of the followed ones an hour, and none over the end of one.
for one in stream spool; do
	jq -e --argjson hours "$hours" '[.runs[].started_at[:13]] | unique | length >= $hours - 1' "$work/runs.$one" > /dev/null || fail "$one: not a run an hour"
done
[ "$(jq '[.runs[] | select(.state == "success")] | length' "$work/runs.night")" -eq 1 ] || fail 'the nightly one did not run once'

# Whom the alerts told what: of the two hours once each, and once that they are over.
jq -s --argjson begun "$begun" 'map(. + {minute: ((((.at | fromdateiso8601) - $begun) / 60) | floor)})' "$work/words" > "$work/told"
jq -r '.[] | "told at minute \(.minute): \(.dataflow) \(.state)"' "$work/told"
for one in stream spool table query; do
	jq -e --arg one $one --argjson from "$away_from" --argjson to "$back_from" 'map(select(.dataflow == $one)) |
		(map(select(.state == "firing" and .minute >= $from and .minute <= $to)) | length) == 1 and
		([range(length) as $i | .[$i].state == (if $i % 2 == 0 then "firing" else "recovered" end)] | all)' "$work/told" > /dev/null || fail "$one: not told once"
done

# Every line of the log is one, but for what the full disk cut, and tells nothing that is nobody's business.
torn=$(jq -Rr 'try (fromjson | empty) catch "torn"' "$work/old_logs" | wc -l)
[ "$torn" -le 1 ] || fail "$torn lines of the log are broken"
for text in example.com "$secret" "$client" ':sb'; do
	! grep -qF -e "$text" "$work/old_logs" "$work/words" "$work/store/metrics" || fail "in the log, the alerts or the metrics: $text"
done

# Figures. A batch of thousands leaves connections open, as many as may be in use at once (8).
sort -k2,2 -k1,1n "$work/levels" | awk '{ print "hour " $1 ", " $2 " (" $3 "): peak " $4 " KiB, now " $5 " KiB, descriptors " $6 }'
awk -v first=$((hours < 20 ? 1 : 2)) '
	$1 == first { memory[$2] = $4; fds[$2] = $6 }
	$1 <= first && $1 != "end" { next }
	!($2 in memory) { print "not measured in hour " first ": " $2; wrong = 1 }
	$4 > memory[$2] + 16384 { print "memory has grown: " $0; wrong = 1 }
	$6 > fds[$2] + 8 { print "descriptors have grown: " $0; wrong = 1 }
	END { exit wrong }' "$work/levels" || fail 'not level'
printf '%s hours: %s people, %s calls, %s token requests, %s answers of 602, %s of 607, at most %s calls in 20 s\n' "$hours" "$people" "$(jq .calls "$work/state")" \
	"$(grep -c '/identity/oauth/token' "$work/calls")" "$(grep -c '"code":"602"' "$work/calls" || true)" "$(jq .seen_607 "$work/state")" "$(jq .most_in_window "$work/state")"
