#!/bin/sh
# The rules about forms: what is wrong is said on the field's own line and keeps the step, nothing typed is lost, a paste is trimmed and submits nothing, a secret is nowhere
# to be seen, and a draft that is open elsewhere says who has it.
. "$top_srcdir/tests/screen/lib.sh"
sandbox_start

console 24 80
see 'Set up'
press n
see '1 of 6'

# on_line LABEL TEXT: the text stands on the line of that label.
on_line() {
	see "$1"
	label=${answer% *}
	see "$2"
	[ "${answer% *}" = "$label" ] || fail "\"$2\" is in row ${answer% *}, $1 in row $label"
}
# ux 11: what is required says so by a sign and a word; it is judged on leaving ...
see '* required'
see 'Munchkin ID *'
typed nonsense
press Tab
on_line 'Munchkin ID' '✗ '
see '[nonsense '
press Up
press Ctrl-u

# ux 12: a paste loses what is around it, which is said, and its newline goes nowhere.
paste ' \n\xef\xbb\xbf123-ABC-456\xe2\x80\x8b \n'
on_line 'Munchkin ID' '6 characters cut'
see '[123-ABC-456 '
on_line '▶ Munchkin' '[123-ABC-456 '
press Tab Tab Tab
typed client
# ux 11: ... and on Next, which goes to the first field that is wrong and takes nothing away.
press Up Up Up Ctrl-u
press Tab Tab Tab Ctrl-N
see '1 of 6'
on_line '▶ Munchkin' '✗ '
see '[client '
paste 123-ABC-456
press Tab Tab Tab Tab Tab
# ux 13: a secret shows how long it is and nothing else; nor does a core tell.
paste 'canary-of-mine'
see 'hidden, 14 characters'
gone canary
grep -Eq '^Max core file size +0 +0 ' "/proc/$process/limits" || fail 'a core could be left'
press Ctrl-N
see '2 of 6'
press Ctrl-N
on_line '▶ Name' '✗ '
typed mine
press Tab
typed 'what for'
press Up Ctrl-u Ctrl-N
on_line '▶ Name' '✗ '
see '[what for '
typed mine
press Tab
idle

# ux 15: in another console the draft says who has it, and since when; it is for its owner only.
first=$process
terminal 2
console 24 80
see Unfinished
press Down Enter
see 'the draft is open in another console'
see "process $first"
demand dump "$work/dump"
tr '\n' ' ' < "$work/dump" | tr -s ' ' | grep -Eq 'since 20[0-9-]+T[0-9:]+Z' || fail 'it is not said since when'
# Nobody takes it away under the hands of who has it.
press x
see 'Remove the draft'
press Left Enter
see 'the draft is open in another console'
see Unfinished
for file in "${PENSTOCK_DB%/*}"/*; do
	[ "$(stat -c %a "$file")" = 600 ] || fail "others may read $file"
done
! grep -rqaF canary "${PENSTOCK_DB%/*}" || fail 'the secret is in the store'
terminal 1
press q
idle
demand see-busy penstock
press Esc q
see 'The draft is saved'
press q
ended 0
terminal 2
press Enter
see '2 of 6'
see '[mine'
press Esc q
see 'The draft is saved'
press q
ended 0
restored
terminal 1
demand raw "$work/raw"
! grep -qF canary "$work/raw" || fail 'the secret came to the screen'

# ux 12: on a terminal that does not mark pastes, Enter in the same burst as text is a part of it.
with TERM=vt220
console 24 80
see Unfinished
press Down Enter
see 'how people are treated'
press Up Up Up Up Ctrl-u
typed 'burst\r'
see '[burst '
on_line '▶ Name' '[burst '
see '[burst '
demand slow 100 1b4f43 0d # behind a key, and alone
see '▶ Description'
press Esc
see '2 of 6'
press q
see 'The draft is saved'
press q
ended 0
restored
