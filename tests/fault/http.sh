#!/bin/sh
# Posted under load, and killed (SIGKILL) again and again: the run with who receives, and who receives alone. Nothing that was acknowledged is lost, and nobody is there
# twice. PENSTOCK_KILLS says how many times (6), PENSTOCK_SEED when.
. "$top_srcdir/tests/scenario/http_lib.sh"
seed=${PENSTOCK_SEED:-1} kills=${PENSTOCK_KILLS:-6} senders=4
people=$((kills * 250 + 500)) posters= following=
trap 'end_ours KILL $posters $following; cleanup' EXIT
sandbox_start --no-limits --latency 5
destination_create
port=$(free_port)
expect 0 penstock dataflow create flow --destination demo --source "http:127.0.0.1:$port/in,token-file=$work/token,spool=$work/spool" --audience a1=Posted
follow() {
	"$PENSTOCK" run flow --follow --max-delay 100ms --json > "$work/follow.out" 2> "$work/follow.err" &
	following=$! alive=$!
	wait_for 'who receives' '! nobody'
}
# Everybody comes; every tenth leaves again, as the same sender says a moment later. A sender repeats what was not acknowledged.
feed() {
	awk -v people=$people -v senders=$senders -v sender="$1" '
	function line(who, status) {
		printf "{\"segmentMembership\":{\"ups\":{\"a1\":{\"status\":\"%s\"}}},\"identityMap\":{\"Email\":[{\"id\":\"p%d@example.com\"}]}}\n", status, who
	}
	BEGIN {
		for (n = sender; n <= people; n += senders) {
			line(n, "realized")
			if (n % 10 == 0)
				line(n, "exited")
		}
	}'
}
follow
sender=1
while [ $sender -le $senders ]; do
	feed $sender > "$work/feed.$sender"
	"$post_main" lines "$port" /in $token again < "$work/feed.$sender" > "$work/acknowledged.$sender" &
	posters="$posters $!"
	sender=$((sender + 1))
done
acknowledged() {
	cat "$work"/acknowledged.* | wc -l
}
all=$(cat "$work"/feed.* | wc -l)
for moment in $(awk -v seed="$seed" -v kills="$kills" -v all="$all" 'BEGIN {
	srand(seed)
	for (n = 1; n <= kills; n++)
		print int(all * (n - rand() / 2) / (kills + 1))
}'); do
	wait_for "$moment acknowledged" "[ \"\$(acknowledged)\" -ge $moment ]"
	if [ $((moment % 3)) -eq 0 ]; then
		victim=$(cut -d' ' -f1 "$work/spool/receiver.lock")
		end_ours KILL $victim
		[ -z "$victim" ] || echo "who receives was killed at $moment of $all"
	else
		kill -KILL $following
		wait $following 2> /dev/null || :
		echo "the run was killed at $moment of $all"
		follow
	fi
done
doing='the last words'
for poster in $posters; do
	wait "$poster" || fail 'a sender gave up'
done
posters=
[ "$(acknowledged)" -eq "$all" ] || fail "$(acknowledged) acknowledged of $all"
awk 'BEGIN { for (n = 1; n <= '$people'; n++) if (n % 10) print "p" n "@example.com" }' | sort > "$work/wanted"
members() {
	list=$(hook GET /_sandbox/state | jq '.lists[] | select(.name == "Posted") | .id')
	hook GET "/_sandbox/members?list=$list" | jq -r '.members[].email' | sort > "$work/got"
	cmp -s "$work/wanted" "$work/got"
}
wait_for 'the list' members 0.2
kill -TERM $following
status=0
wait $following || status=$?
following= alive=$$
[ $status -eq 6 ] || fail "status $status, not 6: $(cat "$work/follow.err")"
# Nobody was made twice, and the runs say of everything that was read what became of it.
hook GET /_sandbox/state > "$work/out"
holds --argjson people $people '.people <= $people'
expect 0 penstock runs flow --json
holds '[.runs[] | .failed, .excluded, .bad_lines] | add == 0'
holds '[.runs[] | .received - .activated - .unchanged] | all(. == 0)'
expect 0 penstock source check "http:127.0.0.1:$port/in,token-file=$work/token,spool=$work/spool" --json
holds '.source.profiles == 0'
echo "$all messages of $people people by $senders senders: all acknowledged, $(wc -l < "$work/got") in the list"
