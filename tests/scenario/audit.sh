#!/bin/sh
# Who changed what: every command that changes something leaves a row, those that only look leave none.
. "$top_srcdir/tests/scenario/lib.sh"
sandbox_start --no-limits

# All that the program can be told, by its own help; the rest of it changes nothing that lasts.
looks='account list|account show|account test|destination list|destination show|destination test|fields|folders|lists|partitions|source check|mapping show|mapping check|
mapping suggest|mapping preview|mapping export|mapping revisions|mapping diff|
dataflow list|dataflow show|draft list|draft show|draft survey|draft preview|runs|run-show|failures|verify|status|whoami|audit|sandbox|demo|help|
label show|policy list|policy show|policy check|alert list|alert show|alert test|alert check|retention show|check|metrics|migrate list|migrate plan|migrate report'
# What an operator edits in a draft is written down when it is saved; the daemon's runs write their own rows; scenario/http.sh looks at the row of receive,
# scenario/migrate.sh looks at those of a migration.
looks="$looks|draft undo|draft redo|daemon|receive|migrate import|migrate apply|migrate compare|migrate finish|migrate undo"
expect 0 penstock --help
sed -n 's/^  \([a-z][a-z-]*\( [a-z]*\)\{0,1\}\) .*/\1/p' "$work/out" | sed 's/ *$//' | sort > "$work/commands"
grep -q '^account create$' "$work/commands" || fail 'the help lists no commands that this test understands'
echo "$looks" | tr '|' '\n' | sed '/^$/d' | sort > "$work/looks"
comm -23 "$work/commands" "$work/looks" > "$work/changes"

rows() {
	"$PENSTOCK" audit --json | jq '.audit | length'
}
# does ACTION OBJECT STATUS COMMAND...: it leaves a row of its own.
does() {
	action=$1 object=$2 status=$3
	shift 3
	before=$(rows)
	expect "$status" penstock "$@"
	cp "$work/out" "$work/kept"
	expect 0 penstock audit --json
	holds --argjson before "$before" --arg action "$action" --arg object "$object" '.audit | length > $before and (.[$before:] |
		any(.[]; .action == $action and (.object // "") == $object and (.who | length > 0) and (.at | test("^[0-9-]+T[0-9:]+Z$"))))'
	cp "$work/kept" "$work/out"
	echo "$action" >> "$work/done"
}
message p1@example.com a1 realized > "$work/feed.ndjson"
does 'account create' demo 0 account create demo --munchkin-id "$munchkin" --client-id "$client" --client-secret-file "$work/secret" --endpoint "$url/rest" \
	--identity "$url/identity"
does 'account update' demo 0 account update demo --daily-calls 40000
does 'destination create' demo 0 destination create demo --account demo --person-creation match-and-create --list-folder Audiences
does 'destination update' demo 0 destination update demo --description 'ours'
does 'mapping set' demo 0 mapping set demo identityMap.Email=email person.name.firstName=firstName
does 'mapping unset' demo 0 mapping unset demo firstName
does 'dataflow create' flow 0 dataflow create flow --destination demo --source "$work/feed.ndjson" --audience a1
does 'dataflow update' flow 0 dataflow update flow --end 2099-01-01
# Not only that, but what: never the secret.
expect 0 penstock account update demo --client-secret-file "$work/secret" --environment tests
expect 0 penstock destination update demo --dedupe-field email --description ''
expect 0 penstock dataflow update flow --audience a1
expect 0 penstock audit --json
holds '[.audit[] | select(.action | endswith("update")) | .detail] == ["daily-calls 40000", "description ours", "end 2099-01-01", "secret, environment tests",
	"description -, dedupe-field", "audience"]'
does 'mapping sign' demo 0 mapping sign demo 2 --note 'read'
does 'label set' person.name.lastName 0 label set person.name.lastName C2
does 'label unset' person.name.lastName 0 label unset person.name.lastName C2
does 'policy create' ours 0 policy create ours --deny C2 --marketing-action emailTargeting
does 'policy enable' ours 0 policy enable ours
does 'policy disable' ours 0 policy disable ours
does 'policy delete' ours 0 policy delete ours
does 'alert create' failed 0 alert create failed --when run-failed --command true --disable
does 'alert update' failed 0 alert update failed --syslog
does 'alert delete' failed 0 alert delete failed
does 'retention set' '' 0 retention set --audit 400
does 'retention apply' '' 0 retention apply
does backup "$work/copy.db" 0 backup "$work/copy.db"
does 'dataflow disable' flow 0 dataflow disable flow
does 'dataflow enable' flow 0 dataflow enable flow
does plan flow 0 plan flow
does run flow 0 run flow --json
list=$(value '.run.audiences[0].list_id')
does resync flow 0 resync flow
hook DELETE "/_sandbox/members?list=$list&id=$(hook GET "/_sandbox/members?list=$list" | jq '.members[0].id')" > /dev/null
does 'verify --repair' flow 0 verify flow --repair
does adopt flow 0 adopt flow
message nobody@example.com a1 realized > "$work/feed.ndjson"
hook POST /_sandbox/settings '{"faults":["short@/leads.json"]}' > /dev/null
does run flow 3 run flow --json
id=$(value .run.id)
hook POST /_sandbox/settings '{"faults":[]}' > /dev/null
does retry flow 0 retry "$id"
echo '{"step": 4, "name": "spring", "account": "demo", "dedupe": "email", "list_folder": "Audiences", "source": "'"$work"'/feed.ndjson", "audiences": [{"id": "a1"}],
 "mapping": [{"source": "identityMap.Email", "target": "email"}]}' > "$work/draft.json"
