#!/bin/sh
# What a program must not write: each must be found, and what curses writes must not.
. "$top_srcdir/tests/screen/harness_lib.sh"

# writes TEXT (for printf): a program that writes just this. An idle sh would add what it likes.
writes() {
	printf "$1" > "$work/text"
	plain_program 5 40 cat "$work/text"
	ended 0
}
for text in 'plain text\r\n' 'tab\there\b\b' 'h\303\251llo \346\227\245\346\234\254 e\314\201 \342\224\200' \
	'\033[1;3H\033[2J\033[K\033[31;1m\033[38;5;200m\033[m\033(B\033[?25l\033[?12l\033[?25h' \
	'\033[?1049h\033[22;0;0t\033[1;24r\033[4l\033[?7h\033[?1h\033=\033[?2004h\033[?1006;1000h' \
	'\033[?2004l\033[?1l\033>\033[?1049l\033[23;0;0t-\033[79b\0337\0338\033M'; do
	writes "$text"
	harmless
done
for text in '\033]52;c;aGVsbG8=\007' '\033]0;title\007' '\033]8;;http://example.com\033\\' '\033]104\007' '\033]4;1;rgb:00/00/00\033\\' \
	'\033P+q544e\033\\' '\033_x\033\\' '\033^x\033\\' '\033[6n' '\033[c' '\033[?5h' '\033[?1049s' '\033[8;1;1t' '\033[5i' '\033[99999A' '\033[1;2;3H' \
	'\033c' '\033#8' '\033[!p' '\033[1 q' '\033' '\033[' '\033[1' '\007' '\016' '\177' '\000' '\001' '\205' '\302\205' '\302\233' '\233' \
	'\300\200' '\340\200\200' '\355\240\200' '\364\220\200\200' '\303' '\377' '\342\200\256' '\342\200\216' '\342\201\246' '\330\234' \
	'\342\200\213' '\342\200\215' '\342\201\240' '\357\273\277' '\342\200\250'; do
	writes "before $text"
	refused 'at byte 7:' hostile
done

# What a test may allow, in its right form only.
writes '\033]52;c;aGVsbG8=\007\033]2;a title\033\\\007'
harmless clipboard title bell
refused 'at byte 0:' hostile title bell
refused 'at byte 16:' hostile clipboard bell
refused 'at byte 29:' hostile clipboard title
writes '\033]52;c;a\033[2J\007'
refused 'at byte 0:' hostile clipboard
writes '\033]2;a\302\233b\007'
refused 'at byte 0:' hostile title
writes '\033]2;endless'
refused 'at byte 0:' hostile title

# All that curses writes is known, at any size; one key of the sample is not like that.
program 24 80 "$sample"
see Sample
for size in '24 80' '5 20' '60 200' '24 80'; do
	resize $size
	press Up Down x
	idle
done
harmless
press O
idle
refused '\x1b]52;c;aGVsbG8=\x07' hostile
harmless clipboard
press Q
ended 3
harmless clipboard
