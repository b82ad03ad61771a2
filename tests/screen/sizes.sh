#!/bin/sh
# Each screen at three sizes, with and without UTF-8: tests/screen/golden/sizes-*. What is left of it without colour is in *.looks.
# ux 1: eight hints. ux 24, 26: without colours and in ASCII. ux 27: full at 80x24, folded at 60x16.
. "$top_srcdir/tests/screen/wizard_lib.sh"
SANDBOX="$top_builddir/tests/tools/sandbox_main" sandbox_start --no-limits --client-id 01234567-89ab-cdef-0123-456789abcdef
{
	message p1@example.com a1 realized
	message p2@example.com a2 realized
} > "$work/feed.ndjson"
cd "$work" # paths of this test are short, and always the same

# seen NAME: the screen at hand, in all sizes or its looks.
seen() {
	if [ "$set" = plain ]; then
		golden_looks "sizes-$1"
		return
	fi
	for size in '16 60' '43 132' '24 80'; do
		resize $size
		idle
		[ "$(row -1 | awk -F '  +' '{ print NF }')" -le 8 ] || fail "more than eight hints: $answer"
		golden "sizes-$1-$set-${size#* }" 's/[0-9]+ ms/N ms/; s/ +(N ms)/ \1/' 's/valid for [0-9]+ s/valid for N s/' '/Records\/s|Last 20 s|Latency/d'
	done
}
walk() {
	set=$1
	shift
	export PENSTOCK_DB="$work/$set/penstock.db"
	with PENSTOCK_DB="$PENSTOCK_DB"
	rm -rf "$work/store"
	console 24 80 "$@"
	see 'Set up'
	seen empty
	answers sizes
	feed=feed.ndjson
	press n
	see '1 of 6'
	seen new
	connect_fields "$url"
	press Ctrl-t
	see 'The connection works'
	seen connect
	press Ctrl-n
	details_shown
	press ]
	source_fields
	press Space
	seen audiences
	press ]
	see '5 of 6'
	gone 'asking Marketo'
	press A
	see 'accepted'
	seen mapping
	press ]
	see 'penstock run'
	seen review
	press L
	see Cancel
	seen launch
	press Left Enter
	see 'The run has ended'
	seen monitor
	press q
	see 'Home'
	seen home
	press ?
	see 'Keys that work here'
	seen help
	press Esc q
	ended 0
	restored
}
details_shown() {
	see '2 of 6'
	typed "$name" && press Tab Tab Tab Tab Tab Tab Tab
	picked Audiences Audiences
	seen details
	press Ctrl-n
	see '3 of 6'
	seen governance
}
walk utf8
walk ascii --ascii
with NO_COLOR=1
walk plain
