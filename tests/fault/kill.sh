#!/bin/sh
# A run killed (SIGKILL) again and again and started anew does what an undisturbed one does: the same lists and people, nobody twice, counts that add up, at
# most twenty calls more a kill, and nobody created again before he was looked up. It is killed while it reads, folds and plans, while each kind of call is
# under way, and while it finishes; the source is a file, one that is replaced in between, and standard input. PENSTOCK_KILLS kills, drawn from PENSTOCK_SEED.
. "$top_srcdir/tests/fault/lib.sh"
seed=${PENSTOCK_SEED:-1}
kills=${PENSTOCK_KILLS:-30}

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
feed before 900 > "$work/before.ndjson"
feed after 3000 > "$work/after.ndjson"
# What stands on standard input when the first input is in a change set already: nothing new, but not nothing.
head -n 1 "$work/after.ndjson" > "$work/one.ndjson"
# What the file is replaced by says the same and brings one more.
feed after 3001 > "$work/replaced.ndjson"

# A Marketo, a store and a dataflow of their own, ready for the second feed.
begin() {
	sandbox_stop
	rm -f "$work/log"
	sandbox_start --no-limits --log "$work/log"
	rm -rf "$work/store"
	account_create demo
	expect 0 penstock account update demo --concurrent 3
	expect 0 penstock destination create demo --account demo --person-creation match-and-create --list-folder Audiences
	expect 0 penstock mapping set demo identityMap.Email=email person.name.firstName=firstName
	cp "$work/before.ndjson" "$work/feed.ndjson"
	source=$work/feed.ndjson
	[ "$1" != input ] || source=ndjson:-
	expect 0 penstock dataflow create flow --destination demo --source "$source" --audience a1=One --audience a2=Two --audience a3=Three
	expect 0 penstock run flow --json < "$work/before.ndjson"
	holds '.run.activated == 1800'
	cp "$work/after.ndjson" "$work/feed.ndjson"
	hook POST /_sandbox/reset > /dev/null
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
random() {
	state=$(((state * 1103515245 + 12345) % 2147483648))
	echo $((state / 65536 % $1))
}
state=$seed

# Half of the input, then the end while it is read; or all of it, and the end some thousandths of a second later: while it folds, plans, or begins to send. How
# far it comes is the machine's affair, but a fast one is not to bring it to its end.
kill_reading() {
	hold_from 6 false
	rm -f "$work/pipe"
	mkfifo "$work/pipe"
	"$PENSTOCK" --quiet run flow --json < "$work/pipe" > "$work/out" 2> "$work/err" &
	victim=$!
	exec 3> "$work/pipe"
	head -n "$1" "$work/after.ndjson" >&3
	[ "$1" -lt 3000 ] || exec 3>&-
	sleep "0.0$2"
	kill_victim
	exec 3>&-
	hold_no_more
}
# While it folds and plans a file, before its first call perhaps and perhaps after it.
kill_early() {
	hold_from 6 false
	"$PENSTOCK" --quiet run flow --json > "$work/out" 2> "$work/err" < "$kill_input" &
	victim=$!
	sleep "0.$(printf %03d "$1")"
	kill_victim
	hold_no_more
}
# After its last call: as soon as everybody is in the lists.
kill_late() {
	"$PENSTOCK" --quiet run flow --json > "$work/out" 2> "$work/err" < "$kill_input" &
	victim=$!
	while kill -0 $victim 2> /dev/null && [ "$(hook GET /_sandbox/state | jq '[.lists[] | select(.name == "One" or .name == "Two" or .name == "Three") | .members] | add')" -ne 4500 ]; do :; done
	kill_victim
}
# Is there a change set? Then it is what goes on, whatever the source says now.
is_planned() {
	penstock runs flow --json | jq -e '.runs[0] | .state == "running" and .received > 0' > /dev/null
}

begin file
expect 0 penstock run flow --json
holds '.run | .received == 5400 and .activated == 5400'
calm=$(calls)
picture > "$work/wanted"
# What a run asks that finds nothing to do: each that ended before it could be killed leaves one such behind it.
expect 0 penstock run flow --json
again=$(($(calls) - calm))
[ "$(grep -c @ "$work/wanted")" -eq 4502 ] || fail 'the undisturbed run is wrong'

round=0 all=0 resumed=0
while [ $all -lt "$kills" ]; do
	case $((round % 3)) in
	0) kind=file ;;
	1) kind=replaced ;;
	2) kind=input ;;
	esac
	begin $kind
	round=$((round + 1)) killed=0 ended=0 planned=no
	kill_input=$work/feed.ndjson
	for n in 1 2 3 4 5 6 7 8 9 10; do
		[ $((all + killed)) -lt "$kills" ] || break
		if [ $planned = no ] && is_planned; then
			planned=yes
			resumed=$((resumed + 1))
			[ $kind != replaced ] || cp "$work/replaced.ndjson" "$work/feed.ndjson"
				[ $kind != input ] || kill_input=$work/one.ndjson
		fi
		case $n$kind in
		[12]input) kill_reading $((n * 1500)) "$(random 10)" ;;
		[12]*) kill_early $((n * 10 + $(random 60))) ;;
		10*) kill_late ;;
		*) kill_at $((1 + $(random 9))) "$([ "$(random 2)" -eq 0 ] && echo true || echo false)" run flow --json ;;
		esac
	done
	[ $kind != replaced ] || cp "$work/replaced.ndjson" "$work/feed.ndjson"
	expect 0 penstock run flow --json < "$kill_input"
	holds '[.earlier, .run] | map(select(.)) | all(.[]; .state == "success" and .failed == 0 and .excluded == 0 and
		.received == .activated + .unchanged and (.received == 5400 or .received == 5401 or .received == 2) and
		.activated == ([.audiences[].activated] | add) and .received == ([.audiences[].received] | add))'
	picture > "$work/got"
	# The one more.
	[ $kind != replaced ] || {
		sed -i '/^p3001@/d; s/^3001$/3000/; s/^3004$/3003/' "$work/got"
		hook GET '/_sandbox/people?field=email&value=p3001@example.com' | jq -e 'length == 1' > /dev/null || fail "what the file was replaced by was not read (seed $seed, round $round)"
	}
	cmp -s "$work/wanted" "$work/got" || fail "lists or people differ (seed $seed, round $round): $(diff "$work/wanted" "$work/got" | head -20)"
	total=$(calls)
	most=$((calm + 20 * killed + again * ended + (${#kind} == 8 ? 10 : 0)))
	[ "$total" -le $most ] || fail "$total calls, more than $calm, 20 for each of $killed kills and $again for each of $ended that ended (seed $seed, round $round)"
	check_creates "$work/log"
	expect 0 penstock run flow --json < "$work/after.ndjson"
	holds '.run | .activated == 0'
	expect 0 penstock runs flow --json
	holds 'all(.runs[]; .state == "success")'
	echo "round $round, $kind: killed $killed times, ended $ended times, $total calls, $calm undisturbed, $again of a run with nothing to do"
	all=$((all + killed))
	# A fast machine ends many of them sooner: then it takes more rounds, but not for ever.
	[ $all -ge $((2 * round)) ] || [ $all -ge "$kills" ] || fail "only $all runs were killed in $round rounds (seed $seed)"
done
[ "$kills" -lt 20 ] || [ $resumed -ge 2 ] || fail 'no change set was gone on with'
echo "killed $all times in $round rounds (seed $seed)"
