#!/bin/sh
# The daemon keeps dataflows going by their schedule, and stops, reloads and recovers as it should. Nothing here depends on speed: what must come is waited for.
. "$top_srcdir/tests/scenario/lib.sh"
log=$work/log daemon=
end_daemon() {
	end_ours KILL $daemon
	cleanup
}
trap end_daemon EXIT

daemon_start() {
	# exec: its number is the daemon's own.
	(ulimit -S -n 64 && exec "$PENSTOCK" daemon --log "$log" --log-json "$@") > "$work/daemon.out" 2>&1 &
	daemon=$!
	wait_for 'a ready daemon' 'grep -qs "\"event\":\"ready\"" "$log"'
}
# wait_for WHAT TEST: until the shell says so.
wait_for() {
	doing="waiting for $1"
	until eval "$2"; do sleep 0.1; done
}
# count FILTER: log lines that fit this jq filter. The last one may be on its way still.
count() {
	head -n "$(wc -l < "$log")" "$log" | jq -s "[.[] | select($1)] | length"
}
more() {
	[ "$(count "$1")" -gt "$2" ]
}

sandbox_start --no-limits
destination_create
message first@example.com one realized > "$work/feed.ndjson"

# What a schedule is.
refused 2 'is no duration' penstock dataflow create x --destination demo --source "$work/feed.ndjson" --audience one --every soon
refused 2 'whole days only' penstock dataflow create x --destination demo --source "$work/feed.ndjson" --audience one --every 1h --at 03:00
expect 0 penstock dataflow create flow --destination demo --source "$work/feed.ndjson" --audience one --every 1d --at 03:00 --json
holds '.dataflow | .every == "1d" and .at == "03:00"'
expect 0 penstock dataflow create idle --destination demo --source "$work/feed.ndjson" --audience one=Idle --json
holds '.dataflow | .every == null and .at == null'
expect 0 penstock dataflow create late --destination demo --source "$work/feed.ndjson" --audience one=Late --every 1s --start 2999-01-01
refused 4 'read-only' penstock --read-only daemon
expect 0 penstock status --json
holds '.daemon == {"running": false, "pid": null, "since": null}'
expect 0 penstock dataflow update flow --every 1s --json
holds '.dataflow | .every == "1s" and .at == null'

daemon_start
expect 0 penstock status --json
holds --argjson pid "$daemon" '.daemon | .running and .pid == $pid and (.since | length) == 20'
refused 1 'there already' penstock daemon
[ "$(awk '/^Max open files/ { print ($4 > 64) }' "/proc/$daemon/limits")" = 1 ] || [ "$(ulimit -H -n)" = 64 ] || fail 'it has few descriptors'
wait_for 'the first run' 'more ".event == \"ended\" and .status == 0 and .activated == 1" 0'
message second@example.com one realized >> "$work/feed.ndjson"
wait_for 'the second one' 'more ".event == \"ended\" and .status == 0 and .activated == 1" 1'
[ "$(count '.dataflow == "idle" or .dataflow == "late"')" -eq 0 ] || fail 'what has no schedule, or has not begun, was run'

# A run that ends badly is tried again, later each time; nobody's words are in the log.
mv "$work/feed.ndjson" "$work/away"
wait_for 'a failure' 'more ".event == \"ended\" and .status == 1 and .code == \"source\" and .again_in > 0" 0'
mv "$work/away" "$work/feed.ndjson"
mv "$log" "$log.1"
kill -HUP $daemon
wait_for 'the reload' '[ -s "$log" ] && more ".event == \"reloaded\"" 0'
wait_for 'a good end' 'more ".event == \"ended\" and .status == 0" 0'
cat "$log.1" "$log" > "$work/all"
! grep -qF -e example.com -e "$secret" "$work/all" || fail 'somebody, or a secret, is in the log'
[ "$(stat -c %a "$log")" = 600 ] || fail 'the log is open to others'

# Also one that is due tomorrow, and however often the store is read meanwhile.
message rare@example.com three realized > "$work/rare.ndjson"
expect 0 penstock dataflow create rare --destination demo --source "$work/rare.ndjson" --audience three --every 1d
mv "$work/rare.ndjson" "$work/away"
wait_for 'its second failure' 'more ".event == \"ended\" and .dataflow == \"rare\" and .status == 1 and .again_in > 5" 0'
mv "$work/away" "$work/rare.ndjson"
wait_for 'what it brings' 'more ".event == \"ended\" and .dataflow == \"rare\" and .status == 0 and .activated == 1" 0'
expect 0 penstock dataflow delete rare
# A database as well.
: > "$work/base.db"
"$top_builddir/tests/tools/sql_main" "$work/base.db" "CREATE TABLE m (mail TEXT); INSERT INTO m VALUES ('base@example.com')" < /dev/null
echo 'SELECT mail AS "identityMap.Email" FROM m' > "$work/query.sql"
expect 0 penstock dataflow create base --destination demo --source "sqlite:$work/base.db#$work/query.sql" --audience base --every 1d
mv "$work/base.db" "$work/away"
wait_for 'its failure' 'more ".event == \"ended\" and .dataflow == \"base\" and .status != 0 and .again_in > 0" 0'
mv "$work/away" "$work/base.db"
mv "$work/query.sql" "$work/away"
wait_for 'its second failure' 'more ".event == \"ended\" and .dataflow == \"base\" and .status != 0 and .again_in > 5" 0'
mv "$work/away" "$work/query.sql"
wait_for 'its end' 'more ".event == \"ended\" and .dataflow == \"base\" and .status == 0" 0'
expect 0 penstock dataflow delete base

