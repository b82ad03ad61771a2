#!/bin/sh
# The rules about keys: hints are whole at every width, arrows and their twins move, Esc ends one thing at a time and loses nothing, no single key does harm, and the
# cursor stands on what has the focus.
. "$top_srcdir/tests/screen/lib.sh"
sandbox_start
destination_create
message a@example.com 11 realized > "$work/feed.ndjson"
for one in ann bob cid; do
	expect 0 penstock dataflow create "$one" --destination demo --source "$work/feed.ndjson" --audience 11
done

# ux 1: the last line has at most eight hints, each of them whole, and always the way to the rest.
console 24 250
see 'New dataflow'
hints() {
	row -1 | awk -F '  +' '{ for (i = 1; i <= NF; i++) if ($i != "") { sub(/^ /, "", $i); print $i } }'
}
hints > "$work/all"
[ "$(wc -l < "$work/all")" -le 8 ] || fail "more than eight hints: $(cat "$work/all")"
for columns in 60 61 62 63 64 65 66 67 68 69 70 71 72 73 74 75 76 77 78 79 80 85 90; do
	resize 24 "$columns"
	idle
	hints > "$work/hints"
	! grep -vxFf "$work/all" "$work/hints" || fail "at $columns columns a hint is cut: $(cat "$work/hints")"
	grep -qx '? help' "$work/hints" || fail "at $columns columns nothing leads to the help"
done
resize 24 80
idle

# ux 2: arrows, Home and End, PgUp and PgDn, Tab and Shift-Tab, and letters.
to() {
	see "▶ $1"
}
press Down
to ann
for step in 'Down bob' 'Up ann' 'End cid' 'PageUp New' 'PageDown cid' 'Home New' 'Tab ann' 'Tab bob' 'BackTab ann' 'j bob' 'k ann' 'G cid' 'g New' 'Down ann'; do
	press ${step% *}
	to "${step#* }"
done

# ux 29: the hardware cursor is where the focus is: on rows ...
on_row() {
	demand see "$1"
	mark=${answer% *}
	demand cursor
	[ "${answer%% *}" = "$mark" ] || fail "the cursor is at $answer, \"$1\" in row $mark"
}
on_row '▶ ann'
press Down
on_row '▶ bob'
press o
see '[Dataflows]'
on_row '▶ bob'
press Up
on_row '▶ ann'

# ux 18: no single key does what cannot be taken back: each asks, Cancel has the focus, which marks show, and the name must be typed.
expect 0 penstock audit --json
cp "$work/out" "$work/before"
for key in x V R O r; do
	press "$key"
	[ "$key" != x ] || { see 'Keep the lists' && press Enter; }
	see '[▶Cancel ]'
	press Enter
	gone '▶Cancel'
	to ann
done
for key in x V R r; do
	press "$key"
	[ "$key" != x ] || { see 'Keep the lists' && press Enter; }
	see '[▶Cancel ]'
	press Left Enter # to the other button: it is locked
	see 'ype '
	press Esc
	gone 'Cancel'
done
# ux 2: l and h are Right and Left where nobody types: between buttons ...
press O
see '[▶Cancel ]'
press h
see '[▶Adopt ]'
press l
see '[▶Cancel ]'
press Enter
gone 'Cancel'
press q
see ' Home'
press x
see 'Remove bob: what becomes of its lists?'
press Enter
see 'Remove the dataflow bob'
see '[▶Cancel ]'
see 'cannot be undone'
press Enter
gone 'Remove the dataflow'
press r
see 'Run bob now?'
see '[▶Cancel ]'
press Enter
gone 'Run bob'
expect 0 penstock audit --json
jq '[.audit[] | select(.action != "plan")]' "$work/out" > "$work/now"
jq '.audit' "$work/before" | diff - "$work/now" || fail 'something was done that nobody confirmed'

# ux 4: Esc at home ends nothing, q does.
press Esc Esc Esc
see ' Home'

# ux 4: a window stands over the filter, the filter over the table.
press o
see '[Dataflows]'
press /
typed bo
see '[bo'
see '1 of 3'
press Ctrl-P
see 'What is to be done?'
typed xyz
press Esc
gone xyz
press Esc
gone 'What is to be done?'
see '[bo'
press Esc
see '1-3 of 3'
press Esc Esc
see '[Dataflows]'

# In a field it ends typing, never what was typed; characters are text there, q and ? too.
press q
see ' Home'
press n
see '1 of 6'
press Ctrl-N
see '2 of 6'
# ux 2: ... and between the choices of a field, as j and k go from field to field, g and G to the first and the last.
press Down Down
see '▶ Person creation'
see '(•) Match existing Marketo people only'
press l
see '(•) Match existing Marketo people and create'
press h
see '(•) Match existing Marketo people only'
press j
see '▶ Sync type'
press l
see '(•) audience only'
press h G
see '▶ Sign-off'
press g
see '▶ Name'
press Esc j
see '▶ Description'
press Esc k
see '▶ Name'
typed 'hjklgG'
see '[hjklgG '
press Ctrl-u
typed 'q?:nu]'
see '[q?:nu] '
# ux 29: ... and in the field that is typed into, behind what was typed.
demand see '[q?:nu] '
at=$answer
demand cursor
[ "${answer% *}" = "${at% *} $((${at#* } + 7))" ] || fail "the cursor is at $answer, the field at $at"
press Esc
see '[q?:nu] '
press Esc Esc
see '[q?:nu] '
see '2 of 6'
# ux 1: every key with the reason why it does nothing now; F1 where ? is text.
press q
see 'The draft is saved'
press n
see '1 of 6'
press F1
see 'Keys that work here'
# What is seen depends on what was painted before: one page after the other.
press End
idle
press PageUp
idle
press PageUp
see '(not now: this is the'
press Esc
gone 'Keys that work'
press Esc q
see ' Home'
press q
ended 0
restored
