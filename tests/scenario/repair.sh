#!/bin/sh
# verify --repair: who is missing from a list is added again, also when Marketo has merged or deleted them; a second look is green.
. "$top_srcdir/tests/scenario/lib.sh"
sandbox_start
destination_create
for n in $(seq 400); do
	message "p$n@example.com" a1 realized
done > "$work/feed.ndjson"
message p1@example.com a2 realized >> "$work/feed.ndjson"
expect 0 penstock dataflow create flow --destination demo --source "$work/feed.ndjson" --audience a1 --audience a2
expect 0 penstock run flow --json
one=$(value '.run.audiences[0].list_id') two=$(value '.run.audiences[1].list_id')
people() {
	hook GET "/_sandbox/people?field=email&value=$1@example.com"
}
person() {
	people "$1" | jq '.[0].id'
}
take_out() {
	hook DELETE "/_sandbox/members?list=$one&id=$(person "$1")" > /dev/null
}
delete() {
	hook DELETE "/_sandbox/people?id=$(person "$1")" > /dev/null
}
in_list() {
	hook GET "/_sandbox/members?list=$one" | jq -e --arg email "$1@example.com" 'any(.members[]; .email == $email)' > /dev/null
}

# Nothing is missing: no run, no call that changes anything.
expect 0 penstock verify flow --repair --json
holds '.ok and (has("run") | not)'
expect 4 penstock --read-only verify flow --repair --json
holds '.error.code == "read_only"'

# Taken out by hand; deleted; merged, which is gone under its own id and there under another. All are back in one run, as who they are.
for n in 2 3 4 400; do
	take_out p$n
done
delete p1
delete p5
hook POST /_sandbox/people '{"fields":{"email":"P5@example.com","firstName":"Merged"}}' > /dev/null
before=$(hook GET /_sandbox/state | jq .people)
expect 1 penstock verify flow --json
expect 0 penstock verify flow --repair --json
holds '.ok and (.audiences[0] | .missing == 6 and .in_ledger == 400) and (.audiences[1].missing == 1) and (.run | .state == "success" and .received == 7 and
	.activated == 7 and .added == 7 and .created == 1 and .updated == 0 and .failed == 0 and .excluded == 0 and .unchanged == 0 and
	[.audiences[].activated] == [6, 1])'
id=$(value .run.id)
expect 0 penstock verify flow --json
holds '.ok and ([.audiences[] | .in_list, .in_ledger, .missing, .extra] == [400, 400, 0, 0, 1, 1, 0, 0])'
people p1 | jq -e 'length == 1 and (.[0].fields | .firstName == "Ada" and .lastName == "Berg")' > /dev/null || fail 'who was deleted is not made whole again'
people p5 | jq -e 'length == 1 and .[0].fields.firstName == "Merged"' > /dev/null || fail 'who was merged is not left as they are'
[ "$(hook GET /_sandbox/state | jq .people)" -eq $((before + 1)) ] || fail 'somebody is there twice'
expect 0 penstock runs flow --json
holds --argjson id "$id" '[.runs[].id] | index($id)'
expect 0 penstock audit --json
holds --arg run "run $id" 'any(.audit[]; .action == "verify --repair" and .detail == $run)'

# The next run brings the merged person up to date, and has nothing else to do.
expect 0 penstock run flow --json
holds '.run | .updated == 1 and .created == 0 and .added == 0 and .unchanged == 400 and .activated == 1'

# The source has gone on to others: lead ids are enough to add somebody, but not to find whom Marketo deleted. Those are told, and forgotten.
message p1@example.com a2 realized > "$work/feed.ndjson"
take_out p10
delete p11
expect 0 penstock verify flow --repair --json
holds '.ok and .audiences[0].missing == 2 and (.run | .received == 2 and .activated == 1 and .excluded == 1 and .failed == 0 and
	any(.reasons[]; .code == "person_gone" and .count == 1))'
expect 0 penstock failures "$(value .run.id)" --json
holds '.total == 1 and (.failures[0].retryable | not)'
in_list p10 || fail 'p10 is not back'
expect 0 penstock verify flow --json
holds '.audiences[0] | .in_ledger == 399 and .in_list == 399'
rm "$work/feed.ndjson"
take_out p12
expect 0 penstock verify flow --repair
says 'the source is not there to tell more'
in_list p12 || fail 'p12 is not back'

# A failure is told as a run's is: the person stays missing, and can be retried.
take_out p13
hook DELETE "/_sandbox/lists?id=$two" > /dev/null
expect 0 penstock verify flow --repair --json
holds '.run.activated == 2 and .audiences[0].missing == 1 and .audiences[1].missing == 1'
in_list p13 || fail 'a list that is made again keeps the others from being repaired'

# Match-only: who is deleted is looked up once, excluded, and no member any more.
expect 0 penstock destination create lists --account demo --list-folder Audiences
expect 0 penstock mapping set lists identityMap.Email=email
for n in 20 21 22; do
	message "p$n@example.com" b1 realized
done > "$work/lists.ndjson"
expect 0 penstock dataflow create lists --destination lists --source "$work/lists.ndjson" --audience b1
expect 0 penstock run lists --json
holds '.run.activated == 3'
one=$(value '.run.audiences[0].list_id')
delete p20
take_out p21
expect 0 penstock verify lists --repair --json
holds '.run | .received == 2 and .activated == 1 and .excluded == 1 and any(.reasons[]; .code == "1004") and .calls_by.lookup == 1'
expect 0 penstock verify lists --json
holds '.audiences[0] | .in_ledger == 2 and .in_list == 2'
hook POST /_sandbox/people '{"fields":{"email":"p20@example.com"}}' > /dev/null
expect 0 penstock run lists --json
holds '.run | .activated == 1 and .added == 1 and .unchanged == 2'