# Not wanted any more: it ends; gone: it is forgotten.
expect 0 penstock dataflow update flow --every never
kill -HUP $daemon
wait_for 'the second reload' 'more ".event == \"reloaded\"" 1'
expect 0 penstock dataflow delete late

# However often it is told to, it does not do so all the time; and it says so when it has.
before=$(count '.event == "reloaded"') begun=$(date +%s)
for _ in $(seq 100); do
	kill -HUP $daemon
	sleep 0.01
done
wait_for 'the last of them' 'more ".event == \"reloaded\"" "$before"'
# Once a second, the first and the last one both counted: a busy machine takes longer to ask so often.
reloads=$(($(count '.event == "reloaded"') - before)) seconds=$(($(date +%s) - begun))
[ $reloads -le $((seconds + 2)) ] || fail "$reloads reloads in $seconds seconds: every single one was done"

# A long run is stopped within five seconds, and goes on with the next daemon.
awk 'BEGIN { for (i = 0; i < 4000; i++)
	printf "{\"segmentMembership\":{\"ups\":{\"one\":{\"status\":\"realized\"}}},\"identityMap\":{\"Email\":[{\"id\":\"p%d@example.com\"}]}}\n", i }' > "$work/feed.ndjson"
# Its call is let go once the daemon is told, and the rest of it takes longer than the daemon does to tell it.
hook POST /_sandbox/settings '{"latency_ms":500}' > /dev/null
expect 0 penstock account update demo --concurrent 1
hold_call 4
expect 0 penstock dataflow update flow --every 1s
kill -HUP $daemon
wait_for 'the long run' call_held
kill -TERM $daemon
let_call_go
status=0
wait $daemon || status=$?
daemon=
[ $status -eq 0 ] || fail "the daemon ended with status $status"
[ "$(jq -s '.[-1].event' "$log")" = '"stopped"' ] || fail 'the last line is not its end'
expect 0 penstock status --json
holds '(.daemon.running | not) and .runs == [] and .dataflows[0].last_run.state == "stopped"'
run=$(value '.dataflows[0].last_run.id')
hook POST /_sandbox/settings '{"latency_ms":0}' > /dev/null
rm "$log"
daemon_start
wait_for 'its end' "more '.event == \"ended\" and .status == 0' 0"
kill -TERM $daemon
wait $daemon
daemon=
expect 0 penstock run-show "$run" --json
holds '.run.state == "success" and .run.received == 4000'
expect 0 penstock verify flow --json
holds '.ok and .audiences[0].in_list == 4002'

# Always on: what is appended to the file is in the list soon, and the follower ends with the daemon.
expect 0 penstock dataflow disable flow
message first@example.com two realized > "$work/stream.ndjson"
expect 0 penstock dataflow create stream --destination demo --source "$work/stream.ndjson" --audience two --every always --json
holds '.dataflow.every == "always"'
rm "$log"
daemon_start
activated() {
	expect 0 penstock runs stream --json
	[ "$(value '[.runs[].activated] | add')" = "$1" ]
}
wait_for 'what was there' 'activated 1'
message fourth@example.com two realized >> "$work/stream.ndjson"
wait_for 'what was appended' 'activated 2'
# Others on the account get their turns in between: one with a schedule, and a second one that goes on all the time.
message fifth@example.com five realized > "$work/five.ndjson"
message sixth@example.com six realized > "$work/six.ndjson"
expect 0 penstock dataflow create hourly --destination demo --source "$work/five.ndjson" --audience five --every 1h
expect 0 penstock dataflow create second --destination demo --source "$work/six.ndjson" --audience six --every always
wait_for 'the one of the hour' 'more ".event == \"ended\" and .dataflow == \"hourly\" and .status == 0 and .activated == 1" 0'
wait_for 'the second that follows' 'expect 0 penstock runs second --json && [ "$(value "[.runs[].activated] | add")" = 1 ]'
message seventh@example.com two realized >> "$work/stream.ndjson"
wait_for 'what was appended to the first' 'activated 3'
expect 0 penstock verify second --json
holds '.ok'
# Each is alive as others see it, and one cannot be run twice.
expect 0 penstock status --json
holds '[.runs[] | select(.state == "running" and (has("interrupted") | not)).dataflow] | sort == ["second", "stream"]'
expect 1 penstock run second --fail-if-busy --json
holds '.error.code == "busy"'
kill -TERM $daemon
wait $daemon || fail 'the daemon did not stop well'
daemon=
jq -se '[.[] | select(.dataflow == "stream") | .event] | contains(["started", "stopping", "ended"])' "$log" > /dev/null || fail 'the follower was not stopped'

# In the background: ready when the command returns, and the terminal is free.
expect 0 penstock daemon --detach --json
holds '.daemon.pid > 1'
pid=$(value .daemon.pid)
daemon=$pid
expect 0 penstock status --json
holds --argjson pid "$pid" '.daemon.pid == $pid'
expect 1 penstock daemon --detach
says 'there already'
kill -TERM "$pid"
wait_for 'the end of the detached' '! kill -0 $pid 2> /dev/null'
daemon=
[ -s "$PENSTOCK_DB.log" ] || fail 'the detached has no log'
