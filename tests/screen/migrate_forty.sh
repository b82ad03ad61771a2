#!/bin/sh
# The whole job: an export of 40 dataflows of V1, odd ones among them, is planned, migrated, run, compared and finished, three of them through the console, with SIGKILLs in between.
# Nothing is deleted that was not compared, undo gives back what was, and V2's lists are V1's but for what a rule explains.
screen_seconds=900
. "$top_srcdir/tests/screen/lib.sh"
. "$top_srcdir/tests/scenario/migrate_lib.sh"
seed=${PENSTOCK_SEED:-1}
sandbox_start --no-limits
account_create demo

# Thirty plain ones, each with a list of three, the last of whom has left by the source; in every third list is somebody without an address. In a thirty-first is a stranger,
# and V2 gets a list of its own.
flows() {
	for n in $(seq 31); do
		# shellcheck disable=SC2154
		eval "list=\$list_$n"
		v1_flow "P-$n" "plain-$n" enabled "$(email_field),$(three_fields)" "$(audience "AUD-$n" "Audience $n" "$list")"
		echo
	done
	v1_flow X-1 odd-empty enabled "$(email_field)" "$(audience AUD-41 Empty '')"
	echo
	v1_flow X-2 odd-gone enabled "$(email_field)" "$(audience AUD-42 Gone 987654)"
	echo
	v1_flow X-3 odd-identity enabled "$(three_fields)" "$(audience AUD-43 Nobody 1001)"
	echo
	v1_flow X-4 odd-ecid enabled "$(ecid_field)" "$(audience AUD-44 Ecid 1002)"
	echo
	v1_flow X-5 odd-off disabled "$(email_field)" "$(audience AUD-45 Off 1003)"
	echo
	v1_flow X-6 odd-shared enabled "$(email_field)" "$(audience AUD-46 Shared 1004)"
	echo
	v1_flow X-7 odd-shared enabled "$(email_field)" "$(audience AUD-47 Shared 1004)"
	echo
	v1_flow X-8 'odd 会員 قائمة' enabled "$(email_field)" "$(audience AUD-48 'Клиенты' 1005)"
	echo
	v1_flow X-9 odd-keys enabled "$(email_field)" "$(audience AUD-49 Keys 1006)" '"brandNew":true,'
	echo
}
for n in $(seq 31); do
	list=$(hook POST /_sandbox/lists "{\"name\":\"V1 list $n\",\"folder\":21}" | jq .id)
	eval "list_$n=$list"
	for k in 1 2 3; do
		join "$list" "$(person "p$n-$k@example.com")"
	done
	[ $((n % 3)) -ne 0 ] || join "$list" "$(hook POST /_sandbox/people '{"fields":{"firstName":"Nobody"}}' | jq .id)"
done
stranger=$(person stranger@example.com)
join "$list" "$stranger"
joined() {
	awk 'NR > 1 { printf "," } { printf "%s", $0 }'
}
flows > "$work/flows"
{
	printf '{"items":['
	head -20 "$work/flows" | joined
	printf '],"_links":{"next":{"href":"/flows?continuationToken=two"}}}\n'
} > "$work/page1.json"
{
	printf '{"items":['
	tail -n +21 "$work/flows" | joined
	printf '],"_links":{}}\n'
} > "$work/page2.json"
for n in $(seq 31); do
	message "p$n-1@example.com" "AUD-$n" realized
	message "p$n-2@example.com" "AUD-$n" realized
	message "p$n-3@example.com" "AUD-$n" exited
	message "new$n@example.com" "AUD-$n" realized
	person "new$n@example.com" > /dev/null
done > "$work/feed.ndjson"
for n in $(seq 41 49); do
	message p1-1@example.com "AUD-$n" realized
done >> "$work/feed.ndjson"

