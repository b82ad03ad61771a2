#!/bin/sh
# Sign-off: where a destination requires it, nothing is sent by a revision of the mapping that nobody has signed, whoever asks; a signature is for that revision alone.
. "$top_srcdir/tests/scenario/lib.sh"
. "$top_srcdir/tests/scenario/migrate_lib.sh"
daemon=
end_daemon() {
	end_ours KILL $daemon
	cleanup
}
trap end_daemon EXIT
sandbox_start --no-limits
destination_create
{
	message p1@example.com a1 realized
	message p2@example.com a1 realized
} > "$work/feed.ndjson"
expect 0 penstock dataflow create 'my flow' --destination demo --source "$work/feed.ndjson" --audience a1
calls() {
	hook GET /_sandbox/state | jq .calls
}
# unsigned REVISION COMMAND...: status 4, nothing goes to Marketo, and it says what to sign.
unsigned() {
	before=$(calls) revision=$1
	shift
	expect 4 penstock "$@" --json
	holds --arg revision "$revision" '.error | .code == "not_signed" and (.message | contains("revision " + $revision + " ")) and (.hint | contains("mapping sign '"'my flow'"' " + $revision))'
	[ "$(calls)" = "$before" ] || fail "an unsigned launch talked to Marketo: $*"
}

# Off unless it is asked for.
expect 0 penstock destination show demo --json
holds '.destination.sign_off == "none"'
expect 0 penstock run 'my flow' --json
first=$(value .run.id)
refused 2 'does not say whether' penstock destination update demo --sign-off perhaps
expect 4 penstock --read-only destination update demo --sign-off required
expect 0 penstock destination update demo --sign-off required --json
holds '.destination.sign_off == "required"'
expect 0 penstock destination show demo
grep -q 'required' "$work/out" || fail 'show does not tell'
expect 0 penstock audit --json
holds 'any(.audit[]; .action == "destination update" and .detail == "sign-off required")'

# Every way to send; a plan is there to be reviewed, and says so.
expect 0 penstock plan 'my flow' --json
plan=$(value .plan.id)
says 'nobody has signed revision 1'
unsigned 1 run 'my flow'
unsigned 1 run 'my flow' --plan "$plan"
unsigned 1 run 'my flow' --allow-removals --limit 1
unsigned 1 run 'my flow' --follow
unsigned 1 resync 'my flow'
unsigned 1 retry "$first"
unsigned 1 verify 'my flow' --repair
expect 0 penstock run 'my flow' --dry-run
expect 0 penstock verify 'my flow'
refused 4 'nobody has signed revision 1 of the mapping of my flow' penstock run 'my flow'

# A signature for the destination's mapping, or another revision, is none for this one.
expect 0 penstock mapping sign demo 1
unsigned 1 run 'my flow'
expect 0 penstock mapping sign 'my flow' 1 --note 'read with legal'
expect 0 penstock run 'my flow' --plan "$plan" --json
expect 0 penstock resync 'my flow'
expect 0 penstock verify 'my flow' --repair
expect 0 penstock mapping set 'my flow' person.name.lastName=middleName
unsigned 2 run 'my flow'
expect 0 penstock mapping unset 'my flow' middleName
# The same rows again are another revision all the same.
unsigned 3 run 'my flow'
expect 0 penstock mapping sign 'my flow' 2
unsigned 3 run 'my flow'
expect 0 penstock mapping sign 'my flow' 3
expect 0 penstock run 'my flow'

# A plan carries the mapping it was made with: both have to be signed
message p3@example.com a1 realized >> "$work/feed.ndjson"
expect 0 penstock mapping set 'my flow' person.name.lastName=middleName
expect 0 penstock plan 'my flow' --json
plan=$(value .plan.id)
expect 0 penstock mapping unset 'my flow' middleName
expect 0 penstock mapping sign 'my flow' 5
unsigned 4 run 'my flow' --plan "$plan"
expect 0 penstock mapping sign 'my flow' 4
# .. and a plan of another mapping than today's is void all the same.
refused 2 'were changed after the plan' penstock run 'my flow' --plan "$plan"
expect 0 penstock plan 'my flow' --json
expect 0 penstock run 'my flow' --plan "$(value .plan.id)" --json
holds '.run.created == 1'

# The daemon's runs, too.
expect 0 penstock mapping set 'my flow' person.name.lastName=middleName
expect 0 penstock dataflow update 'my flow' --every 1s
message p4@example.com a1 realized >> "$work/feed.ndjson"
before=$(calls)
"$PENSTOCK" daemon --log "$work/daemon.log" --log-json > "$work/daemon.out" 2>&1 &
daemon=$!
doing='waiting for the daemon to be refused'
until grep -qs '"code":"not_signed"' "$work/daemon.log"; do sleep 0.1; done
[ "$(calls)" = "$before" ] || fail 'an unsigned run of the daemon talked to Marketo'
jq -e 'select(.code == "not_signed") | .event == "ended" and .status == 4' "$work/daemon.log" > /dev/null || fail 'the log does not tell the status'
expect 0 penstock mapping sign 'my flow' 6
doing='waiting for the daemon to run'
until jq -e 'select(.event == "ended" and .status == 0 and .activated > 0)' "$work/daemon.log" > "$work/ran" && [ -s "$work/ran" ]; do sleep 0.1; done
kill -TERM "$daemon"
wait "$daemon" || true
daemon=
expect 0 penstock dataflow update 'my flow' --every ''

# None again: as it was.
expect 0 penstock destination update demo --sign-off none
expect 0 penstock mapping unset 'my flow' middleName
expect 0 penstock run 'my flow'

# What a migration makes is no exception.
join 1001 "$(person a@example.com)"
page '' "$(v1_flow F-1 partners enabled "$(email_field),$(three_fields)" "$(audience a1 Partners 1001)")" > "$work/export.json"
expect 0 penstock migrate import "$work/export.json" --account demo --json
message a@example.com a1 realized > "$work/one.ndjson"
expect 0 penstock migrate apply partners --source "$work/one.ndjson" --sign-off required --json
expect 0 penstock destination list --json
holds '[.destinations[] | select(.sign_off == "required")] | length == 1'
expect 4 penstock run partners-v2 --json
holds '.error.code == "not_signed"'
expect 0 penstock mapping sign partners-v2 1
expect 0 penstock run partners-v2 --json
