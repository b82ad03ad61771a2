#!/bin/sh
# Whom a record means: dedupe fields in their order, people in any partition, several who fit, and nobody.
. "$top_srcdir/tests/scenario/lib.sh"
sandbox_start --no-limits
account_create demo
expect 0 penstock destination create demo --account demo --person-creation match-and-create --list-folder Audiences --partition Europe \
	--dedupe-field email,customerNumber
expect 0 penstock mapping set demo identityMap.Email=email identityMap.Card=customerNumber person.name.firstName=firstName

# person EMAIL|- CARD|- FIRST: a line of the feed.
person() {
	comma=
	printf '{"person":{"name":{"firstName":"%s"}},"segmentMembership":{"ups":{"a":{"status":"realized"}}},"identityMap":{' "$3"
	[ "$1" = - ] || { printf '"Email":[{"id":"%s@example.com"}]' "$1" && comma=,; }
	[ "$2" = - ] || printf '%s"Card":[{"id":"%s"}]' "$comma" "$2"
	printf '}}\n'
}
# there EMAIL|- CARD|- [PARTITION]: somebody who is in Marketo already; prints the id.
there() {
	fields=
	[ "$1" = - ] || fields="\"email\":\"$1@example.com\""
	[ "$2" = - ] || fields="$fields${fields:+,}\"customerNumber\":\"$2\""
	hook POST /_sandbox/people "{\"partition\":\"${3:-Default}\",\"fields\":{$fields}}" | jq .id
}
# who FIELD VALUE: id, partition, e-mail, card and first name of those who have it.
who() {
	hook GET "/_sandbox/people?field=$1&value=$2" | jq -r '.[] | "\(.id) \(.partition) \(.fields.email) \(.fields.customerNumber) \(.fields.firstName)"'
}
is() {
	[ "$(who "$1" "$2")" = "$3" ] || fail "$1 $2 is \"$(who "$1" "$2")\", not \"$3\""
}
members() {
	hook GET "/_sandbox/members?list=$list" | jq -r '[.members[].id] | sort | join(" ")'
}

elsewhere=$(there elsewhere -)                # in another partition than the destination's
moved=$(there old K2)                         # found by the second field alone
nameless=$(there - K3)                        # the source has no address either
first=$(there both -)                         # by the first field, though the second is somebody else's
second=$(there other K4)
older=$(there twice -)                        # two with one address: the one changed last
newer=$(there twice - Europe)
low=$(there - K6)                             # and by the second field
high=$(there - K6)
sleep 1.1
hook PUT /_sandbox/people "{\"id\":$older,\"fields\":{\"firstName\":\"Later\"}}" > /dev/null
hook PUT /_sandbox/people "{\"id\":$low,\"fields\":{\"firstName\":\"Later\"}}" > /dev/null
people=$(hook GET /_sandbox/state | jq .people)
{
	person elsewhere - Ada
	person moved K2 Ada
	person - K3 Ada
	person both K4 Ada
	person twice - Ada
	person six K6 Ada
	person fresh K7 Ada
	person - K8 Ada
	person plain - Ada
} > "$work/feed.ndjson"
expect 0 penstock dataflow create flow --destination demo --source "$work/feed.ndjson" --audience a=List
expect 0 penstock plan flow --lookup --json
holds '.plan.received == 9'
expect 0 penstock run flow --json
holds '.run | .state == "success" and .received == 9 and .activated == 9 and .created == 3 and .updated == 6 and .added == 9'
list=$(value '.run.audiences[0].list_id')
is email elsewhere@example.com "$elsewhere Default elsewhere@example.com null Ada"
is email moved@example.com "$moved Default moved@example.com K2 Ada"
is customerNumber K3 "$nameless Default null K3 Ada"
is email both@example.com "$first Default both@example.com K4 Ada"
is email other@example.com "$second Default other@example.com K4 null"
[ "$(who email twice@example.com | cut -d' ' -f1,5 | tr '\n' ' ')" = "$older Ada $newer null " ] || fail "of two: $(who email twice@example.com)"
[ "$(who customerNumber K6 | cut -d' ' -f1,3,5 | tr '\n' ' ')" = "$low six@example.com Ada $high null null " ] || fail "of two: $(who customerNumber K6)"
fresh=$(who email fresh@example.com | cut -d' ' -f1)
is email fresh@example.com "$fresh Europe fresh@example.com K7 Ada"
eight=$(who customerNumber K8 | cut -d' ' -f1)
is customerNumber K8 "$eight Europe null K8 Ada"
[ "$(who email plain@example.com | cut -d' ' -f2)" = Europe ] || fail 'the partition of who was made'
[ "$(hook GET /_sandbox/state | jq .people)" -eq $((people + 3)) ] || fail 'somebody is there twice'
[ "$(members)" = "$(printf '%s\n' "$elsewhere" "$moved" "$nameless" "$first" "$older" "$low" "$fresh" "$eight" \
	"$(who email plain@example.com | cut -d' ' -f1)" | sort -n | tr '\n' ' ' | sed 's/ $//')" ] || fail "in the list: $(members)"
