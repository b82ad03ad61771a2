#!/bin/sh
# Small rules of the house that a compiler does not know: white space and notes to self.
set -eu
cd "$top_srcdir"
wrong=0
complain() {
	printf '%s\n' "$2" | sed "s/^/$1: /"
	wrong=1
}
files=$(find src tests data tools po configure.ac Makefile.am bootstrap README -type f ! -name '*.po' ! -name '*.json' ! -name '*.ndjson')
found=$(printf '%s\n' "$files" | tr '\n' '\0' | xargs -0 grep -nE '[ 	]+$' /dev/null | head -20 || true)
[ -z "$found" ] || complain 'white space at the end of a line' "$found"
found=$(find src tests -name '*.[ch]' -print0 | xargs -0 grep -nwE 'TO[D]O|FIX[M]E|X[X]X|HA[C]K' /dev/null | head -20 || true)
[ -z "$found" ] || complain 'a note to self' "$found"
exit $wrong
