#!/bin/sh
# Form of the source text: no line over the columns below (a tab reaches to the next eighth), and no path that only one machine has.
set -eu
cd "$top_srcdir"
find src tests tools data -type f \( -name '*.[ch]' -o -name '*.sh' -o -name '*.mk' -o -name '*.awk' \) | LC_ALL=C sort |
	LC_ALL=C xargs awk -v allowed="${PENSTOCK_COLUMNS:-200}" '
function complain(text) {
	print FILENAME ":" FNR ": " text
	wrong++
}
# Characters, not bytes: continuation bytes of UTF-8 do not count.
function columns(line,    parts, count, i, width) {
	gsub(/[\200-\277]/, "", line)
	count = split(line, parts, "\t")
	width = 0
	for (i = 1; i <= count; i++) {
		width += length(parts[i])
		if (i < count)
			width += 8 - width % 8
	}
	return width
}
length($0) > allowed / 8 && columns($0) > allowed {
	complain("the line has " columns($0) " columns, " allowed " are allowed")
}
/(^|[^A-Za-z0-9_.$})])\/(home|Users|root|work)\/[A-Za-z]/ {
	complain("the path names a place on one machine")
}
END {
	exit wrong > 0
}'
