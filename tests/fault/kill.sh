#!/bin/sh
# A run killed (SIGKILL) at several moments and started again each time does what an undisturbed one does: the same lists and people, nobody twice,
# counts that add up, and at most twenty calls more a kill. The moments come from PENSTOCK_SEED.
. "$top_srcdir/tests/scenario/lib.sh"
seed=${PENSTOCK_SEED:-1}
kills=8

# People 1 to 900 are known and members of a1 and a3. Then they leave a3 and change their name, 901 to 3000 come, and the even ones join a2.
feed() {
	awk -v from="$1" -v people="$2" -v known=900 'BEGIN {
		for (n = 1; n <= people; n++) {
			old = from == "before" || n > known ? "" : "\"a3\":{\"status\":\"exited\"},"
			if (from == "before")
				old = "\"a3\":{\"status\":\"realized\"},"
			even = from != "before" && n % 2 == 0 ? "\"a2\":{\"status\":\"realized\"}," : ""
			printf "{\"person\":{\"name\":{\"firstName\":\"%s\"}},\"segmentMembership\":{\"ups\":{%s%s\"a1\":{\"status\":\"realized\"}}}," \
				"\"identityMap\":{\"Email\":[{\"id\":\"p%d@example.com\"}]}}\n", from, old, even, n
		}
	}'
}

# A Marketo, a store and a dataflow of their own, ready for the second feed.
begin() {
	sandbox_stop
	sandbox_start --no-limits --latency 80
	export PENSTOCK_DB="$work/$1/penstock.db"
	account_create demo
	expect 0 penstock account update demo --concurrent 3
	expect 0 penstock destination create demo --account demo --person-creation match-and-create --list-folder Audiences
	expect 0 penstock mapping set demo identityMap.Email=email person.name.firstName=firstName
	feed before 900 > "$work/feed.ndjson"
	expect 0 penstock dataflow create flow --destination demo --source "$work/feed.ndjson" --audience a1=One --audience a2=Two --audience a3=Three
	expect 0 penstock run flow --json
	holds '.run.activated == 1800'
	feed after 3000 > "$work/feed.ndjson"
	hook POST /_sandbox/reset > /dev/null
}
calls() {
	hook GET /_sandbox/state | sed 's/.*"calls":\([0-9]*\).*/\1/'
}
# Lists, their members, and one who was changed, one who was made.
picture() {
	for list in One Two Three; do
		id=$(hook GET /_sandbox/state | jq --arg name $list '.lists[] | select(.name == $name) | .id')
		hook GET "/_sandbox/members?list=$id" | jq -r --arg name $list '$name, ([.members[].email] | sort | .[])'
	done
	hook GET /_sandbox/state | jq .people
	for who in p1 p2000; do
		hook GET "/_sandbox/people?field=email&value=$who@example.com" | jq -c '[.[].fields | {email, firstName}]'
	done
}

begin calm
expect 0 penstock run flow --json
holds '.run | .received == 5400 and .activated == 5400'
calm=$(calls)
picture > "$work/wanted"
[ "$(grep -c @ "$work/wanted")" -eq 4502 ] || fail 'the undisturbed run is wrong'

begin killed
moments=$(awk -v seed="$seed" -v kills=$kills -v calls="$calm" 'BEGIN {
	srand(seed)
	for (n = 0; n < kills; n++)
		print n < 2 ? n : int(rand() * calls / 2)
}')
done=0
for moment in $moments; do
	target=$(($(calls) + moment))
	"$PENSTOCK" --quiet run flow --json > "$work/out" 2> "$work/err" &
	run=$!
	while [ "$(calls)" -lt $target ] && kill -0 $run 2> /dev/null; do :; done
	kill -KILL $run 2> /dev/null || true
	status=0
	wait $run || status=$?
	[ $status -eq 137 ] && done=$((done + 1)) || [ $status -eq 0 ] || fail "status $status (seed $seed)"
done
[ $done -ge 4 ] || fail "only $done runs were killed (seed $seed)"
expect 0 penstock run flow --json
holds '[.earlier, .run] | map(select(.)) | all(.[]; .state == "success" and .failed == 0 and .excluded == 0 and
	.received == .activated + .unchanged and .received == 5400 and
	.activated == ([.audiences[].activated] | add) and .received == ([.audiences[].received] | add))'
picture > "$work/got"
cmp -s "$work/wanted" "$work/got" || fail "lists or people differ (seed $seed): $(diff "$work/wanted" "$work/got" | head -20)"
total=$(calls)
echo "killed $done times: $total calls, $calm undisturbed"
[ "$total" -le $((calm + 20 * done)) ] || fail "$total calls, more than $calm and 20 a kill (seed $seed)"
expect 0 penstock run flow --json
holds '.run | .activated == 0 and .unchanged == 5400'
expect 0 penstock runs flow --json
holds 'all(.runs[]; .state == "success")'
