#!/bin/sh
# retry: what failed, or was not found, is sent once more from what is kept of it, as a new run; nothing is sent twice, and nothing old over something new.
. "$top_srcdir/tests/scenario/lib.sh"
sandbox_start
destination_create
faults() {
	hook POST /_sandbox/settings "{\"faults\":[$1]}" > /dev/null
}
person() {
	hook POST /_sandbox/people "{\"fields\":{\"email\":\"$1@example.com\"}}" | jq .id
}
in_list() {
	hook GET "/_sandbox/members?list=$list" | jq -e --arg email "$1@example.com" 'any(.members[]; .email == $email)' > /dev/null
}
adds_up() {
	holds '.run | .received == .activated + .excluded + .failed + .unchanged and all(.audiences[]; .received == .activated + .excluded + .failed + .unchanged)'
}

# Every call that adds is refused again and again: the people are made, their memberships fail.
for n in 1 2 3 4; do
	message "p$n@example.com" a1 realized
done > "$work/feed.ndjson"
message p1@example.com a2 realized >> "$work/feed.ndjson"
expect 0 penstock dataflow create flow --destination demo --source "$work/feed.ndjson" --audience a1 --audience a2
faults '"614@lists/"'
expect 3 penstock run flow --json
holds '.run | .failed == 5 and .created == 4 and .activated == 0'
id=$(value .run.id) list=$(value '.run.audiences[0].list_id')
expect 0 penstock failures "$id" --json
holds '.total == 5 and all(.failures[]; .open and .retryable and .retried_by == null and .code == "614")'
faults ''

# The source is not needed: what is sent is what was kept. One row an audience, one record a person.
mv "$work/feed.ndjson" "$work/kept"
expect 0 penstock retry "$id" --json
adds_up
holds '.run | .state == "success" and .received == 5 and .activated == 5 and .added == 5 and .created == 0 and .updated == 0 and .calls_by.lookup == null and
	[.audiences[].activated] == [4, 1]'
second=$(value .run.id)
expect 0 penstock failures "$id" --json
holds --argjson by "$second" '.total == 5 and all(.failures[]; (.open | not) and .retried_by == $by)'
expect 0 penstock failures "$id" --csv "$work/failures.csv"
grep -q "614,.*,yes,$second" "$work/failures.csv" || fail 'the file does not say who took it over'
expect 0 penstock failures "$id" --csv /dev/stdout
[ "$(wc -l < "$work/out")" -eq 6 ] || fail 'something else stands among the rows'
expect 2 penstock failures "$id" --csv /dev/stdout --json
holds '.error.message | contains("two answers")'
# `-` says the same, and is no file of that name.
(cd "$work" && "$PENSTOCK" failures "$id" --csv - > "$work/dash" && [ ! -e ./- ]) || fail 'a file called -'
cmp -s "$work/dash" "$work/failures.csv" || fail 'not what the file holds'
expect 2 penstock failures "$id" --csv - --json
holds '.error.message | contains("two answers")'
expect 0 penstock verify flow --json
expect 0 penstock retry "$id" --json
holds '. == {"run":null}'
expect 0 penstock retry "$id"
grep -q "nothing of run $id" "$work/out" || fail 'it does not say that nothing is left'
expect 0 penstock audit --json
holds --arg run "run $second" 'any(.audit[]; .action == "retry" and .object == "flow" and .detail == $run)'
mv "$work/kept" "$work/feed.ndjson"
expect 0 penstock run flow --json
holds '.run | .unchanged == 5 and .activated == 0'

# A change of somebody who is a member already.
sed -i 's/Ada/Eva/' "$work/feed.ndjson"
faults '"614@v1/leads.json"'
expect 3 penstock run flow --json
id=$(value .run.id)
holds '.run.failed == 5'
faults ''
expect 0 penstock retry "$id" --json
adds_up
holds '.run | .received == 5 and .activated == 5 and .updated == 4 and .added == 0'
hook GET '/_sandbox/people?field=email&value=p3@example.com' | jq -e '.[0].fields.firstName == "Eva"' > /dev/null || fail 'p3 was not changed'

# Match-only: who was not found is there by now, or still is not.
expect 0 penstock destination create lists --account demo --list-folder Audiences
expect 0 penstock mapping set lists identityMap.Email=email
for n in 11 12 13 14 15; do
	message "p$n@example.com" b1 realized
