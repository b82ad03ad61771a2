# What every test of the console begins with, on top of tests/scenario/lib.sh: a pseudo-terminal whose screen is read back (driver.c).
#
# A test is one short file NAME.sh, and one line in screen.mk:
#
#	#!/bin/sh
#	# What it shows.
#	. "$top_srcdir/tests/screen/lib.sh"
#	console 24 80
#	see 'Marketo V2'
#	press Down Enter
#	golden catalog
#	press q
#	ended 0
#	restored
#
# Texts are taken as driver.c takes them: \n is a newline, \\ a backslash (words.h). Nothing here sleeps: see, gone and idle wait for a frame
# that the program has finished after the last input. PENSTOCK_GOLDEN=write make check TESTS=tests/screen/NAME.sh writes the goldens anew.

# The watchdog: whatever hangs ends here. The driver ends by itself a little before, and then shows the screen. A test that needs longer sets
# screen_seconds before it reads this file.
: "${screen_seconds:=580}"
if [ -z "${PENSTOCK_WATCHED-}" ]; then
	PENSTOCK_WATCHED=yes exec timeout -k 5 "$screen_seconds" sh "$0" "$@"
fi
unset PENSTOCK_WATCHED
. "$top_srcdir/tests/scenario/lib.sh"
goldens=$top_srcdir/tests/screen/golden
terminal=1 drivers= broken=

# Three terminals at most, each with its driver: to it 3, 5, 7, from it 4, 6, 8.
screen_cleanup() {
	test_status=$?
	# Servers of broken_main, where a test has any.
	end_ours TERM $broken
	exec 3>&- 4<&- 5>&- 6<&- 7>&- 8<&-
	# Each ends when nobody can command it any more.
	for driver in $drivers; do
		wait "$driver" || test_status=1
	done
	cleanup
	exit "$test_status"
}
trap screen_cleanup EXIT

driver_start() {
	mkfifo "$work/to.$terminal" "$work/from.$terminal"
	"$top_builddir/tests/screen/driver" $((screen_seconds - 10)) < "$work/to.$terminal" > "$work/from.$terminal" 3>&- 4<&- 5>&- 6<&- 7>&- 8<&- &
	drivers="$drivers $!"
	case $terminal in
	1) exec 3> "$work/to.1" 4< "$work/from.1" ;;
	2) exec 5> "$work/to.2" 6< "$work/from.2" ;;
	3) exec 7> "$work/to.3" 8< "$work/from.3" ;;
	esac
}

# terminal N: the words below are about the terminal N (1, 2 or 3) from now on.
terminal() {
	terminal=$1
}

# One command of the driver; what it says behind "ok" or "failed" goes to $answer. False when it failed.
screen() {
	case $* in
	*"
"*) fail "a command is one line: $*" ;;
	esac
	[ -p "$work/to.$terminal" ] || driver_start
	case $terminal in
	1) printf '%s\n' "$*" >&3 && IFS= read -r answer <&4 ;;
	2) printf '%s\n' "$*" >&5 && IFS= read -r answer <&6 ;;
	3) printf '%s\n' "$*" >&7 && IFS= read -r answer <&8 ;;
	esac || fail "the driver has gone: $*"
	case $answer in
	ok*) answer=${answer#ok} answer=${answer# } ;;
	*) answer=${answer#failed} answer=${answer# } && return 1 ;;
	esac
}
demand() {
	screen "$@" || fail "$answer: $*"
}

# Words of a command line in the driver's form, for arguments with blanks, backslashes or nothing in them.
quoted() {
	for word; do
		[ -n "$word" ] || word='\z'
		case $word in
		'\z') printf ' %s' "$word" ;;
		*[\\\ ]*) printf ' %s' "$(printf '%s' "$word" | sed 's/[\\ ]/\\&/g')" ;;
		*) printf ' %s' "$word" ;;
		esac
	done
}

# console ROWS COLUMNS [ARG...]: penstock. plain_program: one that tells nothing of its frames; program: one that does.
console() {
	console_rows=$1 console_columns=$2
	shift 2
	program "$console_rows" "$console_columns" "$PENSTOCK" "$@"
}
program() {
	demand "start$(quoted "$@")"
	process=$answer
}
plain_program() {
	demand "start-plain$(quoted "$@")"
	process=$answer
}

# with NAME=VALUE or with NAME (away with it): for the programs started after it, in this terminal.
with() {
	demand "environment$(quoted "$1")"
}

