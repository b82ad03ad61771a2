#!/bin/sh
# A Marketo and a source that never answer: in each step keys work while it is busy, Esc frees the screen in 100 ms, and nothing typed is lost.
# ux 7: nothing waits. ux 14: what is typed during a test is not lost.
. "$top_srcdir/tests/screen/faults_lib.sh"
broken silent
never_answers "$through"
busy_connect "$through" silent

# A pipe that nobody writes to.
mkfifo "$work/never"
open_review
see_busy '… planning'
press Esc
see 'Given up'
press [ [
see '4 of 6'
press BackTab Up Up Up
refill "$work/never" && press Enter
see_busy 'reading the source'
typed 2020-01-01
see_busy '[2020-01-01'
esc_frees 'Given up'
press Up
refill "$work/feed.ndjson" && press Enter
see '2 profiles'
see '[2020-01-01'
were_soon 'Esc frees the screen'
