#!/bin/sh
# adopt: who is in a list already becomes a member by the ledger, so that an exit takes them out again. Nothing in Marketo changes.
. "$top_srcdir/tests/scenario/lib.sh"
sandbox_start
destination_create
person() {
	hook POST /_sandbox/people "{\"fields\":$1}" | jq .id
}
join() {
	hook POST /_sandbox/members "{\"list\":$list,\"id\":$1}" > /dev/null
}
in_list() {
	hook GET "/_sandbox/members?list=$list" | jq -e --arg email "$1@example.com" 'any(.members[]; .email == $email)' > /dev/null
}

# A list that somebody else filled: 650 people, one of whom is there twice, two without an address.
message seed@example.com a1 realized > "$work/feed.ndjson"
expect 0 penstock dataflow create maker --destination demo --source "$work/feed.ndjson" --audience 'a1=Old list'
expect 0 penstock run maker --json
list=$(value '.run.audiences[0].list_id')
for n in $(seq 20); do
	join "$(person "{\"email\":\"p$n@example.com\",\"firstName\":\"Eva\"}")"
done
join "$(person '{"email":"P1@Example.com"}')"
join "$(person '{"firstName":"Nobody"}')"
join "$(person '{"firstName":"Nobody","lastName":"Either"}')"

# Known by another store as nobody's: an exit does nothing.
export PENSTOCK_DB="$work/second/penstock.db"
destination_create
{
	message p1@example.com a1 exited
	message P2@EXAMPLE.com a1 exited
} > "$work/feed.ndjson"
expect 0 penstock dataflow create flow --destination demo --source "$work/feed.ndjson" --audience "a1=$list" --audience 'a2=New list'
expect 0 penstock run flow --json
holds '.run | .unchanged == 2 and .removed == 0'
hook POST /_sandbox/reset > /dev/null
expect 0 penstock adopt flow --audience a1 --json
holds --argjson list "$list" '.audiences == [{"name":"Audience a1","list_id":$list,"in_list":24,"adopted":21,"known":0,"unidentified":2,"doubled":1}]'
hook GET "/_sandbox/log?last=$(hook GET /_sandbox/state | jq .calls)" | jq -e 'length >= 3 and all(.[]; .method == "GET")' > /dev/null || fail "adopting changed something"
expect 0 penstock verify flow --json
holds '.audiences[0] | .in_ledger == 21 and .missing == 0 and .extra == 3'
expect 0 penstock adopt flow
grep -q '2 people have no value' "$work/out" || fail 'it does not say who cannot be known'
expect 0 penstock adopt flow --json
holds '.audiences | length == 2 and (.[0] | .adopted == 0 and .known == 21) and .[1].in_list == 0'
expect 0 penstock audit --json
holds 'any(.audit[]; .action == "adopt" and .object == "flow" and (.detail | contains("21 members")))'

# Now an exit is one: by the lead id that was remembered, without a look-up. What is new to the ledger is sent, what is in the list already is not added again.
hook POST /_sandbox/reset > /dev/null
expect 0 penstock run flow --json
holds '.run | .removed == 2 and .activated == 2 and .unchanged == 0 and .calls_by.lookup == null'
in_list p2 && fail 'p2 is still there'
in_list p3 || fail 'p3 is gone'
message p3@example.com a1 realized > "$work/feed.ndjson"
expect 0 penstock run flow --json
holds '.run | .updated == 1 and .added == 0 and .created == 0 and .activated == 1 and .calls_by.lookup == null'

# What cannot be.
refused 2 'has no audience' penstock adopt flow --audience a3
holds '.error.hint | contains("a1")'
expect 4 penstock --read-only adopt flow --json
expect 0 penstock dataflow create fresh --destination demo --source "$work/feed.ndjson" --audience 'a9=Not made yet'
refused 2 'has no list in this Marketo yet' penstock adopt fresh --audience a9

# A profile key of its own, where Marketo has it in a field.
printf '%s\n' '{"segmentMembership":{"ups":{"a1":{"status":"exited"}}},"identityMap":{"CRMID":[{"id":"c-7"}],"Email":[{"id":"moved@example.com"}]}}' > "$work/keyed.ndjson"
expect 0 penstock dataflow create keyed --destination demo --source "$work/keyed.ndjson" --audience "a1=$list" --profile-key CRMID
refused 2 'tells the people of keyed apart' penstock adopt keyed
join "$(person '{"email":"before@example.com","customerNumber":" C-7 "}')"
expect 0 penstock mapping set keyed identityMap.CRMID=customerNumber
expect 0 penstock adopt keyed --json
holds '.audiences[0] | .adopted == 1 and .unidentified == .in_list - 1'
expect 0 penstock run keyed --json
holds '.run | .removed == 1 and .calls_by.lookup == null'
in_list before && fail 'who has another address now is still there'
exit 0
