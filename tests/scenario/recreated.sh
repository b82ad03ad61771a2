#!/bin/sh
# People deleted or merged in Marketo while the ledger still knows their lead id: who is made or found anew gets all that the mapping brings, and all lists, in the same run.
. "$top_srcdir/tests/scenario/lib.sh"
sandbox_start --no-limits
destination_create

# person EMAIL FIRST CITY [AUDIENCE STATUS]...: one line of a feed.
person() {
	address=$1 first=$2 city=$3
	shift 3
	printf '{"person":{"name":{"firstName":"%s","lastName":"Berg"}},"city":"%s","segmentMembership":{"ups":{' "$first" "$city"
	comma=
	while [ $# -gt 0 ]; do
		printf '%s"%s":{"status":"%s"}' "$comma" "$1" "$2"
		comma=,
		shift 2
	done
	printf '}},"identityMap":{"Email":[{"id":"%s"}]}}\n' "$address"
}
id_of() {
	hook GET "/_sandbox/people?field=email&value=$1@example.com" | jq '.[0].id'
}
fields_are() {
	hook GET "/_sandbox/people?field=email&value=$1@example.com" > "$work/people"
	jq -e --argjson wanted "$2" 'length == 1 and ((.[0].fields | del(.email)) == $wanted)' "$work/people" > /dev/null ||
		fail "$1 is $(jq -c . "$work/people"), not $2"
}
members_are() {
	got=$(hook GET "/_sandbox/members?list=$1" | jq -r '[.members[].email | sub("@.*"; "")] | sort | join(" ")')
	[ "$got" = "$2" ] || fail "in the list $1: $got, not $2"
}
expect 0 penstock mapping set demo city=city
for n in 1 2 3 4; do
	person p$n@example.com Ada Oslo a1 realized a2 realized
done > "$work/feed.ndjson"
cp "$work/feed.ndjson" "$work/other.ndjson"
expect 0 penstock dataflow create flow --destination demo --source "$work/feed.ndjson" --audience a1=One --audience a2=Two
expect 0 penstock dataflow create other --destination demo --source "$work/other.ndjson" --audience a1=Other
expect 0 penstock run flow --json
one=$(value '.run.audiences[0].list_id') two=$(value '.run.audiences[1].list_id')
expect 0 penstock run other --json
other=$(value '.run.audiences[0].list_id')

# Deleted, and one attribute changes: made again with all of them and put into every list at once, of which only one is in the feed of the other dataflow.
hook DELETE "/_sandbox/people?id=$(id_of p1)" > /dev/null
person p1@example.com Eva Oslo a1 realized > "$work/feed.ndjson"
expect 0 penstock run flow --json
holds '.run | .created == 1 and .updated == 0 and .added == 1 and .activated == 1 and .received == 1'
fields_are p1 '{"firstName":"Eva","lastName":"Berg","city":"Oslo"}'
members_are "$one" 'p1 p2 p3 p4'
members_are "$other" 'p2 p3 p4'
expect 1 penstock verify other --json
holds '.audiences[0] | .missing == 1 and .in_list == 3'
expect 0 penstock run other --json
holds '.run | .added == 1 and .created == 0 and .activated == 1 and .unchanged == 3'
members_are "$other" 'p1 p2 p3 p4'
expect 0 penstock verify other
# The list that the first feed said nothing about is told by verify, and an exit from it needs no call that fails.
expect 1 penstock verify flow --json
holds '.audiences | .[0].missing == 0 and .[1].missing == 1'
person p1@example.com Eva Oslo a2 exited > "$work/feed.ndjson"
expect 0 penstock run flow --json
holds '.run | .activated == 1 and .failed == 0'
expect 0 penstock verify flow
members_are "$two" 'p2 p3 p4'

# Deleted, and only a list is to be added to. What the run had counted as unchanged by then is put right by the next one, and verify says so in between.
hook DELETE "/_sandbox/people?id=$(id_of p2)" > /dev/null
person p2@example.com Ada Oslo a1 realized a3 realized > "$work/feed.ndjson"
expect 0 penstock dataflow update flow --audience a1=One --audience a2=Two --audience a3=Three
expect 0 penstock run flow --json
holds '.run | .created == 1 and .added == 1 and .received == 2 and .activated == 1 and .unchanged == 1'
three=$(value '.run.audiences[2].list_id')
fields_are p2 '{"firstName":"Ada","lastName":"Berg","city":"Oslo"}'
members_are "$three" p2
expect 1 penstock verify flow --json
holds '.audiences[0].missing == 1'
expect 0 penstock run flow --json
holds '.run | .created == 0 and .added == 1 and .activated == 1 and .unchanged == 1'
members_are "$one" 'p1 p2 p3 p4'

# Merged into somebody who has the address now: found, and brought to what the source says.
guest=$(hook POST /_sandbox/people '{"fields":{"email":"guest@example.com","firstName":"Guest"}}' | jq .id)
hook POST /_sandbox/merge "{\"winner\":$guest,\"loser\":$(id_of p3)}" > /dev/null
hook PUT /_sandbox/people "{\"id\":$guest,\"fields\":{\"email\":\"p3@example.com\"}}" > /dev/null
person p3@example.com Ada Rome a1 realized a2 realized > "$work/feed.ndjson"
expect 0 penstock run flow --json
holds '.run | .created == 0 and .updated == 1 and .failed == 0 and .activated == 2'
fields_are p3 '{"firstName":"Ada","lastName":"Berg","city":"Rome"}'
[ "$(id_of p3)" = "$guest" ] || fail 'somebody else was found'
expect 0 penstock run flow --json
holds '.run | .unchanged == 2 and .activated == 0'

# What is create-only goes along when somebody is made again, and never else.
expect 0 penstock mapping set demo person.name.lastName=lastName:create-only
hook DELETE "/_sandbox/people?id=$(id_of p4)" > /dev/null
person p4@example.com Ada Bonn a1 realized > "$work/feed.ndjson"
expect 0 penstock run flow --json
holds '.run.created == 1'
fields_are p4 '{"firstName":"Ada","lastName":"Berg","city":"Bonn"}'
