#!/bin/sh
# Alerts: one word when something goes wrong, one when it is over, however often one looks; nothing is lost when nobody listens for a while.
. "$top_srcdir/tests/scenario/lib.sh"
daemon=
end_daemon() {
	end_ours KILL $daemon
	cleanup
}
trap end_daemon EXIT
# The words that came, one a line.
words() {
	jq -sc 'map([.alert, .state, .kind, .dataflow // .account]) | .[]' "$work/words" 2> /dev/null || true
}
came() {
	[ "$(words | tail -1)" = "$1" ] || fail "not told last: $1: $(words)"
	[ "$(words | wc -l)" -eq "$2" ] || fail "not told $2 times: $(words)"
}

# The morning of the day of the quota, which is one of US Central.
by_the_clock 2026-11-16T15:00:00Z
sandbox_start --no-limits
destination_create
message a@example.com one realized > "$work/feed.ndjson"
expect 0 penstock dataflow create flow --destination demo --source "$work/feed.ndjson" --audience one

# What an alert is.
refused 2 'needs --when' penstock alert create a --syslog
refused 2 'no alert of' penstock alert create a --when often --syslog
refused 2 'whom to tell' penstock alert create a --when run-failed
refused 2 'needs --over' penstock alert create a --when skipped --syslog
refused 2 'needs --over' penstock alert create a --when quota --over 101 --syslog
refused 2 'does not go with' penstock alert create a --when refused --over 3 --syslog
refused 2 'https' penstock alert create a --when refused --webhook http://example.com/hook
refused 2 'not go together' penstock alert create a --when refused --syslog --command true
refused 2 'no dataflow' penstock alert create a --when refused --syslog --dataflow flwo
refused 4 'read-only' penstock --read-only alert create a --when refused --syslog
expect 0 penstock alert create fails --when run-failed --command "cat >> '$work/words'" --json
holds '.alert == {"name": "fails", "when": "run-failed", "over": 0, "unit": null, "dataflow": null, "way": "command", "target": .alert.target, "enabled": true, "going_on": 0, "since": null}'
refused 2 'already' penstock alert create fails --when refused --syslog
expect 0 penstock alert test fails
came '["fails","test","run-failed","test"]' 1

# A run fails, and again: told once. It works again: told once.
expect 0 penstock run flow
mv "$work/feed.ndjson" "$work/away"
expect 1 penstock run flow
came '["fails","firing","run-failed","flow"]' 2
expect 1 penstock run flow
expect 0 penstock alert check --json
holds '.incidents | length == 1 and .[0].told and .[0].subject == "flow"'
came '["fails","firing","run-failed","flow"]' 2
mv "$work/away" "$work/feed.ndjson"
expect 0 penstock run flow
came '["fails","recovered","run-failed","flow"]' 3
expect 0 penstock alert check --json
holds '.incidents == []'
! grep -q example.com "$work/words" || fail 'somebody is in an alert'

# A table, or a query, that suddenly brings nothing, or next to nothing, removes nobody, and is told at once; whole again, that is told, too.
members() {
	awk -v left="$1" 'BEGIN { for (i = 0; i < left; i++) printf "t%d@example.com\n", i }'
}
table_brings() {
	{
		echo email
		members "$1"
	} > "$work/table.csv"
}
query_brings() {
	"$top_builddir/tests/tools/sql_main" "$work/crm.db" "UPDATE member SET consent = substr(email, 2) + 0 < $1" < /dev/null
}
: > "$work/crm.db"
"$top_builddir/tests/tools/sql_main" "$work/crm.db" "CREATE TABLE member (email TEXT, consent INTEGER);
	INSERT INTO member VALUES $(members 200 | sed "s/.*/('&', 1)/" | paste -sd ,)" < /dev/null
