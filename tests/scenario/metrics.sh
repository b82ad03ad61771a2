#!/bin/sh
# What monitoring reads: by command, and the file that the daemon keeps.
. "$top_srcdir/tests/scenario/lib.sh"
daemon=
end_daemon() {
	end_ours KILL $daemon
	cleanup
}
trap end_daemon EXIT

# OpenMetrics: every sample belongs to the family above it, every family is named once, nothing comes after the end.
is_openmetrics() {
	awk '/^# TYPE / { if (seen[$3]++) exit 1; family = $3; type = $4; next }
		/^# HELP / { if ($3 != family) exit 1; next }
		/^# EOF$/ { ended = NR; next }
		{ name = $0; sub(/[{ ].*/, "", name); if (name != family (type == "counter" ? "_total" : "") || $0 !~ /(^[a-z_]+|"}) [0-9]+$/) exit 1 }
		END { if (ended != NR) exit 1 }' "$1" || fail "this is no OpenMetrics text: $(cat "$1")"
}
has() {
	grep -qxF "$2" "$1" || fail "does not say: $2: $(cat "$1")"
}

expect 0 penstock metrics
is_openmetrics "$work/out"
has "$work/out" 'penstock_daemon_up 0'
sandbox_start --no-limits
destination_create
{ message a@example.com one realized; message 'b@@example.com' one realized; echo '{'; } > "$work/feed.ndjson"
expect 0 penstock dataflow create 'the "flow"' --destination demo --source "$work/feed.ndjson" --audience one
expect 0 penstock run 'the "flow"'
expect 0 penstock run 'the "flow"'
expect 0 penstock --read-only metrics
is_openmetrics "$work/out"
for line in 'penstock_received_records_total{dataflow="the \"flow\""} 4' 'penstock_records_total{dataflow="the \"flow\"",outcome="activated"} 1' \
	'penstock_records_total{dataflow="the \"flow\"",outcome="unchanged"} 1' 'penstock_records_total{dataflow="the \"flow\"",outcome="excluded"} 2' \
	'penstock_bad_lines_total{dataflow="the \"flow\""} 2' 'penstock_runs_total{dataflow="the \"flow\"",state="success"} 2' \
	'penstock_dataflow_enabled{dataflow="the \"flow\""} 1' 'penstock_account_daily_calls{account="demo"} 50000'; do
	has "$work/out" "$line"
done
! grep -q example.com "$work/out" || fail 'somebody is in the metrics'
# The same numbers as the runs tell, also when those have gone.
cp "$work/out" "$work/before"
grep '_total' "$work/before" > "$work/counters"
expect 0 penstock runs --json
[ "$(value '[.runs[].calls] | add')" -eq "$(awk '/^penstock_calls_total/ { sum += $NF } END { print sum }' "$work/before")" ] || fail 'other calls than the runs tell'
"$top_builddir/tests/tools/sql_main" "$PENSTOCK_DB" 'UPDATE run SET ended_at = 1' < /dev/null
expect 0 penstock retention apply --json
holds '.deleted.runs == 1'
expect 0 penstock metrics --json
holds '.metrics | endswith("# EOF\n")'
value .metrics | grep '_total' | cmp -s - "$work/counters" || fail 'a counter has changed with what was deleted'

expect 0 penstock dataflow update 'the "flow"' --every 1d
"$PENSTOCK" daemon --metrics "$work/metrics" 2> "$work/daemon.err" &
daemon=$!
doing='waiting for the file'
until grep -qs 'penstock_daemon_up 1' "$work/metrics"; do sleep 0.1; done
is_openmetrics "$work/metrics"
[ "$(stat -c %a "$work/metrics")" = 644 ] || fail 'others cannot read it'
kill -TERM $daemon
wait $daemon
daemon=
