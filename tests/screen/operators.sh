#!/bin/sh
# The console of an operator, through the daemon: his terminal, his keys and his window, the store of somebody else, and what is not granted says so.
. "$top_srcdir/tests/screen/lib.sh"
. "$top_srcdir/tests/scenario/operators_lib.sh"
stop_daemon() {
	end_ours KILL $daemon
}
trap 'test_status=$?; stop_daemon; (exit $test_status); screen_cleanup' EXIT
sandbox_start --no-limits
operators_prepare
account_create demo
expect 0 penstock destination create demo --account demo --list-folder Audiences
expect 0 penstock mapping set demo identityMap.Email=email
message somebody@example.com one realized > "$feeds/feed.ndjson"
chmod 644 "$feeds/feed.ndjson"
expect 0 penstock dataflow create weekly --destination demo --source "$feeds/feed.ndjson" --audience one
may 'View Destinations, View Segments'
daemon_start

# window ROWS COLUMNS [OPTION...]: the console as the operator opens it.
window() {
	rows=$1 columns=$2
	shift 2
	if [ "$second" ]; then
		program "$rows" "$columns" setpriv --reuid "$operator" --regid "$operator" --clear-groups env -u PENSTOCK_DB HOME="$theirs" "$PENSTOCK" --daemon "$socket" "$@"
	else
		program "$rows" "$columns" env -u PENSTOCK_DB HOME="$theirs" "$PENSTOCK" --daemon "$socket" "$@"
	fi
}

# A reviewer looks.
window 24 80
see 'weekly'
golden operators "s/- $operator_name\$/- OPERATOR/" 's/Home +/Home /'
press Down r
see 'Activate Destinations is not granted to you'
press q
ended 0
may 'View Destinations, View Segments'
window 24 80
see 'weekly'
press Down +
see 'Manage Destinations is not granted to you'
press n
see 'Manage Destinations is not granted to you'
press o
idle
press D
see 'written by the daemon'
# The window's size arrives.
resize 16 60
idle
resize 24 80
see 'weekly'
press q
see ' Home'
press q
ended 0
restored

# The other's questions are asked with his permissions, too: a process that the console starts is no way around.
may 'View Destinations, Manage Destinations, View Segments'
window 24 80
see 'weekly'
press Down r
see 'Activate Destinations is not granted to you'
press Ctrl-C
ended 0
restored

# Whoever only may see the destinations is not shown what is in a source.
may 'View Destinations'
window 24 80
see 'weekly'
press q
ended 0
may ''
window 24 80
see 'View Destinations'
press q
ended 0

# The daemon's end gives the terminal back.
may "$all"
window 24 80
see 'weekly'
daemon_stop
ended 0
restored