done > "$work/lists.ndjson"
expect 0 penstock dataflow create lists --destination lists --source "$work/lists.ndjson" --audience b1
expect 0 penstock run lists --json
holds '.run.excluded == 5'
id=$(value .run.id) list=$(value '.run.audiences[0].list_id')
for n in 11 12 13; do
	person p$n > /dev/null
done
# In the meantime the source has brought two of them again: one has left, one was found. Those are not retried: an old word never follows a new one.
{
	message p11@example.com b1 exited
	message p12@example.com b1 realized
} > "$work/lists.ndjson"
expect 0 penstock plan lists --json
expect 0 penstock failures "$id" --json
holds 'all(.failures[]; .open)'
expect 0 penstock run lists --json
holds '.run | .activated == 1 and .unchanged == 1'
between=$(value .run.id)
expect 0 penstock failures "$id" --json
holds --argjson by "$between" '[.failures[] | select(.open | not)] | length == 2 and all(.[]; .retried_by == $by)'
expect 0 penstock retry "$id" --json
adds_up
holds '.run | .received == 3 and .activated == 1 and .excluded == 2 and .calls_by.lookup == 1'
third=$(value .run.id)
in_list p13 || fail 'p13 was found and is not in the list'
in_list p11 && fail 'p11 has left, and was brought back'
expect 0 penstock failures "$third" --json
holds '.total == 2 and all(.failures[]; .open and .code == "1004")'
person p14 > /dev/null
expect 0 penstock retry "$id" --json
holds '. == {"run":null}'
expect 0 penstock retry "$third" --json
holds '.run | .activated == 1 and .excluded == 1'
expect 0 penstock verify lists --json

# Too early: it waits for its day, through a retry that comes too early, too.
message p21@example.com c1 realized > "$work/early.ndjson"
expect 0 penstock dataflow create early --destination demo --source "$work/early.ndjson" --audience c1 --start "$(date -u -d '+3 days' +%Y-%m-%d)"
expect 0 penstock run early --json
holds '.run.excluded == 1'
expect 0 penstock retry "$(value .run.id)" --json
adds_up
holds '.run | .received == 1 and .excluded == 1 and any(.reasons[]; .code == "not_started")'
id=$(value .run.id)
expect 0 penstock dataflow update early --start "$(date -u +%Y-%m-%d)"
expect 0 penstock retry "$id" --json
holds '.run | .activated == 1 and .created == 1 and .added == 1'
expect 0 penstock run early --json
holds '.run | .unchanged == 1'

# What cannot be.
refused 2 'there is no run' penstock retry 999
expect 4 penstock --read-only retry "$id" --json
message p31@example.com d1 realized > "$work/moved.ndjson"
expect 0 penstock dataflow create moved --destination lists --source "$work/moved.ndjson" --audience 'd1=Here'
expect 0 penstock run moved --json
id=$(value .run.id)
# Its list is another one by now: the audience is the same, as it is for a run that goes on.
expect 0 penstock dataflow update moved --audience 'd1=There'
person p31 > /dev/null
message p32@example.com d1 realized >> "$work/moved.ndjson"
expect 0 penstock retry "$id" --json
adds_up
holds '.run | .received == 1 and .activated == 1'
list=$(value '.run.audiences[0].list_id')
in_list p31 || fail 'p31 is not in the list that the audience has now'
# Another audience.
expect 0 penstock run moved --json
id=$(value .run.id)
expect 0 penstock dataflow update moved --audience 'd2=Elsewhere'
expect 0 penstock retry "$id"
says "1 records of run $id cannot be sent again"
# Two audiences that are one now: a record of it is one record.
for audience in a1 a2; do
	message p41@example.com $audience realized
done > "$work/two.ndjson"
expect 0 penstock dataflow create two --destination demo --source "$work/two.ndjson" --audience a1=First --audience a2=Second
faults '"614@lists/"'
expect 3 penstock run two --json
id=$(value .run.id) list=$(value '.run.audiences[1].list_id')
faults ''
expect 0 penstock dataflow update two --audience "a1=$list"
expect 0 penstock retry "$id" --json
adds_up
holds '.run | .received == 1 and .activated == 1 and .added == 1'
in_list p41 || fail 'p41 is in no list'
