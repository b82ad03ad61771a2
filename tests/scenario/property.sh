#!/bin/sh
# Random feeds against a model that is told in a few lines (model.awk): exits, re-entries, several addresses, bad identities, unknown words, broken lines, several audiences,
# with people made or only matched, calm and with faults. Lists are compared address by address; received = activated + excluded + failed + unchanged, in every run and audience.
# PENSTOCK_SEED: other feeds.
. "$top_srcdir/tests/scenario/lib.sh"
first=${PENSTOCK_SEED:-1}
rounds=3

adds_up() {
	holds "$1"' | (.received == .activated + .excluded + .failed + .unchanged) and all(.audiences[]; .received == .activated + .excluded + .failed + .unchanged) and
		([.audiences[].received] | add) == .received and ([.audiences[].activated] | add) == .activated and ([.audiences[].excluded] | add) == .excluded and
		([.audiences[].failed] | add) == .failed and ([.audiences[].unchanged] | add) == .unchanged'
}
# Runs until it is done; status 1, 3 and 6 promise to go on.
settle() {
	tries=0
	while :; do
		got=0
		penstock run flow --json > "$work/out" 2> "$work/err" || got=$?
		doing="seed $seed, $creation, round $round"
		jq -e .run "$work/out" > /dev/null && adds_up '.run | select(.state == "success" or .state == "partial")'
		case $got in
		0) return 0 ;;
		1 | 3 | 6) ;;
		*) fail "status $got" ;;
		esac
		tries=$((tries + 1))
		[ $tries -lt 12 ] || fail 'it does not end'
	done
}
compare() {
	hook GET /_sandbox/state > "$work/state"
	for name in a1 a2 a3; do
		list=$(jq --arg name "$name" '.lists[] | select(.name == $name) | .id' "$work/state")
		hook GET "/_sandbox/members?list=$list" | jq -r --arg name "$name" '.members[].email | "\($name) \(. | ascii_downcase)"'
	done | sort > "$work/got"
	sort "$work/model/members.$round" > "$work/wanted"
	[ -s "$work/wanted" ] || fail 'the model has nobody in any list: nothing was tested'
	cmp -s "$work/wanted" "$work/got" || fail "seed $seed, $creation, round $round: lists differ: $(diff "$work/wanted" "$work/got" | head -n 8)"
	wanted=$(sed -n 's/^people //p' "$work/model/counts.$round")
	[ "$(jq .people "$work/state")" -eq $((wanted + already)) ] || fail "seed $seed, $creation, round $round: $(jq .people "$work/state") people, not $wanted and $already"
}
try() {
	sandbox_start --no-limits
	rm -rf "$work/model" "$work/store"
	mkdir "$work/model"
	creates=$([ "$creation" = match-only ] && echo 0 || echo 1)
	awk -v seed="$seed" -v rounds=$rounds -v creates="$creates" -v dir="$work/model" -f "$top_srcdir/tests/scenario/model.awk"
	already=$(hook GET /_sandbox/state | jq .people)
	while read -r address; do
		hook POST /_sandbox/people "{\"fields\":{\"email\":\"$address\"}}" > /dev/null
	done < "$work/model/people"
	destination_create
	expect 0 penstock destination update demo --person-creation "$creation"
	cp "$work/model/feed.1" "$work/feed.ndjson"
	expect 0 penstock dataflow create flow --destination demo --source "$work/feed.ndjson" --audience a1=a1 --audience a2=a2 --audience a3=a3
	for round in $(seq $rounds); do
		cp "$work/model/feed.$round" "$work/feed.ndjson"
		hook POST /_sandbox/settings "{\"faults\":[$faults]}" > /dev/null
		settle
		hook POST /_sandbox/settings '{"faults":[]}' > /dev/null
		[ -z "$faults" ] || [ $tries -eq 0 ] || settle
		# What the model was told, the run was told.
		jq -r '.run.audiences[] | "\(.name) \(.received)"' "$work/out" > "$work/received"
		grep -v people "$work/model/counts.$round" | cmp -s - "$work/received" || fail "seed $seed, $creation, round $round: received $(tr '\n' ' ' < "$work/received")"
		compare
		# The same again changes nothing.
		expect 0 penstock run flow --json
		adds_up .run
		holds '.run | .activated == 0 and .failed == 0 and (.calls_by | has("create") or has("update") or has("list_add") or has("list_remove") | not)'
	done
	expect 0 penstock verify flow
	sandbox_stop
}
for seed in "$first" $((first + 1)); do
	for creation in match-and-create match-only; do
		faults=
		[ "$seed" = "$first" ] || faults='"short:20","604-after:10","half:10"'
		try
	done
done
