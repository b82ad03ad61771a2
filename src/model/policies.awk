# Turns data/policies into rows of C tables: ACTION(name, displayed) and POLICY(name, actions, deny).

function trim(text) {
	gsub(/^[ \t]+|[ \t]+$/, "", text)
	if (text ~ /["\\]/) {
		print "policies: a text may not hold a quote or a backslash: " text > "/dev/stderr"
		failed = 1
		exit 1
	}
	return text
}

BEGIN {
	FS = "|"
}

/^[ \t]*(#|$)/ {
	next
}

{
	sub(/\r$/, "")
}

$1 == "action" && NF == 3 {
	printf "ACTION(\"%s\", \"%s\")\n", trim($2), trim($3)
	next
}

$1 == "policy" && NF == 4 {
	printf "POLICY(\"%s\", \"%s\", \"%s\")\n", trim($2), trim($3), trim($4)
	next
}

{
	print "policies: not a row: " $0 > "/dev/stderr"
	failed = 1
	exit 1
}
