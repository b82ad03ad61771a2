#!/bin/sh
# Posted over HTTP: what is answered 200 is in the list soon, under `run --follow` and under the daemon; what a source check and a plan say of it; who may share what.
. "$top_srcdir/tests/scenario/http_lib.sh"
following= daemon= receiver=
trap 'end_ours KILL $following $daemon $receiver; cleanup' EXIT
sandbox_start --no-limits
destination_create
port=$(free_port)
source="http:127.0.0.1:$port/in,token-file=$work/token"

# What cannot be said.
refused 2 'plain HTTP is for loopback only' penstock dataflow create x --destination demo --source "http:0.0.0.0:$port/in,token-file=$work/token" --audience a1
refused 2 'a token or a signature is needed' penstock dataflow create x --destination demo --source "http:127.0.0.1:$port/in" --audience a1
refused 2 'there is no setting token' penstock dataflow create x --destination demo --source "http:127.0.0.1:$port/in,token=$token" --audience a1
refused 2 "$work/none" penstock dataflow create x --destination demo --source "http:127.0.0.1:$port/in,token-file=$work/none" --audience a1
: > "$work/empty"
refused 2 'holds no secret' penstock dataflow create x --destination demo --source "http:127.0.0.1:$port/in,token-file=$work/empty" --audience a1
refused 2 'needs certificate' penstock dataflow create x --destination demo --source "https:127.0.0.1:$port/in,token-file=$work/token" --audience a1
refused 2 'all the time' penstock dataflow create x --destination demo --source "$source" --audience a1 --every 1h
refused 2 'is no address and port' penstock receive "http:example.com:$port/in,token-file=$work/token"
refused 4 'read-only' penstock --read-only receive "$source"
message first@example.com a1 realized > "$work/feed.ndjson"
expect 0 penstock dataflow create file --destination demo --source "$work/feed.ndjson" --audience a1=File
refused 2 'nothing can be posted' penstock receive file

# A look makes no folder to wait in, wherever that would be.
inbox=$work/store/inbox
rm -rf "$inbox"
expect 0 penstock --read-only source check "$source" --json
holds '.source | .format == "http" and .profiles == 0'
expect 0 penstock --read-only mapping suggest demo --source "$source,spool=$work/nowhere/../nowhere/spool" --json
holds '.suggestions == []'
(cd "$work" && expect 0 penstock source check "$source,spool=spool" --json)
[ ! -e "$inbox" ] && [ ! -e "$work/nowhere" ] && [ ! -e "$work/spool" ] || fail 'a look has made a folder'

# Before there is a dataflow: received by hand, looked at.
expect 0 penstock source check "$source" --json
holds '.source | .format == "http" and .profiles == 0 and .audiences == []'
"$PENSTOCK" --json receive "$source" > "$work/receive.out" 2> "$work/receive.err" &
receiver=$! alive=$!
wait_for 'who receives' '[ -s "$work/receive.out" ]'
cp "$work/receive.out" "$work/out"
holds --argjson port "$port" '.receive | .port == $port and (.url | endswith("/in")) and (.spool | endswith("-in"))'
spool=$(value .receive.spool)
[ "$(stat -c %a "$spool")" = 700 ] || fail 'the spool is open to others'
refused 1 'receives for' penstock receive "$source"
post 200 "$(message first@example.com a1 realized)"
grep -q '"accepted":1,"refused":0' "$work/answer" || fail 'the answer does not count'
post 200 "[$(message second@example.com a1 realized),$(message third@example.com a2 exited)]"
expect 0 penstock source check "$source" --json
holds '.source | .profiles == 3 and .bad_count == 0 and ([.audiences[] | [.id, .realized, .exited]] == [["a1", 2, 0], ["a2", 0, 1]])'
expect 0 penstock source check "$source"
grep -q 'format http, 3 profiles' "$work/out" || fail 'a person is not told'
kill -TERM $receiver
status=0
wait $receiver || status=$?
receiver=
[ $status -eq 0 ] || fail "receive ended with status $status"
find "$spool" -name '*.ndjson' -perm /077 | grep -q . && fail 'messages are open to others'

# A dataflow of it: the files are named from the root on, and the folder is its own.
(cd "$work" && expect 0 penstock dataflow create flow --destination demo --source "http://localhost:$port/in,token-file=token" --audience a1=Posted --json)
holds --arg source "http:127.0.0.1:$port/in,token-file=$work/token,spool=$spool" '.dataflow.source == $source'
refused 2 'takes what is posted there already' penstock dataflow create other --destination demo --source "$source" --audience a1
expect 0 penstock mapping unset flow lastName
expect 0 penstock mapping suggest flow --accept --json
holds '[.suggestions[] | .source + "=" + .target] == ["person.name.lastName=lastName"]'
expect 0 penstock plan flow --json
holds '.plan | .received == 2 and .new == 2 and .bad_lines == 0'
# A run that does not follow reads what waits, and it stays.
expect 0 penstock run flow --json
holds '.run | .activated == 2 and .failed == 0'
expect 0 penstock run flow --json
holds '.run | .received == 2 and .unchanged == 2'

