#!/bin/sh
# A run that is to send a part only, and one that is to stop when too much fails: what is left is the next run's, and the counts add up.
. "$top_srcdir/tests/scenario/lib.sh"
sandbox_start
destination_create
for n in $(seq 450); do
	message "p$n@example.com" a1 realized
done > "$work/feed.ndjson"
expect 0 penstock dataflow create flow --destination demo --source "$work/feed.ndjson" --audience a1
people() {
	hook GET /_sandbox/state | jq .people
}

# The canary: as many as it was told, and no more.
before=$(people)
expect 0 penstock run flow --limit 100 --json
holds '.run | .state == "success" and .received == 100 and .activated == 100 and .created == 100 and .added == 100'
[ "$(people)" -eq $((before + 100)) ] || fail 'more than the canary was sent'
expect 0 penstock verify flow --json
holds '.audiences[0].in_list == 100'
expect 0 penstock run flow --limit 50 --json
holds '.run | .activated == 50 and .received == .activated + .unchanged'
expect 0 penstock run flow --json
holds '.run | .received == 450 and .activated == 300 and .unchanged == 150'
expect 0 penstock verify flow --json
holds '.audiences[0].in_list == 450'

# Too much fails: it stops, says so, and the next run goes on with what was not sent.
for n in $(seq 1000); do
	message "q$n@example.com" b1 realized
done > "$work/other.ndjson"
expect 0 penstock dataflow create other --destination demo --source "$work/other.ndjson" --audience b1
expect 0 penstock account update demo --concurrent 1
hook POST /_sandbox/settings '{"faults":["614@lists/"]}' > /dev/null
expect 6 penstock run other --stop-at-failures 10 --json
holds '.error.code == "too_many_failures" and .run.state == "stopped" and .run.failed >= 100 and .run.failed < 1000 and .run.received == 1000'
id=$(value .run.id) failed=$(value .run.failed)
hook POST /_sandbox/settings '{"faults":[]}' > /dev/null
expect 0 penstock run other --json
holds --argjson id "$id" --argjson failed "$failed" '(.earlier | .id == $id and .state == "partial" and .received == 1000 and .failed == $failed and
	.activated == 1000 - $failed) and (.run | .received == 1000 and .activated == $failed and .unchanged == 1000 - $failed)'
expect 0 penstock verify other --json
holds '.audiences[0] | .in_list == 1000 and .in_ledger == 1000'
# The run that brought them again has taken the failures over.
expect 0 penstock retry "$id" --json
holds '. == {"run":null}'
