#!/bin/sh
# Sizes that change at any moment, down to one cell: one line below the smallest size, and all as it was afterwards. A read-only console says why it refuses.
# ux 19: read-only is refused in one place and shown. ux 27: any size, at any moment.
. "$top_srcdir/tests/screen/wizard_lib.sh"
sandbox_start --no-limits
message p1@example.com a1 realized > "$work/feed.ndjson"

# same FILE: the screen is as it was when FILE was written.
kept() {
	idle
	demand "dump$(quoted "$1")"
}
same() {
	kept "$work/now"
	cmp -s "$1" "$work/now" || fail "the screen is another: $(diff "$1" "$work/now")"
}
# shaken: a storm of sizes, of which only the last counts; it is painted in time.
shaken() {
	kept "$work/before"
	for n in 1 2 3 4 5 6 7 8 9 10; do
		for size in '1 1' '2 300' '100 1' '15 59' '16 60' '43 132' '5 20' '1 80' '24 1' '17 61'; do
			resize $size
		done
	done
	resize 24 80
	idle
	soon
	same "$work/before"
}

console 24 80
see 'Set up'
shaken
resize 15 60
see 'need 60x16, have 60x15, q quits'
resize 16 59
see 'need 60x16, have 59x16, q quits'
for size in '1 1' '1 2' '2 1' '3 5' '16 60' '200 300' '24 80'; do
	resize $size
	idle
done
press n
see '1 of 6'
demand output-bytes
typed 1
idle
demand output-bytes
echo "a key: $answer bytes"
[ "$answer" -le 100 ] || fail "a key takes $answer bytes"
press Backspace Ctrl-l
idle
demand output-bytes
echo "everything again: $answer bytes"
[ "$answer" -le 8192 ] || fail "the whole screen takes $answer bytes"
paste "$munchkin"
shaken
see "[$munchkin"
resize 5 40
see 'need 60x16, have 40x5'
typed 9 # nobody could see where it goes
idle
resize 24 80
see "[$munchkin"
gone "${munchkin}9"
press F1
see 'Keys that work here'
shaken
press Esc Esc q
see Unfinished
press Down x
see 'Remove the draft'
shaken
press Esc
idle
shaken
were_soon 'the frame after 100 sizes'
harmless
press q
ended 0
restored

# Below the smallest size q quits, from home and out of a field, which keeps what it holds.
console 5 20
idle
press q
ended 0
restored
console 24 80
see 'New dataflow on'
press n
see '1 of 6'
typed unseen
resize 10 80
see 'q quits'
press q
ended 0
see 'the draft'
expect 0 penstock --json draft list
holds '.drafts | length == 2'
expect 0 penstock --json draft show "$(value '.drafts[0].id')"
holds '.draft.munchkin_id == "unseen"'
restored

# Read-only: every change is refused with the reason, and nothing is in the store of it.
destination_create
expect 0 penstock dataflow create flow --destination demo --source "$work/feed.ndjson" --audience a1
expect 0 penstock --json audit
cp "$work/out" "$work/audit"
console 24 80 --read-only
see ' - read-only'
for keys in 'Home Enter' n 'Home Down Enter' 'Home Down x' 'End r' 'End x'; do
	press $keys
	see 'this console is read-only'
	press Ctrl-r
	idle
done
press q
ended 0
restored
expect 0 penstock --json audit
cmp -s "$work/out" "$work/audit" || fail 'a read-only console changed something'
