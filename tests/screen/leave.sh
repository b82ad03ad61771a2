#!/bin/sh
# Every way out of the console leaves the terminal as it was, and says what is saved.
# ux 15: what is saved on the way out. ux 31: the terminal as it was, and what to know now.
. "$top_srcdir/tests/screen/wizard_lib.sh"
sandbox_start
account_create demo
said() {
	see "$1" # on the screen that the shell has again
	restored
}

# From home, by each way out.
for way in 'press q' 'press Ctrl-c' 'demand signal TERM' 'demand signal HUP'; do
	console 24 80
	see 'New dataflow on'
	$way
	ended 0
	restored
done
# A sanitizer would make an ending of its own of it.
[ -z "${ASAN_OPTIONS-}" ] || with "ASAN_OPTIONS=$ASAN_OPTIONS:handle_segv=0"
for crash in 'SEGV 11' 'ABRT 6'; do
	console 24 80
	see 'New dataflow on'
	demand signal "${crash% *}"
	ended "signal ${crash#* }"
	restored
done

# From the wizard: the draft's name and step.
console 24 80
see 'New dataflow on'
press n
see '1 of 6'
press Ctrl-n
see '2 of 6'
typed leaving
idle
press Ctrl-z
stopped
restored
continued
see '[leaving'

# Ctrl-Z in the middle of typing flushes what was not read yet; the console must not wait for it.
for again in 1 2 3 4 5 6 7 8 9 10; do
	typed x
	press Ctrl-z
	stopped
	continued
done
press Ctrl-u
typed leaving
press s
see 'leavings'
press Ctrl-c
ended 0
said 'the draft leavings is saved at step 2 of 6'
