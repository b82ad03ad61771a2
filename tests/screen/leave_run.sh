#!/bin/sh
# A run that the console started goes on without it, however the console ends; what goes on is said, another console sees it, and it ends right.
# ux 16: the run goes on without the console, which says so.
. "$top_srcdir/tests/screen/wizard_lib.sh"
sandbox_start --no-limits
for n in $(seq 1200); do message "p$n@example.com" a1 realized; done > "$work/feed.ndjson"
destination_create
dataflow() {
	expect 0 penstock dataflow create "$1" --destination demo --source "$work/feed.ndjson" --audience "a1=$1"
}
# A run that does not end before ends_right.
launched() {
	dataflow "$1"
	hold_call 6
	console 24 80
	see 'New dataflow'
	press End
	see "▶ $1"
	press r
	see "Run $1 now?"
	press Left Enter
	see "$1 - running"
}
ends_right() {
	let_call_go
	console 24 80
	see "$1 "
	press End Enter
	see "$1 - success"
	see '1,200 activated'
	press q
	see ' Home'
	press q
	ended 0
	restored
	! row 1 | grep -q penstock: || fail "a run that has ended is spoken of: $answer"
}

launched run1
press Ctrl-c
ended 0
see 'the run of run1 goes on'
restored
ends_right run1

launched run2
demand signal HUP
ended 0
see 'the run of run2 goes on'
restored
ends_right run2

# Left, and looked at again.
launched run3
press q
see 'goes on'
press End Enter
see 'run3 - '
demand signal KILL
ended 'signal 9'
ends_right run3

# The whole terminal goes: the line has dropped for good.
launched run4
demand hang-up
demand wait # a second signal may end it once everything is saved
ends_right run4
