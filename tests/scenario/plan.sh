#!/bin/sh
# A plan beside the run it tells of: of a disabled dataflow too, and with a sample of its people looked up in Marketo.
. "$top_srcdir/tests/scenario/lib.sh"
sandbox_start --no-limits --log "$work/log"
destination_create
for n in 1 2 3 4 5; do message "p$n@example.com" a1 realized; done > "$work/half.ndjson"
{
	cat "$work/half.ndjson"
	for n in 6 7 8 9; do message "p$n@example.com" a1 realized; done
	message 'Comma,<x>@example.com' a1 realized
} > "$work/feed.ndjson"
expect 0 penstock dataflow create half --destination demo --source "$work/half.ndjson" --audience 'a1=Half'
expect 0 penstock run half
expect 0 penstock dataflow create flow --destination demo --source "$work/feed.ndjson" --audience 'a1=Whole'

# Disabled: planned, not run.
expect 0 penstock dataflow disable flow
before=$(wc -l < "$work/log")
expect 0 penstock plan flow --json
holds '.plan.id > 0 and (.plan | has("sample") | not)'
expect 0 penstock plan flow --sample 300 --json
holds '.plan.sample == {"people": 9, "found": 5}'
expect 0 penstock plan flow --sample 3
grep -q 'of 3 people looked up are in Marketo already' "$work/out" || fail 'the sample is not told'
people=$(hook GET /_sandbox/state | jq .people)
expect 0 penstock run flow --dry-run --json
refused 2 'is disabled' penstock run flow
[ "$(hook GET /_sandbox/state | jq .people)" -eq "$people" ] || fail 'a plan changed something'
[ "$(tail -n +$((before + 1)) "$work/log" | grep -c 'leads.json')" -eq 2 ] || fail 'a sample is one call'
for wrong in 0 301 -1 x; do
	expect 2 penstock plan flow --sample "$wrong" --json
	holds '.error.code != null'
done

# What was planned while it was disabled runs once it is enabled; nothing is left to look up then.
expect 0 penstock plan flow --json
plan=$(value .plan.id)
expect 0 penstock dataflow enable flow
"$top_builddir/tests/tools/sql_main" "$PENSTOCK_DB" 'UPDATE run SET started_at = started_at - 3600000' < /dev/null
expect 0 penstock run flow --plan "$plan" --json
holds '(.run.started_at | fromdate) > (now - 1800)' # a plan that waited has not run meanwhile
holds '.run.activated >= 9'
expect 0 penstock plan flow --sample 300 --json
holds '.plan.sample == {"people": 0, "found": 0}'