echo 'SELECT email FROM member WHERE consent' > "$work/query.sql"
told=3
for one in table query; do
	source=$work/table.csv
	[ $one = table ] || source=sqlite:$work/crm.db#$work/query.sql
	table_brings 200
	expect 0 penstock dataflow create $one --destination demo --source "$source" --audience "All of $one"
	expect 0 penstock mapping clear $one
	expect 0 penstock mapping set $one email=email
	expect 0 penstock run $one --json
	holds '.run.added == 200'
	for left in 0 1; do
		${one}_brings $left
		if [ $left -eq 0 ]; then
			expect 1 penstock run $one --json
			holds '.error.code == "empty_source"'
		else
			expect 7 penstock run $one --json
			holds '.error.code == "mass_removal" and .run.state == "blocked" and .run.removed == 0'
		fi
		told=$((told + 1))
		came "[\"fails\",\"firing\",\"run-failed\",\"$one\"]" $told
		expect 0 penstock verify $one --json
		holds '.ok and .audiences[0].in_list == 200'
		${one}_brings 200
		expect 0 penstock run $one --json
		holds '.run.unchanged == 200'
		told=$((told + 1))
		came "[\"fails\",\"recovered\",\"run-failed\",\"$one\"]" $told
	done
	# What is wrong with a dataflow that is gone is nobody's trouble any more.
	${one}_brings 0
	expect 1 penstock run $one
	told=$((told + 1))
	came "[\"fails\",\"firing\",\"run-failed\",\"$one\"]" $told
	expect 0 penstock dataflow delete $one
	expect 0 penstock alert check --json
	holds '.incidents == []'
done

# Nobody listens: it is tried again until somebody has heard it.
expect 0 penstock alert create rate --when skipped --over 40 --dataflow flow --command 'exit 3'
{ message a@example.com one realized; message 'b@@example.com' one realized; } > "$work/feed.ndjson"
expect 0 penstock run flow
says 'ended with status 3'
expect 1 penstock alert check
expect 0 penstock alert update rate --webhook "$url/_sandbox/nothing"
expect 1 penstock alert check
says 'HTTP status 404'
expect 0 penstock alert update rate --webhook "$url/_sandbox/settings"
expect 0 penstock alert check --json
holds '.incidents == [{"alert": "rate", "kind": "skipped", "subject": "flow", "value": 50, "since": .incidents[0].since, "told": true}]'
expect 0 penstock alert update rate --over 50
expect 0 penstock alert check --json
holds '.incidents == []'

# Credentials, the quota, and time: by facts that are put there.
printf 'wrong\n' > "$work/wrong"
expect 0 penstock alert create door --when refused --command "cat >> '$work/words'"
expect 0 penstock account update demo --client-secret-file "$work/wrong"
expect 4 penstock run flow
words | grep -qF '["door","firing","refused","flow"]' || fail "not told: $(words)"
expect 0 penstock account update demo --client-secret-file "$work/secret"
expect 0 penstock run flow
words | grep -qF '["door","recovered","refused","flow"]' || fail "not told: $(words)"
expect 0 penstock alert create calls --when quota --over 50 --syslog
expect 0 penstock account update demo --daily-calls 20
expect 0 penstock alert check --json
holds '.incidents | length == 1 and .[0].alert == "calls" and .[0].subject == "demo" and .[0].value > 50'
expect 0 penstock account update demo --daily-calls 50000
expect 0 penstock alert create late --when delay --over 30 --syslog
expect 0 penstock alert create silent --when no-data --over 48 --syslog
expect 0 penstock dataflow update flow --every 1d
expect 0 penstock alert check --json
holds '.incidents == []'
"$top_builddir/tests/tools/sql_main" "$PENSTOCK_DB" 'UPDATE run SET started_at = started_at - 3 * 86400000, ended_at = ended_at - 3 * 86400000' < /dev/null
expect 0 penstock alert check --json
# Two days in minutes, and those since the run.
holds '[.incidents[] | [.alert, if .alert == "late" and .value >= 2880 and .value < 2900 then "two days" else .value end]] == [["late", "two days"], ["silent", 72]]'

# The daemon looks by itself; what it starts there brings the data, and it is over.
expect 0 penstock alert delete calls
expect 0 penstock alert update silent --command "cat >> '$work/words'"
"$PENSTOCK" daemon > "$work/daemon.out" 2>&1 &
daemon=$!
doing='waiting for the end of the incident'
until expect 0 penstock runs flow --json && [ "$(value '[.runs[] | select(.state == "success")] | length')" -ge 5 ] && expect 0 penstock alert check --json &&
	[ "$(value '.incidents | length')" -eq 0 ]; do sleep 0.2; done
kill -TERM $daemon
wait $daemon
daemon=
expect 0 penstock alert update fails --disable --json
holds '.alert.enabled | not'
expect 0 penstock alert list --json
holds '[.alerts[].name] == ["door", "fails", "late", "rate", "silent"]'
expect 0 penstock alert delete fails --json
holds '.deleted == "fails"'
expect 2 penstock alert show fails
