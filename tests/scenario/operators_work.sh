#!/bin/sh
# What operators do over the daemon's socket is what they would do themselves: files are opened with their rights, their signals arrive, the audit names them; and nothing is done with
# the daemon's rights that they could not do.
. "$top_srcdir/tests/scenario/lib.sh"
. "$top_srcdir/tests/scenario/operators_lib.sh"
. "$top_srcdir/tests/scenario/migrate_lib.sh"
trap end_operators EXIT
sandbox_start --no-limits
operators_prepare
account_create demo
expect 0 penstock destination create demo --account demo --list-folder Audiences
expect 0 penstock mapping set demo identityMap.Email=email
message nobody@example.com one realized > "$feeds/feed.ndjson"
chmod 644 "$feeds/feed.ndjson"
may "$all"
daemon_start

# Set up, run and looked at by the operator, whom the audit names.
expect 0 ask dataflow create flow --destination demo --source "$feeds/feed.ndjson" --audience one --json
holds '.dataflow.name == "flow"'
expect 0 ask run flow --json
holds '.run | .state == "success" and .excluded == 1'
run=$(value .run.id)
expect 0 ask audit --json
holds --arg name "$operator_name" '[.audit[] | select(.action == "run" or .action == "dataflow create") | .who] == [$name, $name]'
expect 0 ask failures "$run" --json
holds '.failures[0].identity == "nobody@example.com"'
expect 0 ask source check "$feeds/feed.ndjson" --json
holds '[.source.attributes[] | select(.path == "identityMap.Email")][0].example == "nobody@example.com"'

# Without View Profiles nobody's values are shown, wherever they are written to.
may 'View Destinations, Activate Destinations, View Segments'
expect 0 ask failures "$run" --json
holds '.failures[0] | .identity == "***" and .code == "1004"'
expect 0 ask failures "$run" --csv "$theirs/failures.csv"
! grep -q example.com "$theirs/failures.csv" || fail 'the file shows who it was'
grep -q '\*\*\*' "$theirs/failures.csv" || fail 'the file has no failure'
list=$(hook GET /_sandbox/state | jq '.lists[] | select(.name == "Audience one") | .id')
guest=$(hook POST /_sandbox/people '{"fields":{"email":"guest@example.com"}}' | jq .id)
hook POST /_sandbox/members "{\"list\":$list,\"id\":$guest}" > /dev/null
lookups() {
	hook GET /_sandbox/log | jq '[.[] | select(.method == "GET" and (.path | test("v1/leads.json")))] | length'
}
before=$(lookups)
expect 0 ask verify flow --csv "$theirs/who.csv"
tr -d '\r' < "$theirs/who.csv" | grep -qx "Audience one,$list,\*\*\*,extra,\*\*\*" || fail 'the file shows who it is, or not that somebody is'
expect 0 ask verify flow
grep -q 'extra  \*\*\*' "$work/out" || fail 'it shows who it is, or not that somebody is'
[ "$(lookups)" -eq "$before" ] || fail 'somebody was looked up whom nobody may see'
expect 0 ask source check "$feeds/feed.ndjson" --json
holds '([.source.attributes[] | .example] | unique) == ["***"]'
expect 0 ask mapping preview flow --json
holds '.preview.profiles[0] | .people[0].identity == "***" and ([.values[] | .value] | unique) == ["***"] and .values[0].state == "matches"'
expect 0 ask mapping preview flow
! grep -q example.com "$work/out" || fail 'the preview shows who it is'
expect 0 penstock alert create tells --when run-failed --webhook https://example.com/token
expect 0 ask alert show tells --json
! grep -q token "$work/out" || fail 'a reviewer sees where alerts are sent'
expect 0 ask alert list --json
! grep -q token "$work/out" || fail 'a reviewer sees where alerts are sent'
refused 4 'Manage Destinations' ask mapping set demo person.name.firstName=firstName
expect 0 ask run flow --json
may "$all"
before=$(lookups)
expect 0 ask verify flow --csv -
grep -q "^Audience one,$list,$guest,extra,guest@example.com" "$work/out" || fail 'who may see it does not'
[ "$(lookups)" -eq $((before + 1)) ] || fail 'nobody was looked up'
hook DELETE "/_sandbox/people?id=$guest" > /dev/null

