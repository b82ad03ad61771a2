#!/bin/sh
# V1 dataflows become V2 dataflows: imported, shown, planned, made, run, compared, and V1 disabled and deleted only then. What a difference is explained by is told by id.
. "$top_srcdir/tests/scenario/lib.sh"
. "$top_srcdir/tests/scenario/migrate_lib.sh"
sandbox_start
account_create demo

# Two lists of V1: in 1001 are a, b and c (c has no address), and d twice; in 1002 are a and e.
a=$(person a@example.com) b=$(person b@example.com) d=$(person d@example.com) twin=$(person D@Example.com) e=$(person e@example.com)
c=$(hook POST /_sandbox/people '{"fields":{"firstName":"Nobody"}}' | jq .id)
for one in $a $b $c $d $twin; do join 1001 "$one"; done
for one in $a $e; do join 1002 "$one"; done
page '' "$(v1_flow F-1 partner-list enabled "$(email_field),$(three_fields)" "$(audience AUD-1 Partners 1001)")" \
	"$(v1_flow F-2 winback enabled "$(email_field)" "$(audience AUD-2 Winback 1002)")" > "$work/export.json"

# Import: needs an account, and knows V1 by what it is.
expect 4 penstock --read-only migrate import "$work/export.json" --json
expect 0 penstock migrate import "$work/export.json" --json
holds '.account == "demo" and .complete and .others == 0 and ([.flows[].verdict] == ["imported", "imported"])'
expect 0 penstock migrate import "$work/export.json" --json
holds '[.flows[].verdict] == ["unchanged", "unchanged"]'
expect 0 penstock dataflow list --json
holds '.dataflows | length == 2 and all(.[]; .card == "V1" and .enabled and .source == null)'
expect 0 penstock dataflow show partner-list --json
holds '.dataflow | .audiences[0] | .list == "1001" and .id == null and .audience == "AUD-1" and .name == "Partners"'
expect 0 penstock destination show 'demo V1' --json
holds '.destination | .version == 1 and .card == "V1" and .person_creation == "match-only"'
expect 0 penstock mapping show partner-list --json
holds '[.mapping[].target] == ["email", "firstName", "lastName", "companyName"]'

# Nothing new can be made on V1, and what is there does not change.
message a@example.com AUD-1 realized > "$work/one.ndjson"
refused 2 'Marketo V1, which is retired' penstock dataflow create fresh --destination 'demo V1' --source "$work/one.ndjson" --audience x
holds '.error.code == "v1" and (.error.hint | contains("destination create"))'
for command in 'run partner-list' 'plan partner-list' 'verify partner-list' 'dataflow update partner-list --start 2026-01-01' 'mapping set partner-list a=b' \
	'mapping clear partner-list'; do
	# shellcheck disable=SC2086
	expect 2 penstock $command --json
	holds '.error.code == "v1"'
done
refused 2 'retired' penstock destination update 'demo V1' --description x

# Plan: makes nothing, and says what differs.
expect 0 penstock --read-only migrate plan --json
holds '.migrations | length == 2 and all(.[]; .ready and .enabled == false and .v2 == null and .v2_account_is == "reused")'
holds '.migrations[0] | [.verdicts[].code] == ["no_source"] and .audiences[0].list == "keep" and .v2_name == "partner-list-v2" and
	(.mapping | map(.target + (if .create_only then "!" else "" end))) == ["email", "firstName", "lastName", "company!"]'
holds '.migrations[0].lines | any(.mark == "changed" and .v1 == "companyName") and any(.mark == "dropped" and .what == "Mapping ID") and any(.mark == "new" and .v2 == "match-only")'
expect 0 penstock migrate plan partner-list
grep -q '~  *Field, renamed' "$work/out" || fail 'the plan does not mark what is changed'
refused 2 'no V1 dataflow "partner-lists" was imported' penstock migrate plan partner-lists
(umask 077 && echo 0123456789abcdef > "$work/token")
expect 0 penstock --read-only migrate plan partner-list --source "http:127.0.0.1:8099/in,token-file=$work/token" --json
holds --arg spool "spool=$work/store/inbox/8099-in" '.migrations[0] | .ready and (.source | endswith($spool))'
[ ! -e "$work/store/inbox" ] || fail 'a plan has made a folder'

