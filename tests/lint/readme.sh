#!/bin/sh
# README shows the screens as they are.
set -eu
"$top_srcdir/tools/update-readme" --check || {
	echo 'README shows other screens than tests/screen/golden: run tools/update-readme'
	exit 1
}
