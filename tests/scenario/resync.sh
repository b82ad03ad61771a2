#!/bin/sh
# resync: everything of the source goes to Marketo again, whatever the ledger says of attributes and memberships; exits stay exits, people stay who they are.
. "$top_srcdir/tests/scenario/lib.sh"
sandbox_start
destination_create
for n in $(seq 350); do
	message "p$n@example.com" a1 realized
done > "$work/feed.ndjson"
expect 0 penstock dataflow create flow --destination demo --source "$work/feed.ndjson" --audience a1
expect 0 penstock run flow --json
list=$(value '.run.audiences[0].list_id')
people() {
	hook GET "/_sandbox/people?field=email&value=$1@example.com"
}
person() {
	people "$1" | jq '.[0].id'
}
in_list() {
	hook GET "/_sandbox/members?list=$list" | jq -e --arg email "$1@example.com" 'any(.members[]; .email == $email)' > /dev/null
}
expect 0 penstock run flow --json
holds '.run | .unchanged == 350 and .calls_by.update == null and .calls_by.list_add == null'

# Somebody was taken out, somebody was changed in Marketo by another program, which the ledger cannot know; somebody was deleted.
hook DELETE "/_sandbox/members?list=$list&id=$(person p7)" > /dev/null
hook DELETE "/_sandbox/people?id=$(person p9)" > /dev/null
expect 0 penstock resync flow --json
holds '.run | .state == "success" and .received == 350 and .activated == 350 and .unchanged == 0 and .updated == 349 and .created == 1 and .added == 350 and
	.removed == 0 and .calls_by.update == 2 and .calls_by.create == 1 and .calls_by.list_add <= 3 and .calls_by.lookup == 1'
id=$(value .run.id)
in_list p7 || fail 'p7 is not back'
in_list p9 || fail 'p9 is not back'
people p9 | jq -e 'length == 1 and .[0].fields.firstName == "Ada"' > /dev/null || fail 'p9 is not made again'
expect 0 penstock verify flow --json
holds '.ok and .audiences[0].in_list == 350'
expect 0 penstock run-show "$id" --json
holds '.run.activated == 350'
expect 0 penstock audit --json
holds --arg run "run $id" 'any(.audit[]; .action == "resync" and .detail == $run)'

# It has left the ledger as complete as before: nothing is sent by the next run.
expect 0 penstock run flow --json
holds '.run | .unchanged == 350 and .calls_by.update == null and .calls_by.list_add == null'

# Whoever is refused this time stays a member, and leaves when they leave.
hook POST /_sandbox/settings '{"faults":["record-1003+1@/leads.json"]}' > /dev/null
expect 3 penstock resync flow --json
holds '.run | .state == "partial" and .failed > 0'
hook POST /_sandbox/settings '{"faults":[]}' > /dev/null
expect 0 penstock failures "$(value .run.id)" --json
refused_one=$(value '.failures[0].identity')
expect 0 penstock verify flow --json
holds '.ok and (.audiences[0] | .in_list == 350 and .in_ledger == 350 and .extra == 0)'
message "$refused_one" a1 exited > "$work/exit.ndjson"
expect 0 penstock dataflow update flow --source "$work/exit.ndjson"
expect 0 penstock run flow --json
holds '.run | .removed == 1'
in_list "${refused_one%@example.com}" && fail 'who was refused by the resync has not left the list'
expect 0 penstock dataflow update flow --source "$work/feed.ndjson"
expect 0 penstock run flow --json
holds '.run | .added == 1 and .failed == 0'

# An exit of a member is one, an exit of somebody else is nothing, and people added by hand stay.
hook POST /_sandbox/members "{\"list\":$list,\"id\":$(hook POST /_sandbox/people '{"fields":{"email":"guest@example.com"}}' | jq .id)}" > /dev/null
{
	message p1@example.com a1 realized
	message p2@example.com a1 exited
	message guest@example.com a1 exited
	message nobody@example.com a1 exited
} > "$work/feed.ndjson"
expect 0 penstock resync flow --json
holds '.run | .received == 4 and .activated == 2 and .removed == 1 and .added == 1 and .updated == 1 and .unchanged == 2'
in_list guest || fail 'who was added by hand was taken out'
in_list p2 && fail 'p2 has not left'
expect 0 penstock verify flow --json
holds '.audiences[0] | .in_ledger == 349 and .missing == 0 and .extra == 1'

# Match-only, lists only.
expect 0 penstock destination create lists --account demo --list-folder Audiences
expect 0 penstock mapping set lists identityMap.Email=email
expect 0 penstock dataflow create lists --destination lists --source "$work/feed.ndjson" --audience 'a1=Others'
message p3@example.com a1 realized >> "$work/feed.ndjson"
expect 0 penstock run lists --json
holds '.run | .activated == 2 and .unchanged == 3'
expect 0 penstock resync lists --json
holds '.run | .activated == 2 and .unchanged == 3 and .added == 2 and .updated == 0 and .calls_by.lookup == null'

expect 4 penstock --read-only resync flow --json
expect 0 penstock dataflow disable flow
refused 2 'is disabled' penstock resync flow
