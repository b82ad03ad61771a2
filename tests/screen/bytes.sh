#!/bin/sh
# What the console sends (ux 10): a form at rest nothing, a full paint at most 8 KB, the monitor of a run and the table of all dataflows at most 1,000 bytes a second;
# with --slow at most every five seconds. Nothing is painted more often than four times a second.
. "$top_srcdir/tests/screen/lib.sh"
sandbox_start --latency 1500
destination_create
n=0
while [ "$n" -lt 12000 ]; do
	n=$((n + 1))
	echo "{\"segmentMembership\":{\"ups\":{\"11\":{\"status\":\"realized\",\"name\":\"Audience 11\"}}},\"identityMap\":{\"Email\":[{\"id\":\"p$n@example.com\"}]}}"
done > "$work/feed.ndjson"
expect 0 penstock dataflow create spring --destination demo --source "$work/feed.ndjson" --audience 11
expect 0 penstock account update demo --concurrent 1

# sent SECONDS: how many bytes and frames came in that time. The time is the longer the busier the machine: then less is sent.
sent() {
	demand output-bytes
	demand frames
	frames=$answer
	begun=$(date +%s%N)
	demand deadline $(($1 * 1000))
	screen see-busy 'this is never shown' || true
	demand deadline 60000
	demand output-bytes
	bytes=$answer
	demand frames
	frames=$((answer - frames))
	milliseconds=$((($(date +%s%N) - begun) / 1000000))
}
a_second() {
	[ $((bytes * 1000 / milliseconds)) -le "$1" ] || fail "$bytes bytes in $milliseconds ms are more than $1 a second"
	# Four times a second, the first and the last moment both counted.
	[ "$frames" -le $((milliseconds * 4 / 1000 + 2)) ] || fail "$frames frames in $milliseconds ms are more than four a second"
}

console 24 80
see 'New dataflow'
press n
see '1 of 6'
press Ctrl-N
see '2 of 6'
sent 3
[ "$bytes" -eq 0 ] || fail "a form at rest has sent $bytes bytes"
demand output-bytes
press Ctrl-L
idle
demand output-bytes
[ "$answer" -le 8192 ] || fail "a full paint takes $answer bytes"
press Esc
press Ctrl-P
typed leave
press Enter
see ' Home'
press End r
see 'Run spring now?'
press Left Enter
see_busy 'live, every 0.25 s'
sent 5
[ "$bytes" -gt 0 ] || fail 'the monitor shows no news'
a_second 1000
press q
see ' Home'
press w
see_busy ' Monitor'
sent 5
a_second 1000
press q
see ' Home'
press o
see_busy '… running'
sent 5
a_second 1000
press q q
ended 0

console 24 80 --slow
see ' Home'
press End Enter
see_busy 'live, every 5 s'
sent 6
[ "$frames" -le $((milliseconds / 5000 + 2)) ] || fail "$frames frames in $milliseconds ms are more than one in five seconds"
press q q
ended 0
expect 0 penstock stop spring
