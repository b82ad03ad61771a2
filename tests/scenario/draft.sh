#!/bin/sh
# Drafts of the console from the command line: kept, surveyed, applied whole or not at all, and gone without a trace.
. "$top_srcdir/tests/scenario/lib.sh"
sandbox_start --no-limits --log "$work/log"
account_create demo

# Five people: a first name that is too long, a score that is no number (twice), an e-mail that is none, one with two addresses of which one is bad.
long=$(awk 'BEGIN { for (n = 0; n < 300; n++) printf "x" }')
cat > "$work/feed.ndjson" <<EOF2
{"identityMap":{"Email":[{"id":"a@example.com"}]},"person":{"name":{"firstName":"Ada"}},"score":5,"segmentMembership":{"ups":{"a1":{"status":"realized","name":"One"}}}}
{"identityMap":{"Email":[{"id":"b@example.com"}]},"person":{"name":{"firstName":"$long"}},"score":"many","segmentMembership":{"ups":{"a1":{"status":"realized"}}}}
{"identityMap":{"Email":[{"id":"no address"}]},"person":{"name":{"firstName":null}},"score":"few","segmentMembership":{"ups":{"a1":{"status":"realized"}}}}
not json
{"identityMap":{"email":[{"id":"c@example.com"},{"id":"bad"}]},"segmentMembership":{"ups":{"a2":{"status":"realized"}}}}
{"score":7,"segmentMembership":{"ups":{"a2":{"status":"realized"}}}}
EOF2
cat > "$work/draft.json" <<EOF2
{"step": 4, "name": "spring", "account": "demo", "person_creation": "match-and-create", "dedupe": "email", "list_folder": "Audiences",
 "source": "$work/feed.ndjson", "start": "2024-01-01",
 "every": "7d", "at": "03:00", "consent": "optIn", "audiences": [{"id": "a1", "name": "One", "list": "Spring one"}, {"id": "a2", "end": "2099-01-01"}],
 "mapping": [{"source": "identityMap.Email", "target": "email"}, {"source": "person.name.firstName", "target": "firstName"}, {"source": "score", "target": "leadScore"}],
 "marketing_actions": ["emailTargeting"], "destination_id": 7, "dataflow_id": 7, "client_secret": "never kept"}
EOF2
expect 0 penstock draft list --json
holds '.drafts == []'
expect 0 penstock draft save "$work/draft.json" --json
id=$(value .id)
holds '.draft.name == "spring" and .draft.destination_id == 0 and .draft.dataflow_id == 0 and (.draft | has("client_secret") | not)'
expect 0 penstock draft list --json
holds --argjson id "$id" '(.drafts | length == 1) and .drafts[0].id == $id and .drafts[0].name == "spring" and .drafts[0].step == 4 and .drafts[0].saved_at != null'
expect 0 penstock draft show "$id" --json
holds '.draft.audiences[1].end == "2099-01-01" and (.draft.mapping | length) == 3'
expect 0 penstock draft show "$id"
grep -q 'Spring one' "$work/out" || fail 'a draft is not shown'
for file in missing.json feed.ndjson; do
	expect 2 penstock draft save "$work/$file" --json
done
echo '{"step": 17}' > "$work/bad.json"
expect 2 penstock draft save "$work/bad.json" --json
holds '.error.message | endswith("this is no draft")'
holds '.error.code == "draft"'
refused 2 'no draft number 99' penstock draft show 99
refused 2 'no draft number 99' penstock draft delete 99
for words in "apply $id" "delete $id" "save $work/draft.json"; do
	# shellcheck disable=SC2086
	expect 4 penstock --read-only draft $words --json
	holds '.error.code == "read_only"'
