#!/bin/sh
# Repairs killed (SIGKILL) at several moments and started again: everybody is back in the list, each is counted once, and at most twenty calls more a kill.
# The moments come from PENSTOCK_SEED.
. "$top_srcdir/tests/fault/lib.sh"
seed=${PENSTOCK_SEED:-1}
kills=6
people=2400
feed() {
	awk -v status="$1" -v people=$people 'BEGIN {
		for (n = 1; n <= people; n++)
			printf "{\"segmentMembership\":{\"ups\":{\"a1\":{\"status\":\"%s\"}}},\"identityMap\":{\"Email\":[{\"id\":\"p%d@example.com\"}]}}\n", status, n
	}'
}
sandbox_start --no-limits
destination_create
feed realized > "$work/feed.ndjson"
expect 0 penstock dataflow create flow --destination demo --source "$work/feed.ndjson" --audience a1=Shared
expect 0 penstock run flow --json
list=$(value '.run.audiences[0].list_id')

# Another program takes everybody out of the list.
empty_list() {
	mine=$PENSTOCK_DB
	export PENSTOCK_DB="$work/other$1/penstock.db"
	destination_create
	feed realized > "$work/other.ndjson"
	expect 0 penstock dataflow create other --destination demo --source "$work/other.ndjson" --audience "a1=$list"
	expect 0 penstock run other --json
	feed exited > "$work/other.ndjson"
	expect 0 penstock run other --json
	holds --argjson people $people '.run.removed == $people'
	export PENSTOCK_DB="$mine"
}
empty_list 1
expect 1 penstock verify flow --json
holds --argjson people $people '.audiences[0] | .missing == $people and .in_list == 0'
from=$(calls)
expect 0 penstock verify flow --repair --json
calm=$(($(calls) - from))

empty_list 2
expect 0 penstock account update demo --concurrent 2
from=$(calls)
applied=true
for moment in $(awk -v seed="$seed" -v kills=$kills 'BEGIN { srand(seed); for (n = 0; n < kills; n++) print 1 + int(rand() * 5) }'); do
	kill_at "$moment" $applied verify flow --repair --json
	[ $applied = true ] && applied=false || applied=true
done
[ $killed -eq $kills ] || fail "only $killed repairs were killed (seed $seed)"
expect 0 penstock verify flow --repair --json
expect 0 penstock verify flow --json
holds --argjson people $people '.ok and (.audiences[0] | .in_list == $people and .in_ledger == $people and .missing == 0 and .extra == 0)'
expect 0 penstock runs flow --json
holds --argjson people $people '[.runs[:-2][] | select(.received > 0)] | length == 1 and (.[0] | .state == "success" and .received == $people and .activated == $people and
	.added == $people and .failed == 0 and .excluded == 0 and .unchanged == 0)'
total=$(($(calls) - from))
echo "killed $killed times: $total calls, $calm undisturbed"
[ $total -le $((calm + 20 * killed + 10)) ] || fail "$total calls, more than $calm and 20 a kill (seed $seed)"
