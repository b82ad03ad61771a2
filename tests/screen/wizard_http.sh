#!/bin/sh
# The wizard with a source that is posted to: before anything has come it says how something does, then it is a source like any other. No secret is on the screen or in the draft.
. "$top_srcdir/tests/screen/wizard_lib.sh"
receiver=
trap 'end_ours KILL $receiver; screen_cleanup' EXIT
sandbox_start --no-limits
token=0123456789abcdef
(umask 077 && echo $token > "$work/token")

console 24 80
see 'Set up a dataflow with my own Marketo'
press Enter
connect_step
answers live
creation='Match existing Marketo people and create'
details_step
governance_step
feed="http:127.0.0.1:0/in,token-file=$work/token,spool=$work/spool"
typed "$feed" && press Enter
see 'nothing was posted yet'
"$PENSTOCK" --db "$PENSTOCK_DB" --json receive "$feed" > "$work/receive.out" 2> "$work/receive.err" &
receiver=$!
doing='who receives'
until [ -s "$work/receive.out" ]; do
	kill -0 $receiver || fail "nobody receives: $(cat "$work/receive.err")"
	sleep 0.05
done
{
	message first@example.com a1 realized
	message second@example.com a1 realized
} | "$top_builddir/tests/tools/post_main" lines "$(jq .receive.port "$work/receive.out")" /in $token > "$work/acknowledged"
[ "$(wc -l < "$work/acknowledged")" -eq 2 ] || fail 'nothing was taken'
press Ctrl-r
see '2 profiles'
press Tab Tab Tab Tab
see 'LIST'
see '1 chosen'
press ]
mapping_step
launch
see '2 activated'
press q
see ' Home'
press q
ended 0
restored
harmless
kill -TERM $receiver
wait $receiver || fail 'who receives did not end well'
receiver=
expect 0 penstock --json dataflow show live
holds --arg source "$feed" '.dataflow.source == $source'
! grep -rqF $token "${PENSTOCK_DB%/*}" || fail 'a token is in the store'
