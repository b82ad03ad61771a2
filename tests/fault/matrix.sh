#!/bin/sh
# Faults of the practice Marketo at a fifth of all calls: in the end lists and people are exactly right, or the run says that it did not end and the next
# ones put it right. Nobody is there twice, and no run that lost something says success. PENSTOCK_FAULTS=all: every fault, at a twentieth of the calls, too.
. "$top_srcdir/tests/scenario/lib.sh"
people=900
awk -v people=$people 'BEGIN {
	for (n = 1; n <= people; n++)
		printf "{\"person\":{\"name\":{\"firstName\":\"F%d\"}},\"segmentMembership\":{\"ups\":{\"a1\":{\"status\":\"%s\"},\"a2\":{\"status\":\"realized\"}}}," \
			"\"identityMap\":{\"Email\":[{\"id\":\"p%d@example.com\"}]}}\n", n, (n % 10 ? "realized" : "exited"), n
}' > "$work/feed.ndjson"
members_1=$((people - people / 10))

# Runs until it is done, at most a few times; only a status that promises to go on may be other than 0.
settle() {
	tries=0
	while :; do
		got=0
		penstock run flow --json > "$work/out" 2> "$work/err" || got=$?
		case $got,$fault in
		0,*) return 0 ;;
		1,* | 3,* | 6,*) ;;
		4,60[12]*) ;; # a fresh token that is refused as well is the operator's business (marketo-api 1)
		*) fail "status $got with the fault $fault" ;;
		esac
		tries=$((tries + 1))
		[ "$tries" -lt 12 ] || fail "not settled after $tries runs with the fault $fault"
	done
}

case ${PENSTOCK_FAULTS-} in
all)
	set -- 604 604-after 606 608 611 713 719 http-500 http-502 http-502-after http-503 http-504-after cut-before cut-after half garbage html short 601 602 drip
	for kind; do
		set -- "$@" "$kind:20" "$kind:5"
		shift
	done
	;;
*) set -- 604-after:20 cut-after:20 half:20 short:20 602:20 ;;
esac
for fault; do
	sandbox_start --no-limits --fault "$fault" --log "$work/log"
	hook POST /_sandbox/settings '{"faults":[]}' > /dev/null
	rm -rf "$work/store"
	destination_create
	expect 0 penstock dataflow create flow --destination demo --source "$work/feed.ndjson" --audience 'a1=First' --audience 'a2=Second'
	hook POST /_sandbox/settings "{\"faults\":[\"$fault\"]}" > /dev/null
	settle
	hook POST /_sandbox/settings '{"faults":[]}' > /dev/null
	case $fault in
	*:20) grep -q 'asked for' "$work/log" || fail "nothing went wrong with the fault $fault: nothing was tested" ;;
	esac
	hook GET /_sandbox/state > "$work/state"
	[ "$(jq .people "$work/state")" -eq $people ] || fail "$(jq .people "$work/state") people, not $people, with the fault $fault"
	for list in First Second; do
		wanted=$people
		[ $list = Second ] || wanted=$members_1
		[ "$(jq --arg name $list '.lists[] | select(.name == $name) | .members' "$work/state")" -eq $wanted ] ||
			fail "the list $list is not right with the fault $fault: $(jq -c .lists "$work/state")"
	done
	expect 0 penstock run flow --json
	holds '.run.state == "success" and .run.activated == 0 and .run.created == 0'
	echo "$fault: $tries runs before the one that ended"
	sandbox_stop
	rm -f "$work/log"
done
