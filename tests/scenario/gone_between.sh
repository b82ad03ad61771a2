#!/bin/sh
# A person whose id turns out to be no good between two lists of one run: whoever takes the place is in both of them at the end, and the ledger says so.
. "$top_srcdir/tests/scenario/lib.sh"
sandbox_start --no-limits
destination_create

# feed COUNT STATUS AUDIENCES...
feed() {
	count=$1 status=$2
	shift 2
	for n in $(seq "$count"); do
		comma=
		printf '{"identityMap":{"Email":[{"id":"p%d@example.com"}]},"segmentMembership":{"ups":{' "$n"
		for audience; do
			printf '%s"%s":{"status":"%s"}' "$comma" "$audience" "$status"
			comma=,
		done
		printf '}}}\n'
	done > "$work/feed.ndjson"
}
count() {
	hook GET "/_sandbox/members?list=$1" | jq .count
}

feed 20 realized a0
expect 0 penstock dataflow create flow --destination demo --source "$work/feed.ndjson" --audience a0=Known --audience a1=One --audience a2=Two
expect 0 penstock run flow --json
one=$(value '.run.audiences[1].list_id') two=$(value '.run.audiences[2].list_id')

# The second list's first call says of everybody that there is no such person; they are all there.
feed 20 realized a1 a2
hook POST /_sandbox/settings "{\"faults\":[\"record-1004+1@/lists/$two/leads\"]}" > /dev/null
expect 0 penstock run flow --json
holds '.run | .state == "success" and .activated == 40 and .created == 0 and .added == 40'
hook POST /_sandbox/settings '{"faults":[]}' > /dev/null
[ "$(count "$one") $(count "$two")" = '20 20' ] || fail "members: $(count "$one") $(count "$two")"
expect 0 penstock verify flow --json
holds '[.audiences[] | .in_ledger] == [20, 20, 20]'

# One is deleted when the first list has everybody and the second has nobody yet: made anew, that person is in both.
hold() {
	hook POST /_sandbox/settings "{\"hold\":{\"call\":$1,\"applied\":true}}" > /dev/null
}
feed 20 realized b1 b2
expect 0 penstock dataflow update flow --audience b1=Third --audience b2=Fourth
hold 1
"$PENSTOCK" --quiet run flow --json > "$work/out" 2> "$work/err" &
run=$!
third=
while :; do
	until hook GET /_sandbox/state | grep -q '"held":true'; do
		kill -0 $run 2> /dev/null || fail 'the run has ended before the second list was begun'
	done
	third=$(hook GET /_sandbox/state | jq '.lists[] | select(.name == "Third") | .id')
	[ -z "$third" ] || [ "$(count "$third")" -ne 20 ] || break
	hold 1
done
id=$(hook GET '/_sandbox/people?field=email&value=p7@example.com' | jq '.[0].id')
hook DELETE "/_sandbox/people?id=$id" > /dev/null
hold 0
status=0
wait $run || status=$?
[ $status -eq 0 ] || fail "status $status"
holds '.run | .state == "success" and .activated == 40 and .created == 1'
fourth=$(value '.run.audiences[1].list_id')
[ "$(count "$third") $(count "$fourth")" = '20 20' ] || fail "members: $(count "$third") $(count "$fourth")"
expect 0 penstock verify flow --json
holds '[.audiences[] | .in_ledger] == [20, 20]'
