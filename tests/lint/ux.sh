#!/bin/sh
# Each rule of the console standard has a test that says so: `ux N` in a comment of a test that make knows (or of a measurement, where the rule is about time). With --table the
# rules and their tests. Rule 29 is about the cursor here; the numbered, append-only face is not there.
set -eu
cd "$top_srcdir"
rules=32
table=$(mktemp)
trap 'rm -f "$table"' EXIT
find tests -name '*.sh' ! -path 'tests/lint/*' -o -path 'tests/unit/*.c' | sort | tr '\n' '\0' | xargs -0 -r grep -nE '(#|/\*).*\<ux [0-9]+' /dev/null |
	awk -F: '{
		rest = substr($0, length($1 $2) + 3)
		while (match(rest, /ux [0-9]+(, [0-9]+)*/)) {
			count = split(substr(rest, RSTART + 3, RLENGTH - 3), numbers, ", ")
			for (i = 1; i <= count; i++)
				print numbers[i] "\t" $1 ":" $2
			rest = substr(rest, RSTART + RLENGTH)
		}
	}' | sort -n > "$table"
wrong=0
rule=1
while [ $rule -le $rules ]; do
	grep -q "^$rule	" "$table" || {
		echo "rule $rule of the console has no test: write \"ux $rule\" in the one that holds it"
		wrong=1
	}
	rule=$((rule + 1))
done
for test in $(cut -f 2 "$table" | cut -d : -f 1 | sort -u); do
	grep -qF "${test%.c}" tests/*/*.mk || {
		echo "$test holds a rule, and nothing runs it"
		wrong=1
	}
done
[ "${1-}" != --table ] || cat "$table"
exit $wrong