# Files are the operator's own: he reads and writes what he may, and nothing else.
if [ "$second" ]; then
	[ "$(stat -c '%u %a' "$theirs/failures.csv")" = "$operator 600" ] || fail 'the file is not the operator'\''s'
fi
cp "$feeds/feed.ndjson" "$theirs/private.ndjson"
chmod 600 "$theirs/private.ndjson"
[ -z "$second" ] || chown "$operator" "$theirs/private.ndjson"
expect 0 ask source check "$theirs/private.ndjson" --json
holds '.source.profiles == 1'
expect 0 ask source check "ndjson:$theirs/private.ndjson" --json
expect 0 ask mapping suggest demo --source "$theirs/private.ndjson" --json
refused 4 'no source that' ask mapping suggest demo --source "$work/store"
expect 0 ask mapping preview demo --source "$theirs/private.ndjson" --json
holds '.preview.profiles[0].people[0].identity == "nobody@example.com"'
[ -z "$second" ] || refused 4 'no source that' ask mapping preview demo --source "$PENSTOCK_DB"
expect 0 ask mapping export flow --csv "$theirs/rows.csv" --markdown -
grep -q '^|' "$work/out" || fail 'there is no table on standard output'
grep -q email "$theirs/rows.csv" || fail 'the rows were not written'
expect 0 ask failures "$run" --csv -
head -n 1 "$work/out" | grep -q '^audience,identity,' || fail 'no failures on standard output'
[ -z "$second" ] || [ "$(stat -c '%u %a' "$theirs/rows.csv")" = "$operator 600" ] || fail 'the file of the rows is not the operator'\''s'
expect 0 as "$operator" env -u PENSTOCK_DB HOME="$theirs" PENSTOCK_DAEMON="$socket" "$PENSTOCK" alert show tells --json
grep -q token "$work/out" || fail 'who may change an alert does not see where it goes'
expect 0 ask source check - --json < "$theirs/private.ndjson"
holds '.source.profiles == 1'
refused 2 'cannot write' ask failures "$run" --csv "$theirs/nowhere/x.csv"
expect 2 ask failures 999 --csv "$theirs/empty.csv"
[ ! -e "$theirs/empty.csv" ] || fail 'a refused command leaves an empty file'
refused 2 'cannot read' ask draft save "$theirs/nothing.json"
printf '{"draft":{}}' > "$theirs/draft.json"
[ -z "$second" ] || chown "$operator" "$theirs/draft.json"
chmod 600 "$theirs/draft.json"
got=0
ask draft save "$theirs/draft.json" > "$work/out" 2> "$work/err" || got=$?
! grep -q 'cannot read' "$work/err" || fail 'the operator'\''s own file was not read'
expect 0 ask --trace "$theirs/trace" account test demo
grep -q identity "$theirs/trace" || fail 'nothing was traced'
! grep -qF "$secret" "$theirs/trace" || fail 'the trace holds the secret'

