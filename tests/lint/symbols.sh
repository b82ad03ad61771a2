#!/bin/sh
# No name is exported by two rooms. A linker only finds that when a program happens to need both files.
set -eu
command -v nm > /dev/null || {
	echo "nm is not installed"
	exit 77
}
twice=$(nm -A -g --defined-only "$top_builddir/libpenstock.a" 2> /dev/null | awk '
	NF >= 3 && $(NF - 1) ~ /^[A-Z]$/ {
		seen[$NF]++
		if (seen[$NF] == 2)
			print $NF
	}' | LC_ALL=C sort)
[ -z "$twice" ] || {
	echo 'these names are exported twice:'
	for name in $twice; do
		printf '%s:\n' "$name"
		grep -nE "^[a-z].*[ *]$name\(" -r "$top_srcdir/src" --include='*.c' || true
	done
	exit 1
}
