#!/bin/sh
# The sample: every count adds up, failures explain each one, a second run writes nothing, exits leave the lists.
. "$top_srcdir/tests/scenario/lib.sh"
data=$top_builddir/data
# The morning of the day of the quota, which is one of US Central.
by_the_clock 2026-11-16T15:00:00Z
sandbox_start --no-limits --log "$work/log"
account_create demo
expect 0 penstock destination create demo --account demo --person-creation match-and-create --list-folder Audiences
expect 0 penstock mapping suggest demo --source "$data/sample.ndjson" --accept

# The reader finds what the maker of the sample wrote.
expect 0 penstock source check "$data/sample.ndjson" --json
summary() {
	awk -F '\t' -v key="$1" '$1 == key { print $2 }' "$data/sample.summary"
}
holds --argjson messages "$(summary messages)" --argjson bad "$(summary bad_lines)" '.source.profiles == $messages and (.source.bad_lines | length == $bad)'

set --
for audience in $(awk -F '\t' '$1 == "audience" { print $2 }' "$data/sample.summary"); do
	set -- "$@" --audience "$audience=Sample $audience"
done
expect 0 penstock dataflow create sample --destination demo --source "$data/sample.ndjson" "$@"
expect 0 penstock plan sample --json
planned=$(value '.plan | "\(.received) \(.excluded) \(.bad_lines)"')
expect 0 penstock run sample --json
holds '.run | .state == "success" and .received == .activated + .excluded + .failed + .unchanged and
	all(.audiences[]; .received == .activated + .excluded + .failed + .unchanged) and
	all("received", "activated", "excluded", "failed", "unchanged"; . as $k | true) and .failed == 0'
holds '.run as $run | all("received", "activated", "excluded", "failed", "unchanged"; . as $key | $run[$key] == ([$run.audiences[][$key]] | add))'
[ "$(value '.run | "\(.received) \(.excluded) \(.bad_lines)"')" = "$planned" ] || fail 'the plan said something else'
cp "$work/out" "$work/run.json"
run=$(value .run.id)

# Against the summary, and against Marketo's side.
awk -F '\t' '$1 == "audience"' "$data/sample.summary" > "$work/audiences"
while IFS='	' read -r _ id name _ received members exited no_email bad_email bad_status _; do
	holds --arg name "$name" --argjson received "$received" --argjson members "$members" --argjson exited "$exited" \
		--argjson excluded "$((no_email + bad_email + bad_status))" '.run.audiences[] | select(.name == $name) |
		.received == $received and .activated == $members and .unchanged == $exited and .excluded == $excluded'
	list=$(jq -r --arg name "$name" '.run.audiences[] | select(.name == $name) | .list_id' "$work/out")
	[ "$(hook GET "/_sandbox/members?list=$list" | jq .count)" = "$members" ] || fail "the list of $name ($id)"
done < "$work/audiences"

# Each excluded one is listed, with its reason; the reasons add up.
expect 0 penstock failures "$run" --json
holds --argjson run "$(jq .run "$work/run.json")" '.total == $run.excluded + $run.failed and (.failures | length) == .total and
	all(.failures[]; (.audience | length > 0) and (.code | length > 0) and (.message | length > 0) and has("identity") and has("retryable")) and
	([.failures | group_by(.code)[] | {key: .[0].code, value: length}] | from_entries) ==
	([$run.reasons[] | select(.severity != "warning") | {key: .code, value: .count}] | from_entries)'
expect 0 penstock failures "$run" --code ecid_only --limit 2 --json
holds --argjson run "$(jq .run "$work/run.json")" '(.failures | length == 2) and all(.failures[]; .code == "ecid_only") and
	.total == ($run.reasons[] | select(.code == "ecid_only") | .count)'
expect 0 penstock failures "$run" --csv "$work/failures.csv"
[ "$(head -n 1 "$work/failures.csv" | tr -d '\r')" = audience,identity,severity,code,message,retryable,retried_by ] || fail 'the head of the CSV file'
[ "$(wc -l < "$work/failures.csv")" -eq "$(($(jq '.run.excluded + .run.failed' "$work/run.json") + 1))" ] || fail 'the rows of the CSV file'
[ "$(stat -c %a "$work/failures.csv")" = 600 ] || fail 'the CSV file is open to others'

# Nothing new: nothing is written.
expect 0 penstock run sample --json
holds '.run.state == "success" and .run.activated == 0 and .run.added == 0 and .run.removed == 0 and .run.created == 0 and
	([.run.calls_by | to_entries[] | select(.key | test("create|update|add|remove")) | .value] | add // 0) == 0'

# Who exits leaves the list, and Marketo keeps the person.
awk -F '\t' 'NR == 1 { print $2 "\t" $3 }' "$work/audiences" > "$work/first-audience"
IFS='	' read -r id name < "$work/first-audience"
list=$(jq -r --arg name "$name" '.run.audiences[] | select(.name == $name) | .list_id' "$work/run.json")
hook GET "/_sandbox/members?list=$list" > "$work/members"
email=$(jq -r '.members[0].email' "$work/members")
message "$email" "$id" exited > "$work/exit.ndjson"
expect 0 penstock dataflow update sample --source "$work/exit.ndjson"
expect 0 penstock run sample --json
holds '.run.removed == 1 and .run.activated == 1'
[ "$(hook GET "/_sandbox/members?list=$list" | jq .count)" -eq "$(($(jq .count "$work/members") - 1))" ] || fail 'the exit did not leave the list'
[ "$(hook GET "/_sandbox/people?field=email&value=$email" | jq '.. | objects | select(has("id")) | .id' | wc -l)" -ge 1 ] || fail 'the person is gone'

expect 0 penstock runs sample --json
holds '(.runs | length == 3) and (.runs[0].id > .runs[1].id)'
expect 0 penstock runs
expect 0 penstock status --json
holds '.dataflows[0].last_run.removed == 1 and .quota[0].calls_today > 70'
! grep -E '"code":"?(606|607|615)' "$work/log" || fail 'a limit was passed'
