# For tests of the source that is posted to: a token, requests of all kinds, and who is in a list.
. "$top_srcdir/tests/scenario/lib.sh"
token=0123456789abcdef
(umask 077 && echo $token > "$work/token")
post_main=$top_builddir/tests/tools/post_main

# A port that was free a moment ago, and another one each time. The receiver takes one by itself with port 0, but a dataflow that is started again should find its own: below
# 32768 no other test is given it meanwhile.
free_port() {
	doing='a free port'
	candidate=$(cat "$work/free.port" 2> /dev/null || echo $((10000 + $$ % 20000)))
	rm -f "$work/free.out"
	while [ ! -s "$work/free.out" ]; do
		candidate=$((candidate + 1))
		"$PENSTOCK" --json receive "http:127.0.0.1:$candidate/free,token-file=$work/token,spool=$work/free" > "$work/free.out" 2> "$work/free.err" &
		free=$!
		until [ -s "$work/free.out" ] || ! kill -0 $free 2> /dev/null; do sleep 0.02; done
		[ -s "$work/free.out" ] || grep -q 'cannot listen' "$work/free.err" || fail "nothing could be received: $(cat "$work/free.err")"
	done
	echo $candidate > "$work/free.port"
	kill -TERM $free
	wait $free
	echo $candidate
}
# raw TEXT: sent as it is (in the words of printf), the answer goes to $work/answer.
raw() {
	doing="raw: $1"
	# shellcheck disable=SC2059
	printf "$1" | "$post_main" raw "$port" > "$work/answer"
}
# answered STATUS
answered() {
	head -n 1 "$work/answer" | grep -q "^HTTP/1.1 $1 " || fail "not answered $1 ($doing): $(head -c 600 "$work/answer")"
}
# post STATUS BODY [HEADER]...: headers besides the token.
post() {
	wanted=$1 body=$2 headers="Authorization: Bearer $token\r\n"
	shift 2
	[ $# -gt 0 ] || set -- 'Content-Type: application/json'
	for header; do
		headers="$headers$header\r\n"
	done
	# One who receives may have just gone for another one to come.
	wait_for 'somebody who receives' '! nobody'
	raw "POST /in HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}Content-Length: ${#body}\r\n\r\n$(printf %s "$body" | sed 's/%/%%/g; s/\\/\\\\/g')"
	answered "$wanted"
}
# in_list LIST
in_list() {
	list=$(hook GET /_sandbox/state | jq --arg name "$1" '.lists[] | select(.name == $name) | .id')
	if [ -n "$list" ]; then
		hook GET "/_sandbox/members?list=$list" | jq '.members | length'
	else
		echo 0
	fi
}
# wait_for WHAT TEST: until the shell says so; $alive is who must not end meanwhile.
alive=$$
wait_for() {
	doing="waiting for $1"
	until eval "$2"; do
		kill -0 "$alive" 2> /dev/null || fail "it has ended: $(cat "$work"/*.err)"
		sleep "${3-0.05}"
	done
}
nobody() {
	! "$post_main" there "$port"
}
# milliseconds
now() {
	date +%s%3N
}
