# For tests that kill: the program is killed while the practice Marketo holds one of its calls, or at another event, never by racing against it.
. "$top_srcdir/tests/scenario/lib.sh"

calls() {
	hook GET /_sandbox/state | sed 's/.*"calls":\([0-9]*\).*/\1/'
}

# The program is $victim. Either the kill came in time ($killed grows), or the program had ended well before it ($ended does).
killed=0 ended=0
kill_victim() {
	kill -KILL "$victim" 2> /dev/null || true
	status=0
	wait "$victim" 2> /dev/null || status=$?
	if [ $status -eq 137 ]; then
		killed=$((killed + 1))
	elif [ $status -eq 0 ]; then
		ended=$((ended + 1))
	else
		fail "status $status before the kill came"
	fi
}

# hold_from CALL APPLIED: nothing goes on from the CALL-th call from now, which is carried out (true) or is not (false); hold_no_more: those that wait are carried out.
hold_from() {
	hook POST /_sandbox/settings "{\"hold\":{\"call\":$1,\"applied\":$2,\"all\":true}}" > /dev/null
}
hold_no_more() {
	hook POST /_sandbox/settings '{"hold":{"call":0}}' > /dev/null
}

# kill_at CALL APPLIED COMMAND...: killed while its CALL-th call from now is under way, which was carried out (true) or is carried out afterwards (false).
kill_at() {
	hold_from "$1" "$2"
	shift 2
	"$PENSTOCK" --quiet "$@" > "$work/out" 2> "$work/err" < "${kill_input:-/dev/null}" &
	victim=$!
	until hook GET /_sandbox/state | grep -q '"held":true'; do
		kill -0 $victim 2> /dev/null || break
	done
	kill_victim
	hold_no_more
}

# No key is sent in a creating call again before it was looked up, unless Marketo had said that it did nothing. Of the requests in the order they came.
# A look-up that was answered badly is one all the same here: the sandbox's log cannot tell what of it arrived.
check_creates() {
	jq -r 'select((.action == "createOnly" and .code == null and (.fault == null or
			(.fault | test("^(604|500|502|504|http-500|http-502|http-504|cut|half|drip|garbage|html|hang|late|short|close|stale|noise|expire)")))) or .filterType) |
		(.request_id | split("#")[0]) as $id | (if .action then "create" else "look" end) as $what | .keys[] | "\($id) \($what) \(.)"' "$1" |
		awk '{ printf "%08d %s %s\n", NR, $0, "" }' | sort -k2,2 -s > "$work/creates"
	jq -r 'select(.action == "createOrUpdate" or .action == "createDuplicate") | .request_id' "$1" > "$work/upserts"
	[ ! -s "$work/upserts" ] || fail 'createOrUpdate was sent'
	awk '
		$3 == "look" { delete open[$4] }
		$3 == "create" { if ($4 in open) { print $4 " in " $2 " after " open[$4]; wrong++ } open[$4] = $2; count++ }
		END { if (!count) { print "nobody was created: nothing was tested"; wrong++ } exit wrong > 0 }' "$work/creates" > "$work/blind" ||
		fail "created again without a look-up: $(head -5 "$work/blind")"
}
