#!/bin/sh
# 30,000 new people in one list, a second of latency and Marketo's own limits (100 calls in 20 s, 10 at once): how near the calls come to the rate
# that these allow (at least 90 %), and that none is refused for its rate.
set -eu
profiles=30000
work=$(mktemp -d)
sandbox=
trap 'kill "$sandbox" 2> /dev/null || true; rm -rf "$work"' EXIT
trap 'exit 129' HUP INT TERM
export HOME="$work" PENSTOCK_DB="$work/store/penstock.db" XDG_RUNTIME_DIR="$work"

LC_ALL=C awk -v profiles=$profiles 'BEGIN {
	for (n = 1; n <= profiles; n++)
		printf "{\"segmentMembership\":{\"ups\":{\"a1\":{\"status\":\"realized\"}}},\"identityMap\":{\"Email\":[{\"id\":\"p%d@example.com\"}]}}\n", n
}' > "$work/feed.ndjson"
mkfifo "$work/first"
"$PENSTOCK" sandbox --latency 1000 --log "$work/log" > "$work/first" 2> "$work/sandbox.err" &
sandbox=$!
read -r greeting < "$work/first"
tell() {
	printf '%s\n' "$greeting" | jq -r "$1"
}
PENSTOCK_CLIENT_SECRET=$(tell .client_secret)
url=$(tell .url)
export PENSTOCK_CLIENT_SECRET
{
	"$PENSTOCK" account create bench --munchkin-id "$(tell .munchkin_id)" --client-id "$(tell .client_id)" --endpoint "$url/rest" \
		--identity "$url/identity" --calls-per-20s 100 --concurrent 10
	"$PENSTOCK" destination create bench --account bench --person-creation match-and-create --list-folder Audiences
	"$PENSTOCK" mapping set bench identityMap.Email=email
	"$PENSTOCK" dataflow create bench --destination bench --source "$work/feed.ndjson" --audience a1=Rate
} > "$work/out" 2>&1 || {
	cat "$work/out"
	exit 1
}
# The calls of the preparation do not count.
"$top_builddir/tests/tools/http_main" POST "$url/_sandbox/reset" > "$work/out"
before=$(wc -l < "$work/log")
"$top_builddir/tests/tools/measure" "$work/took" "$PENSTOCK" --json --quiet run bench > "$work/answer"
read -r wall _ _ < "$work/took"
[ "$(jq -r .run.activated "$work/answer")" -eq $profiles ]
tail -n "+$((before + 1))" "$work/log" | jq -s '[.[] | select(.counted)] | length' > "$work/counted"
refused=$(grep -cE '"code":"(606|615)"' "$work/log" || true)
# The soonest end of so many calls: a hundred every 20 s, ten of them every second, and the last one takes its second.
LC_ALL=C awk -v wall="$wall" -v refused="$refused" '{
	last = $1 - 1
	soonest = 20 * int(last / 100) + int(last % 100 / 10) + 1
	printf "%d calls in %.1f s, soonest possible %d s: %.1f %% (at least 90); %d refused for their rate (none)\n", $1, wall, soonest, 100 * soonest / wall, refused
	exit soonest / wall < 0.9 || refused > 0
}' "$work/counted"