# Sources that are kept lie where the file of permissions says, in name and in truth.
refused 4 'no source that' ask dataflow create other --destination demo --source "$theirs/private.ndjson" --audience one
refused 4 'no source that' ask dataflow update flow --source "$PENSTOCK_DB"
refused 4 'no source that' ask dataflow update flow --source "$feeds/../store/penstock.key"
refused 4 'no source that' ask dataflow update flow --source "sqlite:$PENSTOCK_DB#$feeds/q.sql"
refused 4 'no source that' ask dataflow update flow --source 'postgresql:passfile=/etc/passwd#/etc/passwd'
ln -s "$work/store/penstock.key" "$feeds/link.ndjson"
expect 2 ask dataflow update flow --source "$feeds/link.ndjson"
says 'Permission denied'
# Also when it becomes one later, for the daemon's own runs as well.
mv "$feeds/feed.ndjson" "$feeds/kept"
ln -s "$work/store/penstock.key" "$feeds/feed.ndjson"
expect 1 ask run flow
says 'Permission denied'
expect 0 penstock dataflow update flow --every 1s
kill -HUP "$daemon"
wait_for 'a run of the daemon' 'jq -se "[.[] | select(.event == \"ended\" and .dataflow == \"flow\" and .code == \"source\")] != []" "$log" > /dev/null'
# And when the file of permissions does not name the folder any more: whoever runs it, it stays the source that an operator has named.
told() {
	jq -sr '[.[] | select(.event == "ended" and .dataflow == "flow" and .code == "source")] | length' "$log"
}
printf 'user %s: %s\n' "$operator" "$all" > "$permissions"
kill -HUP "$daemon"
wait_for 'the new permissions' '[ "$(jq -sr "[.[] | select(.event == \"reloaded\")] | length" "$log")" -ge 2 ]'
before=$(told)
# What had begun by then counts once.
wait_for 'runs of the daemon' '[ "$(told)" -gt $((before + 1)) ]'
expect 0 penstock dataflow update flow --every never
for who in ask penstock; do
	doing="$who without the folder"
	expect 1 $who run flow
	says 'Permission denied'
	expect 1 $who mapping suggest flow
	says 'Permission denied'
done
rm "$feeds/feed.ndjson"
mv "$feeds/kept" "$feeds/feed.ndjson"
expect 0 ask run flow
# Whom the store belongs to may name what he likes, wherever it leads.
printf 'x\n' > "$work/store/own.ndjson"
[ -z "$second" ] || chown "$owner" "$work/store/own.ndjson"
expect 0 penstock dataflow update flow --source "$work/store/own.ndjson"
mv "$work/store/own.ndjson" "$work/store/other.ndjson"
ln -s other.ndjson "$work/store/own.ndjson"
expect 0 penstock run flow --json
holds '.run.bad_lines == 1'
may "$all"
expect 0 ask dataflow update flow --source "$feeds/feed.ndjson"
kill -HUP "$daemon"

# Who differs between V1's list and V2's is a lead id, which is somebody.
join 1002 "$(person e@example.com)"
page '' "$(v1_flow F-2 winback enabled "$(email_field)" "$(audience one Winback 1002)")" > "$work/export.json"
chmod 644 "$work/export.json"
expect 0 penstock migrate import "$work/export.json"
expect 0 penstock migrate apply winback --list new --list-folder Audiences --source "$feeds/feed.ndjson"
expect 0 penstock run winback-v2
expect 7 ask migrate compare winback --json
holds '.migrations[0].differences[0] | .lead_id > 0 and .side == "missing"'
may 'View Destinations, Activate Destinations, View Segments'
expect 7 ask migrate compare winback --json
holds '.migrations[0].differences == [{"audience":"Winback","lead_id":null,"side":"missing","reason":"not_in_source","code":null,"message":.migrations[0].differences[0].message,"explained":false}]'
expect 7 ask migrate compare winback
grep -q '\*\*\*  *missing' "$work/out" || fail 'a person is not told that somebody is missing'
expect 0 ask migrate report --csv "$theirs/differences.csv"
grep -q '^winback,.*,\*\*\*,missing' "$theirs/differences.csv" || fail 'the file shows who it was, or nobody'
may "$all"

