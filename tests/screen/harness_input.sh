#!/bin/sh
# What is sent, when a frame counts as the answer to it, and sizes.
. "$top_srcdir/tests/screen/harness_lib.sh"

# A frame that was finished before the key was read must not pass for the answer: here one comes before every answer.
program 24 80 "$sample" stale
see Sample
for pair in a=a b=b c=c Up=KEY_UP Esc=^[ d=d Down=KEY_DOWN e=e f=f Esc=^[ g=g h=h i=i j=j; do
	press "${pair%=*}"
	idle
	[ "$(row 3)" = "key ${pair#*=}" ] || fail "stale: $(row 3) after $pair"
done
press Q
ended 3

# A program that says nothing of its frames is not taken for idle.
program 24 80 "$sample" mute
hasty
refused 'no frame came after the last input' see Sample
refused 'no frame came' gone anything
refused 'no frame came' see-busy Sample
demand kill
patient
program 24 80 "$sample" wrong
refused 'the program said of a frame: nonsense' see Sample
demand kill

# An arrow key whose bytes come apart: one key when the rest comes in time, three when it does not.
with ESCDELAY=3000
program 24 80 "$sample"
see Sample
demand bytes 1b 4f 41
see KEY_UP
demand bytes 1b4f42
see KEY_DOWN
press Q
ended 3
with ESCDELAY=25
program 24 80 "$sample"
see Sample
demand slow 4000 1b 5b41 # by then it has looked at its clock, however busy the machine
see 'key A'
see 'typed [A'
press Esc
see 'key ^['
refused 'HEX' bytes 1
refused 'HEX' bytes ''
refused 'MS HEX' slow 1b

# Sizes. The same size again is no news, and must not be waited for.
resize 10 40
see 'size 10 x 40'
see 'key resize'
resize 10 40
see 'size 10 x 40'
[ "$(row -1)" = '' ] || fail "row -1: $(row -1)"
refused 'ROWS COLUMNS' resize 0 10
n=0
while [ $n -lt 100 ]; do
	n=$((n + 1))
	resize $((n % 40 + 1)) $((n * 3 % 200 + 1))
done
idle
for size in '1 1' '300 100' '2 3' '1 200' '50 1' '24 80'; do
	resize $size
	idle
done
see 'size 24 x 80'
press Q
ended 3
restored
with ESCDELAY

# Programs that know nothing of frames; what is in their environment; a long paste without brackets; the terminal's answers.
plain_program 6 60 sh -c 'echo "$TERM $LC_ALL $TZ ${LINES-none} ${COLUMNS-none} ${NO_COLOR-none} ${PENSTOCK_SCREEN_FD-none}"; stty size; read -r line; printf "got %s\n" "$line"; cat'
see 'xterm-256color C.UTF-8 UTC none none none none'
see '6 60'
typed 'a  b\\c\r'
see 'got a  b\\c'
paste 'x\n'
see x
demand kill
with 'NO_COLOR=yes, no'
with TERM=vt100
plain_program 6 60 sh -c 'echo "$TERM [$NO_COLOR]"' 'an argument' ''
see 'vt100 [yes, no]'
ended 0
with NO_COLOR
with TERM=xterm-256color
plain_program 6 60 printf '[%s]' 'a  b' '' 'c\d'
see '[a  b][][c\\d]'
ended 0
plain_program 6 60 sh -c 'was=$(stty -g); stty raw -echo; printf "\033[6n"; dd bs=1 count=6 2> /dev/null | od -c | head -n 1; stty "$was"'
see '033   [   1   ;   1   R'
ended 0
restored
long=$(printf '%02000d' 7)
plain_program 6 60 sh -c 'was=$(stty -g); stty raw -echo; echo ready; dd bs=1000 iflag=fullblock count=20 2> /dev/null | cksum; stty "$was"'
see ready
paste "$long$long$long$long$long$long$long$long$long$long"
ended 0
sum=$(printf '%s' "$long$long$long$long$long$long$long$long$long$long" | cksum)
see "$sum"

# Wide and combining characters take their columns; half of a wide one shows.
printf 'a\346\227\245b e\314\201\314\261 x\r\n\346\227\245\b!|\r\n' > "$work/text"
plain_program 6 60 cat "$work/text"
see "$(printf 'a\346\227\245b e\314\201\314\261 x')"
[ "$answer" = '1 1' ] || fail "found at $answer"
see 'x'
[ "$answer" = '1 8' ] || fail "found at $answer"
[ "$(row 2)" != '日|' ] || fail 'a half character does not show'
ended 0

# A second terminal beside the first.
terminal 2
program 10 40 "$sample"
see 'size 10 x 40'
terminal 1
program 12 50 "$sample"
see 'size 12 x 50'
terminal 2
press Q
ended 3
terminal 1
press Q
ended 3
