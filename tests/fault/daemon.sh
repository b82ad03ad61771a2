#!/bin/sh
# The daemon and the runs it started are killed (SIGKILL) under load, again and again, at moments that come from PENSTOCK_SEED: nothing is lost, nothing is
# there twice, no run outlives its daemon, and no lock stays. PENSTOCK_KILLS: how often (20).
. "$top_srcdir/tests/scenario/lib.sh"
seed=${PENSTOCK_SEED:-1} kills=${PENSTOCK_KILLS:-20}
people=3000
log=$work/log daemon=
end_daemon() {
	end_ours KILL $daemon
	cleanup
}
trap end_daemon EXIT
start_daemon() {
	: > "$log"
	"$PENSTOCK" daemon --log "$log" --log-json > "$work/daemon.out" 2>&1 &
	daemon=$!
}
calls() {
	hook GET /_sandbox/state | jq .calls
}
# The run that the daemon has started: its child.
child() {
	cat "/proc/$daemon/task/$daemon/children" 2> /dev/null | tr -d ' '
}

sandbox_start --no-limits --latency 60
destination_create
expect 0 penstock account update demo --concurrent 2
# Every time the source is another one: all names change, and one more in seven has left.
feed() {
	awk -v people=$people -v turn="$1" 'BEGIN {
		for (n = 1; n <= people; n++)
			printf "{\"person\":{\"name\":{\"firstName\":\"F%d\",\"lastName\":\"L\"}},\"segmentMembership\":{\"ups\":{\"one\":{\"status\":\"%s\"}}}," \
				"\"identityMap\":{\"Email\":[{\"id\":\"p%d@example.com\"}]}}\n", turn, (n + turn) % 7 ? "realized" : "exited", n
	}' > "$work/feed.new"
	mv "$work/feed.new" "$work/feed.ndjson"
}
feed 0
expect 0 penstock dataflow create flow --destination demo --source "$work/feed.ndjson" --audience one --every 1s
killed_daemons=0 killed_runs=0 turn=0
for draw in $(awk -v seed="$seed" -v kills="$kills" 'BEGIN { srand(seed); for (n = 0; n < kills; n++) print int(rand() * 1000) }'); do
	turn=$((turn + 1))
	feed $turn
	start_daemon
	target=$(($(calls) + 1 + draw % 19))
	while [ "$(calls)" -lt $target ] && kill -0 $daemon 2> /dev/null; do :; done
	run=$(child)
	if [ $((draw % 3)) -eq 0 ] && [ -n "$run" ]; then
		# A run only: the daemon notices, and begins it again.
		kill -KILL "$run" 2> /dev/null || true
		killed_runs=$((killed_runs + 1))
		until jq -es 'any(.[]; .event == "ended" and .signal == 9)' "$log" > /dev/null 2>&1; do
			kill -0 $daemon || fail "the daemon died of its child (seed $seed)"
			sleep 0.1
		done
	fi
	kill -KILL $daemon
	wait $daemon 2> /dev/null || true
	daemon=
	killed_daemons=$((killed_daemons + 1))
	while [ -n "$run" ] && kill -0 "$run" 2> /dev/null; do sleep 0.05; done
done
[ $killed_daemons -eq "$kills" ] && [ $killed_runs -ge 2 ] || fail "killed $killed_daemons daemons and $killed_runs runs (seed $seed)"

# Left alone, it brings what the last source says.
start_daemon
until jq -es "any(.[]; .event == \"ended\" and .received == $people and .activated == 0 and .unchanged == $people)" "$log" > /dev/null 2>&1; do
	sleep 0.1
done
kill -TERM $daemon
wait $daemon || fail 'it did not stop well'
daemon=
hook GET /_sandbox/state > "$work/state"
[ "$(jq .people "$work/state")" -eq "$(jq -s 'map(.identityMap.Email[0].id) | unique | length' "$work/feed.ndjson")" ] || fail "somebody is there twice, or lost (seed $seed)"
list=$(jq '.lists[] | select(.name == "Audience one" or .name == "one") | .id' "$work/state")
hook GET "/_sandbox/members?list=$list" | jq -r '.members[].email' | LC_ALL=C sort > "$work/got"
jq -r 'select(.segmentMembership.ups.one.status == "realized") | .identityMap.Email[0].id' "$work/feed.ndjson" | LC_ALL=C sort > "$work/wanted"
cmp -s "$work/wanted" "$work/got" || fail "the list is another one (seed $seed): $(diff "$work/wanted" "$work/got" | head -5)"
hook GET "/_sandbox/people?field=email&value=p2@example.com" | jq -e --arg name "F$turn" '.[0].fields.firstName == $name' > /dev/null || fail "an old name (seed $seed)"
expect 0 penstock check
expect 0 penstock runs flow --json
holds 'all(.runs[]; .state == "success" and .failed == 0 and .received == .activated + .excluded + .failed + .unchanged)'
echo "killed $killed_daemons daemons and $killed_runs runs (seed $seed)"
