#!/bin/sh
# Following, killed (SIGKILL) under load again and again: nothing is lost, and nothing is there twice. Then Marketo gone, the quota used up, and a store that cannot
# grow. The moments come from PENSTOCK_SEED.
. "$top_srcdir/tests/scenario/lib.sh"
seed=${PENSTOCK_SEED:-1}
kills=10 people=4000
writer= following=
trap 'end_ours KILL $writer $following; cleanup' EXIT
follow() {
	"$PENSTOCK" run "$@" --follow --json > "$work/follow.out" 2> "$work/follow.err" &
	following=$!
}
still() {
	kill -0 "$following" 2> /dev/null || fail "it has ended: $(cat "$work/follow.err")"
}
ends() {
	status=0
	kill -TERM "$following"
	wait "$following" || status=$?
	following=
	[ $status -eq "$1" ] || fail "status $status, not $1 (seed $seed): $(cat "$work/follow.err")"
}
count() {
	hook GET /_sandbox/state | jq .people
}
members() {
	hook GET "/_sandbox/members?list=$(hook GET /_sandbox/state | jq '.lists[] | select(.name == "Killed") | .id')" | jq -r '.members[].email' | sort
}

# Everybody comes in once, and every tenth leaves again a while later. The file is rotated on the way, every so many lines.
feed() {
	awk -v people=$people 'BEGIN {
		for (n = 1; n <= people; n++) {
			line(n, "realized")
			if (n % 10 == 0 && n > 500)
				line(n - 500, "exited")
		}
	}
	function line(who, status) {
		printf "{\"person\":{\"name\":{\"firstName\":\"N%d\"}},\"segmentMembership\":{\"ups\":{\"a1\":{\"status\":\"%s\"}}}," \
			"\"identityMap\":{\"Email\":[{\"id\":\"p%d@example.com\"}]}}\n", who, status, who
	}'
}
feed > "$work/all"
awk '{ match($0, /p[0-9]*@example.com/); who = substr($0, RSTART, RLENGTH); if (/exited/) delete in_list[who]; else in_list[who] = 1 }
	END { for (who in in_list) print who }' "$work/all" | sort > "$work/wanted"
lines=$(wc -l < "$work/all")

sandbox_start --no-limits --latency 20
destination_create
: > "$work/feed.ndjson"
expect 0 penstock dataflow create flow --destination demo --source "$work/feed.ndjson" --audience a1=Killed
(
	from=1
	while [ $from -le "$lines" ]; do
		sed -n "$from,$((from + 99))p" "$work/all" >> "$work/feed.ndjson"
		from=$((from + 100))
		[ $((from % 1000)) -ne 1 ] || { mv "$work/feed.ndjson" "$work/feed.ndjson.$from" && : > "$work/feed.ndjson"; }
		sleep 0.1
	done
) &
writer=$!
moments=$(awk -v seed="$seed" -v kills=$kills 'BEGIN {
	srand(seed)
	for (n = 0; n < kills; n++)
		print int(rand() * 300)
}')
killed=0
for moment in $moments; do
	follow flow --max-delay 50ms
	target=$(($(count) + moment))
	# People come, or the last of them are there.
	while [ "$(count)" -lt $target ] && [ "$(count)" -lt $people ]; do
		still
		kill -0 $writer 2> /dev/null || break
	done
	still
	kill -KILL "$following"
	wait "$following" 2> /dev/null || killed=$((killed + 1))
	following=
done
[ $killed -eq $kills ] || fail "killed $killed times"
follow flow --max-delay 50ms
wait $writer
writer=
doing='the last people'
while members > "$work/got" && ! cmp -s "$work/wanted" "$work/got"; do
	still
	sleep 0.2
done
# Who came and left within one batch never came: a busy machine makes larger ones.
[ "$(count)" -ge "$(wc -l < "$work/wanted")" ] && [ "$(count)" -le $people ] || fail "$(count) people of $people (seed $seed)"
people=$(count)
ends 6
# What was received is what was read, once: killing made nothing count twice.
expect 0 penstock runs flow --json
holds '[.runs[] | .failed, .excluded, .bad_lines] | add == 0'
holds '[.runs[] | .received - .activated - .unchanged] | all(. == 0)'
echo "killed $killed times under load: $people people, $(wc -l < "$work/got") in the list"


# says TEXT: the one that follows says so.
tells() {
	doing="it says: $1"
	until grep -qF -- "$1" "$work/follow.err"; do
		still
		sleep 0.1
	done
}
comes() {
	doing="$1 people"
	until [ "$(count)" -eq "$1" ]; do
		still
		sleep 0.1
	done
}
one_more() {
	people=$((people + 1))
	message "more$people@example.com" a1 realized >> "$work/feed.ndjson"
}

# A store that cannot grow: told, nothing half-written, and it goes on once there is room.
size=$(($(stat -c %s "$PENSTOCK_DB") / 512))
cat > "$work/narrow" <<END
ulimit -f $size
trap '' XFSZ
exec "$PENSTOCK" run flow --follow --max-delay 50ms --json
END
people_before=$people
n=0
while [ $n -lt 3000 ]; do
	n=$((n + 1))
	people=$((people + 1))
	message "full$people@example.com" a1 realized
done > "$work/more"
cat "$work/more" >> "$work/feed.ndjson"
sh "$work/narrow" > "$work/follow.out" 2> "$work/follow.err" &
following=$!
tells 'trying again'
grep -q 'cannot grow\|disk is full' "$work/follow.err" || fail 'it does not say that the disk is full'
status=0
kill -TERM "$following"
wait "$following" || status=$?
[ $status -eq 6 ] || [ $status -eq 1 ] || fail "status $status"
follow flow --max-delay 50ms
comes $people

# Marketo gone: it keeps trying. What was appended meanwhile, or was on its way, comes in when Marketo is back.
hook POST /_sandbox/settings '{"faults":["http-500"]}' > /dev/null
one_more
sleep 2
one_more
still
hook POST /_sandbox/settings '{"faults":[]}' > /dev/null
comes $people
ends 6
expect 0 penstock verify flow --json

# The quota used up: nothing leaves, and it waits for the next day.
follow flow --max-delay 50ms
hook POST /_sandbox/settings '{"no_limits":false,"daily_quota":20,"calls_today":20}' > /dev/null
one_more
tells 'trying again'
[ "$(count)" -eq $((people - 1)) ] || fail 'something came through'
ends 6