# killed N COMMAND...: started N times, and ended by SIGKILL while it waits for its so manieth call, then once undisturbed. Prints nothing; its last status is $got.
killed() {
	killed_times=$1
	shift
	for killed_n in $(seq "$killed_times"); do
		target=$(($(hook GET /_sandbox/state | jq .requests) + (seed * 7 + killed_n * 5) % 23))
		"$PENSTOCK" --quiet "$@" --json > "$work/out" 2> "$work/err" &
		victim=$!
		while [ "$(hook GET /_sandbox/state | jq .requests)" -lt $target ] && kill -0 $victim 2> /dev/null; do :; done
		kill -KILL $victim 2> /dev/null || true
		wait $victim 2> /dev/null || true
		whole
	done
	got=0
	"$PENSTOCK" --quiet "$@" --json > "$work/out" 2> "$work/err" || got=$?
}
# At any moment every V1 dataflow is there unless its migration is finished, and V2 is made whole or not at all.
whole() {
	"$PENSTOCK" migrate list --json > "$work/whole"
	"$PENSTOCK" dataflow list --json > "$work/whole_flows"
	"$PENSTOCK" destination list --json > "$work/whole_destinations"
	jq -e -n --slurpfile m "$work/whole" --slurpfile f "$work/whole_flows" --slurpfile d "$work/whole_destinations" '
		($f[0].dataflows | map(.name)) as $names | ($d[0].destinations | map(.name)) as $targets |
		all($m[0].migrations[];
			((.state == "finished") != (.flow as $n | any($names[]; . == $n))) and
			((.state == "imported") == (.v2 == null)) and
			(.v2 == null or (.v2 as $n | any($names[]; . == $n) and any($targets[]; . == $n))) and
			(.state != "finished" or (.compared_at != null and (.clean or .override != null))))' > /dev/null ||
		fail "something is half made (seed $seed): $(cat "$work/whole")"
}

killed 2 migrate import "$work/page1.json" "$work/page2.json"
[ "$got" -eq 0 ] || fail "the import ends with $got"
expect 0 penstock migrate list --json
holds '.migrations | length == 40 and all(.[]; .state == "imported")'
expect 0 penstock dataflow list --json
jq -S . "$work/out" > "$work/before"

# Planned: ready, or with a verdict.
expect 0 penstock migrate plan --source "$work/feed.ndjson" --list-folder Audiences --json
holds '([.migrations[] | select(.ready)] | length == 36) and ([.migrations[] | select(.ready | not) | .verdicts[] | select(.weight == "blocked") | .code] | sort ==
	["ecid_only", "no_identity", "shared_list", "shared_list"])'

# Three of them through the console, which is killed twice on its way.
for n in 1 2 3; do
	console 24 80
	see 'Marketo V2'
	press m
	see odd-empty
	press End
	case $n in
	1) ;;
	2) press Up ;;
	3) press Up Up ;;
	esac
	idle
	press Space
	see '1 picked'
	press B
	paste "$work/feed.ndjson"
	press Enter
	gone 'none yet'
	press ]
	see ready
	if [ "$n" -eq 2 ]; then
		kill -KILL "$process"
		ended 'signal 9'
		whole
		console 24 80
		see 'Marketo V2'
		press m
		see odd-empty
		press End Up Space
		see '1 picked'
		press B
		paste "$work/feed.ndjson"
		press Enter
		gone 'none yet'
		press ]
		see ready
	fi
	press ]
	see 'Dry run of'
	press ]
	see 'Enter makes V2'
	press Enter
	see 'Make V2 now'
	press Left Enter
	see 'V2 made'
	press ]
	see 'r runs V2'
	if [ "$n" -eq 3 ]; then
		kill -KILL "$process"
		ended 'signal 9'
		whole
		console 24 80
		see 'Marketo V2'
		press m
		see odd-empty
		press End Up Up
		see 'V2 made'
		press Space
		see '1 picked'
		press ]
		see 'Enter compares'
		press ]
		see 'Enter tells'
		press ] ]
		see 'r runs V2'
	fi
	press r
	see 'now?'
	press Left Enter
	see 'The run has ended'
	press q
	see 'r runs V2'
	press Enter
	see 'lists agree'
	press ]
	see 'Enter disables V1'
	press Enter
	see 'Disable V1 now'
	press Left Enter
	see 'V1 paused'
	press ]
	see 'Enter deletes V1'
	press Enter
	see 'Delete V1 now'
	expect 0 penstock migrate list --json
	typed "$(value '[.migrations[] | select(.state == "paused")][0].flow')"
	press Enter
	see 'V1 deleted'
	press q
	see 'Marketo V2'
	press q
	ended 0
	whole
done
expect 0 penstock migrate list --json
holds '[.migrations[] | select(.state == "finished")] | length == 3'