does 'draft save' spring 0 draft save "$work/draft.json" --json
does 'draft apply' spring 0 draft apply "$(value .id)"
expect 0 penstock draft save "$work/draft.json" --json
draft=$(value .id)
does 'draft delete' spring 0 draft delete "$draft"

# A run that is stopped from outside, killed, and finished by the next: who did what to it.
for n in $(seq 400); do message s$n@example.com a1 realized; done > "$work/feed.ndjson"
hook POST /_sandbox/settings '{"faults":["hang@/lists/"]}' > /dev/null
# begin_run: it waits for a reply.
begin_run() {
	"$PENSTOCK" --quiet run flow > /dev/null 2>&1 &
	running=$!
	until "$PENSTOCK" runs flow --json | jq -e '.runs[0] | .state == "running" and .created + .updated + .unchanged > 0' > /dev/null; do
		kill -0 $running 2> /dev/null || fail 'the run has ended'
	done
	run_id=$("$PENSTOCK" runs flow --json | jq '.runs[0].id')
}
begin_run
does pause flow 0 pause flow
does resume flow 0 resume flow
does stop flow 0 stop flow
wait $running || true
begin_run
kill -KILL $running
wait $running 2> /dev/null || true
hook POST /_sandbox/settings '{"faults":[]}' > /dev/null
does run flow 0 run flow
expect 0 penstock audit --json
holds --arg detail "run $run_id, begun earlier" 'any(.audit[]; .action == "run" and .detail == $detail)'
does 'mapping clear' demo 0 mapping clear demo
does 'dataflow delete' flow 0 dataflow delete flow
does 'dataflow delete' spring 0 dataflow delete spring
does 'destination delete' demo 0 destination delete demo
expect 0 penstock destination list --json
for name in $(value '.destinations[].name'); do expect 0 penstock destination delete "$name"; done
does 'account delete' demo 0 account delete demo

# Nothing that the help tells of was left out.
grep -v '^verify --repair$' "$work/done" | sort -u > "$work/tried"
comm -23 "$work/changes" "$work/tried" > "$work/left"
[ ! -s "$work/left" ] || fail "commands that may leave no row: $(tr '\n' ',' < "$work/left")"

# Looking leaves none, and neither does what was refused.
before=$(rows)
expect 0 penstock status
expect 0 penstock audit
for words in 'account delete nothing' 'run nothing' 'dataflow enable nothing'; do
	# shellcheck disable=SC2086
	expect 2 penstock $words
done
expect 4 penstock --read-only account create second --munchkin-id "$munchkin" --client-id x
[ "$(rows)" -eq "$before" ] || fail 'a row for nothing'

# To be read: one line each, oldest first, since a date.
expect 0 penstock audit
[ "$(wc -l < "$work/out")" -eq $((before + 1)) ] || fail 'not a line a row'
grep -q "account update *demo" "$work/out" || fail 'the table does not tell what was changed'
today=$(date -u +%Y-%m-%d)
expect 0 penstock audit --since "$(date -u -d "$today - 1 day" +%Y-%m-%d)" --json
holds --argjson before "$before" '(.audit | length) == $before and ([.audit[].at] | . == sort)'
expect 0 penstock audit --since "$(date -u -d "$today + 1 day" +%Y-%m-%d)" --json
holds '.audit == []'
refused 2 'is no date' penstock audit --since yesterday
# No secret and no personal data stand in it.
expect 0 penstock audit --json
! grep -qF -e "$secret" -e '@example.com' "$work/out" || fail 'more than is needed'
