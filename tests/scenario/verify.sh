#!/bin/sh
# What Marketo has, held against what penstock says: somebody who is taken out behind our back shows, and can be brought back.
. "$top_srcdir/tests/scenario/lib.sh"
sandbox_start
destination_create

# 700 people: three pages of a list, and one who is in both.
for n in $(seq 700); do
	message "p$n@example.com" a1 realized
done > "$work/feed.ndjson"
message p1@example.com a2 realized >> "$work/feed.ndjson"
expect 0 penstock dataflow create flow --destination demo --source "$work/feed.ndjson" --audience a1 --audience a2

# Before the first run there is nothing to be missing.
expect 0 penstock verify flow --json
holds '.ok and ([.audiences[] | .list_id, .in_list, .in_ledger, .missing, .extra] == [null, 0, 0, 0, 0, null, 0, 0, 0, 0])'
expect 0 penstock run flow --json
holds '.run.activated == 701'
one=$(value '.run.audiences[0].list_id') two=$(value '.run.audiences[1].list_id')
person() {
	hook GET "/_sandbox/people?field=email&value=$1@example.com" | jq '.[0].id'
}

# All is well, and asking changes nothing: not for --read-only either.
expect 0 penstock --read-only verify flow --json
holds --argjson one "$one" '.ok and (has("error") | not) and .audiences[0] ==
	{"name":"Audience a1","list_id":$one,"in_list":700,"in_ledger":700,"missing":0,"extra":0} and .audiences[1].in_list == 1'
expect 0 penstock verify flow
grep -q 'Audience a1 .* 700 ' "$work/out" || fail 'the table does not tell how many are in the list'

# Somebody added by hand is no fault, whoever it is.
guest=$(hook POST /_sandbox/people '{"fields":{"email":"guest@example.com"}}' | jq .id)
hook POST /_sandbox/members "{\"list\":$one,\"id\":$guest}" > /dev/null
hook POST /_sandbox/members "{\"list\":$two,\"id\":$(person p2)}" > /dev/null
expect 0 penstock verify flow --json
holds '.ok and (.audiences[0] | .in_list == 701 and .extra == 1 and .missing == 0) and (.audiences[1] | .in_list == 2 and .extra == 1)'

# Somebody taken out is, and only that is told: a person deleted is missing in every list.
for n in 3 4 5 699; do
	hook DELETE "/_sandbox/members?list=$one&id=$(person p$n)" > /dev/null
done
expect 1 penstock verify flow --json
holds '(.ok | not) and .error.code == "members_missing" and (.audiences[0] | .in_list == 697 and .in_ledger == 700 and .missing == 4 and .extra == 1) and
	.audiences[1].missing == 0'
hook DELETE "/_sandbox/people?id=$(person p1)" > /dev/null
expect 1 penstock verify flow --json
holds '.audiences[0].missing == 5 and .audiences[1].missing == 1'
expect 1 penstock verify flow
says '6 members by the ledger are not in their list'
says 'penstock verify flow --repair'

# What cannot be asked is no answer.
hook POST /_sandbox/settings '{"deny":"read-only-lead,read-write-lead"}' > /dev/null
refused 4 'Read-Only Lead' penstock verify flow
hook POST /_sandbox/settings '{"deny":""}' > /dev/null
refused 2 'there is no dataflow' penstock verify nothing
expect 0 penstock destination create people --account demo --person-creation match-and-create --sync-type profile-only
expect 0 penstock mapping set people identityMap.Email=email
expect 0 penstock dataflow create people --destination people --source "$work/feed.ndjson" --audience a1
refused 2 'touches no lists' penstock verify people

# A list that is gone is said, and the others are looked at all the same.
hook DELETE "/_sandbox/lists?id=$two" > /dev/null
expect 1 penstock verify flow --json
holds --arg two "$two" '.error.code == "list_gone" and (.error.message | contains($two)) and (.error.hint | contains("dataflow update")) and
	.audiences[0].missing == 5 and .audiences[1].gone and .audiences[1].missing == 1'
