#!/bin/sh
# A dataflow whose audiences or mapping are changed while a run is unfinished, or after a plan was made: everybody comes to the list they were meant for, and a plan that
# was read with others in it is none any more.
. "$top_srcdir/tests/scenario/lib.sh"
sandbox_start --no-limits
destination_create
for n in $(seq 700); do
	message "p$n@example.com" "$([ "$n" -le 350 ] && echo a || echo b)" realized
done > "$work/feed.ndjson"
# lists A B: who is in them, by their first and last number.
are() {
	for list in "$1" "$2"; do
		id=$(hook GET /_sandbox/state | jq --arg name "$list" '.lists[] | select(.name == $name) | .id')
		hook GET "/_sandbox/members?list=$id" | jq -r '[.members[].email | capture("p(?<n>[0-9]+)").n | tonumber] | "\(min) \(max) \(length)"'
	done > "$work/are"
	printf '1 350 350\n351 700 350\n' | cmp -s - "$work/are" || fail "$1 and $2 hold others: $(cat "$work/are")"
}
# broken NAME: a run of it, killed with some of its work done.
broken() {
	hook POST /_sandbox/settings '{"hold":{"call":9,"applied":true}}' > /dev/null
	"$PENSTOCK" run "$1" --json > "$work/killed.out" 2> "$work/killed.err" &
	run=$!
	until hook GET /_sandbox/state | jq -e .held > /dev/null; do
		kill -0 $run 2> /dev/null || fail "the run of $1 ended before its ninth call"
	done
	kill -KILL $run
	wait $run || true
	hook POST /_sandbox/settings '{"hold":{"call":0}}' > /dev/null
	expect 0 penstock runs "$1" --json
	holds '.runs[0] | .state == "running" and .activated < .received'
}

expect 0 penstock dataflow create turned --destination demo --source "$work/feed.ndjson" --audience a=TA --audience b=TB
broken turned
expect 0 penstock dataflow update turned --audience b=TB --audience a=TA
expect 0 penstock run turned --json
holds '(.earlier | .state == "success" and ([.audiences[] | .name + "=" + (.activated | tostring)] == ["Audience a=350", "Audience b=350"])) and .run.unchanged == 700'
are TA TB
expect 0 penstock verify turned --json
holds '.ok and all(.audiences[]; .extra == 0)'

# An audience that was taken away is finished in its old list; one that came gets its own.
expect 0 penstock dataflow create fewer --destination demo --source "$work/feed.ndjson" --audience a=FA --audience b=FB
broken fewer
expect 0 penstock dataflow update fewer --audience b=FB
expect 0 penstock run fewer --json
holds '.earlier.state == "success" and (.run | .received == 350 and .unchanged == 350)'
are FA FB

# A plan is void when what it was made of is not there any more: nothing is sent.
expect 0 penstock dataflow create planned --destination demo --source "$work/feed.ndjson" --audience a=PA --audience b=PB
void() {
	expect 0 penstock plan planned --json
	plan=$(value .plan.id)
	expect 0 penstock "$@"
	before=$(hook GET /_sandbox/state | jq '[.people, (.lists | map(.members))]')
	refused 2 "were changed after the plan $plan was made" penstock run planned --plan "$plan"
	holds '.error.code == "plan_void" and (.error.hint | contains("penstock plan planned"))'
	[ "$(hook GET /_sandbox/state | jq '[.people, (.lists | map(.members))]')" = "$before" ] || fail 'a void plan was sent'
}
void dataflow update planned --audience b=PB --audience a=PA
void dataflow update planned --audience a=PA
void dataflow update planned --audience a=PA --audience b=PB
void mapping unset planned lastName
expect 0 penstock plan planned --json
expect 0 penstock run planned --plan "$(value .plan.id)" --json
holds '.run | .state == "success" and .activated == 700'
are PA PB
# What was weighed against one list says nothing of another one.
void dataflow update planned --audience a=PC --audience b=PB
# Lists that are there before the dataflow had any are found by a plan, which ties nothing, and once more by its run.
expect 0 penstock dataflow create found --destination demo --source "$work/feed.ndjson" --audience a=FA --audience b=NEW
expect 0 penstock plan found --json
expect 0 penstock run found --plan "$(value .plan.id)" --json
holds '.run | .state == "success" and .received == 700'
are FA NEW
