#!/bin/sh
# A dataflow is given up with its lists: they stay, whom penstock has brought is taken out of them, or they are deleted; whatever breaks in between, the same command ends it.
. "$top_srcdir/tests/scenario/lib.sh"
sandbox_start --log "$work/log"
destination_create
expect 0 penstock account update demo --calls-per-20s 100
for n in $(seq 700); do message "p$n@example.com" a1 realized; done > "$work/feed.ndjson"
message p1@example.com a2 realized >> "$work/feed.ndjson"

# flow NAME [AUDIENCE...]: one that has run; its first list is $list.
flow() {
	name=$1
	shift
	expect 0 penstock dataflow create "$name" --destination demo --source "$work/feed.ndjson" "$@"
	expect 0 penstock run "$name" --json
	list=$(value '.run.audiences[0].list_id')
}
# in_list ID: how many are in the list.
in_list() {
	hook GET "/_sandbox/members?list=$1" | jq .count
}
removals() {
	grep -c '"as":"DELETE","path":"/rest/v1/lists/' "$work/log" || true
}
there() {
	expect 0 penstock dataflow list --json
	holds --arg name "$1" "any(.dataflows[]; .name == \$name) == $2"
}

# Keeping them is what happens unless something else is said.
flow one --audience a1=One
refused 2 'keep, empty or delete' penstock dataflow delete one --list burn
expect 4 penstock --read-only dataflow delete one --list empty
expect 0 penstock dataflow delete one
[ "$(in_list "$list")" -eq 700 ] || fail 'a list that was to be kept is another one'

# Emptied: whoever was added by hand stays, and a reply that is cut off leaves nobody behind.
flow two --audience a1=Two --audience a2=Other
two=$(value '.run.audiences[1].list_id')
guest=$(hook POST /_sandbox/people '{"fields":{"email":"guest@example.com"}}' | jq .id)
hook POST /_sandbox/members "{\"list\":$list,\"id\":$guest}" > /dev/null
hook POST /_sandbox/settings '{"faults":["cut-after+2@/lists/"]}' > /dev/null
before=$(removals)
expect 0 penstock dataflow delete two --list empty --json
holds '.deleted == "two" and .run.state == "success" and .run.received == 701 and .run.activated == 701 and .run.removed >= 401 and .run.failed == 0'
hook POST /_sandbox/settings '{"faults":[]}' > /dev/null
[ "$(in_list "$list")" -eq 1 ] && [ "$(in_list "$two")" -eq 0 ] || fail 'somebody is left, or a guest is not'
[ $(($(removals) - before)) -le 5 ] || fail "$(($(removals) - before)) calls instead of four and the one that was cut off"
there two false
expect 0 penstock audit --json
holds --arg list "$list" 'any(.audit[]; .action == "dataflow delete" and .object == "two" and (.detail | contains("list " + $list + ": 700 taken out")))'

# A refusal in between ends it: the dataflow stays, and another time goes on with who is left.
flow three --audience a1=Three
hook POST /_sandbox/settings '{"faults":["704+2@/lists/"]}' > /dev/null
expect 0 penstock alert create fails --when run-failed --command "cat >> '$work/words'"
expect 1 penstock dataflow delete three --list empty --json
holds '.error.code == "704" and .run.state == "failed" and .run.activated == 400'
hook POST /_sandbox/settings '{"faults":[]}' > /dev/null
there three true
jq -se 'map([.state, .dataflow]) == [["firing", "three"]]' "$work/words" > /dev/null || fail "not told: $(cat "$work/words")"
expect 0 penstock alert delete fails
[ "$(in_list "$list")" -eq 300 ] || fail 'not only those of the refused call are left'
expect 0 penstock audit --json
holds 'any(.audit[]; .action == "dataflow delete" and .object == "three" and (.detail | endswith("the dataflow stays")))'
expect 0 penstock dataflow delete three --list empty --json
holds '.run.received == 300 and .run.activated == 300'
[ "$(in_list "$list")" -eq 0 ] || fail 'somebody is left'

