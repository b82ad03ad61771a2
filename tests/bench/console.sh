#!/bin/sh
# The console's promises about time (ux 5, 6, 10, 20) with a large store: 1,000 destinations and 1,000 dataflows, a source with 10,000 audiences and 1,000 fields, 5,000 fields in
# Marketo, and a run at full speed against the practice Marketo beside it all. First paint within 50 ms; a key seen within 16 ms (99th percentile); the palette within
# 50 ms; nothing sent by a form at rest, at most 1,000 bytes a second by the monitor. Prints ratios to what is promised. It needs a quiet machine: beside the time that a key took
# stands what the console itself has computed for it, which others do not lengthen.
screen_seconds=1800
. "$top_srcdir/tests/screen/lib.sh"
flows=1000 audiences=10000 fields=5000 paths=1000 people=1000000 presses=${1:-200}
sandbox_start --no-limits --latency 100
account_create bench
expect 0 penstock account update bench --calls-per-20s 100000 --concurrent 8 --daily-calls 10000000
expect 0 penstock destination create bench --account bench --person-creation match-and-create --list-folder Audiences
expect 0 penstock mapping set bench identityMap.Email=email

LC_ALL=C awk -v paths="$paths" -v audiences="$audiences" 'BEGIN {
	for (n = 0; n < 200; n++) {
		printf "{\"identityMap\":{\"Email\":[{\"id\":\"p%d@example.com\"}]},\"segmentMembership\":{\"ups\":{", n
		for (i = n * audiences / 200; i < (n + 1) * audiences / 200; i++)
			printf "%s\"a%05d\":{\"status\":\"realized\",\"name\":\"Audience %05d\"}", (i > n * audiences / 200 ? "," : ""), i, i
		printf "}},\"_example\":{"
		for (i = 1; i <= paths; i++)
			printf "%s\"value%04d\":\"%d\"", (i > 1 ? "," : ""), i, i
		print "}}"
	}
}' > "$work/wide.ndjson"
LC_ALL=C awk -v people="$people" 'BEGIN {
	for (n = 1; n <= people; n++)
		printf "{\"segmentMembership\":{\"ups\":{\"a1\":{\"status\":\"realized\"}}},\"identityMap\":{\"Email\":[{\"id\":\"q%d@example.com\"}]}}\n", n
}' > "$work/long.ndjson"
expect 0 penstock dataflow create busy --destination bench --source "$work/long.ndjson" --audience a1=Bench
body=$(jq -cn --arg source "$work/wide.ndjson" '{step: 4, name: "draft", account: "bench", person_creation: "match-only", dedupe: "email", secret_from: "typed",
	source: $source, audiences: [{id: "a00001", name: "A"}], marketing_actions: [], mapping: [], destination_id: 0, dataflow_id: 0}')
"$top_builddir/tests/tools/sql_main" "$PENSTOCK_DB" "
	INSERT OR REPLACE INTO catalogue SELECT id, (strftime('%s') + 0) * 1000 FROM account;
	DELETE FROM field;
	WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $fields)
		INSERT INTO field SELECT account.id, printf('customField%04d', i), printf('Custom field %04d', i), 'string', 255, 1, 0, 0 FROM n, account;
	INSERT INTO field SELECT id, 'email', 'Email Address', 'email', 255, 1, 1, 0 FROM account;
	WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $flows)
		INSERT INTO destination (account, name, version, person_creation) SELECT account, printf('target-%04d', i), 2, person_creation FROM n, destination WHERE name = 'bench';
	INSERT INTO dataflow (destination, name, source, identity, enabled)
		SELECT destination.id, printf('flow-%04d-to-a-list', destination.id), source, identity, 1 FROM destination, dataflow WHERE dataflow.name = 'busy' AND destination.name <> 'bench';
	INSERT INTO audience (dataflow, place, audience, audience_id, list_id, start_ms, end_ms)
		SELECT dataflow.id, 0, audience, audience_id, list_id, start_ms, end_ms FROM dataflow, audience WHERE dataflow.name <> 'busy';
	INSERT INTO draft (body, saved_at) VALUES ('$body', 1);" < /dev/null > /dev/null || fail 'the store could not be prepared'

