#!/bin/sh
# Sources of all kinds of bad input: counted, explained, never fatal where the rest can go on.
. "$top_srcdir/tests/scenario/lib.sh"

check() {
	expect 0 penstock source check "$1" --json
	holds '.source | .format == "ndjson" and has("profiles") and has("bad_lines") and has("audiences") and has("attributes")'
}
message ada@example.com a1 realized > "$work/good.ndjson"
check "$work/good.ndjson"
holds '.source | .profiles == 1 and .bad_lines == [] and .audiences == [.audiences[0]] and (.audiences[0] | .id == "a1" and .name == "Audience a1" and
	.realized == 1 and .existing == 0 and .exited == 0) and any(.attributes[]; .path == "identityMap.Email" and .filled == 1 and .example == "ada@example.com")'

refused 1 "$work/missing.ndjson" penstock source check "$work/missing.ndjson"
refused 2 "$work" penstock source check "ndjson:$work"
cp "$work/good.ndjson" "$work/closed.ndjson"
chmod 0 "$work/closed.ndjson"
refused 1 closed.ndjson unprivileged source check "$work/closed.ndjson"
: > "$work/empty.ndjson"
refused 1 'empty.ndjson is empty' penstock source check "$work/empty.ndjson"
printf 'Email;Name\nada@example.com;Ada\n' > "$work/people"
expect 2 penstock source check "$work/people"

{
	printf '\357\273\277'
	message one@example.com a1 realized
	printf '\r\n\n'
	printf 'not json\n'
	printf '{"person":{"name":"\303\050"}}\n'
	printf '{"a":"\000"}\n'
	printf '{"a":9007199254740993,"identityMap":{"Email":[{"id":"two@example.com"}]}}\n'
	printf '[1,2]\n'
	printf '{"a":1} {"b":2}\n'
	head -c 1100000 /dev/zero | tr '\0' 'a'
	printf '\n'
	message three@example.com a1 exited | tr -d '\n'
} > "$work/dirt.ndjson"
check "$work/dirt.ndjson"
holds '.source | .profiles == 3 and [.bad_lines[].position] == [4,5,6,8,9,10] and all(.bad_lines[]; .reason | length > 0) and
	(.audiences[0] | .realized == 1 and .exited == 1) and any(.attributes[]; .path == "a" and .example == "9007199254740993")'
check - < "$work/dirt.ndjson"
holds '.source.profiles == 3'

# A line of a gigabyte is one bad line, and takes no memory to speak of.
{
	message one@example.com a1 realized
	head -c 1073741824 /dev/zero | tr '\0' 'x'
	printf '\n'
	message two@example.com a1 realized
} | "$top_builddir/tests/tools/measure" "$work/took" "$PENSTOCK" source check - --json > "$work/out" 2> "$work/err" ||
	fail 'the long line was not passed over'
holds '.source | .profiles == 2 and [.bad_lines[].position] == [2]'
read -r _ _ peak < "$work/took"
[ "$peak" -lt "$memory_limit" ] || fail "a line of a gigabyte took $peak KiB"

# The same in a run: counted, and told again by run-show.
sandbox_start
destination_create
expect 0 penstock dataflow create empty --destination demo --source "$work/empty.ndjson" --audience a1
refused 1 empty.ndjson penstock run empty
holds '.error.hint | length > 0'
expect 0 penstock runs empty --json
holds '.runs == []'
# Gone, closed, or a folder by now.
for trouble in gone closed folder; do
	cp "$work/good.ndjson" "$work/$trouble.ndjson"
	expect 0 penstock dataflow create "$trouble" --destination demo --source "$work/$trouble.ndjson" --audience a1
	rm "$work/$trouble.ndjson"
done
refused 1 gone.ndjson penstock run gone
cp "$work/good.ndjson" "$work/closed.ndjson"
chmod 0 "$work/closed.ndjson"
refused 1 closed.ndjson unprivileged run closed
mkdir "$work/folder.ndjson"
refused 1 folder.ndjson penstock run folder
expect 0 penstock dataflow create dirt --destination demo --source "$work/dirt.ndjson" --audience a1
expect 0 penstock plan dirt --json
holds '.plan | .received == 2 and .new == 1 and .unchanged == 1 and .bad_lines == 6 and has("exited") and has("excluded") and has("changed") and
	.dataflow == "dirt" and (.id > 0) and has("strategy") and (.calls_estimate > 0) and has("seconds_estimate") and has("quota_used") and
	has("quota_limit") and has("reasons")'
plan=$(value .plan.id)
expect 0 penstock run dirt --dry-run --json
holds '.dry_run and .plan.received == 2'
expect 0 penstock run dirt --plan "$plan" --json
holds '.run | .state == "success" and .received == 2 and .activated == 1 and .unchanged == 1 and .bad_lines == 6 and .added == 1 and .created == 1 and
	(.calls == ([.calls_by[]] | add))'
run=$(value .run.id)
expect 0 penstock run-show "$run" --json
holds '(.run.bad_lines == 6) and [.bad_lines[].position] == [4,5,6,8,9,10]'
refused 2 '' penstock run dirt --plan 999
refused 2 '' penstock run-show 999
refused 2 'no number' penstock run-show seven
refused 2 '' penstock failures 999

# From standard input.
expect 0 penstock dataflow create stdin --destination demo --source - --audience a1
message four@example.com a1 realized | "$PENSTOCK" run stdin --json > "$work/out" 2> "$work/err" || fail 'a run from standard input'
holds '.run.added == 1'

# Mappings that cannot work are refused before anything is sent.
expect 0 penstock destination create bare --account demo
expect 0 penstock dataflow create bare --destination bare --source "$work/good.ndjson" --audience a1=1001
refused 2 'mapping' penstock plan bare
expect 0 penstock mapping set bare person.name.firstName=firstName
refused 2 'mapping' penstock run bare

# Numbers beyond 2^53 keep every digit; what is beyond 64 bits is no integer and is left out, with a word about it.
large() {
	printf '{"crm":{"number":%s,"score":%s},"segmentMembership":{"ups":{"a1":{"status":"realized"}}},"identityMap":{"Email":[{"id":"%s@example.com"}]}}\n' "$2" "$3" "$1"
}
{
	large large 9007199254740993 12
	large beyond 12345678901234567890123 9223372036854775808
} > "$work/numbers.ndjson"
expect 0 penstock mapping set demo crm.number=customerNumber crm.score=leadScore
expect 0 penstock dataflow create numbers --destination demo --source "$work/numbers.ndjson" --audience a1
expect 0 penstock run numbers --json
holds '.run | .activated == 2 and any(.reasons[]; .severity == "warning" and .count == 1 and (.message | contains("leadScore")))'
stored() {
	hook GET "/_sandbox/people?field=email&value=$1@example.com" > "$work/out"
	grep -qF "$2" "$work/out" || fail "$1: not $2"
}
stored large '"customerNumber":"9007199254740993"'
stored beyond '"customerNumber":"12345678901234567890123"'
