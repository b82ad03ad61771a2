#!/bin/sh
# Who left the audience leaves the list: every sync type and person creation, exits by a message or by a snapshot without the row, with the e-mail address changed in between or
# not, known by another key or not, and the person merged or deleted in Marketo.
. "$top_srcdir/tests/scenario/lib.sh"
sandbox_start --no-limits
account_create demo

# Two destinations a combination: for messages, and for tables.
combinations='audience-only,match-only profile-only,match-only profile-only,match-and-create audience-and-profile,match-only audience-and-profile,match-and-create'
refused 2 'audience-only' penstock destination create never --account demo --sync-type audience-only --person-creation match-and-create
for combination in $combinations; do
	for kind in messages table; do
		expect 0 penstock destination create "$combination $kind" --account demo --sync-type "${combination%,*}" --person-creation "${combination#*,}" \
			--list-folder Audiences
	done
	expect 0 penstock mapping set "$combination messages" identityMap.Email=email person.name.firstName=firstName identityMap.Card=customerNumber
	expect 0 penstock mapping set "$combination table" E-mail=email First=firstName Card=customerNumber
done

# row NAME ADDRESS STATUS: one person for the source at hand; in a table nobody has left.
begin_source() {
	case $kind in
	messages) : > "$work/$flow" ;;
	table) echo 'E-mail,First,Card' > "$work/$flow" ;;
	esac
}
row() {
	case $kind,$3 in
	messages,*)
		printf '{"person":{"name":{"firstName":"Ada"}},"segmentMembership":{"ups":{"a":{"status":"%s"}}},"identityMap":{"Email":[{"id":"%s"}],"Card":[{"id":"%s"}]}}\n' \
			"$3" "$2" "$flow.$1" >> "$work/$flow"
		;;
	table,realized) echo "$2,Ada,$flow.$1" >> "$work/$flow" ;;
	esac
}
old() {
	echo "$1.$flow@example.com"
}
# The address after the change, of those who have a new one.
new() {
	case $change,$1 in
	same,* | *,stay) old "$1" ;;
	*) echo "$1.new.$flow@example.com" ;;
	esac
}
id_of() {
	hook GET "/_sandbox/people?field=email&value=$1" | jq '.[0].id // 0'
}
add_person() {
	hook POST /_sandbox/people "{\"fields\":{\"email\":\"$1\",\"customerNumber\":\"$flow.$2\"}}" | jq .id
}
run() {
	expect 0 penstock run "$flow" --json
	holds '.run | .state == "success" and .failed == 0 and .received == .activated + .excluded + .failed + .unchanged and all(.audiences[];
		.received == .activated + .excluded + .failed + .unchanged)'
}
# members NAME...: these addresses and nobody else, as sorted.
members_are() {
	list=$(hook GET /_sandbox/state | jq --arg name "$flow" '[.lists[] | select(.name == $name) | .id][0] // 0')
	got=$(hook GET "/_sandbox/members?list=$list" | jq -r '.members[].email' | sort | tr '\n' ' ')
	wanted=$(for one; do echo "$one"; done | sort | sed '/^$/d' | tr '\n' ' ')
	[ "$got" = "$wanted" ] || fail "$what: in the list are $got, not $wanted"
}

try() {
	what="$combination, $kind, address $change"
	touches_lists=yes
	[ "${combination%,*}" != profile-only ] || touches_lists=
	matches=
	[ "${combination#*,}" != match-only ] || matches=yes
	people='stay plain merged deleted'
	[ "$change" != moved ] || people="$people renamed"
	for one in $people; do
		[ ! "$matches" ] || add_person "$(old "$one")" "$one" > /dev/null
	done
	set -- --source "$([ $kind = table ] && echo "csv:$work/$flow" || echo "ndjson:$work/$flow")" --audience "a=$flow"
	if [ "$change" = keyed ]; then
		[ $kind = table ] && set -- "$@" --profile-key Card || set -- "$@" --profile-key identityMap.Card
	fi
	begin_source
	for one in $people; do row "$one" "$(old "$one")" realized; done
	expect 0 penstock dataflow create "$flow" --destination "$combination $kind" "$@"

	# Everybody comes.
	run
	holds --argjson people "$(echo "$people" | wc -w)" '.run | .received == $people and .activated + .unchanged == $people'
	# shellcheck disable=SC2046
	[ ! "$touches_lists" ] || members_are $(for one in $people; do old "$one"; done)

	# Addresses change: in the source, and in Marketo, but for one whom nobody changed there. With a key of its own penstock does it where it may.
	if [ "$change" != same ]; then
		for one in plain merged deleted; do
			[ "$change,$matches" = keyed, ] || hook PUT /_sandbox/people "{\"id\":$(id_of "$(old $one)"),\"fields\":{\"email\":\"$(new $one)\"}}" > /dev/null
		done
		begin_source
		for one in $people; do row "$one" "$(new "$one")" realized; done
		run
		left=
		case $change,$kind,$matches in
		moved,messages,) left="$(old renamed) $(new renamed)" ;;
		moved,messages,yes) left=$(old renamed) ;; # a new address that nobody has in Marketo
		moved,table,) left=$(new renamed) ;;
		esac
		# shellcheck disable=SC2046,SC2086
		[ ! "$touches_lists" ] || members_are $(for one in stay plain merged deleted; do new "$one"; done) $left
	fi

	# Two are one in Marketo; one is gone.
	winner=$(add_person "$(new merged)" merged)
	hook POST /_sandbox/merge "{\"winner\":$winner,\"loser\":$(id_of "$(new merged)")}" > /dev/null
	hook DELETE "/_sandbox/people?id=$(id_of "$(new deleted)")" > /dev/null
	before=$(hook GET /_sandbox/state | jq .people)

	# All but one leave.
	begin_source
	row stay "$(new stay)" realized
	for one in $people; do [ "$one" = stay ] || row "$one" "$(new "$one")" exited; done
	run
	[ "$(hook GET /_sandbox/state | jq .people)" -eq "$before" ] || fail "$what: an exit made somebody"
	if [ "$touches_lists" ]; then
		left=
		# Nothing but its old address tells who that was, and no message brings it any more (engine.md): this is what a key is for.
		[ "$change,$kind" != moved,messages ] || left=$(old renamed)
		# shellcheck disable=SC2086
		members_are "$(new stay)" $left
		if [ "$change,$kind" != moved,messages ]; then
			holds '.run | .activated >= 3 and any(.reasons[]; .code == "gone" and .count == 1)'
		else
			# By the ledger the old addresses of those whose ids are no good are members still, for nobody has said otherwise: verify tells, and repairs.
			expect 1 penstock verify "$flow" --json
			holds '.audiences[0].missing == 2'
			expect 0 penstock verify "$flow" --repair
			# shellcheck disable=SC2086
			members_are "$(new stay)" $left
		fi
		expect 0 penstock verify "$flow" --json
		holds '.ok and .audiences[0].missing == 0'
	else
		holds '.run | .activated == 0 and (.calls_by | has("list_add") or has("list_remove") or has("create") or has("update") | not)'
	fi
	# And nothing is left to do.
	run
	holds '.run | .activated == 0 and .excluded == 0 and (.calls_by | has("list_add") or has("list_remove") or has("create") or has("update") | not)'
}

number=0
for combination in $combinations; do
	for kind in messages table; do
		for change in same moved keyed; do
			number=$((number + 1))
			flow=f$number
			try
		done
	done
done