hook GET /_sandbox/log | jq -e '[.[] | select(.action? and .action != "createOnly" and .action != "updateOnly")] == []' > /dev/null || fail 'an upsert was sent'

# Known from now on, whoever else is changed meanwhile: nobody is looked up.
hook PUT /_sandbox/people "{\"id\":$newer,\"fields\":{\"firstName\":\"Latest\"}}" > /dev/null
expect 0 penstock run flow --json
holds '.run | .unchanged == 9 and (.calls_by | has("lookup") or has("update") or has("create") | not)'
sed -i 's/Ada/Eva/' "$work/feed.ndjson"
expect 0 penstock run flow --json
holds '.run | .updated == 9 and .created == 0 and (.calls_by | has("lookup") | not)'
[ "$(who email twice@example.com | cut -d' ' -f1,5 | tr '\n' ' ')" = "$older Eva $newer Latest " ] || fail "of two, later: $(who email twice@example.com)"

# Matching alone: both fields find, nobody is made or changed, who is not found is told with the reason.
expect 0 penstock destination create lists --account demo --list-folder Audiences --dedupe-field email,customerNumber
expect 0 penstock mapping set lists identityMap.Email=email identityMap.Card=customerNumber
state=$(hook GET '/_sandbox/people?field=customerNumber&value=K2')
{
	person nobody K2 Ada
	person fresh K99 Ada
	person nobody2 K98 Ada
	person - K3 Ada
	person - - Ada
} > "$work/match.ndjson"
expect 0 penstock dataflow create match --destination lists --source "$work/match.ndjson" --audience a=Match
expect 0 penstock run match --json
holds '.run | .received == 5 and .activated == 3 and .excluded == 2 and .added == 3 and (.calls_by | has("update") or has("create") | not) and
	([.reasons[] | select(.severity == "excluded") | "\(.code) \(.count)"] | sort) == ["1004 1", "no_identity 1"]'
list=$(value '.run.audiences[0].list_id')
[ "$(members)" = "$(printf '%s\n' "$moved" "$nameless" "$fresh" | sort -n | tr '\n' ' ' | sed 's/ $//')" ] || fail "in the list: $(members)"
[ "$(hook GET '/_sandbox/people?field=customerNumber&value=K2')" = "$state" ] || fail 'somebody was changed'
# Who is not found is looked up again by the run that brings them again.
late=$(there nobody2 -)
expect 0 penstock run match --json
holds '.run | .added == 1 and .unchanged == 3 and .excluded == 1'
case " $(members) " in *" $late "*) ;; *) fail 'not found the second time' ;; esac

# With a key of its own a person is matched by the fields in the same order, whatever the order of the mapping.
expect 0 penstock destination create keyed --account demo --person-creation match-and-create --list-folder Audiences --dedupe-field email,customerNumber
expect 0 penstock mapping set keyed identityMap.Card=customerNumber identityMap.Email=email
person both K2 Ada | sed 's/"identityMap":{/&"Login":[{"id":"u1"}],/' > "$work/keyed.ndjson"
expect 0 penstock dataflow create keyed --destination keyed --source "$work/keyed.ndjson" --audience a=Keyed --profile-key identityMap.Login
expect 0 penstock run keyed --json
holds '.run | .created == 0 and .updated == 1 and .added == 1'
list=$(value '.run.audiences[0].list_id')
[ "$(members)" = "$first" ] || fail "in the list: $(members), not $first"

# The key's namespace may stand alone: a new address moves its person. Where there is no such namespace it names an attribute.
expect 0 penstock mapping set keyed identityMap.Card=customerNumber identityMap.Email=email
for key in Login handle; do
	for address in one two; do
		if [ $key = handle ]; then
			printf '{"handle":"u9","segmentMembership":{"ups":{"a":{"status":"realized"}}},"identityMap":{"Email":[{"id":"a%s@example.com"}]}}\n' $address
		else
			printf '{"segmentMembership":{"ups":{"a":{"status":"realized"}}},"identityMap":{"Email":[{"id":"n%s@example.com"}],"Login":[{"id":"u9"}]}}\n' $address
		fi > "$work/$address.ndjson"
	done
	expect 0 penstock dataflow create "alone $key" --destination keyed --source "$work/one.ndjson" --audience "a=Alone $key" --profile-key $key
	expect 0 penstock run "alone $key" --json
	holds '.run | .created == 1 and .added == 1 and .excluded == 0'
	list=$(value '.run.audiences[0].list_id')
	first=$(members)
	mv "$work/two.ndjson" "$work/one.ndjson"
	expect 0 penstock run "alone $key" --json
	holds '.run | .created == 0 and .updated == 1 and .added == 0 and .excluded == 0'
	[ "$(members)" = "$first" ] || fail "in the list: $(members), not $first"
done
