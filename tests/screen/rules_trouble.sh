#!/bin/sh
# The rules about waiting and trouble: how far a run is and how to stop it, numbers that are no longer live say so, errors stay until they are put away, and the last 200
# of them are kept.
. "$top_srcdir/tests/screen/lib.sh"
sandbox_start --latency 1200
destination_create
n=0
while [ "$n" -lt 9000 ]; do
	n=$((n + 1))
	echo "{\"segmentMembership\":{\"ups\":{\"11\":{\"status\":\"realized\",\"name\":\"Audience 11\"}}},\"identityMap\":{\"Email\":[{\"id\":\"p$n@example.com\"}]}}"
done > "$work/feed.ndjson"
expect 0 penstock dataflow create spring --destination demo --source "$work/feed.ndjson" --audience 11
expect 0 penstock account update demo --concurrent 1

# ux 8: what is under way has a sign and words, then how many of how many, and how long still; how it is stopped stands below.
console 24 80
see 'New dataflow'
press End r
see 'Run spring now?'
press Left Enter
see_busy '… '
see_busy ' of 9,000 records'
see_busy ' left'
row -1 | grep -q 'S stop' || fail "nothing says how to stop it: $answer"

# ux 9: live, and how often; when the store cannot be read three times, stale and since when, with the last good numbers; and live again. The run stands still meanwhile.
see_busy 'live, every 0.25 s'
store() {
	"$top_builddir/tests/tools/sql_main" "$PENSTOCK_DB" "$1" < /dev/null > "$work/sql" 2>&1
}
run=$(tr -d ' ' < "/proc/$process/task/$process/children") # there is just one
kill -0 "$run" || fail 'the run has no process'
for try in 1 2 3 4 5 6 7 8 9 10; do
	kill -STOP "$run"
	! store 'ALTER TABLE run RENAME TO run_away' || break
	kill -CONT "$run" # it was writing
	see_busy 'of 9,000 records'
done
see_busy '! stale '
see_busy 'trying again'
see_busy ' of 9,000 records'
store 'ALTER TABLE run_away RENAME TO run' || fail "$(cat "$work/sql")"
see_busy 'live, every 0.25 s'
kill -CONT "$run"

# ux 16: another console sees the same run, and either may stop it; the one that began it may go.
terminal 2
console 24 80
see 'running'
press End Enter
see_busy 'spring - running'
see_busy ' of 9,000 records'
terminal 1
press q
see_busy 'The run of spring goes on'
press q
ended 0
see 'the run of spring goes on'
restored
terminal 2
# A Marketo that has fallen silent is no pace: how long it has been is told, and no time left.
kill -STOP "$sandbox"
see_busy '! no answer for '
kill -CONT "$sandbox"
see_busy ' left'
press S
see_busy 'Stop this run?'
press Left Enter
see 'Stopped. The next run goes on from there.'
see 'spring - stopped'
see '✗ stopped; the next run goes on from here' # which is kept, for whoever looks later
press q
see ' Home'
press q
ended 0

# ux 7: what changes something and is no longer waited for may have been done, which is said.
terminal 1
console 24 80
see 'New dataflow'
press End o
see '▶ spring'
press O
see 'into the ledger?'
press Left Enter
see_busy 'asking, '
see_busy 'Esc gives up'
press Esc
see 'it may have been done'
press q
see ' Home'
press q
ended 0
restored

# ux 22: an error tells what failed, and what to do; it stays until it is put away, and stands in the list after that.
expect 0 penstock draft list --json
for one in first second; do
	printf '{"step": 1, "name": "%s", "account": "demo"}' "$one" > "$work/draft.json"
	expect 0 penstock draft save "$work/draft.json"
done
opened() { # the draft in the next row, in another console
	console 24 80
	see Unfinished
	press Down ${2-} Enter
	see 'how people are treated'
	see "$1"
	eval "$1=$process"
}
terminal 2
opened second
terminal 3
opened first Down
terminal 1
console 24 80
see Unfinished
press Down Down Enter
see "$first, since"
see 'leave it there first'
press Up Up Down
see "$first, since"
press Esc
gone 'leave it there first'
press !
see 'The last errors'
see "$first, since"
press Esc
for tens in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19; do
	press Enter Enter Enter Enter Enter Enter Enter Enter Enter Enter
done
press Enter Enter Enter Enter Enter Enter Enter Enter Enter
see "$second, since"
press ! End
see 'The last errors'
see "$first, since"
press Esc Enter ! End
see 'The last errors'
gone "$first, since"
see "$second, since"
press Esc q
ended 0
for one in 2 3; do
	terminal $one
	press Esc q
	see 'The draft is saved'
	press q
	ended 0
done
restored