# follow DELAY: run --follow, and somebody who answers.
follow() {
	"$PENSTOCK" run flow --follow --max-delay "$1" --json > "$work/follow.out" 2> "$work/follow.err" &
	following=$! alive=$!
	wait_for 'somebody who receives' '! nobody'
}
follow 1s
wait_for 'what waits to be taken' '"$PENSTOCK" source check "$source" --json | jq -e ".source.profiles == 0" > /dev/null'
worst=0
for n in 1 2 3 4 5; do
	before=$(in_list Posted) begun=$(now)
	post 200 "$(message "timed$n@example.com" a1 realized)"
	wait_for "$((before + 1)) in the list" '[ "$(in_list Posted)" -eq $((before + 1)) ]' 0.02
	took=$(($(now) - begun))
	[ $took -le $worst ] || worst=$took
done
echo "in the list $worst ms after it was posted, at the worst of five (--max-delay is 1000 ms)"
[ $worst -le 20000 ] || fail "$worst ms is no longer soon, on whatever machine"
post 200 "$(message first@example.com a1 exited)"
wait_for 'the exit' '[ "$(in_list Posted)" -eq 6 ]'
# Killed, both are gone; what was answered is not.
post 200 "$(message late@example.com a1 realized)"
kill -KILL $following
wait $following || :
following= alive=$$
wait_for 'the end of who received' nobody
follow 0
wait_for 'what was answered before' '[ "$(in_list Posted)" -eq 7 ]'
kill -TERM $following
status=0
wait $following || status=$?
following= alive=$$
[ $status -eq 6 ] || fail "status $status, not 6: $(cat "$work/follow.err")"
nobody || fail 'somebody still receives'
cp "$work/follow.out" "$work/out"
holds '.run | .bad_lines == 0 and .failed == 0 and .received == .activated + .unchanged + .excluded'
expect 0 penstock verify flow --json

# What is told of who receives, to those who look at everything.
expect 0 penstock status --json
holds '[.dataflows[] | select(.name == "flow")][0].receiver == {"listening":false,"pid":null,"port":null,"since":null,"kept":null,"refused":null,"turned_away":null,"waiting_bytes":0} and
	[.dataflows[] | select(.name == "file")][0].receiver == null'
expect 0 penstock status
grep -q 'nobody receives for flow, 0 bytes wait; `penstock receive flow`' "$work/out" || fail 'a person is not told that nobody receives'

# The daemon: it receives as long as the dataflow is wanted, whatever becomes of the run and of who receives.
expect 0 penstock dataflow update flow --every always
log=$work/log
"$PENSTOCK" daemon --log "$log" --log-json > "$work/daemon.out" 2> "$work/daemon.err" &
daemon=$! alive=$!
wait_for 'somebody who receives' '! nobody'
post 200 "$(message daemon1@example.com a1 realized)"
wait_for 'it in the list' '[ "$(in_list Posted)" -eq 8 ]'
post 400 '[1]'
raw 'POST /in HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[]'
answered 401
expect 0 penstock status --json
holds --argjson port "$port" --argjson pid "$(cut -d' ' -f1 "$spool/receiver.lock")" '[.dataflows[] | select(.name == "flow")][0].receiver | .listening and .pid == $pid and .port == $port and
	(.since | test("^20..-..-..T..:..:..Z$")) and .kept == 1 and .refused == 1 and .turned_away == 1'
expect 0 penstock status
grep -q "port $port receives for flow since .*: 1 messages kept, 1 refused, 1 requests turned away" "$work/out" || fail 'a person is not told who receives'
kill -KILL "$(cut -d' ' -f1 "$spool/receiver.lock")"
# In this order: the one that was killed may be heard of a moment longer.
wait_for 'another one who receives' 'grep -q "\"event\":\"receiver\"" "$log" && ! nobody'
post 200 "$(message daemon2@example.com a1 realized)"
wait_for 'it in the list' '[ "$(in_list Posted)" -eq 9 ]'
# The run cannot go on; messages wait, and are answered.
expect 0 penstock mapping clear flow
run=$(jq -s '[.[] | select(.event == "started")] | length' "$log")
expect 0 penstock stop flow
wait_for 'a run that is refused' '[ "$(jq -s "[.[] | select(.event == \"ended\" and .status == 2)] | length" "$log")" -gt 0 ]'
! nobody || fail 'nobody receives while the run cannot go on'
post 200 "$(message daemon3@example.com a1 realized)"
expect 0 penstock plan file --json
expect 0 penstock mapping set flow identityMap.Email=email
kill -HUP $daemon
wait_for 'what waited, in the list' '[ "$(in_list Posted)" -eq 10 ]'
# Another address: the one who receives moves.
old=$port
port=$(free_port)
expect 0 penstock dataflow update flow --source "http:127.0.0.1:$port/in,token-file=$work/token"
kill -HUP $daemon
wait_for 'the new address' '! nobody'
post 200 "$(message daemon4@example.com a1 realized)"
wait_for 'it in the list' '[ "$(in_list Posted)" -eq 11 ]'
new=$port port=$old
wait_for 'the end of the old one' nobody
port=$new
kill -TERM $daemon
wait $daemon || fail 'the daemon did not stop well'
daemon= alive=$$
wait_for 'the end of who received' nobody

# What was written down: who received, but no token and nobody's address outside of the spool.
expect 0 penstock audit --json
holds '[.audit[] | select(.action == "receive" or .use_case == "receive" or (tostring | contains("receives as process")))] | length > 0'
! grep -rqF $token "$PENSTOCK_DB" "$log" "$work/follow.out" "$work/follow.err" "$work/receive.err" || fail 'a token was written down'
! grep -qF example.com "$log" || fail 'somebody is in the log'
