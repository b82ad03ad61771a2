#!/bin/sh
# The source of a dataflow that an operator has named is what it was then: where somebody puts a link in its place, neither what counts its values nor the preview follows it, also
# in the console of whom the store belongs to, who may read where it leads.
. "$top_srcdir/tests/screen/lib.sh"
. "$top_srcdir/tests/scenario/operators_lib.sh"
stop_daemon() {
	[ -z "$daemon" ] || kill -KILL "$daemon" 2> /dev/null || true
}
trap 'test_status=$?; stop_daemon; (exit $test_status); screen_cleanup' EXIT
sandbox_start --no-limits
operators_prepare
account_create demo
expect 0 penstock destination create demo --account demo --list-folder Audiences
expect 0 penstock mapping set demo identityMap.Email=email
expect 0 penstock fields demo
message somebody@example.com one realized > "$feeds/feed.ndjson"
message hidden@example.com one realized > "$work/store/other.ndjson"
chmod 644 "$feeds/feed.ndjson"
[ -z "$second" ] || chown "$owner" "$work/store/other.ndjson"
may 'View Destinations, Manage Destinations, View Segments, View Profiles'
daemon_start
expect 0 ask dataflow create weekly --destination demo --source "$feeds/feed.ndjson" --audience one
kill -TERM "$daemon"
wait "$daemon" || true
daemon=

if [ "$second" ]; then
	program 24 80 setpriv --reuid "$owner" --regid "$owner" --clear-groups "$PENSTOCK"
else
	console 24 80
fi
see 'New dataflow'
press Down
see '▶ weekly'
press +
see 'Revision 1 is in force'
gone 'reading the source'
press =
see 'PROFILE 1 OF 1'
see 'somebody@example.com'
press =
gone 'PROFILE 1'
idle
mv "$feeds/feed.ndjson" "$feeds/kept"
ln -s "$work/store/other.ndjson" "$feeds/feed.ndjson"
press =
see '✗ cannot read'
see 'NO PROFILE TO SHOW'
press = Esc
gone 'cannot read'
# An edit is counted anew, from the same place.
press Down a
see 'mapped: 2'
see '✗ cannot read'
press u
see 'mapped: 1'
press q
see ' Home'
press q
ended 0
restored
demand raw "$work/raw"
! grep -qF hidden@example.com "$work/raw" || fail 'the link was followed'
