#!/bin/sh
# The command line itself: words, options, help, what goes where.
. "$top_srcdir/tests/scenario/lib.sh"

expect 2 penstock acount
says 'did you mean `account`?'
expect 2 penstock rnu
says 'did you mean `run`?'
expect 2 penstock account lst
says 'did you mean `account list`?'
expect 2 penstock account
says 'needs another word'
expect 2 penstock account list --jsno
says 'did you mean --json?'
# A shortened option is no option.
expect 2 penstock fields x --refr
says 'did you mean --refresh?'
expect 2 penstock fields x --search
says '--search needs a value'
expect 2 penstock account list --json=yes
says '--json takes no value'
expect 2 penstock account list -x
says 'there is no option -x here'
expect 2 penstock account show
says 'needs more: NAME'
expect 2 penstock account show one two
says 'two'
expect 2 penstock run x --path bulk
says 'choose auto or sync'
# What is built later is no command and no option yet.
for words in verify resync adopt retry pause migrate export apply 'mapping diff' \
	'dataflow create x --engine local' 'sandbox --fault x'; do
	# shellcheck disable=SC2086
	expect 2 penstock $words --json
	holds '.error.code == "usage"'
done
# ux 30: no terminal, no console: one line, and 2.
expect 2 penstock < /dev/null
says 'penstock help'
[ "$(grep -c . "$work/err")" -le 2 ] || fail 'that is more than a line and a hint'

expect 0 penstock --version
grep -q '^penstock [0-9]' "$work/out" || fail 'no version'
for words in --help -h help 'help run' 'run --help' 'account --help' 'account -h' 'account create -h'; do
	# shellcheck disable=SC2086
	expect 0 penstock $words
	grep -q '^Usage: penstock' "$work/out" || fail "no help: $words"
	[ ! -s "$work/err" ] || fail "help goes to standard output: $words"
done
expect 2 penstock help rnu

# Global options stand before, between and after the words.
for words in '--json account list' 'account --json list' 'account list --json'; do
	# shellcheck disable=SC2086
	expect 0 penstock $words
	holds '.accounts == []'
done
other="$work/other folder/p.db"
expect 0 penstock --db "$other" status
[ -f "$other" ] || fail '--db was not heeded'
[ "$(stat -c %a "$other")" = 600 ] && [ "$(stat -c %a "$work/other folder")" = 700 ] || fail 'the store is open to others'
unset PENSTOCK_DB
expect 0 env XDG_DATA_HOME="$work/xdg" "$PENSTOCK" status
[ -f "$work/xdg/penstock/penstock.db" ] || fail 'XDG_DATA_HOME was not heeded'
expect 0 penstock status
[ -f "$HOME/.local/share/penstock/penstock.db" ] || fail 'the default place was not taken'
export PENSTOCK_DB="$work/store/penstock.db"

# --read-only refuses before anything is asked or read.
for words in 'account create x --munchkin-id 1 --client-id 2' 'account delete x' 'destination update x' 'mapping set x a=b' 'mapping clear x' \
	'dataflow delete x' 'dataflow enable x' 'plan x' 'run x'; do
	# shellcheck disable=SC2086
	expect 4 penstock --read-only $words --json
	holds '.error.code == "read_only"'
done

# An answer that cannot be written is a failure.
if [ -w /dev/full ]; then
	"$PENSTOCK" account list --json > /dev/full 2> "$work/err" && fail 'written to a full disk'
	says 'cannot write the answer'
fi
{ "$PENSTOCK" help 2> "$work/err" || echo $? > "$work/status"; } | true
[ ! -f "$work/status" ] || [ "$(cat "$work/status")" = 1 ] || fail 'a closed pipe has another status'

# ASCII where the locale has nothing else.
LC_ALL=C expect 2 penstock rnu
says '  -> did you mean'