# Made without a source: disabled, and cannot be enabled before it has one.
expect 0 penstock migrate apply winback --json
holds '.migrations[0] | .state == "created" and .v2 == "winback-v2" and .enabled == false'
refused 2 'has no source yet' penstock dataflow enable winback-v2
expect 2 penstock plan winback-v2 --json
holds '.error.code == "no_source"'
expect 0 penstock migrate undo winback
# One that is posted to: its folder is made now, and is called what it is called everywhere.
expect 0 penstock migrate apply winback --source "http:127.0.0.1:8099/in,token-file=$work/token,spool=$work/mail/box/" --json
[ -d "$work/mail/box" ] || fail 'there is no folder for what is posted'
expect 0 penstock dataflow show winback-v2 --json
holds --arg spool "spool=$work/mail/box" '.dataflow.source | contains($spool) and (contains($spool + "/") | not)'
expect 0 penstock migrate undo winback
expect 0 penstock dataflow list --json
holds '[.dataflows[].name] == ["partner-list", "winback"]'
expect 0 penstock destination list --json
holds '[.destinations[].name] == ["demo V1"]'

# The source: a, d and f (who is new in Marketo's list) are partners, b has left; winback has a and nobody else.
person f@example.com > /dev/null
{
	message a@example.com AUD-1 realized
	message b@example.com AUD-1 exited
	message d@example.com AUD-1 realized
	message f@example.com AUD-1 realized
	message nobody@example.com AUD-1 realized
	message a@example.com AUD-2 realized
} > "$work/feed.ndjson"

# A dry run makes nothing anywhere.
hook POST /_sandbox/reset > /dev/null
expect 0 penstock --read-only migrate apply partner-list --source "$work/feed.ndjson" --dry-run --json
holds '.migrations[0] | .state == "imported" and .dry_run.received == 5'
expect 4 penstock --read-only migrate apply partner-list --source "$work/feed.ndjson" --json
expect 0 penstock migrate apply partner-list --source "$work/feed.ndjson" --dry-run --json
holds '.migrations[0] | .state == "imported" and .ready and .enabled and .dry_run.received == 5 and .status == 0'
expect 0 penstock dataflow list --json
holds '.dataflows | length == 2'
hook GET "/_sandbox/log?last=$(hook GET /_sandbox/state | jq .calls)" | jq -e 'all(.[]; .method == "GET")' > /dev/null || fail 'the dry run changed something'

# A data usage policy stands in the way until the label, here, is gone: nothing is made.
expect 0 penstock label set person.name.firstName C2
expect 0 penstock policy create noname --marketing-action emailTargeting --deny C2 --enabled
expect 5 penstock migrate apply partner-list --source "$work/feed.ndjson" --marketing-action emailTargeting --json
holds '.migrations[0] | .state == "imported" and .status == 5 and .error.code == "policy" and any(.verdicts[]; .code == "policy")'
expect 0 penstock dataflow list --json
holds '.dataflows | length == 2'
expect 0 penstock label unset person.name.firstName C2

# Partners keep their list; winback gets one of its own.
expect 0 penstock migrate apply partner-list --source "$work/feed.ndjson" --json
holds '.migrations[0] | .state == "created" and .enabled and .v2 == "partner-list-v2" and .status == 0'
expect 0 penstock migrate apply partner-list --source "$work/feed.ndjson" --json
holds '.migrations[0] | .state == "created" and any(.verdicts[]; .code == "done")'
expect 2 penstock migrate apply winback --list new --source "$work/feed.ndjson"
says 'no folder for lists is given'
expect 0 penstock migrate apply winback --list new --list-folder Audiences --source "$work/feed.ndjson" --json
expect 0 penstock dataflow show partner-list-v2 --json
holds --arg source "$work/feed.ndjson" '.dataflow | .source == $source and .enabled and .audiences[0].list == "1001" and .card == "V2"'
expect 0 penstock mapping show partner-list-v2 --json
holds '[.mapping[].target] == ["email", "firstName", "lastName", "company"]'

