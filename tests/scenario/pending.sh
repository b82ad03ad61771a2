#!/bin/sh
# received = activated + excluded + failed + unchanged + pending, of each run and each of its audiences, wherever and whenever it is told: planned, going on, stopped,
# killed, out of quota, blocked, failed half-way, and ended, when nothing is pending.
. "$top_srcdir/tests/scenario/lib.sh"
sandbox_start --no-limits --latency 300
destination_create
# Every third one is in both audiences, every hundredth has no address that could be sent.
people_of() {
	awk -v letter="$1" -v people="$2" 'BEGIN {
		for (n = 1; n <= people; n++)
			printf "{\"segmentMembership\":{\"ups\":{\"a1\":{\"status\":\"realized\"}%s}},\"identityMap\":{\"Email\":[{\"id\":\"%s\"}]}}\n",
				n % 3 ? "" : ",\"a2\":{\"status\":\"realized\"}", n % 100 ? letter n "@example.com" : ""
	}' > "$work/feed.ndjson"
}
people_of p 6000
expect 0 penstock dataflow create flow --destination demo --source "$work/feed.ndjson" --audience 'a1=One' --audience 'a2=Two'
expect 0 penstock account update demo --concurrent 2 --calls-per-20s 1000
people() {
	hook GET /_sandbox/state | jq '.people'
}

equation='def adds: .received == .activated + .excluded + .failed + .unchanged + .pending;
	def whole: . as $run | adds and ([.audiences[] | adds] | all) and
		all("received", "activated", "excluded", "failed", "unchanged", "pending"; . as $key | $run[$key] == ([$run.audiences[][$key]] | add));'
# adds_up ID: as each command tells the run. A run going on is told at several moments.
adds_up() {
	expect 0 penstock run-show "$1" --json
	holds "$equation"'.run | whole'
	expect 0 penstock status --json
	holds "$equation"'all(.runs[]; whole) and all(.dataflows[].last_run | values; whole)'
	expect 0 penstock runs --json
	holds "$equation"'(.runs | length > 0) and all(.runs[]; whole) and all(.runs[]; (.state == "success" or .state == "partial") and .pending > 0 | not)'
}
# shows ID FILTER: as run-show has it.
shows() {
	expect 0 penstock run-show "$1" --json
	holds "$equation.run | $2"
}

# A plan: all of it is to come.
expect 0 penstock plan flow --json
shows "$(value .plan.id)" 'whole and .pending == .received - .excluded and .excluded == 80'

# begun COMMAND...: starts a run and waits until it has come somewhere.
begun() {
	begun_from=$(people)
	"$@" > "$work/run.out" 2> "$work/run.err" &
	run=$!
	doing="a run that is to come somewhere: $*"
	while [ "$(people)" -lt $((begun_from + 300)) ]; do
		kill -0 $run 2> /dev/null || fail "it ended too early: $(cat "$work/run.err")"
	done
}
ended() {
	status=0
	wait $run || status=$?
	cp "$work/run.out" "$work/out"
	[ "$status" -eq "$1" ] || fail "status $status, not $1: $(cat "$work/run.err")"
}

# Stopped; before that it was told while it went on, and rested.
begun "$PENSTOCK" run flow --json
expect 0 penstock pause flow --json
id=$(value .pause.run)
adds_up "$id"
until "$PENSTOCK" run-show "$id" --json | jq -e '.run.state == "paused"' > /dev/null; do
	kill -0 $run 2> /dev/null || fail 'it ended instead of resting'
done
adds_up "$id"
shows "$id" '.pending > 0 and .activated > 0'
kill -TERM $run
ended 6
holds "$equation"'.run | whole and .state == "stopped" and .pending > 0 and .activated > 0 and .excluded == 80'
adds_up "$id"
expect 0 penstock run-show "$id"
grep -Eq '^pending +[0-9]+$' "$work/out" || fail 'not said to people'
grep -q 'UNCHANGED  PENDING$' "$work/out" || fail 'not said to people of each audience'
expect 0 penstock runs
grep -q 'FAILED  PENDING  CALLS$' "$work/out" || fail 'not in the table of runs'

# Killed.
begun "$PENSTOCK" run flow --json
kill -KILL $run
wait $run 2> /dev/null || true
adds_up "$id"
shows "$id" '.state == "running" and .pending > 0'

# Refused half-way, and then before it begins: the list of one audience is gone, and what is left waits for it.
hook POST /_sandbox/settings '{"latency_ms":0,"faults":["603@/leads.json"]}' > /dev/null
expect 4 penstock run flow --json
holds "$equation"'.run | whole and .state == "failed" and .pending > 0'
adds_up "$id"
hook POST /_sandbox/settings '{"faults":[]}' > /dev/null
hook DELETE "/_sandbox/lists?id=$(value '[.runs[] | select(.state == "failed")][0].audiences[0].list_id')" > /dev/null
expect 1 penstock run flow --json
adds_up "$id"
shows "$id" '.pending > 0'
expect 0 penstock verify flow --repair --json
adds_up "$id"
shows "$id" '.state == "success" and .pending == 0 and .activated == .received - .excluded and .excluded == 80'
expect 0 penstock run flow --json
holds "$equation"'.run | whole and .pending == 0 and .state == "success"'
expect 0 penstock run-show "$id"
grep -qi 'pending' "$work/out" && fail 'nothing is pending'

# The quota is out.
people_of q 3000
used=$(hook GET /_sandbox/log | jq '[.[] | select(.counted)] | length')
expect 0 penstock account update demo --daily-cap $((used + 20))
expect 6 penstock run flow --json
holds "$equation"'.run | whole and .state == "waiting" and .pending > 0'
adds_up "$(value .run.id)"
expect 0 penstock account update demo --daily-cap 0
expect 0 penstock run flow --json
holds "$equation"'(.earlier | whole and .pending == 0) and (.run | whole and .pending == 0)'

# Some fail, and are sent again.
people_of r 900
hook POST /_sandbox/settings '{"faults":["record-1003+2@/leads.json"]}' > /dev/null
expect 3 penstock run flow --json
holds "$equation"'.run | whole and .state == "partial" and .failed > 0 and .pending == 0'
hook POST /_sandbox/settings '{"faults":[]}' > /dev/null

# A table that would take nearly everybody out: blocked with all its removals pending, until they are let, or a newer plan takes their place.
table() {
	{
		echo email
		seq "$1" "$2" | sed 's/.*/t&@example.com/'
	} > "$work/table.csv"
}
table 1 300
expect 0 penstock dataflow create table --destination demo --source "$work/table.csv" --audience table
expect 0 penstock mapping clear table
expect 0 penstock mapping set table email=email
expect 0 penstock run table --json
table 1 150
expect 7 penstock run table --json
holds "$equation"'.run | whole and .state == "blocked" and .pending == 150 and .unchanged == 150 and .received == 300'
first=$(value .run.id)
adds_up "$first"
expect 7 penstock run table --json
second=$(value .run.id)
adds_up "$first"
expect 0 penstock run table --plan "$second" --allow-removals --json
holds "$equation"'.run | whole and .pending == 0 and .removed == 150'
adds_up "$first"
adds_up "$second"
