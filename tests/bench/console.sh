#!/bin/sh
# The console's promises about time (ux 6): first paint within 50 ms, a key seen within 16 ms (99th percentile) in the mapping step with 5,000 Marketo
# fields and 1,000 source fields, the list of all fields filtered as one types. Needs a quiet machine; prints ratios to what is promised.
. "$top_srcdir/tests/screen/lib.sh"
fields=5000 paths=1000 presses=${1:-300}

LC_ALL=C awk -v paths="$paths" 'BEGIN {
	for (n = 1; n <= 200; n++) {
		printf "{\"identityMap\":{\"Email\":[{\"id\":\"p%d@example.com\"}]},\"segmentMembership\":{\"ups\":{\"a1\":{\"status\":\"realized\"}}},\"_example\":{", n
		for (i = 1; i <= paths; i++)
			printf "%s\"value%04d\":\"%d\"", (i > 1 ? "," : ""), i, i
		print "}}"
	}
}' > "$work/feed.ndjson"
mkdir -p "$work/store"
printf 'secret\n' > "$work/secret"
expect 0 penstock account create bench --munchkin-id 123-ABC-456 --client-id c --client-secret-file "$work/secret"
body=$(jq -cn --arg source "$work/feed.ndjson" '{step: 4, name: "bench", account: "bench", person_creation: "match-only", dedupe: "email", secret_from: "typed",
	source: $source, audiences: [{id: "a1", name: "A"}], marketing_actions: [], mapping: [], destination_id: 0, dataflow_id: 0}')
"$top_builddir/tests/tools/sql_main" "$PENSTOCK_DB" "
	INSERT INTO catalogue SELECT id, (strftime('%s') + 0) * 1000 FROM account;
	WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $fields)
		INSERT INTO field SELECT account.id, printf('customField%04d', i), printf('Custom field %04d', i), 'string', 255, 1, 0, 0 FROM n, account;
	INSERT INTO field SELECT id, 'email', 'Email Address', 'email', 255, 1, 1, 0 FROM account;
	INSERT INTO draft (body, saved_at) VALUES ('$body', 1);" < /dev/null > /dev/null || fail 'the store could not be prepared'

# percentile NAME PROMISE: of the numbers in $work/times, one a line.
percentiles() {
	sort -n "$work/times" | awk -v name="$1" -v promise="$2" '
		{ at[NR] = $1 }
		END {
			p99 = at[int(NR * 0.99 + 0.5)]
			printf "%s: %d times, median %d ms, 99th percentile %d ms, most %d ms; ratio to the %d ms promised: %.2f\n", name, NR, at[int((NR + 1) / 2)], p99,
				at[NR], promise, p99 / promise
		}'
}

: > "$work/times"
for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	console 24 80
	see 'New dataflow'
	demand elapsed
	echo "$answer" >> "$work/times"
	press q
	ended 0
done
percentiles 'first paint from the start of the process' 50

measured() {
	name=$1
	shift
	: > "$work/times"
	n=0
	while [ "$n" -lt "$presses" ]; do
		for key; do
			press "$key"
			idle
			demand elapsed
			echo "$answer" >> "$work/times"
		done
		n=$((n + 1))
	done
	percentiles "$name" 16
}
console 24 80
see 'New dataflow'
press Down Enter
see '5 of 6'
see 'identityMap.Email'
measured 'mapping, up and down' Down Up
measured 'mapping, pages' PageDown PageUp
press Home Enter
see 'filter:'
measured 'fields, pages' PageUp PageDown
measured 'fields, a filter typed' 7 Backspace
press Esc Esc
see '5 of 6'
press q
see 'New dataflow on'
press q
ended 0
