#!/bin/sh
# Can the lints fail? A small tree passes them all; then one thing at a time goes wrong in it, and the right lint must say so.
set -eu
lints=$top_srcdir/tests/lint
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT

plant() {
	rm -rf "$tree"/*
	mkdir -p "$tree/src/base" "$tree/src/net" "$tree/tests/lint" "$tree/data" "$tree/tools" "$tree/po"
	for file in configure.ac Makefile.am bootstrap README; do : > "$tree/$file"; done
	cat "$lints/rooms" > "$tree/tests/lint/rooms" # not cp: the source may be read-only, its copy must not be
	printf '#include "base/a.h"\n\n#include <cjson/cJSON.h>\n' > "$tree/src/base/a.c"
	printf 'int a(void);\n' > "$tree/src/base/a.h"
	printf '#include "base/a.h"\n#include "loop/loop.h"\n\n#include <curl/curl.h>\n' > "$tree/src/net/b.c"
}

# lint, what it must say (nothing: it must pass)
expect() {
	if says=$(top_srcdir=$tree PENSTOCK_COLUMNS=60 sh "$lints/$1" 2>&1); then passed=yes; else passed=no; fi
	case $passed,$2 in
	yes,) return ;;
	no,?*) case $says in *"$2"*) return ;; esac ;;
	esac
	printf '%s: expected "%s", passed: %s, it says:\n%s\n' "$1" "$2" "$passed" "$says"
	exit 1
}

plant
expect rooms.sh ''
expect text.sh ''
expect style.sh ''

plant
printf '#include "net/net.h"\n' >> "$tree/src/base/a.c"
expect rooms.sh 'src/base/a.c:4: base/ may not include from net/'
plant
printf '  #  include\t"store/store.h"\n' >> "$tree/src/net/b.c"
expect rooms.sh 'src/net/b.c:5: net/ may not include from store/'
plant
printf '#include "a.h"\n' >> "$tree/src/base/a.c"
expect rooms.sh '"a.h" is no room'
plant
printf '#include "../net/net.h"\n' >> "$tree/src/base/a.c"
expect rooms.sh '".." is no room'
plant
mkdir "$tree/src/attic"
printf '#include "base/a.h"\n' > "$tree/src/attic/c.c"
expect rooms.sh 'room attic is not in'
plant
printf '#include <cjson/cJSON.h>\n' >> "$tree/src/net/b.c"
expect rooms.sh '<cjson/cJSON.h> belongs to base/ only'
plant
printf '#include <curl/multi.h>\n' >> "$tree/src/base/a.h"
expect rooms.sh '<curl/multi.h> belongs to net/ only'
for header in sqlite3.h sodium.h microhttpd.h pthread.h getopt.h ncurses.h; do
	plant
	printf '#include <%s>\n' "$header" >> "$tree/src/base/a.c"
	expect rooms.sh "<$header> belongs to"
done
plant
sed 's/^base:$/base: net/' "$lints/rooms" > "$tree/tests/lint/rooms"
expect rooms.sh 'base may include net, which does not stand above it'
plant
rm "$tree"/src/*/*
printf 'int a;\n' > "$tree/src/base/a.c"
expect rooms.sh 'no include line was found'

plant
printf 'int a; \n' >> "$tree/src/base/a.c"
expect text.sh 'white space at the end of a line'
plant
printf '/* %s: later */\n' TO''DO >> "$tree/src/base/a.c"
expect text.sh 'a note to self'

plant
awk 'BEGIN { for (i = 0; i < 6; i++) printf "\t"; print "1234567890123" }' >> "$tree/src/base/a.c"
expect style.sh 'the line has 61 columns'
plant
awk 'BEGIN { for (i = 0; i < 6; i++) printf "\t"; print "\303\25123456789012" }' >> "$tree/src/base/a.c"
expect style.sh ''
plant
printf 'const char *path = "/%s/name/data";\n' home >> "$tree/src/base/a.c"
expect style.sh 'one machine'
plant
mkdir "$tree/tests/unit"
awk 'BEGIN { for (rule = 1; rule <= 32; rule++) printf "/* ux %d: held */\n", rule }' > "$tree/tests/unit/test_a.c"
echo 'TESTS += tests/unit/test_a' > "$tree/tests/unit/a.mk"
expect ux.sh ''
sed 's/ux 17: held/ux 18, 19/' "$tree/tests/unit/test_a.c" > "$tree/tests/unit/test_b.c"
rm "$tree/tests/unit/test_a.c"
expect ux.sh 'rule 17 of the console has no test'
expect ux.sh 'test_b.c holds a rule, and nothing runs it'
echo "every lint passes what is right and refuses what is wrong"
