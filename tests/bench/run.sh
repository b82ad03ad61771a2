#!/bin/sh
# One large run against the practice Marketo without its limits: our own processor time and the most memory held, against the figures that
# are promised (at most 5 CPU seconds a million profiles, under 64 MB). A second run of the same feed must write nothing.
set -eu
profiles=${1:-1000000}
work=$(mktemp -d)
trap 'kill "$sandbox" 2> /dev/null || true; rm -rf "$work"' EXIT
sandbox=

export HOME="$work" XDG_DATA_HOME="$work/data" PENSTOCK_DB="$work/data/bench.db"
mkdir -p "$work/data"
chmod 700 "$work/data"

LC_ALL=C awk -v profiles="$profiles" 'BEGIN {
	for (n = 1; n <= profiles; n++)
		printf "{\"person\":{\"name\":{\"firstName\":\"First%d\",\"lastName\":\"Last%d\"}},\"mobilePhone\":{\"number\":\"+1 202-555-01%02d\"}," \
			"\"homeAddress\":{\"city\":\"City%d\"},\"segmentMembership\":{\"ups\":{\"11111111-2222-4333-8444-555555555555\":" \
			"{\"lastQualificationTime\":\"2024-05-01T08:00:00Z\",\"status\":\"realized\",\"name\":\"Bench\"}}}," \
			"\"identityMap\":{\"Email\":[{\"id\":\"person.%d@example.com\"}]}}\n", n, n, n % 100, n % 1000, n * 7919 % 99999989
}' > "$work/feed.ndjson"

mkfifo "$work/first"
"$PENSTOCK" sandbox --no-limits > "$work/first" 2> "$work/sandbox.log" &
sandbox=$!
read -r greeting < "$work/first"
tell() {
	printf '%s\n' "$greeting" | jq -r "$1"
}
export PENSTOCK_CLIENT_SECRET="$(tell .client_secret)"
url=$(tell .url)

quietly() {
	"$@" > "$work/out" 2>&1 || {
		status=$?
		cat "$work/out" >&2
		exit "$status"
	}
}
quietly "$PENSTOCK" account create bench --munchkin-id "$(tell .munchkin_id)" --client-id "$(tell .client_id)" \
	--endpoint "$url/rest" --identity "$url/identity" --calls-per-20s 100000 --concurrent 8 --daily-calls 10000000
folder=$("$PENSTOCK" --json folders bench | jq -r '[.folders[].id][0]')
quietly "$PENSTOCK" destination create bench --account bench --person-creation match-and-create --list-folder "$folder"
quietly "$PENSTOCK" mapping set bench identityMap.Email=email person.name.firstName=firstName person.name.lastName=lastName \
	mobilePhone.number=mobilePhone homeAddress.city=city
quietly "$PENSTOCK" dataflow create bench --destination bench --source "$work/feed.ndjson" --audience Bench

one_run() {
	"$top_builddir/tests/tools/measure" "$work/took" "$PENSTOCK" --json --quiet run bench > "$work/answer" || {
		status=$?
		cat "$work/answer" >&2
		exit "$status"
	}
	read -r wall cpu peak < "$work/took"
	printf '%s: %s profiles, %s s, %s CPU s, %s KiB at most, %s calls\n' "$1" "$profiles" "$wall" "$cpu" "$peak" \
		"$(jq -r .run.calls "$work/answer")"
}
one_run 'first run'
first="$cpu $peak"
one_run 'same feed again'

printf '%s\n' "$first $profiles $(jq -r '.run.activated' "$work/answer")" | awk '{
	million = $1 * 1000000 / $3
	printf "%.2f CPU s a million profiles (at most 5), %.1f MB (below 64)\n", million, $2 / 1024
	if ($4 != 0)
		print "the second run activated " $4 " records"
	exit million > 5 || $2 >= 65536 || $4 != 0
}'
