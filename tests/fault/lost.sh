#!/bin/sh
# Replies that are lost until penstock gives up: what Marketo may have done all the same is not forgotten. Who may be in a list is removed when leaving it, who may be out
# of it is added, and a value that may have arrived is sent again.
. "$top_srcdir/tests/scenario/lib.sh"
sandbox_start --no-limits
destination_create
feed() {
	printf '{"person":{"name":{"firstName":"%s"}},"segmentMembership":{"ups":{"a1":{"status":"%s"}}},"identityMap":{"Email":[{"id":"p1@example.com"}]}}\n' "$1" "$2" \
		> "$work/feed.ndjson"
}
# In the list, and called what?
picture() {
	list=$(hook GET /_sandbox/state | jq '.lists[] | select(.name == "Lost") | .id')
	hook GET "/_sandbox/members?list=$list" | jq -r '[.count] | join(" ")'
	hook GET '/_sandbox/people?field=email&value=p1@example.com' | jq -r '.[].fields.firstName'
}
is() {
	[ "$(picture | tr '\n' ' ')" = "$1 " ] || fail "members and name: $(picture | tr '\n' ' '), not $1"
}
# lossy PART: replies to calls of these addresses say nothing of what was done.
lossy() {
	hook POST /_sandbox/settings "{\"faults\":[\"short@$1\"]}" > /dev/null
}
# cut PART COUNT: the calls are carried out, the connection is cut before the reply, and then penstock is killed, when the list has COUNT members.
cut() {
	hook POST /_sandbox/settings "{\"faults\":[\"cut-after@$1\"]}" > /dev/null
	"$PENSTOCK" --quiet run flow > "$work/out" 2> "$work/err" &
	run=$!
	while [ "$(picture | head -n 1)" != "$2" ]; do
		kill -0 $run 2> /dev/null || fail 'the run has ended'
	done
	kill -KILL $run
	wait $run 2> /dev/null || true
	calm
}
calm() {
	hook POST /_sandbox/settings '{"faults":[]}' > /dev/null
}

feed Ada exited
expect 0 penstock dataflow create flow --destination demo --source "$work/feed.ndjson" --audience a1=Lost
expect 0 penstock run flow --json
# An addition.
feed Ada realized
lossy /lists/
expect 3 penstock run flow --json
holds '.run | .failed == 1 and .activated == 0 and .state == "partial"'
is '1 Ada'
calm
feed Ada exited
expect 0 penstock run flow --json
holds '.run | .removed == 1 and .activated == 1'
is '0 Ada'
# Added for good; then a removal.
feed Ada realized
expect 0 penstock run flow --json
holds '.run | .added == 1 and .created == 0'
feed Ada exited
lossy /lists/
expect 3 penstock run flow --json
holds '.run.failed == 1'
is '0 Ada'
calm
feed Ada realized
expect 0 penstock run flow --json
holds '.run | .added == 1'
is '1 Ada'
expect 0 penstock verify flow --json
holds '.audiences[0] | .in_ledger == 1'
# A removal that is tried again by the next word, though the person is out of the list already.
feed Ada exited
lossy /lists/
expect 3 penstock run flow
calm
expect 0 penstock run flow --json
holds '.run | .activated == 1 and .failed == 0'
is '0 Ada'
expect 0 penstock verify flow --json
holds '.audiences[0] | .in_ledger == 0 and .in_list == 0'
# A value, and back to the one before: Marketo has the first of them, whatever the ledger was told.
feed Ada realized
expect 0 penstock run flow --json
feed Eva realized
lossy /rest/v1/leads.json
expect 3 penstock run flow --json
is '1 Eva'
calm
feed Ada realized
expect 0 penstock run flow --json
holds '.run | .updated == 1'
is '1 Ada'
# Cut connections, and a process that does not live to see the next reply: the run that was begun is finished first, and the last word is what counts.
feed Ada exited
expect 0 penstock run flow
feed Ada realized
cut /lists/ 1
feed Ada exited
expect 0 penstock run flow --json
holds '.earlier.added == 1 and .earlier.state == "success" and .run.removed == 1'
is '0 Ada'
feed Ada realized
expect 0 penstock run flow
feed Ada exited
cut /lists/ 0
feed Ada realized
expect 0 penstock run flow --json
holds '.earlier.activated == 1 and .run.added == 1'
is '1 Ada'
expect 0 penstock verify flow