# Not compared, not run: V1 stays.
expect 7 penstock migrate finish partner-list --json
holds '.migrations[0].error.code == "not_compared" and .migrations[0].state == "created"'
expect 7 penstock migrate finish partner-list --override 'never mind' --json
holds '.migrations[0].error.code == "not_compared"'
expect 7 penstock migrate compare partner-list --json
holds '.migrations[0] | .clean == false and .error.code == "not_run" and .both == 5 and .missing == 0 and .extra == 0'
expect 2 penstock dataflow delete partner-list --json
holds '.error.code == "v1"'

# Run, compare: b has left and is explained, f was added by the source; whom nobody can match stays.
expect 0 penstock run partner-list-v2 --json
holds '.run | .removed == 1 and .added == 1 and .excluded == 1'
expect 0 penstock migrate compare partner-list --json
holds --argjson b "$b" '.ok and (.migrations[0] | .clean and .both == 4 and .missing == 1 and .extra == 1 and .unexplained == 0 and
	(.audiences[0] | .v1_list == 1001 and .v2_list == 1001 and .in_v1 == 5 and .in_v2 == 5) and
	any(.differences[]; .lead_id == $b and .side == "missing" and .reason == "left_audience" and .explained) and
	any(.differences[]; .side == "extra" and .reason == "in_source"))'
# Without the source the ledger tells.
mv "$work/feed.ndjson" "$work/away"
expect 0 penstock migrate compare partner-list --json
mv "$work/away" "$work/feed.ndjson"

# A list of its own: e is in V1's list and the source has never named them: no rule explains that.
expect 0 penstock run winback-v2 --json
expect 7 penstock migrate compare winback --json
holds --argjson e "$e" '.migrations[0] | .clean == false and .both == 1 and .missing == 1 and .unexplained == 1 and .error.code == "differences" and
	(.differences == [{"audience":"Winback","lead_id":$e,"side":"missing","reason":"not_in_source","code":null,"message":.differences[0].message,"explained":false}])'
expect 7 penstock migrate finish winback --json
holds '.migrations[0].error.code == "not_clean"'
expect 7 penstock migrate finish winback --delete --json
expect 2 penstock migrate finish winback --override '' --json

# Clean: disabled, then deleted. Never both at once.
expect 7 penstock migrate finish partner-list --delete --json
holds '.migrations[0].error.code == "not_paused"'
expect 0 penstock migrate finish partner-list --json
holds '.migrations[0].state == "paused"'
expect 0 penstock dataflow show partner-list --json
holds '.dataflow.enabled == false'
expect 0 penstock mapping set partner-list-v2 person.birthDate=dateOfBirth
expect 7 penstock migrate finish partner-list --delete --json
holds '.migrations[0].error.code == "stale"'
expect 0 penstock migrate compare partner-list
expect 0 penstock migrate finish partner-list --delete
grep -q 'DELETE /flows/F-1' "$work/out" || fail 'it does not say what is to be done on the Platform'
expect 0 penstock dataflow list --json
holds '[.dataflows[].name] == ["partner-list-v2", "winback", "winback-v2"]'
refused 2 'that cannot be undone' penstock migrate undo partner-list

# The override is written down: in the audit and in the report.
expect 0 penstock migrate finish winback --override 'e asked to be taken out' --json
holds '.migrations[0] | .state == "paused" and .override == "e asked to be taken out"'
expect 0 penstock audit --json
holds 'any(.audit[]; .action == "migrate finish" and .object == "winback" and (.detail | contains("e asked to be taken out")))'

