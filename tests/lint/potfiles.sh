#!/bin/sh
# po/POTFILES.in lists exactly the files with text for an operator.
set -eu
list=$(mktemp)
trap 'rm -f "$list"' EXIT
sh "$top_srcdir/tools/potfiles" "$top_srcdir" > "$list"
diff -u "$top_srcdir/po/POTFILES.in" "$list" || {
	echo "po/POTFILES.in is not up to date: run tools/update-po"
	exit 1
}
