#!/bin/sh
# --progress-fd: what goes on, one JSON object a line, for whoever started us; a listener that goes away or does not listen changes nothing.
. "$top_srcdir/tests/scenario/lib.sh"
sandbox_start --no-limits

# The descriptor must be there before anything is done.
for wrong in 2 -1 x 77 4294967299 ''; do
	expect 2 penstock account list --json --progress-fd "$wrong"
	holds '.error.code == "invalid"'
done
expect 0 penstock --help
grep -q -- '--progress-fd N' "$work/out" || fail 'the help does not tell of it'

# listened STATUS COMMAND...: lines go to $work/lines.
listened() {
	listened_status=$1
	shift
	expect "$listened_status" "$@" --json --progress-fd 3 3> "$work/lines"
	jq -es 'all(type == "object" and length == 1)' "$work/lines" > /dev/null || fail 'a line is no object'
}
lines() {
	jq -es "$@" "$work/lines" > /dev/null || fail "the lines do not hold: $*"
}

# The checks of a test: each begins and ends, in order.
account_create demo
listened 0 penstock account test demo
lines '[.[] | select(.check) | .check.name] == ["connect", "tls", "token", "describe", "lists", "partitions", "write", "usage"]'
lines '[.[] | .checking // .check.name] == ["connect", "tls", "token", "describe", "lists", "partitions", "write", "usage" | ., .]'
lines --slurpfile answer "$work/out" '[.[] | .check // empty] == $answer[0].checks'
expect 0 penstock account create wrong --munchkin-id "$munchkin" --client-id nobody --client-secret-file "$work/secret" \
	--endpoint "$url/rest" --identity "$url/identity"
listened 4 penstock account test wrong
lines '[.[] | select(.check)] | length == 8 and (.[2].check.ok | not) and (.[7].check.detail | startswith("not tried"))'

# Reading a source: bytes of bytes.
for n in 1 2 3 4; do message "p$n@example.com" a1 realized; done > "$work/some.ndjson"
awk 'BEGIN {
	for (n = 1; n <= 3000; n++)
		printf "{\"segmentMembership\":{\"ups\":{\"a1\":{\"status\":\"realized\"}}},\"identityMap\":{\"Email\":[{\"id\":\"p%d@example.com\"}]}}\n", n
}' > "$work/feed.ndjson"
listened 0 penstock source check "$work/feed.ndjson"
lines --argjson size "$(wc -c < "$work/feed.ndjson")" 'length > 0 and all(.progress | .phase == "reading" and .done > 0 and .done <= .total and .total == $size)'

# A run: its phases, and the account of the run while records are sent.
expect 0 penstock destination create demo --account demo --person-creation match-and-create --list-folder Audiences
expect 0 penstock mapping set demo identityMap.Email=email
expect 0 penstock dataflow create flow --destination demo --source "$work/feed.ndjson" --audience 'a1=Listened'
listened 0 penstock run flow
lines '[.[].progress.phase] | index("reading") != null and index("sorting") != null and index("planning") != null and index("sending") != null'
lines --slurpfile answer "$work/out" 'map(select(.progress.phase == "sending").progress) | all(.run.id == $answer[0].run.id and .total == 3000 and has("per_second")
	and has("seconds_left") and has("calls") and has("waiting_ms"))'

# A pipe without a reader, one that is full, a disk that is.
expect 0 penstock account test demo --json --progress-fd 3 3> "$work/lines"
mkfifo "$work/pipe"
exec 4<> "$work/pipe"
exec 5> "$work/pipe"
head -c 65536 /dev/zero >&5
expect 0 penstock source check "$work/feed.ndjson" --progress-fd 5
exec 4>&- 4<&-
expect 0 penstock account test demo --json --progress-fd 5
holds .ok
exec 5>&-
expect 0 penstock account test demo --json --progress-fd 5 5> /dev/full
