#!/bin/sh
# A Marketo that drops the connection, and a name that nobody knows: keys work in each step, nothing typed is lost, and the error says what to do.
. "$top_srcdir/tests/screen/faults_lib.sh"

# Calls that are dropped are tried several times, and Esc ends that at once; the test of the connection tries nothing again.
broken drop
never_answers "$through"
connect "$through" drop
see '✗ Connection'
tells 'check the network'
see 'typed before'
press q
see Unfinished

fails_at_once https://nobody.invalid nobody "this machine's network"
were_soon 'Esc frees the screen'
