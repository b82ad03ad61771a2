#!/bin/sh
# The include lines of src/ against tests/lint/rooms: a room includes what the table allows, a library is known to one room, and the table
# itself goes one way only, so there can be no cycle.
set -eu
cd "${top_srcdir:-.}"
find src -name '*.[ch]' | LC_ALL=C sort | xargs awk '
FILENAME == "tests/lint/rooms" {
	if (/^#/ || NF == 0)
		next
	if (sub(/!$/, "", $1)) {
		keeper[$1] = $2
		next
	}
	sub(/:$/, "", $1)
	for (i = 2; i <= NF; i++) {
		if (!($i in known))
			complain("tests/lint/rooms", $1 " may include " $i ", which does not stand above it")
		allowed[$1, $i] = 1
	}
	known[$1] = allowed[$1, $1] = 1
	next
}
/^[ \t]*#[ \t]*include[ \t]/ {
	split(FILENAME, path, "/")
	room = path[2]
	target = $0
	gsub(/^[^"<]*["<]|[">].*$/, "", target)
	where = FILENAME ":" FNR
	seen++
	if (!(room in known))
		complain(where, "room " room " is not in tests/lint/rooms")
	else if ($0 ~ /</) {
		kept = target
		if (!(kept in keeper))
			sub(/\/.*$/, "/", kept)
		if ((kept in keeper) && keeper[kept] != room)
			complain(where, "<" target "> belongs to " keeper[kept] "/ only")
	} else {
		sub(/\/.*$/, "", target)
		if (!(target in known))
			complain(where, "write the include from src/: \"" target "\" is no room")
		else if (!((room, target) in allowed))
			complain(where, room "/ may not include from " target "/")
	}
}
function complain(where, text) {
	print where ": " text
	wrong++
}
END {
	if (seen == 0)
		complain("src", "no include line was found")
	exit wrong > 0
}' tests/lint/rooms
