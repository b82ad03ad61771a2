#!/bin/sh
# The preview of a mapping: what a few real profiles would send, held against what a run then does send.
. "$top_srcdir/tests/scenario/lib.sh"
sandbox_start
destination_create
# line PERSON IDENTITY AUDIENCE STATUS: PERSON are members of an object.
line() {
	printf '{"person":{%s},"identityMap":{"Email":[{"id":"%s"}]},"segmentMembership":{"ups":{"%s":{"status":"%s","name":"Audience %s"}}}}\n' "$1" "$2" "$3" "$4" "$3"
}
{
	line '"first":"Nobody"' other@example.com a9 realized
	line '"first":"Ada \u202e\u001b[2J","score":"7","site":"no url","born":null,"company":"Acme"' ada@example.com a1 realized
	line '"first":"Bo","score":3.7,"born":"1990-02-03","company":"Acme"' 'bö@example.com' a1 realized
	line '"first":"Gone"' gone@example.com a1 exited
	line '"first":"Cy","score":12,"site":"https://example.com/","born":null' cy@example.com a1 realized
	printf '{"person":{"first":"Di"},"identityMap":{"ECID":[{"id":"1"}]},"segmentMembership":{"ups":{"a1":{"status":"realized"}}}}\n'
	printf 'not JSON\n'
} > "$work/feed.ndjson"
expect 0 penstock dataflow create flow --destination demo --source "$work/feed.ndjson" --audience a1
expect 0 penstock mapping unset flow firstName lastName
expect 0 penstock mapping set flow person.first=firstName person.score=leadScore person.site=website person.born=dateOfBirth:clear \
	person.company=company person.first=title:create-only

# Members come first; where they are too few, others follow.
expect 0 penstock mapping preview flow --json
holds '[.preview.profiles[].position] == [2, 3, 5] and ([.preview.profiles[].sends] == [true, false, true]) and .preview.read == 5'
holds '.preview.profiles[0].people == [{identity: "ada@example.com", field: "email", code: null, message: null}]'
holds '.preview.profiles[1].people[0] | .code == "not_ascii" and (.message | length > 0)'
state() {
	holds --arg t "$2" "[.preview.profiles[$1].values[] | select(.target == \$t) | [.state, .code, .value]] == [$3]"
}
state 0 email '["matches", null, "ada@example.com"]'
state 0 leadScore '["sent", null, 7]'
state 0 website '["left_out", "bad_url", "no url"]'
state 0 dateOfBirth '["sent", null, null]'
state 0 company '["new", null, "Acme"]'
state 1 leadScore '["left_out", "not_integer", 3.7]'
state 2 company '["absent", null, null]'
state 2 title '["new", null, "Cy"]'
# What could move a cursor or hide the order of letters does not get through.
holds '.preview.profiles[0].values[] | select(.target == "title").value | explode | contains([27]) or contains([8238]) | not'
expect 0 penstock mapping preview flow
grep -q '^line 2$' "$work/out" || fail 'the line is not told'
! LC_ALL=C grep -q "$(printf '\033')" "$work/out" || fail 'an escape got through'
expect 0 penstock mapping preview flow --profiles 9 --json
holds '[.preview.profiles[].position] == [2, 3, 5, 6, 1, 4] and [.preview.profiles[4:][].people[].code] == ["not_member", "leaves"]'
holds '.preview.profiles[3].people[0] | .code == "ecid_only" and .field == null'
expect 2 penstock mapping preview flow --profiles 21
expect 2 penstock mapping preview nobody

# The run does just that, for people who were not there before.
expect 0 penstock mapping preview flow --json
cp "$work/out" "$work/preview"
expect 0 penstock run flow --json
holds '.run | .created == 2 and .activated == 2'
for position in 2 5; do
	who=$(jq -r ".preview.profiles[] | select(.position == $position).people[0].identity" "$work/preview")
	hook GET "/_sandbox/people?field=email&value=$who" > "$work/person"
	jq -c ".preview.profiles[] | select(.position == $position).values[] | select(.state == \"sent\" or .state == \"new\") | [.target, .value]" "$work/preview" |
		grep -v '\[2J' > "$work/values" # what was made harmless to be seen went as it is
	[ -s "$work/values" ] || fail "nothing is previewed for $who"
	while read -r pair; do
		jq -e --argjson pair "$pair" '.[0].fields[$pair[0]] == $pair[1]' "$work/person" > /dev/null || fail "$who has not $pair: $(cat "$work/person")"
	done < "$work/values"
	jq -c ".preview.profiles[] | select(.position == $position).values[] | select(.state == \"left_out\" or .state == \"absent\").target" "$work/preview" > "$work/values"
	while read -r target; do
		jq -e --argjson target "$target" '.[0].fields[$target] == null' "$work/person" > /dev/null || fail "$who has $target all the same"
	done < "$work/values"
done

# What the destination is for decides, too; and a mapping that is not complete is shown as far as it goes.
expect 0 penstock destination update demo --person-creation match-only
expect 0 penstock mapping preview flow --json
state 0 leadScore '["left_out", "lists_only", 7]'
expect 0 penstock destination update demo --person-creation match-only --sync-type audience-and-profile
expect 0 penstock mapping preview flow --json
state 0 leadScore '["sent", null, 7]'
state 0 company '["left_out", "creates_nobody", "Acme"]'
expect 0 penstock mapping clear flow
expect 0 penstock mapping set flow person.score=leadScore
expect 0 penstock mapping preview flow --json
holds '[.preview.profiles[0].people[].code] == ["no_identity"]'
state 0 leadScore '["sent", null, 7]'

# A table: columns by their names; a destination's mapping with a source of choice. Nothing of it changes anything or needs Marketo.
printf 'email,first.name,score\nann@example.com,Ann,9\nno address,Bob,\n' > "$work/table.csv"
expect 2 penstock mapping preview demo
expect 0 penstock mapping clear demo
expect 0 penstock mapping set demo email=email first.name=firstName score=leadScore
sandbox_stop
before=$(sha256sum < "$PENSTOCK_DB")
expect 0 penstock --read-only mapping preview demo --source "$work/table.csv" --json
holds '[.preview.profiles[].sends] == [true, false]'
state 0 firstName '["sent", null, "Ann"]'
state 0 leadScore '["sent", null, 9]'
state 1 leadScore '["absent", null, null]'
holds '.preview.profiles[1].people[0].code == "not_email"'
[ "$(sha256sum < "$PENSTOCK_DB")" = "$before" ] || fail 'the store was changed'
expect 1 penstock mapping preview demo --source "$work/nothing.csv"

# A draft's, by what it says now.
jq -n --arg feed "$work/feed.ndjson" '{step: 4, name: "d", account: "demo", source: $feed, person_creation: "match-and-create", dedupe: "email",
	audiences: [{id: "a1"}], mapping: [{source: "identityMap.Email", target: "email"}, {source: "person.score", target: "leadScore"},
		{source: "person.first", target: "nowhere"}]}' > "$work/draft.json"
expect 0 penstock draft save "$work/draft.json" --json
id=$(value .id)
expect 0 penstock draft preview "$id" --json
holds '[.preview.profiles[].position] == [2, 3, 5]'
state 0 nowhere '["left_out", "unknown_field", null]'
state 2 leadScore '["sent", null, 12]'
expect 2 penstock draft preview 77
# Without the account's fields nothing can be said.
account_create fresh
expect 0 penstock destination create fresh --account fresh
refused 2 'are not known yet' penstock mapping preview fresh --source "$work/table.csv"
