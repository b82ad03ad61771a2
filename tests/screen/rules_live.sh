#!/bin/sh
# The rules about what moves by itself: rows that others come before keep the focus, equals keep their order, and what is behind the focus is what a key is about.
. "$top_srcdir/tests/screen/lib.sh"
sandbox_start --latency 1500
destination_create
expect 0 penstock account update demo --concurrent 1
{
	for n in $(seq 12000); do
		echo "{\"segmentMembership\":{\"ups\":{\"11\":{\"status\":\"realized\",\"name\":\"Audience 11\"}}},\"identityMap\":{\"Email\":[{\"id\":\"p$n@example.com\"}]}}"
	done
	message nobody 11 realized | sed 's/"id":"nobody"/"id":"not an address"/'
	long=$(printf 'x%.0s' $(seq 300))
	message long@example.com 11 realized | sed "s/Ada/$long/; s/Berg/$long/"
} > "$work/feed.ndjson"
message a@example.com 11 realized > "$work/small.ndjson"
for one in ann bob cid dan; do
	expect 0 penstock dataflow create "$one" --destination demo --source "$work/small.ndjson" --audience "11=$one"
done
expect 0 penstock dataflow create big --destination demo --source "$work/feed.ndjson" --audience 11=big
for one in ann cid; do
	expect 0 penstock dataflow disable "$one"
done
names() {
	demand dump "$work/dump"
	sed -nE 's/^│(▶| ) *([a-z]+)  .*/\2/p' "$work/dump" | tr '\n' ' '
}
# It reads itself, and what was seen may stand in the frame before the order is another.
in_order() {
	looks=0
	while order=$(names) && [ "$order" != "$1 " ] && [ $looks -lt 100 ]; do
		looks=$((looks + 1))
		sleep 0.1
	done
	[ "$order" = "$1 " ] || fail "the order is \"$order\", not \"$1\""
}

# ux 21: a sort is stable: of rows that are equal in its column, who came first stays first, and a sort upon a sort keeps nothing of the one before.
console 40 80
see 'New dataflow'
press o
see '[Dataflows]'
see '▶ ann'
in_order 'ann big bob cid dan'
press b
see 'by NAME'
press b b
see 'by DESTINATION'
in_order 'ann big bob cid dan'
press b
see 'by ON'
in_order 'ann cid big bob dan'
press Ctrl-R
idle
in_order 'ann cid big bob dan'

# ux 21: rows of a live table never move under the cursor: what has just begun is above it then, and the focus has stayed with its row.
press b b b
see 'by STARTED'
press Home Down Down
see '▶ bob'
"$PENSTOCK" run big > /dev/null 2>&1 3>&- 4<&- &
run=$!
goes_on() {
	kill -0 "$run" 2> /dev/null || fail 'the run has ended'
	expect 0 penstock status --json
	jq -e '.dataflows[] | select(.name == "big") | .last_run.state == "running"' "$work/out" > /dev/null
}
until goes_on; do :; done
press Ctrl-R
see_busy '… running'
see_busy '▶ bob'
in_order 'big ann bob cid dan'

# It reads itself as long as something runs: what is new comes in before the focus, which stays, also with nothing typed.
press b b b
demand gone-busy ' by '
expect 0 penstock dataflow create abe --destination demo --source "$work/small.ndjson" --audience 11=abe
see_busy 'abe '
see_busy '▶ bob'
in_order 'abe ann big bob cid dan'

# Nor do the reasons of a run: what fails comes before whom a rule excludes, and the focus has stayed.
press Up
see_busy '▶ big'
press w
see_busy 'big - running'
demand see-busy 'not_email'
row "${answer% *}" | grep -q '▶' || fail "the first reason has no focus: $(row "${answer% *}")"
# The first of two of one code.
press Down
demand see-busy 'too_long'
row "${answer% *}" | grep -q '▶' || fail "the second reason has no focus: $(row "${answer% *}")"
hook POST /_sandbox/settings '{"faults":["record-1003@/v1/leads"]}' > /dev/null

see_busy ' 1003 '
failed_row=${answer% *}
demand see-busy 'too_long'
[ "$failed_row" -lt "${answer% *}" ] || fail 'what failed does not come first'
row "${answer% *}" | grep -q '▶' || fail "the focus has gone from its reason: $(row "${answer% *}")"

# ux 8: a Marketo that is gone is told, also between two tries, when no call is under way.
sandbox_stop
see_busy '! no answer for '
demand gone-busy ' s left'
"$PENSTOCK" stop big > /dev/null 2>&1 || true
wait "$run" || true
see 'big - '
press q q q
ended 0
restored
