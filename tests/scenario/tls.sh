#!/bin/sh
# TLS that breaks in the middle of a run: another certificate, a handshake that is refused, noise and silence inside an open connection. The run says so
# and ends refused, or goes on; the next one puts everything right, and nobody is there twice.
. "$top_srcdir/tests/scenario/lib.sh"
command -v openssl > /dev/null || {
	echo 'SKIPPED: there is no openssl to make a certificate'
	exit 77
}
certificate() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 \
		-keyout "$work/$1.key" -out "$work/$1.pem" > /dev/null 2>&1 || fail 'cannot make a certificate'
}
certificate known
certificate other
people=1500
awk -v people=$people 'BEGIN {
	for (n = 1; n <= people; n++)
		printf "{\"segmentMembership\":{\"ups\":{\"a1\":{\"status\":\"realized\"}}},\"identityMap\":{\"Email\":[{\"id\":\"p%d@example.com\"}]}}\n", n
}' > "$work/feed.ndjson"

refused 2 nothing.pem penstock sandbox --tls "$work/nothing.pem,$work/known.key"
refused 2 CERTIFICATE,KEY penstock sandbox --tls "$work/known.pem"
sandbox_start --no-limits --tls "$work/known.pem,$work/known.key"
secure=$(printf '%s' "$greeting" | jq -r .tls_url)
expect 0 penstock account create demo --munchkin-id "$munchkin" --client-id "$client" --client-secret-file "$work/secret" \
	--endpoint "$secure/rest" --identity "$secure/identity"
refused 4 certificate penstock lists demo
expect 0 penstock account update demo --ca-file "$work/known.pem" --concurrent 1
expect 0 penstock destination create demo --account demo --person-creation match-and-create --list-folder Audiences
expect 0 penstock mapping set demo identityMap.Email=email
expect 0 penstock lists demo

# broken NAME SETTING STATUS: the door changes while the fifth call is on its way (it is cut), and is mended before the next run.
broken() {
	expect 0 penstock dataflow create "$1" --destination demo --source "$work/feed.ndjson" --audience "a1=$1"
	hook POST /_sandbox/settings '{"hold":{"call":5,"applied":true}}' > /dev/null
	"$PENSTOCK" run "$1" --json > "$work/out" 2> "$work/err" &
	run=$!
	until hook GET /_sandbox/state | jq -e .held > /dev/null; do
		kill -0 $run 2> /dev/null || fail "the run $1 ended before its fifth call"
	done
	hook POST /_sandbox/settings "{\"tls\":\"$2\"}" > /dev/null
	status=0
	wait $run || status=$?
	[ $status -eq "$3" ] || fail "status $status, not $3: $1"
	holds '.run.state == "failed" and .error.code == "tls" and (.error.hint | length > 0)'
	# Why is told later, too, until the run has come to its end.
	id=$(value .run.id)
	expect 0 penstock run-show "$id" --json
	holds '.run.state == "failed" and .error.code == "tls" and (.error.hint | length > 0)'
	hook POST /_sandbox/settings "{\"tls\":\"$work/known.pem,$work/known.key\"}" > /dev/null
	whole "$1"
	expect 0 penstock run-show "$id" --json
	holds '.run.state == "success" and (has("error") | not)'
}
whole() {
	expect 0 penstock run "$1" --json
	holds '.earlier // .run | .state == "success" and .failed == 0'
	hook GET /_sandbox/state > "$work/out"
	holds --arg list "$1" --argjson people $people '(.people == $people) and (.lists[] | select(.name == $list) | .members == $people)'
}
broken changed "$work/other.pem,$work/other.key" 4
broken old old 4

# Inside an open connection: what was sent may have arrived.
for fault in noise+4 noise-after+4 cut-before+4 cut-after+4 half+4 close+4 stale+4 noise-after:20; do
	list=$(echo "$fault" | tr +:- ___)
	expect 0 penstock dataflow create "$list" --destination demo --source "$work/feed.ndjson" --audience "a1=$list"
	hook POST /_sandbox/settings "{\"faults\":[\"$fault\"]}" > /dev/null
	whole "$list"
	hook POST /_sandbox/settings '{"faults":[]}' > /dev/null
done
