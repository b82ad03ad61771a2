#!/bin/sh
# The disk is full in the middle of a run, and the run is killed (SIGKILL) while it is; the same while the store cannot be written at all. With room again the
# next run goes on where it was: lists are right, nobody is there twice, nobody was created blindly.
. "$top_srcdir/tests/fault/lib.sh"
people=3000
awk -v people=$people 'BEGIN {
	for (n = 1; n <= people; n++)
		printf "{\"segmentMembership\":{\"ups\":{\"a1\":{\"status\":\"realized\"}}},\"identityMap\":{\"Email\":[{\"id\":\"p%d@example.com\"}]}}\n", n
}' > "$work/feed.ndjson"
sandbox_start --no-limits --log "$work/log"
destination_create
expect 0 penstock account update demo --concurrent 3
expect 0 penstock dataflow create flow --destination demo --source "$work/feed.ndjson" --audience a1=First

# The shell's limit on the size of files stands for a full disk; shells count it in blocks of 512 or 1024 bytes.
(
	trap '' XFSZ
	ulimit -f 16
	head -c 100000 /dev/zero > "$work/blocks" 2> /dev/null
) || true
block=$(($(wc -c < "$work/blocks") / 16))
# Is a file of the store as large as any may be?
is_full() {
	find "$work/store" "$TMPDIR" -type f -printf '%s\n' 2> /dev/null | awk -v limit="$(($1 * block))" '$1 >= limit - 8192 { full = 1 } END { exit !full }'
}
while_full=0 ended_full=0 n=0
for blocks in 200 300 350 400 450 500 550 600 700 800 1000 1300; do
	n=$((n + 1))
	hook POST /_sandbox/settings "{\"hold\":{\"call\":$((4 + n % 5)),\"applied\":$([ $((n % 2)) -eq 0 ] && echo true || echo false)}}" > /dev/null
	(
		trap '' XFSZ
		ulimit -f $blocks
		exec "$PENSTOCK" run flow --json
	) > "$work/out" 2> "$work/err" &
	victim=$!
	until hook GET /_sandbox/state | grep -q '"held":true'; do
		kill -0 $victim 2> /dev/null || break
	done
	# What else is under way comes back, and meets the full disk, or all of it is done but the call that is held: then no further call has come for a while.
	turn=0 seen=
	until is_full $blocks || [ $turn -eq 20 ] || ! kill -0 $victim 2> /dev/null; do
		here=$(calls) turn=$((turn + 1))
		[ "$here" = "$seen" ] || turn=0
		seen=$here
		sleep 0.05
	done
	full=no
	! is_full $blocks || full=yes
	kill -KILL $victim 2> /dev/null || true
	status=0
	wait $victim 2> /dev/null || status=$?
	hook POST /_sandbox/settings '{"hold":{"call":0}}' > /dev/null
	case $status$full in
	137yes) while_full=$((while_full + 1)) ;;
	1yes | 1no)
		ended_full=$((ended_full + 1))
		holds '.error | .code == "store" and (.message + .hint | contains("full"))'
		;;
	137no | 0*) ;;
	*) fail "status $status with a full disk" ;;
	esac
	expect 0 penstock status --json
done
echo "killed $while_full times with a full disk, ended $ended_full times by it"
[ $while_full -ge 1 ] || fail 'no run was killed while its disk was full'

# Read-only, killed, and writable again. Root is let in everywhere unless it gives that up.
killed=0
kill_at 4 true run flow --json
before=$(calls)
chmod 500 "$work/store"
chmod 400 "$work/store"/penstock.db*
expect 1 unprivileged run flow --json
holds '.error.code == "store"'
[ "$(calls)" -eq "$before" ] || fail 'calls left although nothing could be written down'
chmod 700 "$work/store"
chmod 600 "$work/store"/penstock.db*

expect 0 penstock run flow --json
holds --argjson people $people '.earlier // .run | .state == "success" and .activated + .unchanged == $people'
hook GET /_sandbox/state > "$work/out"
holds --argjson people $people '.people == $people and (.lists[] | select(.name == "First") | .members == $people)'
check_creates "$work/log"
expect 0 penstock verify flow --json
holds '.ok'
