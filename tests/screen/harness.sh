#!/bin/sh
# The words of lib.sh and the driver behind them: what they see, and that each can fail.
. "$top_srcdir/tests/screen/harness_lib.sh"

refused 'nothing was started' see anything
refused 'no program is running' press Enter
refused 'it does not tell of its frames' frames
refused 'no such command' sing
refused 'no such command' ''
refused 'which program?' start 24 80
refused 'ROWS COLUMNS' start 0 80 true
program 24 80 "$sample"
see Sample
[ "$answer" = '1 1' ] || fail "seen at $answer"
refused 'running already' start 24 80 "$sample"

# Keys by their names, in the mode the terminal is in; a text; one screen is the golden.
for pair in Up=KEY_UP Down=KEY_DOWN Left=KEY_LEFT Right=KEY_RIGHT PageUp=KEY_PPAGE PageDown=KEY_NPAGE Home=KEY_HOME End=KEY_END \
	Backspace=KEY_BACKSPACE Delete=KEY_DC F1='KEY_F(1)' F10='KEY_F(10)' BackTab=KEY_BTAB Tab=^I Enter=^M Esc=^[ Ctrl-N=^N Ctrl-j=^J x=x ü=ü; do
	press "${pair%%=*}"
	see "key ${pair#*=}"
done
typed 'two words'
see 'typed xtwowords'
cursor_at 4 16
golden sample
golden_looks sample
[ "$(row 3)" = 'key s' ] || fail "row 3: $(row 3)"
[ "$(row -24)" = Sample ] || fail 'row -24'
looks 1 1 bold
looks 6 1 reverse
looks 6 11 'underline fg=2'
looks 2 1 plain
refused 'no such row' row 25
refused 'ROW COLUMN' attributes 1 81
refused 'no such key' press Enterr

# What is not there is not seen, what is there is not gone, and the screen is shown.
hasty
refused 'not seen' see 'no such text'
grep -q '^typed xtwowords$' "$work/shown" || fail 'the screen was not shown'
refused 'still seen' gone Sample
refused 'the text is missing' see ''
refused 'wrong backslash' see 'a\q'
refused 'has not ended' wait
refused 'has not stopped' stopped
fails see 'no such text'
fails ended 0
fails cursor_at 1 1
fails looks 1 1 plain
fails see "two
lines"

# A frame that came before the input does not count, nor one that is busy; what a silent program shows is not judged.
patient
press B
see_busy Sample
hasty
refused 'the program is busy' see Sample
refused 'the program is busy' gone anything
refused 'the program is busy' idle
see_busy Sample
refused 'not seen' see-busy anything
refused 'still seen' gone-busy Sample
demand busy
press C
see Sample
refused 'not busy' busy
patient

# The time to a frame, and the bytes it took.
press Up
see KEY_UP
within 2000
fails within -1
demand output-bytes
[ "$answer" -gt 500 ] || fail "$answer bytes"
press Up
idle
refused 'nothing has changed' elapsed
press Down
see KEY_DOWN
demand output-bytes
{ [ "$answer" -gt 3 ] && [ "$answer" -lt 100 ]; } || fail "$answer bytes for one word"

# Goldens: another screen, none at all, written on demand.
mkdir "$work/golden"
goldens=$work/golden PENSTOCK_GOLDEN=
fails golden none
grep -q 'there is no golden none.txt' "$work/said" || fail 'what is missing is not said'
PENSTOCK_GOLDEN='write'
golden none
golden_looks none
PENSTOCK_GOLDEN=
golden none
golden_looks none
press Left
see KEY_LEFT
fails golden none
grep -q '^+key KEY_LEFT' "$work/said" || fail 'no difference is shown'
golden none 's/KEY_LEFT/KEY_DOWN/'
echo '1 1-1 bold' > "$goldens/none.looks"
fails golden_looks none
[ "$(printf '%s\n' "│ $work/a/b      │ 2024-05-01T08:00:00Z 14:02Z http://127.0.0.1:4123/ penstock 1.22.0-rc1" | masked)" = \
	'│ WORK │ YYYY-MM-DDTHH:MM:SSZ HH:MMZ http://127.0.0.1:PORT/ penstock VERSION' ] || fail 'the masks do not fit'

# A paste with brackets; a newline in it reaches the program as a return.
paste 'a\nb'
see 'typed xtwowordsa/b'
press Q
ended 3
see bye
refused 'not seen' see Sample
restored
harmless
demand raw "$work/raw"
grep -q bye "$work/raw" || fail 'raw does not hold what was written'