press() { demand press "$@"; }
typed() { demand type "$1"; }
paste() { demand paste "$1"; }
resize() { demand resize "$@"; }
see() { demand see "$1"; }
gone() { demand gone "$1"; }
see_busy() { demand see-busy "$1"; }
idle() { demand idle; }

# The program ends with this status ("signal N").
ended() {
	demand wait
	[ "$answer" = "$1" ] || fail "the program has ended with $answer, not $1"
}
# After Ctrl-Z, and when it goes on: keys wait for its first frame, since until then the terminal is in the shell's mode.
stopped() { demand stopped; }
continued() {
	demand continue
	demand idle
}
restored() { demand restored; }
# Nothing of what it wrote came from outside. [bell] [title] [clipboard]: it may.
harmless() { demand hostile "$@"; }

# row N: prints it. -1 is the last one.
row() {
	demand row "$1"
	printf '%s\n' "$answer"
}
# cursor_at ROW COLUMN
cursor_at() {
	demand cursor
	[ "${answer% *}" = "$1 $2" ] || fail "the cursor is at $answer, not $1 $2"
}
# looks ROW COLUMN ATTRIBUTES: "plain", "bold reverse fg=2", ...
looks() {
	demand attributes "$1" "$2"
	[ "$answer" = "$3" ] || fail "row $1 column $2 is $answer, not $3"
}
# within MS: the frame after the last input was there in that time.
within() {
	demand elapsed
	[ "$answer" -le "$1" ] || fail "it took $answer ms, $1 are allowed"
}

# soon, after each of several keys: 100 ms are promised, which a busy machine may stretch. What waits for an answer, or for a name, waits for ten seconds and more.
quickest=5000 slowest=0
soon() {
	within 5000
	[ "$answer" -ge "$quickest" ] || quickest=$answer
	[ "$answer" -le "$slowest" ] || slowest=$answer
}
# were_soon WHAT: no machine is so busy all the time.
were_soon() {
	echo "$1: $quickest to $slowest ms"
	[ "$quickest" -le 100 ] || fail "$1: never within 100 ms"
}

# What changes from one run to the next: times, dates, versions, ports, and the test's folder with the blanks after it.
masked() {
	sed -E -e "s#${work}[^ │|]* *#WORK #g" \
		-e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}/YYYY-MM-DD/g' -e 's/[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?/HH:MM:SS/g' -e 's/[0-9]{2}:[0-9]{2}Z/HH:MMZ/g' \
		-e 's/(127\.0\.0\.1|localhost):[0-9]+/\1:PORT/g' -e 's/(penstock )[0-9]+\.[0-9]+\.[0-9]+[^ ]*/\1VERSION/g' "$@" -e 's/ +$//'
}

compare_golden() {
	if [ "${PENSTOCK_GOLDEN-}" = write ]; then
		cat "$work/seen" > "$goldens/$1"
		return 0
	fi
	[ -f "$goldens/$1" ] || fail "there is no golden $1; PENSTOCK_GOLDEN=write makes it. It would be: $(cat "$work/seen")"
	diff -u "$goldens/$1" "$work/seen" || fail "the screen is not as in tests/screen/golden/$1"
}

# settled NAME TAKE: takes what is seen, and again for a while as long as it is another: the last bytes of a frame may still be on their way through the terminal.
settled() {
	looks=0
	while :; do
		idle
		"$2"
		[ "${PENSTOCK_GOLDEN-}" != write ] && [ -f "$goldens/$1" ] && [ $looks -lt 20 ] && ! cmp -s "$goldens/$1" "$work/seen" || break
		looks=$((looks + 1))
		sleep 0.1
	done
	compare_golden "$1"
}

# golden NAME [SED...]: the idle screen is as in golden/NAME.txt. Further sed expressions mask or leave out what else changes.
golden() {
	golden=$1
	shift
	: > "$work/masks"
	[ $# -eq 0 ] || printf '%s\n' "$@" > "$work/masks"
	settled "$golden.txt" take_text
}
take_text() {
	demand "dump$(quoted "$work/dump")"
	masked -f "$work/masks" < "$work/dump" > "$work/seen"
}

# golden_looks NAME: its attributes are as in golden/NAME.looks, one line for each stretch that is not plain.
golden_looks() {
	settled "$1.looks" take_looks
}
take_looks() {
	demand "attrs$(quoted "$work/seen")"
}
