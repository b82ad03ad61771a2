#!/bin/sh
# Human hands in Marketo: what is ours shows in verify and is repaired, what is not ours is left alone.
. "$top_srcdir/tests/scenario/lib.sh"
sandbox_start --no-limits
destination_create
for n in 1 2 3 4 5; do message p$n@example.com a1 realized; done > "$work/feed.ndjson"
expect 0 penstock dataflow create flow --destination demo --source "$work/feed.ndjson" --audience a1=List
expect 0 penstock run flow --json
list=$(value '.run.audiences[0].list_id')
id_of() {
	hook GET "/_sandbox/people?field=email&value=$1@example.com" | jq '.[0].id'
}
first_name() {
	hook GET "/_sandbox/people?field=email&value=$1@example.com" | jq -r '.[0].fields.firstName'
}
count() {
	hook GET "/_sandbox/members?list=$list" | jq .count
}

# A field changed by hand is not ours to change back: verify minds lists, and a run with the same word writes nothing. resync does, when it is asked to.
hook PUT /_sandbox/people "{\"id\":$(id_of p1),\"fields\":{\"firstName\":\"Hand\"}}" > /dev/null
expect 0 penstock verify flow
expect 0 penstock run flow --json
holds '.run | .unchanged == 5 and (.calls_by | has("update") | not)'
[ "$(first_name p1)" = Hand ] || fail 'what was changed by hand was changed back'
expect 0 penstock resync flow
[ "$(first_name p1)" = Ada ] || fail 'resync brings what the source says'

# Removed, deleted, merged into somebody of the same address, merged into somebody who has none of ours: all of them show, and are repaired, and nobody is there twice.
hook DELETE "/_sandbox/members?list=$list&id=$(id_of p1)" > /dev/null
hook DELETE "/_sandbox/people?id=$(id_of p2)" > /dev/null
old=$(id_of p3)
winner=$(hook POST /_sandbox/people '{"fields":{"email":"p3@example.com"}}' | jq .id)
hook POST /_sandbox/merge "{\"winner\":$winner,\"loser\":$old}" > /dev/null
guest=$(hook POST /_sandbox/people '{"fields":{"email":"guest@example.com"}}' | jq .id)
hook POST /_sandbox/merge "{\"winner\":$guest,\"loser\":$(id_of p4)}" > /dev/null
expect 1 penstock verify flow --json
holds '(.ok | not) and .error.code == "members_missing" and (.audiences[0] | .in_ledger == 5 and .missing == 4 and .extra == 2 and .in_list == 3)'
# A run with the same word knows nothing of it: that is what verify is for.
expect 0 penstock run flow --json
holds '.run.unchanged == 5'
expect 0 penstock verify flow --repair --json
holds '.audiences[0].missing == 4 and (.run | .state == "success" and .received == 4 and .activated == 4 and .created == 2 and .failed == 0)'
expect 0 penstock verify flow --json
holds '.ok and (.audiences[0] | .in_ledger == 5 and .missing == 0 and .extra == 1)'
[ "$(count)" -eq 6 ] || fail "$(count) members"
for who in p1 p2 p3 p4 p5; do
	[ "$(hook GET "/_sandbox/people?field=email&value=$who@example.com" | jq length)" -eq 1 ] || fail "$who is not there once"
done
[ "$(first_name p2)" = Ada ] && [ "$(first_name p4)" = Ada ] || fail 'who was made again has no attributes'
[ "$(id_of p3)" = "$winner" ] || fail 'the winner of the merge is whom the ledger knows now'
expect 0 penstock verify flow --repair --json
holds '.run == null or .run.received == 0'