# Killed half way and begun again: at most the calls under way are made twice.
flow four --audience a1=Four
expect 0 penstock account update demo --concurrent 1
before=$(removals)
hold_call 1
"$PENSTOCK" dataflow delete four --list empty > "$work/out" 2> "$work/err" &
deleting=$!
while :; do
	until call_held; do
		kill -0 $deleting 2> /dev/null || fail 'it ended before it was killed'
	done
	[ "$(in_list "$list")" -eq 700 ] || break
	hold_call 1
done
kill -KILL $deleting
wait $deleting || true
let_call_go
[ "$(in_list "$list")" -eq 400 ] || fail 'not only those of the first call have left'
there four true
expect 0 penstock dataflow delete four --list empty --json
holds '.run.received <= 700 and .run.failed == 0'
[ "$(in_list "$list")" -eq 0 ] || fail 'somebody is left'
[ $(($(removals) - before)) -le 4 ] || fail "$(($(removals) - before)) calls instead of three and the one under way"

# Deleted: not one that was there before, one that another dataflow has, or one with others in it; nothing is changed by the refusal.
flow five --audience a1=Five
refused 2 'belongs to the dataflow six' sh -c "\"$PENSTOCK\" dataflow create six --destination demo --source '$work/feed.ndjson' --audience a1=$list > /dev/null 2>&1
	\"$PENSTOCK\" run six > /dev/null 2>&1; \"$PENSTOCK\" dataflow delete five --list delete \"\$@\"" sh
refused 2 'belongs to the dataflow five' penstock dataflow delete six --list empty
expect 0 penstock dataflow delete five
refused 2 'chosen by its number' penstock dataflow delete six --list delete
[ "$(in_list "$list")" -eq 700 ] || fail 'a refusal has changed a list'
expect 0 penstock dataflow delete six --list empty
flow seven --audience a1=Seven
hook POST /_sandbox/members "{\"list\":$list,\"id\":$guest}" > /dev/null
refused 2 'were not brought by penstock' penstock dataflow delete seven --list delete
there seven true
# Whose removal had no reply, and who is there still, is penstock's own and no guest.
cp "$work/feed.ndjson" "$work/kept"
sed -i '/"p1@example.com"/s/realized/exited/' "$work/feed.ndjson"
hook POST /_sandbox/settings '{"faults":["cut-before@/lists/"]}' > /dev/null
got=0
penstock run seven --json > "$work/out" 2> "$work/err" || got=$?
[ "$got" -ne 0 ] || fail 'the removal came through'
hook POST /_sandbox/settings '{"faults":[]}' > /dev/null
mv "$work/kept" "$work/feed.ndjson"
refused 2 ' 1 people in list' penstock dataflow delete seven --list delete
there seven true
hook DELETE "/_sandbox/members?list=$list&id=$guest" > /dev/null

# The reply to the deletion is lost: it is asked again, and what is gone is gone.
hook POST /_sandbox/settings '{"faults":["cut-after+1@/delete.json"]}' > /dev/null
expect 0 penstock dataflow delete seven --list delete --json
holds '.deleted == "seven"'
hook POST /_sandbox/settings '{"faults":[]}' > /dev/null
[ "$(grep -c '"path":"/rest/asset/v1/staticList/[0-9]*/delete.json' "$work/log")" -eq 2 ] || fail 'the call that was cut off was not repeated once'
expect 0 penstock lists demo --search Seven --json
holds '.lists == []'
there seven false
expect 0 penstock audit --json
holds --arg list "$list" 'any(.audit[]; .object == "seven" and .detail == "list " + $list + " deleted")'

# Killed between the list and the dataflow: the list is gone already, and that is fine.
flow eight --audience a1=Eight
hook DELETE "/_sandbox/lists?id=$list" > /dev/null
expect 0 penstock dataflow delete eight --list delete
there eight false
# Without a list there is nothing to take away.
expect 0 penstock dataflow create nine --destination demo --source "$work/feed.ndjson" --audience a1=Nine
expect 0 penstock dataflow delete nine --list delete