# Undo gives V1 back as it was, as long as it is there.
expect 0 penstock migrate undo winback --json
holds '.migrations[0] | .state == "imported" and .v2 == null and .override == null'
expect 0 penstock dataflow show winback --json
holds '.dataflow | .enabled and .card == "V1" and .audiences[0].list == "1002"'
expect 2 penstock dataflow show winback-v2 --json
expect 0 penstock migrate list --json
holds '[.migrations[] | {flow, state}] == [{"flow":"partner-list","state":"finished"},{"flow":"winback","state":"imported"}]'

# The report.
expect 0 penstock migrate report --markdown "$work/report.md" --csv "$work/report.csv"
for text in '# Migration of Marketo V1 dataflows to V2' '## partner-list (finished)' 'companyName' 'F-1' 'the source says that this person has left the audience' 'delete' "$(id -un)"; do
	grep -qF -- "$text" "$work/report.md" || fail "the report does not say: $text"
done
grep -qxF '| partner-list | finished | partner-list-v2 | 4 | 1 | 1 | 0 | - |' "$work/report.md" || fail 'the report lacks the line of partner-list'
grep -q "^partner-list,F-1,finished,partner-list-v2,.*,Partners,$b,missing,left_audience," "$work/report.csv" || fail 'the CSV lacks b'
# On standard output it is the same, but for when it was written.
for option in csv markdown; do
	expect 0 penstock migrate report --$option -
	sed '/^Written /d' "$work/report.$(printf %s "$option" | sed s/markdown/md/)" > "$work/undated"
	sed '/^Written /d' "$work/out" | cmp -s - "$work/undated" || fail "--$option - is not what the file holds"
	expect 2 penstock migrate report --$option - --json
done
expect 2 penstock migrate report --csv - --markdown -
expect 0 penstock migrate report --json
holds '.migrations | length == 2 and (.[0].exported.id == "F-1") and ([.[0].steps[].step] == ["import", "apply", "compare", "compare", "compare", "pause", "compare", "delete"])'

# What V2's runs changed in a list that it kept stays when it is undone, and is told by id: g was taken out, h put in; i was in it before.
g=$(person g@example.com) h=$(person h@example.com) i=$(person i@example.com)
for one in $g $i; do join 1003 "$one"; done
page '' "$(v1_flow F-3 kept enabled "$(email_field)" "$(audience AUD-3 Kept 1003)")" > "$work/third.json"
{
	message g@example.com AUD-3 exited
	message h@example.com AUD-3 realized
	message i@example.com AUD-3 realized
} > "$work/third.ndjson"
expect 0 penstock migrate import "$work/third.json"
expect 0 penstock migrate apply kept --source "$work/third.ndjson"
expect 0 penstock migrate undo kept --json
holds '.migrations[0] | .put_in == 0 and .taken_out == 0'
expect 0 penstock migrate apply kept --source "$work/third.ndjson"
expect 0 penstock run kept-v2
expect 0 penstock migrate undo kept
grep -qF "kept: V1's lists keep what V2's runs did to them. People put in: 1, taken out: 1" "$work/out" || fail 'it does not say what stays'
expect 0 penstock migrate report kept --markdown "$work/undone.md" --csv "$work/undone.csv"
grep -q "^kept,F-3,imported,,,Kept,$h,extra,put_in,,yes," "$work/undone.csv" || fail "the CSV lacks h: $(cat "$work/undone.csv")"
grep -q "^kept,F-3,imported,,,Kept,$g,missing,taken_out,,yes," "$work/undone.csv" || fail "the CSV lacks g: $(cat "$work/undone.csv")"
[ "$(wc -l < "$work/undone.csv")" -eq 3 ] || fail "the CSV tells of others: $(cat "$work/undone.csv")"
grep -qF "What V2's runs had changed in V1's lists stays" "$work/undone.md" || fail 'the report does not say what stays'
expect 0 penstock migrate apply kept --source "$work/third.ndjson"
expect 0 penstock migrate report kept --csv "$work/again.csv"
! grep -q 'put_in' "$work/again.csv" || fail 'what was undone before is told of what is new'
exit 0