done
for file in "$work"/store/*; do
	case $(basename "$file") in
	penstock.db | penstock.db-wal | penstock.db-shm | penstock.key) ;;
	*) fail "$file is left behind" ;;
	esac
done

# How the mapping fares with what is really there, and how far the reading is.
expect 0 penstock draft survey "$id" --json
holds '.survey.profiles == 5 and (.survey.rows | length) == 3'
holds '.survey.rows[0] | .source == "identityMap.Email" and .target == "email" and .filled == 4 and .bad == 2 and .code == "not_email" and .example == "no address"'
holds '.survey.rows[1] | .filled == 2 and .bad == 1 and .code == "too_long" and .message != null and (.example | length) == 60'
holds '.survey.rows[2] | .filled == 4 and .bad == 2 and .example == "many"'
expect 0 penstock draft survey "$id"
grep -q 'no address' "$work/out" || fail 'the survey shows no example'

# Applied twice it is one dataflow, disabled; a name that somebody has taken is named, and nothing is half done.
expect 0 penstock draft apply "$id" --json
holds '.draft.destination_id > 0 and .draft.dataflow_id > 0'
expect 0 penstock draft apply "$id"
expect 0 penstock dataflow show spring --json
holds '(.dataflow.enabled | not) and (.dataflow.audiences | length) == 2 and .dataflow.audiences[0].list == "Spring one"'
holds '.dataflow.every == "7d" and .dataflow.at == "03:00" and .dataflow.consent == "optIn"'
holds '.dataflow.audiences[0].start == "2024-01-01T00:00:00Z" and .dataflow.audiences[1].end == "2099-01-01T00:00:00Z"'
expect 0 penstock destination show spring --json
holds '.destination.person_creation == "match-and-create" and .destination.list_folder == "Audiences" and .destination.marketing_actions == ["emailTargeting"]'
expect 0 penstock mapping show spring --json
holds '(.mapping | length) == 3 and .revision == 1'
expect 0 penstock audit --json
holds '[.audit[] | select(.action == "draft apply" and .object == "spring")] | length == 2'
expect 0 penstock draft save "$work/draft.json"
second=$((id + 1))
expect 2 penstock draft apply $second --json
holds '.error.code == "name"'
jq '.name = "autumn" | .mapping[1].target = "frstName"' "$work/draft.json" > "$work/second.json"
expect 0 penstock draft save "$work/second.json" --id $second
expect 2 penstock draft apply $second --json
holds '.error.code == "mapping" and (.error.hint | contains("firstName"))'
# When it runs and who agrees are checked, and each is blamed by its name.
for bad in every=often at=24:00 at=3:00 consent=a..b; do
	jq --arg key "${bad%%=*}" --arg value "${bad#*=}" '.name = "autumn" | .[$key] = $value' "$work/draft.json" > "$work/second.json"
	expect 0 penstock draft save "$work/second.json" --id $second
	expect 2 penstock draft apply $second --json
	holds --arg key "${bad%%=*}" '.error.code == $key'
done
jq '.name = "autumn" | .every = "6h"' "$work/draft.json" > "$work/second.json"
expect 0 penstock draft save "$work/second.json" --id $second
expect 2 penstock draft apply $second --json
holds '.error.code == "at"'
expect 0 penstock destination list --json
holds '.destinations | length == 1'

# Taken out of the draft they are the dataflow's no more.
jq 'del(.every, .at, .consent)' "$work/draft.json" > "$work/plain.json"
expect 0 penstock draft save "$work/plain.json" --id "$id"
expect 0 penstock draft apply "$id"
expect 0 penstock dataflow show spring --json
holds '.dataflow | .every == null and .at == null and .consent == null'

# It runs as it was told, once it may.
expect 2 penstock run spring --json
expect 0 penstock dataflow enable spring
expect 0 penstock run spring --json
holds '.run.activated == 3'
expect 0 penstock draft delete "$id" --json
expect 0 penstock dataflow show spring --json

# What never ran goes with its draft.
jq '.name = "autumn"' "$work/draft.json" > "$work/second.json"
expect 0 penstock draft save "$work/second.json" --id $second
expect 0 penstock draft apply $second
expect 0 penstock draft delete $second
expect 0 penstock dataflow list --json
holds '[.dataflows[].name] == ["spring"]'
expect 0 penstock destination list --json
holds '[.destinations[].name] == ["spring"]'
expect 0 penstock draft list --json
holds '.drafts == []'
for file in "$work"/store/*.lock; do
	case $file in
	*draft-*) fail "$file is left behind" ;;
	esac
done
