#!/bin/sh
# Answers that are none of Marketo's: pages of HTML, JSON cut short, no end, half an answer, an answer without results. Once they are passing
# trouble of every kind of call, and the run loses and doubles nothing; where they stay, the command says so and ends.
. "$top_srcdir/tests/scenario/lib.sh"
sandbox_start --no-limits
kinds='html gateway garbled huge late cut empty'
broken=

# spoil KIND [PART]: $spoilt is the address of a Marketo whose answers are spoilt.
spoil() {
	rm -f "$work/port"
	mkfifo "$work/port"
	"$top_builddir/tests/tools/broken_main" "${url##*:}" "$@" > "$work/port" &
	broken="$broken $!"
	read -r port < "$work/port"
	spoilt=http://127.0.0.1:$port
}
account() {
	expect 0 penstock account create "$1" --munchkin-id "$munchkin" --client-id "$client" --client-secret-file "$work/secret" \
		--endpoint "$spoilt/rest" --identity "$spoilt/identity"
}

# A feed of four people of its own for each kind, two of them known to Marketo already, and then the same with one of them leaving.
feed() {
	for n in 1 2 3 4; do
		message "$1$n@example.com" a1 realized
	done
}
run_spoilt() {
	export PENSTOCK_DB="$work/$1/penstock.db"
	spoil "$1"
	account demo
	feed "$1" > "$work/$1.ndjson"
	for n in 1 2; do
		hook POST /_sandbox/people "{\"fields\":{\"email\":\"$1$n@example.com\"}}" > /dev/null
	done
	expect 0 penstock destination create demo --account demo --person-creation match-and-create --list-folder Audiences
	expect 0 penstock mapping set demo identityMap.Email=email person.name.firstName=firstName
	expect 0 penstock dataflow create flow --destination demo --source "$work/$1.ndjson" --audience "a1=Spoilt $1"
	"$top_builddir/tests/tools/measure" "$work/$1.took" "$PENSTOCK" run flow --json > "$work/$1.out" 2> "$work/$1.err" &
	running="$running $!"
}
list_of() {
	hook GET /_sandbox/state | jq --arg name "Spoilt $1" '[.lists[] | select(.name == $name) | .id] | if length == 1 then .[0] else error("lists") end'
}
members() {
	hook GET "/_sandbox/members?list=$(list_of "$1")" | jq -r '[.members[].email] | sort | join(" ")'
}
running=
for kind in $kinds; do
	run_spoilt "$kind"
done
for kind in $kinds; do
	doing="the run of $kind"
	running=${running# }
	status=0
	wait "${running%% *}" || status=$?
	running=${running#"${running%% *}"}
	cp "$work/$kind.out" "$work/out"
	cp "$work/$kind.err" "$work/err"
	[ "$status" -eq 0 ] || fail "$kind: status $status"
	holds '.run | .state == "success" and .received == 4 and .activated == 4 and .failed == 0 and .excluded == 0'
	[ "$(members "$kind")" = "${kind}1@example.com ${kind}2@example.com ${kind}3@example.com ${kind}4@example.com" ] ||
		fail "$kind: the list holds $(members "$kind")"
	for n in 1 2 3 4; do
		[ "$(hook GET "/_sandbox/people?field=email&value=$kind$n@example.com" | jq length)" = 1 ] || fail "$kind: $n is there more than once"
	done
	# Sanitizers keep what was freed.
	read -r _ _ peak < "$work/$kind.took"
	[ "$peak" -lt "$memory_limit" ] || fail "$kind: $peak KiB"
	# The second run has nothing to do, and the one whose message says so leaves.
	export PENSTOCK_DB="$work/$kind/penstock.db"
	message "${kind}1@example.com" a1 exited >> "$work/$kind.ndjson"
	expect 0 penstock run flow --json
	holds '.run | .activated == 1 and .unchanged == 3'
	[ "$(members "$kind")" = "${kind}2@example.com ${kind}3@example.com ${kind}4@example.com" ] || fail "$kind: the list holds $(members "$kind")"
done

# Trouble that stays.
export PENSTOCK_DB="$work/stays/penstock.db"
stays() {
	spoil "$1" "$2"
	account "$1 $3"
	expect 1 penstock account test "$1 $3" --json
	holds --arg check "$3" '[.checks[] | select(.ok | not)][0] | .name == $check and (.detail | length > 20)'
}
for kind in html garbled huge; do
	stays $kind oauth/token token
	stays $kind leads/describe describe
done
stays cut leads/describe describe
refused 1 'no usable answer' penstock fields 'html describe'
says 'check the account'
refused 1 'no answer' penstock fields 'cut describe'
# shellcheck disable=SC2086 # process numbers
kill $broken