# The others by command, killed again and again.
killed 1 migrate apply plain-31 --list new --list-folder Audiences --source "$work/feed.ndjson"
[ "$got" -eq 0 ] || fail "a list of its own ends with $got"
killed 6 migrate apply --source "$work/feed.ndjson" --list-folder Audiences
[ "$got" -eq 3 ] || fail "apply ends with $got"
holds '([.migrations[] | select(.status == 0)] | length == 36) and ([.migrations[] | select(.status != 0) | .error.code] | sort == ["ecid_only", "no_identity", "shared_list", "shared_list"])'
whole
killed 1 migrate apply odd-ecid odd-identity --email-from identityMap.Email --source "$work/feed.ndjson"
[ "$got" -eq 0 ] || fail "the e-mail address does not help: $got"
killed 1 migrate apply X-6 X-7 --list new --list-folder Audiences --source "$work/feed.ndjson"
[ "$got" -eq 0 ] || fail "lists of their own do not help: $got"
expect 0 penstock migrate list --json
holds 'all(.migrations[]; .state == "created" or .state == "finished")'

# Undo gives back what was, of some; then they are made again.
expect 0 penstock migrate undo plain-1 plain-2 odd-off
expect 0 penstock dataflow list --json
jq -e --slurpfile was "$work/before" '[.dataflows[] | select(.name == "plain-1" or .name == "plain-2" or .name == "odd-off")] as $now |
	$now == [$was[0].dataflows[] | select(.name == "plain-1" or .name == "plain-2" or .name == "odd-off")]' "$work/out" > /dev/null || fail 'undo has not given back what was'
expect 0 penstock migrate apply plain-1 plain-2 odd-off --enable --source "$work/feed.ndjson"
expect 7 penstock migrate finish --json
holds 'all(.migrations[]; .error.code == "not_compared" and .state == "created")'
expect 0 penstock migrate list --json
for flow in $(jq -r '.migrations[] | select(.state == "created") | .flow_id' "$work/out"); do
	v2=$(jq -r --arg id "$flow" '.migrations[] | select(.flow_id == $id) | .v2' "$work/out")
	"$PENSTOCK" --quiet run "$v2" --json > "$work/ran" 2> "$work/err" || fail "the run of $v2 ends with $?: $(cat "$work/err")"
done

# Compared: all that differs is explained, but for the stranger whom no source has ever named.
killed 4 migrate compare
jq -e --argjson stranger "$stranger" '[.migrations[] | .flow as $f | .differences[] | select(.explained | not) | {$f, lead_id, reason}] ==
	[{"f":"plain-31","lead_id":$stranger,"reason":"not_in_source"}]' "$work/out" > /dev/null || fail "what is not explained: $(jq -c '[.migrations[] | .flow as $f | .differences[] |
	select(.explained | not) | {$f, lead_id, side, reason}]' "$work/out")"
holds 'all(.migrations[] | select(.flow | startswith("plain-")); ([.differences[] | select(.reason == "left_audience")] | length == 1) and
	([.differences[] | select(.side == "extra") | .reason] == ["in_source"]) and (.missing == 1 or .flow == "plain-31") and .extra == 1)'

# Finished in two steps; what does not agree stays until somebody says why it may go.
killed 2 migrate finish
whole
expect 0 penstock migrate list --json
holds '[.migrations[] | select(.state == "created") | .flow] == ["plain-31"]'
expect 7 penstock migrate finish plain-31 --json
killed 1 migrate finish plain-31 --override 'the stranger was a test'
[ "$got" -eq 0 ] || fail "the override ends with $got"
expect 0 penstock migrate undo plain-30
killed 2 migrate finish --delete
[ "$got" -eq 0 ] || fail "deleting ends with $got"
whole
expect 0 penstock migrate list --json
holds '([.migrations[] | select(.state == "finished")] | length == 39) and ([.migrations[] | select(.state != "finished") | .flow] == ["plain-30"])'
expect 0 penstock dataflow list --json
holds '[.dataflows[] | select(.card == "V1") | .name] == ["plain-30"]'
expect 2 penstock migrate undo plain-31 --json

# The report tells all of them.
expect 0 penstock migrate report --markdown "$work/report.md" --csv "$work/report.csv"
[ "$(grep -c '^## ' "$work/report.md")" -eq 40 ] || fail 'the report has not 40 parts'
grep -qF 'Accepted all the same: the stranger was a test' "$work/report.md" || fail 'the report lacks the override'
[ "$(grep -c ',left_audience,' "$work/report.csv")" -eq 30 ] || fail "the CSV has $(grep -c ',left_audience,' "$work/report.csv") who left, not 30"
exit 0
