#!/bin/sh
# Consent: who does not agree is excluded with a reason of its own, and who takes it back leaves the lists, whatever else the message says.
. "$top_srcdir/tests/scenario/lib.sh"
sandbox_start
destination_create
# consented EMAIL CONSENT [AUDIENCE [STATUS]]: a message with that consent (JSON), of that audience or of none.
consented() {
	printf '{"person":{"name":{"firstName":"Ada","lastName":"Berg"}},"identityMap":{"Email":[{"id":"%s@example.com"}]}' "$1"
	[ -z "$2" ] || printf ',"consents":{"marketing":{"email":%s}}' "$2"
	[ -z "${3-}" ] || printf ',"segmentMembership":{"ups":{"%s":{"status":"%s","name":"Audience %s"}}}' "$3" "${4-realized}" "$3"
	printf '}\n'
}
members() {
	hook GET "/_sandbox/members?list=$1" | jq -r '[.members[].email] | sort | join(" ")'
}
adds_up() {
	holds '.run | .received == .activated + .excluded + .failed + .unchanged and all(.audiences[]; .received == .activated + .excluded + .failed + .unchanged)'
}

# Opt-out: those who say no, in any of the forms, as `val` of the object or straight; an answer that cannot be read is none.
n=0
for no in '{"val":"n"}' '{"val":"dn"}' '"No"' '"FALSE"' 'false' '"out"' '0' '{"val":{"x":1}}' '["n"]' '{"other":"y"}' '" n "'; do
	n=$((n + 1))
	consented "no$n" "$no" a1
done > "$work/feed.ndjson"
for yes in '{"val":"y"}' '{"val":"p"}' '{"val":"u"}' '{"val":"dy"}' '{"val":"LI"}' 'true' 'null' '"none"' ''; do
	n=$((n + 1))
	consented "yes$n" "$yes" a1
done >> "$work/feed.ndjson"
expect 0 penstock dataflow create flow --destination demo --source "$work/feed.ndjson" --audience a1 --audience a2 --consent consents.marketing.email --json
holds '.dataflow.consent == "consents.marketing.email"'
expect 0 penstock plan flow --json
holds '.plan | .new == 9 and .excluded == 11 and any(.reasons[]; .code == "no_consent" and .count == 11)'
expect 0 penstock run flow --json
adds_up
holds '.run | .received == 20 and .activated == 9 and .excluded == 11 and any(.reasons[]; .code == "no_consent" and .count == 11 and .severity == "excluded")'
run=$(value .run.id) a1=$(value '.run.audiences[0].list_id') a2=$(value '.run.audiences[1].list_id')
case $(members "$a1") in *no*) fail 'somebody is in the list who said no' ;; esac
expect 0 penstock failures "$run" --code no_consent --json
holds '.total == 11 and all(.failures[]; .audience == "Audience a1" and (.retryable | not) and (.identity | startswith("no")))'
expect 0 penstock retry "$run" --json
holds '. == {"run":null}'
hook GET '/_sandbox/people?field=email&value=no1@example.com' | jq -e '. == []' > /dev/null || fail 'somebody was created who said no'

# Taking it back: in a message of the audience, of another audience, or of none; all lists are left. The person is not touched.
{
	consented kim '{"val":"y"}' a1
	consented kim '{"val":"y"}' a2
	consented lea '{"val":"y"}' a1
	consented ben '{"val":"y"}' a1
	consented ann '{"val":"y"}' a1
} > "$work/feed.ndjson"
expect 0 penstock run flow --json
holds '.run.activated == 5'
{
	consented kim '{"val":"n"}' a1 | sed 's/Ada/Eva/'
	consented lea '{"val":"n"}'
	consented ben '{"val":"n"}' a1 exited
	consented nobody '{"val":"n"}'
	consented fresh '{"val":"n"}' a2
} > "$work/feed.ndjson"
expect 0 penstock run flow --dry-run --json
holds '.plan | .exited == 4 and .excluded == 1'
expect 0 penstock run flow --json
adds_up
# kim from both, lea from a1, ben by exit; fresh is excluded from a2; of lists that somebody is not in, nothing is said.
holds '.run | .received == 5 and .removed == 4 and .activated == 4 and .excluded == 1 and .unchanged == 0 and .updated == 0 and .created == 0 and
	any(.reasons[]; .code == "consent_withdrawn" and .count == 3 and .severity == "warning")'
case $(members "$a1") in *kim*|*lea*|*ben*) fail "somebody is still in the list: $(members "$a1")" ;; esac
case $(members "$a1") in *ann*) ;; *) fail 'somebody left who had not taken it back' ;; esac
[ -z "$(members "$a2")" ] || fail "kim is still in the other list: $(members "$a2")"
hook GET '/_sandbox/people?field=email&value=kim@example.com' | jq -e '.[0].fields.firstName == "Ada"' > /dev/null || fail 'somebody was changed who said no'
expect 0 penstock run flow --json
holds '.run | .activated == 0 and .removed == 0'
expect 0 penstock verify flow --json

# The last word counts: taken back and given again in one source is neither.
{
	consented ann '{"val":"n"}'
	consented ann '{"val":"y"}'
	consented new '{"val":"n"}' a1
	consented new '{"val":"y"}' a1
	consented lea '{"val":"y"}' a1
	consented lea '{"val":"n"}'
} > "$work/feed.ndjson"
expect 0 penstock run flow --json
adds_up
holds '.run | .received == 2 and .added == 1 and .removed == 0 and .excluded == 1 and .unchanged == 0'

# Opt-in: only those who say one of the values.
{
	consented in1 '{"val":"y"}' a1
	consented in2 '{"val":"Vi"}' a1
	consented out1 '{"val":"p"}' a1
	consented out2 '' a1
	consented ann '' a1
} > "$work/feed.ndjson"
expect 0 penstock dataflow update flow --consent consents.marketing.email.val=y,VI
expect 0 penstock run flow --json
adds_up
holds '.run | .added == 2 and .excluded == 2 and .removed == 1'
expect 0 penstock dataflow update flow --consent ''
expect 0 penstock dataflow show flow --json
holds '.dataflow.consent == null'

# A table: one column; without it nobody is sent. Members leave, and too many at once ask for a word.
table() {
	echo 'email,firstName,lastName,agrees'
	for i in $(seq 200); do echo "t$i@example.com,Ada,Berg,$([ "$i" -le "$1" ] && echo no || echo yes)"; done
}
table 0 > "$work/table.csv"
expect 0 penstock dataflow create table --destination demo --source "$work/table.csv" --audience Table --consent agrees
expect 0 penstock mapping clear table
expect 0 penstock mapping set table email=email firstName=firstName lastName=lastName
expect 0 penstock run table --json
holds '.run.added == 200'
table 24 > "$work/table.csv"
expect 0 penstock run table --json
adds_up
holds '.run | .removed == 24 and .unchanged == 176 and .state == "success"'
table 80 > "$work/table.csv"
expect 7 penstock run table --json
holds '.run | .state == "blocked" and any(.reasons[]; .code == "mass_removal")'
expect 0 penstock run table --allow-removals --json
holds '.run | .removed == 56 and .excluded == 24'
expect 0 penstock dataflow update table --consent nowhere
expect 2 penstock run table --json
holds '.error.code == "consent"'

# What is no consent.
refused 2 'not a source field' penstock dataflow update flow --consent 'a..b'
refused 2 'an identity is no answer' penstock dataflow update flow --consent identityMap.Email
refused 2 'a value is empty' penstock dataflow update flow --consent 'a.b=y,,n'
expect 0 penstock dataflow update flow --consent '"a=b".c'