# Nothing is run, written or sent elsewhere in the daemon's name.
owners() {
	refused 4 'whom the store belongs to' ask "$@"
}
owners account create evil --munchkin-id "$munchkin" --client-id c --client-secret-command "cp '$PENSTOCK_DB' '$theirs'"
owners account update demo --ca-file "$work/store/penstock.key"
owners alert create evil --when run-failed --command 'id'
owners backup "$theirs/copy.db"
owners retention set --audit 1
expect 2 ask --db "$PENSTOCK_DB" status
owners --progress-fd 1 status
# A source that is posted to takes a port, reads keys and writes a spool.
posted=http:127.0.0.1:0/in,token-file=$work/store/penstock.key
owners dataflow update flow --source "$posted"
owners source check "$posted"
owners receive "$posted"
owners mapping suggest demo --source "$posted"
owners mapping preview demo --source "$posted"
# What the console asks stands before the command, what is typed into it behind.
typed() {
	as "$owner" "$PENSTOCK" --operator "{\"uid\":$operator,\"groups\":[],\"keeper\":\"$permissions\"}" --db "$PENSTOCK_DB" "$@"
}
expect 0 typed status
refused 4 'whom the store belongs to' typed status --db "$work/store/other.db"
refused 4 'outside the console' typed draft save "$work/store/penstock.key"
refused 4 'whom the store belongs to' typed account update demo --client-secret-file "$work/store/penstock.key"
refused 4 'whom the store belongs to' typed mapping export flow --csv "$work/store/rows.csv"
refused 4 'together with the secret' ask account update demo --identity "$url/identity"
refused 4 'together with the secret' ask account update demo --endpoint "$url/rest"
printf '%s\n' "$secret" > "$theirs/secret"
chmod 600 "$theirs/secret"
[ -z "$second" ] || chown "$operator" "$theirs/secret"
expect 0 ask account update demo --identity "$url/identity" --client-secret-file "$theirs/secret"
expect 0 ask account test demo --json
holds .ok
! ask account show demo --json | grep -qF "$secret" || fail 'the secret is shown'
expect 4 ask --read-only dataflow disable flow
says 'read-only'

# Standard input and output are the operator's, byte by byte, and so is the exit status.
ask status > "$work/one" < /dev/null
[ -s "$work/one" ] || fail 'nothing was printed'
expect 2 ask run nothing
got=0
ask runs >&- 2> "$work/err" || got=$?
[ "$got" -eq 1 ] || fail "a closed standard output: status $got"

# A long run: what the operator's process is told arrives, and its death is a hang-up.
awk 'BEGIN { for (i = 0; i < 3000; i++)
	printf "{\"segmentMembership\":{\"ups\":{\"one\":{\"status\":\"realized\"}}},\"identityMap\":{\"Email\":[{\"id\":\"p%d@example.com\"}]}}\n", i }' > "$feeds/long.ndjson"
chmod 644 "$feeds/long.ndjson"
expect 0 ask dataflow create long --destination demo --source "$feeds/long.ndjson" --audience one=Long
# The rest of a run whose call is let go takes long enough for it to be told.
hook POST /_sandbox/settings '{"latency_ms":1000}' > /dev/null
expect 0 penstock account update demo --concurrent 1
state() {
	penstock runs long --json | jq -r '.runs[0].state // ""'
}
# begin: the run of a client that can be told something, and that comes to its end only after let_call_go; its number is $client_pid.
begin() {
	hold_call 1
	if [ "$second" ]; then
		setpriv --reuid "$operator" --regid "$operator" --clear-groups env -u PENSTOCK_DB HOME="$theirs" "$PENSTOCK" --daemon "$socket" run long --json > "$work/out" 2> "$work/err" &
	else
		env -u PENSTOCK_DB HOME="$theirs" "$PENSTOCK" --daemon "$socket" run long --json > "$work/out" 2> "$work/err" &
	fi
	client_pid=$!
	wait_for 'a call' call_held
	until [ "$(state)" = running ]; do
		hold_call 1
		wait_for 'another call' call_held
	done
}
begin
kill -TERM "$client_pid"
let_call_go
got=0
wait "$client_pid" || got=$?
[ "$got" -eq 6 ] || fail "stopped, the client ends with status $got"
holds '.run.state == "stopped"'
begin
kill -KILL "$client_pid"
let_call_go
wait "$client_pid" || true
wait_for 'the end of the run' '[ "$(state)" = stopped ]'

# The daemon does not end over somebody's head: the run is stopped, and its operator told.
begin
kill -TERM "$daemon"
let_call_go
doing='the end of the daemon'
wait "$daemon" || fail 'the daemon did not stop well'
daemon=
got=0
wait "$client_pid" || got=$?
[ "$got" -eq 6 ] || fail "the daemon has stopped, and the client ends with status $got"
! grep -q -e example.com -e "$secret" "$log" || fail 'somebody, or a secret, is in the log'
jq -se --argjson uid "$operator" '[.[] | select(.event == "operator" and .uid == $uid)] | length > 10' "$log" > /dev/null || fail 'the log does not tell who came'
