#!/bin/sh
# One large run against the practice Marketo without its limits: our own processor time and the most memory held, against the figures that
# are promised (at most 5 CPU seconds a million profiles, under 64 MB). A second run of the same feed must write nothing. Our own time is what
# penstock's code takes, with the C library and the kernel where it calls them; SQLite, libcurl and the like are told beside it. That takes perf.
set -eu
profiles=${1:-1000000}
work=$(mktemp -d)
sandbox=
trap 'kill "$sandbox" 2> /dev/null || true; rm -rf "$work"' EXIT
trap 'exit 129' HUP INT TERM
export HOME="$work" XDG_RUNTIME_DIR="$work"

LC_ALL=C awk -v profiles="$profiles" 'BEGIN {
	for (n = 1; n <= profiles; n++)
		printf "{\"person\":{\"name\":{\"firstName\":\"First%d\",\"lastName\":\"Last%d\"}},\"mobilePhone\":{\"number\":\"+1 202-555-01%02d\"}," \
			"\"homeAddress\":{\"city\":\"City%d\"},\"segmentMembership\":{\"ups\":{\"11111111-2222-4333-8444-555555555555\":" \
			"{\"lastQualificationTime\":\"2024-05-01T08:00:00Z\",\"status\":\"realized\",\"name\":\"Bench\"}}}," \
			"\"identityMap\":{\"Email\":[{\"id\":\"person.%d@example.com\"}]}}\n", n, n, n % 100, n % 1000, n * 7919 % 99999989
}' > "$work/feed.ndjson"

quietly() {
	"$@" > "$work/out" 2>&1 || {
		status=$?
		cat "$work/out" >&2
		exit "$status"
	}
}
tell() {
	printf '%s\n' "$greeting" | jq -r "$1"
}

# A Marketo, a store and a dataflow that have never seen anybody.
begin() {
	[ -z "$sandbox" ] || kill "$sandbox"
	rm -f "$work/first"
	mkfifo "$work/first"
	"$PENSTOCK" sandbox --no-limits > "$work/first" 2> "$work/sandbox.log" &
	sandbox=$!
	read -r greeting < "$work/first"
	PENSTOCK_CLIENT_SECRET=$(tell .client_secret)
	url=$(tell .url)
	export PENSTOCK_CLIENT_SECRET PENSTOCK_DB="$work/$1/penstock.db"
	quietly "$PENSTOCK" account create bench --munchkin-id "$(tell .munchkin_id)" --client-id "$(tell .client_id)" \
		--endpoint "$url/rest" --identity "$url/identity" --calls-per-20s 100000 --concurrent 8 --daily-calls 10000000
	quietly "$PENSTOCK" destination create bench --account bench --person-creation match-and-create --list-folder Audiences
	quietly "$PENSTOCK" mapping set bench identityMap.Email=email person.name.firstName=firstName person.name.lastName=lastName \
		mobilePhone.number=mobilePhone homeAddress.city=city
	quietly "$PENSTOCK" dataflow create bench --destination bench --source "$work/feed.ndjson" --audience Bench
}
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
begin plain
one_run 'first run'
first="$cpu $peak"
one_run 'same feed again'
again=$(jq -r .run.activated "$work/answer")

# Once more from the beginning, with samples: taking them costs time that is not to be in the figures above.
: > "$work/split"
if command -v perf > /dev/null; then
	begin sampled
	if perf record --quiet -F 199 --call-graph dwarf,16384 -o "$work/samples" -- "$PENSTOCK" --json --quiet run bench > "$work/out" 2>&1; then
		perf script -i "$work/samples" -F ip,sym,dso 2> /dev/null | LC_ALL=C awk -f "$top_srcdir/tests/bench/split.awk" | LC_ALL=C sort -rn > "$work/split"
	fi
fi

LC_ALL=C awk -v figures="$first" -v profiles="$profiles" -v again="$again" '
	BEGIN {
		split(figures, figure, " ")
		million = figure[1] * 1000000 / profiles
		printf "%.2f CPU s a million profiles in all, of these:\n", million
	}
	{
		printf "  %5.2f s  %4.1f %%  %s\n", million * $1, 100 * $1, $2
		if ($2 == "penstock")
			own = million * $1
	}
	END {
		if (own)
			printf "%.2f CPU s of our own a million profiles (at most 5): %.2f of it\n", own, own / 5
		else
			print "perf takes no samples here: how much of it is our own is not known"
		printf "%.1f MB (below 64): %.2f of it\n", figure[2] / 1024, figure[2] / 65536
		if (again)
			print "the second run activated " again " records"
		exit own > 5 || figure[2] >= 65536 || again != 0
	}' "$work/split"