# percentiles NAME PROMISE: of the numbers in $work/times, one a line.
percentiles() {
	sort -n "$work/times" | awk -v name="$1" -v promise="$2" -v own="$3" '
		{ at[NR] = $1 }
		END {
			p99 = at[int(NR * 0.99 + 0.5)]
			printf "%-36s %4d times, median %3d ms, 99th percentile %3d ms, most %3d ms, %4.1f ms of its own; %.2f of the %d ms promised\n", name ":", NR,
				at[int((NR + 1) / 2)], p99, at[NR], own / NR / 1000000, p99 / promise, promise
		}'
}
# Nanoseconds that the console has computed.
computed() {
	cut -d ' ' -f 1 "/proc/$process/schedstat"
}
painted() {
	screen gone-busy 'this is never shown' || fail "nothing was painted: $answer"
}

first_paint() {
	: > "$work/times"
	own=0
	for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		console 24 80
		painted
		demand elapsed
		echo "$answer" >> "$work/times"
		own=$((own + $(computed)))
		press q
		ended 0
	done
	percentiles "first paint$beside" 50 "$own"
}

# measured NAME PROMISE KEY...: each key so often, in their order.
measured() {
	name=$1$beside promise=$2
	shift 2
	: > "$work/times"
	own=$(computed)
	n=0
	while [ "$n" -lt "$presses" ]; do
		for key; do
			press "$key"
			painted
			screen elapsed && echo "$answer" >> "$work/times" # a key at the end of a list changes nothing
		done
		n=$((n + 1))
	done
	percentiles "$name" "$promise" $(($(computed) - own))
}

# at_rest NAME BYTES: what ten seconds without a key cost.
at_rest() {
	demand output-bytes
	own=$(computed) begun=$(date +%s%N)
	demand deadline 10000
	screen see-busy 'this is never shown' 2> /dev/null || true
	demand output-bytes
	awk -v name="$1$beside" -v bytes="$answer" -v own="$(($(computed) - own))" -v took="$(($(date +%s%N) - begun))" -v most="$2" 'BEGIN {
		printf "%-36s %.1f bytes/s (at most %d), %.2f %% of a processor\n", name ":", bytes * 1e9 / took, most, 100 * own / took
	}'
}

lists() {
	first_paint
	console 24 80
	see 'Dataflows '
	press Tab Tab Tab
	painted
	measured 'home, up and down' 16 Down Up
	measured 'home, pages' 16 PageDown PageUp
	press Home :
	see_busy 'What is to be done?'
	measured 'palette, a name typed' 50 f l o w 7 Backspace Backspace Backspace Backspace Backspace
	press Esc Esc o
	see_busy 'of 1001'
	measured 'table, up and down' 16 Down Up
	measured 'table, pages' 16 PageDown PageUp
	press /
	measured 'table, a filter typed' 16 7 Backspace
	press Esc q
	see ' Home'
}
steps() {
	press Home Down Enter
	see_busy '5 of 6'
	see_busy 'identityMap.Email'
	gone 'reading the source'
	gone 'asking Marketo'
	measured 'mapping, up and down' 16 Down Up
	measured 'mapping, pages' 16 PageDown PageUp
	press /
	measured 'mapping, a filter typed' 16 7 Backspace
	press Esc Home Enter
	see_busy 'filter:'
	measured 'fields, pages' 16 PageUp PageDown
	measured 'fields, a filter typed' 16 7 Backspace
	press Esc Esc
	press [
	see_busy '4 of 6'
	see_busy 'of 10000 shown'
	press Tab Tab
	see_busy 'LIST'
	measured 'audiences, up and down' 16 Down Up
	measured 'audiences, pages' 16 PageDown PageUp
	press /
	measured 'audiences, a filter typed' 16 7 Backspace
	press Esc [ [
	see_busy '2 of 6'
	measured 'form, typing' 16 x Backspace
	at_rest 'form' 0
	press Ctrl-N
	see_busy '3 of 6'
	press ]
	see_busy '4 of 6'
	see_busy 'of 10000 shown'
	press ]
	see_busy '5 of 6'
	press q
	see ' Home'
	press q
	ended 0
}
# The driver starts here; what it shows of screens at rest goes aside.
demand deadline 10000 2>> "$work/shown"
beside=
lists
steps
"$PENSTOCK" --json --quiet run busy > "$work/answer" 2>&1 &
running=$!
broken="$broken $running" # ends with the test
beside=', a run beside'
console 24 80
see ' Home'
press o
see_busy 'busy'
press w
demand deadline 120000 # everybody is read before anybody is sent
see_busy 'busy - running'
demand deadline 10000
at_rest 'monitor' 1000
measured 'monitor, help and back' 16 '?' '?' # not Esc: that one waits for what might follow
press q q q
ended 0
lists
steps
kill -0 "$running" 2> /dev/null || fail "the run has ended too soon: $(cat "$work/answer")"
