#!/bin/sh
# How programs end and how they leave the terminal: the harness must notice what is not put right.
. "$top_srcdir/tests/screen/harness_lib.sh"

# While it runs, and again after a clean end.
program 24 80 "$sample"
see Sample
hasty
for wrong in 'no echo' 'no line mode' 'the alternate screen is on' 'pastes are bracketed' 'the arrow keys are in application mode'; do
	refused "$wrong" restored
done
patient
press Q
ended 3
restored

# Each thing that can be left behind. The next program finds the terminal as it was.
left() {
	program 24 80 "$sample" "$1"
	see Sample
	press Q
	ended 3
	refused "$2" restored
}
left raw 'no line mode'
left alternate 'the alternate screen is on'
left cursor 'the cursor is hidden'
left colour 'attributes or a colour'
left mouse 'the mouse is on'

# Dying by a signal: its own, and one from outside.
program 24 80 "$sample"
see Sample
press D
ended 'signal 6'
fails ended 0
refused 'the alternate screen is on' restored
refused 'the program has ended' see 'no such text'
plain_program 5 40 cat
refused 'no such signal' signal NONE
demand signal TERM
ended 'signal 15'
restored
refused 'no program is running' signal TERM
plain_program 5 40 cat
demand kill
ended 'signal 9'
plain_program 5 40 "$work/no such program"
see 'cannot run'
ended 127

# The terminal goes away: the program hears of it, and another terminal can be had.
program 24 80 "$sample"
see Sample
demand hang-up
ended 'signal 1'
refused 'there is no terminal' restored
program 24 80 "$sample"
see Sample

# Ctrl-Z, and back.
press Ctrl-Z
stopped
refused 'pastes are bracketed' restored
continued
press Down
see KEY_DOWN
press Q
ended 3
restored

# The driver ends with its commands, and takes the program with it; or when its time is up.
driver=$top_builddir/tests/screen/driver
echo 'start-plain 5 40 sleep 1000' | "$driver" > "$work/out"
read -r said program < "$work/out"
[ "$said" = ok ] || fail 'it was not started'
! kill -0 "$program" 2> /dev/null || fail 'the program has outlived the driver'
mkfifo "$work/silent"
{
	echo 'start-plain 5 40 sleep 1000'
	read -r never < "$work/silent" || true
} | {
	status=0
	"$driver" 1 > "$work/out" 2> "$work/err" || status=$?
	: > "$work/silent"
	[ "$status" -eq 1 ]
} || fail 'it did not end in time'
grep -q 'the time is up' "$work/err" || fail 'no reason is given'
