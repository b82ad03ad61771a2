#!/bin/sh
# Runs one test and ends it, with all it has started, after PENSTOCK_TEST_SECONDS: a test that hangs is to fail with words, not to hold the suite.
# What a test leaves running when it ends is ended too, since it would hold the pipe on which the harness reads. Usage: bounded.sh COMMAND...
# The longest take a minute where nothing else goes on, several where the machine is busy and sanitizers look on.
seconds=${PENSTOCK_TEST_SECONDS:-600}
# timeout makes a process group of itself and the test, with its own number.
timeout --kill-after=30 "$seconds" "$@" < /dev/null &
group=$!
trap 'kill -TERM "$group" 2> /dev/null' HUP INT TERM
wait "$group"
status=$?
# A signal to us breaks off the wait: the test still has its own end to make.
if kill -0 "$group" 2> /dev/null; then
	wait "$group"
	status=$?
fi
kill -KILL "-$group" 2> /dev/null
if [ "$status" -eq 124 ] || [ "$status" -eq 137 ]; then
	echo "Bail out! killed, or ended after $seconds seconds: $*"
	exit 99
fi
exit "$status"
