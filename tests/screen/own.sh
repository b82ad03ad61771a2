#!/bin/sh
# What operators set for themselves: keys, with a clash refused by both names and an unknown setting warned of with its line; themes, whose states differ without their
# colours; the mouse only when switched on; a row in the terminal's clipboard; the screen as text.
# ux 5: keys of one's own. ux 24, 25: themes. ux 28: mouse, clipboard, screen as text. ux 32: one file, whose unknown settings are told with their line.
. "$top_srcdir/tests/screen/lib.sh"
sandbox_start
destination_create
message a@example.com 11 realized > "$work/feed.ndjson"
for one in first second third; do
	expect 0 penstock dataflow create "$one" --destination demo --source "$work/feed.ndjson" --audience 11
done
config=$HOME/.config/penstock/config
mkdir -p "${config%/*}"

# Keys of one's own are in the hints and do what they say; the old one does nothing.
printf 'key.tables = Z\nkey.palette = Ctrl-G ;\n' > "$config"
console 24 80
see 'Z tables'
press o
idle
press Z
see '[Dataflows]'
press q
see ' Home'
press ';'
see 'What is to be done?'
press Esc
press q
ended 0

# What cannot be had is refused, and everything else holds.
printf 'key.run = x\nkey.nothing = Y\nkey.stop = Ctrl-S\nkey.tables = j\nkey.leave = Hyper-Q\nkey.open = W\ntheme = pink\nshape = round\n' > "$config"
console 24 132
see ':1: x cannot be run: it is remove'
see ':2: there is no action "nothing"'
see 'o tables'
press r
press q
ended 0
expect 0 penstock account list
grep -q "$config:8: there is no setting \"shape\"" "$work/err" || fail 'the unknown setting was not told with its line'

# Themes: the good one in the colour-blind theme is blue, none but the terminal's own background.
printf 'theme = colour-blind\n' > "$config"
expect 0 penstock run first
console 24 80
see '✓ success'
demand see '✓ success'
looks ${answer} 'bold fg=75'
press q
ended 0
printf 'theme = light\n' > "$config"
console 24 80
see '✓ success'
demand see '✓ success'
looks ${answer} 'fg=22'
press q
ended 0
printf 'theme = high-contrast\n' > "$config"
console 24 80
see '✓ success'
demand see '✓ success'
looks ${answer} 'bold'
press q
ended 0
rm "$config"

# The mouse: off; on, a click moves there and a second one opens; the header says so.
console 24 80
see 'New dataflow'
gone ' - mouse'
press M
see ' - mouse'
demand see second
clicked=${answer% *}
demand bytes "$(printf '\033[<0;10;%dM' "$clicked" | od -An -tx1 | tr -d ' \n')"
see '▶ second'
press M
gone ' - mouse'

# A row for the clipboard, and the screen as a file that only its owner reads.
press o
see '[Dataflows]'
see 'first'
press y
see "sent to the terminal's clipboard: second"
harmless clipboard
press D
see 'The screen is in'
press q q
ended 0
restored
set -- "${PENSTOCK_DB%/*}"/screen-*.txt
[ -f "$1" ] || fail 'there is no file with the screen'
[ "$(stat -c %a "$1")" = 600 ] || fail 'others may read the screen'
grep -q '▶ second' "$1" || fail 'the file does not show the screen'
grep -q '^┌─ Dataflows ─*┐$' "$1" || fail 'the file does not show the frame'
