#!/bin/sh
# Every translation is complete: nothing missing, nothing fuzzy, formats that fit, and every text of the source is there.
set -eu
command -v msgfmt > /dev/null && command -v xgettext > /dev/null || {
	echo "gettext's tools are not installed"
	exit 77
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$top_srcdir"
xgettext --from-code=UTF-8 --language=C --keyword=_ --keyword=N_ --force-po --files-from=po/POTFILES.in --output="$work/all.pot"
sed -i "s/charset=CHARSET/charset=UTF-8/" "$work/all.pot"
while read -r language; do
	msgfmt --check --check-format --statistics -o /dev/null "po/$language.po" 2> "$work/says" || {
		cat "$work/says"
		exit 1
	}
	if grep -Eq 'fuzzy|untranslated' "$work/says"; then
		cat "$work/says"
		exit 1
	fi
	# What stands in quotes that str_add_told does not know could not be pasted.
	msgattrib --no-obsolete --no-wrap "po/$language.po" | awk '
		/^msgid "/ { wanted = gsub(/`penstock /, "&"); id = $0 }
		/^msgstr "/ && gsub(/`penstock |« penstock /, "&") < wanted { print "po/'"$language"'.po quotes a command in its own way: " id; bad = 1 }
		END { exit bad }'
	msgcmp "po/$language.po" "$work/all.pot" || {
		echo "po/$language.po lacks texts of the source: run tools/update-po and translate them"
		exit 1
	}
done < po/LINGUAS
