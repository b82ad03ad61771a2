#!/bin/sh
# A destination list deleted in Marketo: said, with what to do; made again with everybody in it where a name tells which.
. "$top_srcdir/tests/scenario/lib.sh"
sandbox_start --no-limits
destination_create
for n in $(seq 450); do message p$n@example.com a1 realized; done > "$work/feed.ndjson"
message p1@example.com a2 realized >> "$work/feed.ndjson"
message p2@example.com a3 realized >> "$work/feed.ndjson"
tied=$(hook POST /_sandbox/lists '{"name":"By its id","folder":23}' | jq .id)
expect 0 penstock dataflow create flow --destination demo --source "$work/feed.ndjson" --audience a1 --audience "a2=My list" --audience "a3=$tied"
expect 0 penstock run flow --json
own=$(value '.run.audiences[0].list_id') named=$(value '.run.audiences[1].list_id')
delete() {
	hook DELETE "/_sandbox/lists?id=$1" > /dev/null
}
calls() {
	hook GET /_sandbox/log | jq '[.[] | select(.method != "GET" and (.path | test("oauth") | not) and (.path | test("_sandbox") | not))] | length'
}

# Its own list: plan, run and resync say so, and nothing is sent, though most of the feed has nothing to do with it.
delete "$own"
message p3@example.com a2 realized > "$work/feed.ndjson"
before=$(calls)
for command in 'run flow' 'run flow --dry-run' 'plan flow' 'resync flow'; do
	# shellcheck disable=SC2086
	refused 1 "the static list $own \"Audience a1\" of the audience \"a1\" is not in Marketo any more: it was deleted there" penstock $command
	holds '.error.code == "list_gone" and (.error.hint | contains("penstock verify flow --repair") and contains("--audience \"a1=LIST\"") and contains("those given replace all"))'
done
expect 1 penstock verify flow --json
holds '(.ok | not) and .error.code == "list_gone" and (.error.hint | contains("verify flow --repair")) and .audiences[0].missing == 450 and .audiences[1].missing == 0'
[ "$(calls)" -eq "$before" ] || fail 'something was sent'
# Made again, in the list folder, with all who should be in it; those of other lists stay as they are.
expect 0 penstock verify flow --repair --json
holds '.audiences[0].missing == 450 and (.audiences[0].in_list == 0) and (.run | .state == "success" and .added == 450 and .created == 0 and .received == 450)'
again=$(value '.audiences[0].list_id')
[ "$again" != "$own" ] || fail 'the same id'
[ "$(hook GET "/_sandbox/members?list=$again" | jq .count)" -eq 450 ] || fail 'somebody is not in the new list'
hook GET /_sandbox/state | jq -e --argjson id "$again" '(.lists[] | select(.name == "My list") | .folder) as $folder |
	.lists[] | select(.id == $id) | .name == "Audience a1" and .folder == $folder' > /dev/null || fail 'its name'
expect 0 penstock verify flow --json
holds '.ok and .audiences[0].in_ledger == 450'
expect 0 penstock run flow --json
holds '.run | .added == 1 and .received == 1'
# An exit from the new list.
message p9@example.com a1 exited > "$work/feed.ndjson"
expect 0 penstock run flow --json
holds '.run.removed == 1'

# A name the operator gave; somebody has made a list of that name already, with a member of their own.
delete "$named"
replaced=$(hook POST /_sandbox/lists '{"name":"My list","folder":23}' | jq .id)
expect 1 penstock run flow
says "the static list $named \"My list\""
expect 0 penstock verify flow --repair --json
holds --argjson id "$replaced" '.audiences[1] | .list_id == $id and .missing == 2'
[ "$(hook GET "/_sandbox/members?list=$replaced" | jq -c '[.members[].email] | sort')" = '["p1@example.com","p3@example.com"]' ] || fail 'the list of that name'

# Killed after the new list was made and before its members were added: the next repair goes on.
delete "$replaced"
hook POST /_sandbox/settings '{"faults":["hang@/leads.json"]}' > /dev/null
"$PENSTOCK" --quiet verify flow --repair > /dev/null 2>&1 &
repair=$!
while ! hook GET /_sandbox/state | jq -e '.lists[] | select(.name == "My list")' > /dev/null; do
	kill -0 $repair 2> /dev/null || fail 'the repair has ended'
done
kill -KILL $repair
wait $repair 2> /dev/null || true
hook POST /_sandbox/settings '{"faults":[]}' > /dev/null
expect 0 penstock verify flow --repair --json
expect 0 penstock verify flow --json
holds '.ok and .audiences[1].in_list == 2'

# Tied by its id: there is nothing to make; the others are repaired all the same, and another list is the way out.
delete "$tied"
refused 1 "the static list $tied" penstock run flow
holds '.error.hint | contains("repair") | not'
hook DELETE "/_sandbox/members?list=$again&id=$(hook GET "/_sandbox/members?list=$again" | jq '.members[0].id')" > /dev/null
expect 1 penstock verify flow --repair --json
holds '.error.code == "list_gone" and .audiences[2].gone and .run.added == 1'
expect 0 penstock dataflow update flow --audience a1 --audience 'a2=My list' --audience a3=Third
message p2@example.com a3 realized > "$work/feed.ndjson"
expect 0 penstock run flow --json
holds '.run.added == 1'
expect 0 penstock verify flow

# Deleted while a run is under way: the run fails, names the list, and goes on once it is there again.
for n in $(seq 600); do message q$n@example.com a1 realized; done > "$work/feed.ndjson"
expect 0 penstock account update demo --concurrent 1
hook POST /_sandbox/settings '{"faults":["608@/lists/"]}' > /dev/null
"$PENSTOCK" run flow --json > "$work/out" 2> "$work/err" &
run=$!
while [ "$(hook GET /_sandbox/state | jq .people)" -lt 700 ]; do
	kill -0 $run 2> /dev/null || fail 'the run has ended'
done
delete "$again"
hook POST /_sandbox/settings '{"faults":[]}' > /dev/null
status=0
wait $run || status=$?
[ $status -eq 1 ] || fail "status $status of a run whose list was deleted"
holds --arg list "$again" '.run.state == "failed" and .error.code == "list_gone" and (.error.message | contains("static list " + $list) and contains("a1"))'
id=$(value .run.id)
expect 1 penstock run flow
says "the static list $again"
expect 0 penstock run-show "$id"
grep -q '^ended by: the static list' "$work/out" || fail 'run-show does not tell what ended the run'
expect 0 penstock verify flow --repair --json
expect 0 penstock verify flow --json
holds '.ok and .audiences[0].in_list == 1049'
