# Turns data/namespaces (code|name|alias,alias..) into the rows of a C table: {"word", "code"}, one for every word a namespace is known by.

function row(word, code) {
	gsub(/^[ \t]+|[ \t]+$/, "", word)
	if (word == "")
		return
	if (word ~ /["\\]/) {
		print "namespaces: a name may not hold a quote or a backslash: " word > "/dev/stderr"
		exit 1
	}
	printf "\t{\"%s\", \"%s\"},\n", word, code
}

BEGIN {
	FS = "|"
}

/^[ \t]*(#|$)/ {
	next
}

{
	sub(/\r$/, "")
	code = $1
	gsub(/^[ \t]+|[ \t]+$/, "", code)
	row(code, code)
	if (tolower($2) != tolower(code))
		row($2, code)
	count = split($3, alias, ",")
	for (i = 1; i <= count; i++)
		row(alias[i], code)
}
