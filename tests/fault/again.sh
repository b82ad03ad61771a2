#!/bin/sh
# Resyncs and retries killed (SIGKILL) at several moments and started again: everything is sent once in effect, and counted once. The moments come from PENSTOCK_SEED.
. "$top_srcdir/tests/fault/lib.sh"
seed=${PENSTOCK_SEED:-1}
kills=5
people=2400
feed() {
	awk -v people=$people 'BEGIN {
		for (n = 1; n <= people; n++)
			printf "{\"person\":{\"name\":{\"firstName\":\"Ada\"}},\"segmentMembership\":{\"ups\":{\"a1\":{\"status\":\"realized\"}}}," \
				"\"identityMap\":{\"Email\":[{\"id\":\"p%d@example.com\"}]}}\n", n
	}'
}
# killed COMMAND...: started and killed again and again, while one of its first calls is under way.
killed() {
	killed=0 applied=true
	for moment in $(awk -v seed="$seed" -v kills=$kills 'BEGIN { srand(seed); for (n = 0; n < kills; n++) print 2 + int(rand() * 3) }'); do
		kill_at "$moment" $applied "$@" --json
		[ $applied = true ] && applied=false || applied=true
	done
	[ $killed -eq $kills ] || fail "only $killed were killed (seed $seed)"
}
sandbox_start --no-limits
destination_create
expect 0 penstock account update demo --concurrent 2
feed > "$work/feed.ndjson"
expect 0 penstock dataflow create flow --destination demo --source "$work/feed.ndjson" --audience a1
expect 0 penstock run flow --json
first=$(value .run.id)

# A resync: the run that was killed is finished by the next one.
killed resync flow
expect 0 penstock run flow --json
holds --argjson people $people '.run | .unchanged == $people'
expect 0 penstock runs flow --json
holds --argjson people $people --argjson first "$first" '[.runs[] | select(.id > $first and .activated > 0)] | length >= 1 and
	all(.[]; .state == "success" and .received == $people and .activated == $people and .updated == $people and .added == $people and .created == 0)'
expect 0 penstock verify flow --json
holds --argjson people $people '.audiences[0] | .in_list == $people and .in_ledger == $people'

# A retry of people who were not found, and are there now.
expect 0 penstock destination create lists --account demo --list-folder Audiences
expect 0 penstock mapping set lists identityMap.Email=email
sed 's/p\([0-9]*\)@/q\1@/; s/"a1"/"b1"/' "$work/feed.ndjson" > "$work/lists.ndjson"
expect 0 penstock dataflow create lists --destination lists --source "$work/lists.ndjson" --audience b1
expect 0 penstock run lists --json
holds --argjson people $people '.run.excluded == $people'
id=$(value .run.id)
expect 0 penstock dataflow create makers --destination demo --source "$work/lists.ndjson" --audience b1=Elsewhere
expect 0 penstock run makers --json
killed retry "$id"
expect 0 penstock retry "$id" --json
expect 0 penstock runs lists --json
holds --argjson people $people --argjson id "$id" '[.runs[] | select(.id > $id)] | length == 1 and (.[0] |
	.state == "success" and .received == $people and .activated == $people and .added == $people and .excluded == 0 and .failed == 0)'
expect 0 penstock verify lists --json
holds --argjson people $people '.audiences[0] | .in_list == $people and .in_ledger == $people'
expect 0 penstock failures "$id" --limit 5 --json
holds 'all(.failures[]; .open | not)'
[ "$(hook GET /_sandbox/state | jq .people)" -eq $((2 * people)) ] || fail 'somebody is there twice'
