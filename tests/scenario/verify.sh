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

# Who they are: for people the first ones, those missing first, in one look-up for them all ..
lookups() {
	hook GET /_sandbox/log | jq '[.[] | select(.method == "GET" and (.path | test("v1/leads.json")))] | length'
}
before=$(lookups)
expect 1 penstock verify flow
[ "$(lookups)" -eq $((before + 1)) ] || fail 'more look-ups than one'
grep -Eq '^  missing +[0-9]+ +p3@example.com$' "$work/out" || fail 'who is missing is not told'
grep -Eq "^  extra +$guest +guest@example.com\$" "$work/out" || fail 'who is extra is not told'
[ "$(grep -c '^  missing' "$work/out")" -eq 6 ] || fail 'not all who are missing'
grep -Eq '^  missing +[0-9]+ +-$' "$work/out" || fail 'who is not in Marketo any more has a name'
grep -q -- '--csv FILE' "$work/out" && fail 'nobody is left to be told'
expect 1 penstock verify flow --json
[ "$(lookups)" -eq $((before + 1)) ] || fail 'numbers need no look-up'
# .. and all of them in a file.
expect 1 penstock verify flow --csv "$work/who.csv"
says '6 members by the ledger'
grep -q '8 rows written' "$work/out" || fail 'the rows are not counted'
[ "$(head -n 1 "$work/who.csv" | tr -d '\r')" = 'audience,list_id,lead_id,what,identity' ] || fail 'the head of the file'
[ "$(grep -c . "$work/who.csv")" -eq 9 ] || fail 'not everybody is in the file'
grep -q "^Audience a1,$one,$(person p4),missing,p4@example.com" "$work/who.csv" || fail 'p4 is not in the file'
grep -q "^Audience a1,$one,$guest,extra,guest@example.com" "$work/who.csv" || fail 'the guest is not in the file'
grep -q "^Audience a2,$two,$(person p2),extra,p2@example.com" "$work/who.csv" || fail 'p2 is not in the file'
[ "$(stat -c %a "$work/who.csv")" = 600 ] || fail 'others may read the file'
expect 1 penstock verify flow --csv "$work/same.csv" --json
holds '.audiences[0].missing == 5 and .error.code == "members_missing"'
cmp -s "$work/who.csv" "$work/same.csv" || fail 'with --json the file is another one'
expect 1 penstock verify flow --csv -
cmp -s "$work/out" "$work/who.csv" || fail '- is not what the file holds'
expect 2 penstock verify flow --csv - --json
holds '.error.message | contains("two answers")'
refused 2 'do not go together' penstock verify flow --csv "$work/other.csv" --repair
# Marketo looks nobody up: they are told without a name.
hook POST /_sandbox/settings '{"faults":["603@/v1/leads.json"]}' > /dev/null
expect 1 penstock verify flow --csv "$work/bare.csv"
says 'who they are cannot be looked up'
[ "$(grep -c ',missing,.$' "$work/bare.csv")" -eq 6 ] || fail 'they are not told without a name'
hook POST /_sandbox/settings '{"faults":[]}' > /dev/null
# A file that cannot be written, or no answer: what was there stays.
expect 1 penstock verify flow --csv "$work/not/there.csv"
hook POST /_sandbox/settings '{"deny":"read-only-lead,read-write-lead"}' > /dev/null
expect 4 penstock verify flow --csv "$work/same.csv"
cmp -s "$work/who.csv" "$work/same.csv" || fail 'the file was replaced by nothing'
[ -z "$(find "$work" -maxdepth 1 -name 'same.csv.*')" ] || fail 'half a file is left'
hook POST /_sandbox/settings '{"deny":""}' > /dev/null

# What cannot be asked is no answer.
hook POST /_sandbox/settings '{"deny":"read-only-lead,read-write-lead"}' > /dev/null
refused 4 'Read-Only Lead' penstock verify flow
hook POST /_sandbox/settings '{"deny":""}' > /dev/null
refused 2 'there is no dataflow' penstock verify nothing
expect 0 penstock destination create people --account demo --person-creation match-and-create --sync-type profile-only
expect 0 penstock mapping set people identityMap.Email=email
expect 0 penstock dataflow create people --destination people --source "$work/feed.ndjson" --audience a1
refused 2 'touches no lists' penstock verify people

# What was kept of an exclusion tells whom Marketo does not know any more.
message p1@example.com a1 paused > "$work/feed.ndjson"
expect 0 penstock run flow --json
holds '.run.excluded == 1'
expect 1 penstock verify flow --csv "$work/who.csv"
[ "$(grep -c ',missing,p1@example.com' "$work/who.csv")" -eq 2 ] || fail 'what is kept does not tell who is missing'

# A list that is gone is said, and the others are looked at all the same.
hook DELETE "/_sandbox/lists?id=$two" > /dev/null
expect 1 penstock verify flow --json
holds --arg two "$two" '.error.code == "list_gone" and (.error.message | contains($two)) and (.error.hint | contains("dataflow update")) and
	.audiences[0].missing == 5 and .audiences[1].gone and .audiences[1].missing == 1'
# Whose list is gone, all are missing: of many only some are shown, and all of them stand in the file, looked up by the hundreds.
hook DELETE "/_sandbox/lists?id=$one" > /dev/null
before=$(lookups)
expect 1 penstock verify flow
[ "$(grep -c '^  missing' "$work/out")" -eq 11 ] || fail 'not ten of the one and one of the other'
grep -q '… and 690 more: --csv FILE' "$work/out" || fail 'it is not told how many more there are'
[ "$(lookups)" -eq $((before + 1)) ] || fail 'more look-ups than one'
expect 1 penstock verify flow --csv "$work/all.csv"
[ "$(grep -c ',missing,..*@example.com' "$work/all.csv")" -eq 701 ] || fail 'not everybody is in the file by name'
[ "$(lookups)" -eq $((before + 4)) ] || fail 'not 300 in each look-up'
