#!/bin/sh
# Odd dataflows of V1: each gets its verdict, none stops the others. What the Flow Service's documents leave open is recognised by content, asked when in doubt, and can be said.
. "$top_srcdir/tests/scenario/lib.sh"
. "$top_srcdir/tests/scenario/migrate_lib.sh"
sandbox_start
account_create demo
many() {
	awk -v from="$1" -v to="$2" 'BEGIN {
		for (n = from; n <= to; n++)
			printf "%s{\"type\":\"PLATFORM_SEGMENT\",\"value\":{\"id\":\"M-%d\",\"name\":\"Many %d\",\"mappingId\":\"\"}}", (n > from ? "," : ""), n, n
	}'
}
dated='{"type":"PLATFORM_SEGMENT","value":{"id":"D-1","name":"Dated","mappingId":1004,"startDate":"2026-01-02","endDate":"when it suits"}}'
page '/flows?limit=100&continuationToken=two' \
	"$(v1_flow O-1 plain enabled "$(email_field)" "$(audience A-1 One 1001)")" \
	"$(v1_flow O-2 empty-id enabled "$(email_field)" "$(audience A-2 Two '')")" \
	"$(v1_flow O-3 gone enabled "$(email_field)" "$(audience A-3 Three 987654)")" \
	"$(v1_flow O-4 no-identity enabled "$(three_fields)" "$(audience A-4 Four 1002)")" \
	"$(v1_flow O-5 ecid-only enabled "$(ecid_field)" "$(audience A-5 Five 1003)")" \
	"$(v1_flow O-6 off disabled "$(email_field)" "$(audience A-6 Six ST1005A1)")" > "$work/page1.json"
page '' "$(v1_flow O-7 shared-a enabled "$(email_field)" "$(audience A-7 Seven 1006)")" \
	"$(v1_flow O-8 shared-b enabled "$(email_field)" "$(audience A-8 Eight 1006)")" \
	"$(v1_flow O-9 many enabled "$(email_field)" "$(many 1 250)")" \
	"$(v1_flow O-10 too-many enabled "$(email_field)" "$(many 301 551)")" \
	"$(v1_flow O-11 '会員 – عملاء "VIP" été' enabled "$(email_field)" "$(audience A-11 'Клиенты' 1007)" | sed 's/"VIP"/\\"VIP\\"/')" \
	"$(v1_flow O-12 unknown enabled "$(email_field)" "$(audience A-12 Twelve 1008)" '"brandNew":{"a":[1,2]},')" \
	"$(v1_flow O-13 typed-badly enabled "$(email_field)" "$(audience A-13 Thirteen 'see Anna')")" \
	"$(v1_flow O-14 extra enabled "$(email_field),$(field person.birthDate dateOfBirth)" "$(audience A-14 Fourteen '')")" \
	"$(v1_flow O-15 dated updating "$(email_field)" "$dated")" \
	"$(v1_flow O-16 nobody enabled "$(email_field)" '')" \
	'{"name":"no id"}' '17' > "$work/page2.json"
expect 3 penstock migrate import "$work/page1.json" "$work/page2.json" --json
holds '([.flows[] | select(.verdict == "imported")] | length == 16) and ([.flows[] | select(.verdict == "bad_flow")] | length == 2) and .complete and .next == null'
expect 0 penstock migrate plan --list-folder Audiences --json
codes() {
	jq -c --arg id "$1" '.migrations[] | select(.flow_id == $id) | [.ready] + ([.verdicts[].code] - ["no_source"] | sort)' "$work/out"
}
is() {
	[ "$(codes "$1")" = "$2" ] || fail "$1 is $(codes "$1"), not $2"
}
is O-1 '[true]'
is O-2 '[true,"empty_mapping_id"]'
is O-3 '[true,"list_gone"]'
is O-4 '[false,"no_identity"]'
is O-5 '[false,"ecid_only"]'
is O-6 '[true,"disabled"]'
is O-7 '[false,"shared_list"]'
is O-8 '[false,"shared_list"]'
holds '.migrations[] | select(.flow_id == "O-9") | .ready and (.audiences | length == 250) and
	any(.verdicts[]; .code == "empty_mapping_id" and .count == 250 and .about == "Many 1, Many 2, Many 3, Many 4, Many 5, ..")'
jq -e '.migrations[] | select(.flow_id == "O-10") | .ready and any(.verdicts[]; .code == "many_audiences")' "$work/out" > /dev/null || fail 'O-10'
is O-11 '[true]'
is O-12 '[true,"unknown_keys"]'
is O-13 '[true,"bad_mapping_id"]'
is O-14 '[true,"empty_mapping_id","extra_field"]'
is O-15 '[true,"bad_date","in_transition"]'
is O-16 '[false,"no_audience"]'
holds 'all(.migrations[].verdicts[]; .message != null and (.weight == "note" or .weight == "warning" or .weight == "blocked"))'
holds 'all(.migrations[].verdicts[] | select(.weight == "blocked"); .to_do != null)'
jq -e '.migrations[] | select(.flow_id == "O-15") | .audiences[0] | .start == "2026-01-02T00:00:00Z" and .end == null and .v1_list == 1004' "$work/out" > /dev/null || fail 'the dates'
jq -e '.migrations[] | select(.flow_id == "O-6") | .audiences[0].v1_list == 1005' "$work/out" > /dev/null || fail 'ST1005A1'

# What can be said to help: each of the blocked ones becomes ready.
expect 0 penstock migrate plan O-4 O-5 --email-from identityMap.Email --json
holds 'all(.migrations[]; .ready and any(.mapping[]; .source == "identityMap.Email" and .target == "email"))'
expect 0 penstock migrate plan O-5 --dedupe-field email,customerNumber --json
holds '.migrations[0] | .ready == false' # the dedupe field email has no row
expect 0 penstock migrate plan O-5 --dedupe-field customerNumber --json
holds '.migrations[0] | .ready and .mapping == [{"source":"identityMap.ECID","target":"customerNumber","create_only":false}]'
expect 0 penstock migrate plan O-7 O-8 --list new --list-folder Audiences --json
holds 'all(.migrations[]; .ready and .audiences[0].list == "new")'
expect 0 penstock migrate plan O-1 --sync-type audience-only --person-creation match-and-create --json
holds '.migrations[0] | .ready == false and any(.verdicts[]; .code == "settings" and .about != null)'
expect 0 penstock migrate plan O-1 --source "$work/none.ndjson" --json
holds '.migrations[0] | any(.verdicts[]; .code == "source")'
expect 2 penstock migrate plan O-1 --list other --json

# Apply: what is ready is made, the rest says why; a newer connector's settings are V2's, too.
expect 3 penstock migrate apply --list-folder Audiences --person-creation match-and-create --sync-type audience-and-profile --workspace Default --json
holds '([.migrations[] | select(.status == 0)] | length == 11) and ([.migrations[] | select(.status == 2) | .error.code] | sort ==
	["ecid_only", "no_audience", "no_identity", "shared_list", "shared_list"])'
expect 0 penstock destination show plain-v2 --json
holds '.destination | .person_creation == "match-and-create" and .sync_type == "audience-and-profile" and .workspace == "Default"'
expect 0 penstock dataflow show off-v2 --json
holds '.dataflow.enabled == false'
expect 0 penstock dataflow show many-v2 --json
holds '.dataflow.audiences | length == 250'
expect 0 penstock dataflow list --json
holds '[.dataflows[] | select(.card == "V1")] | length == 16'
expect 0 penstock migrate list
expect 3 penstock migrate import "$work/page2.json" "$work/page1.json" --json
holds '.complete and all(.flows[] | select(.flow_id != null); .verdict == "unchanged")'
expect 0 penstock migrate import "$work/page1.json" --json
says 'continuationToken=two'
holds '.complete == false and .next == "/flows?limit=100&continuationToken=two"'
# A dataflow that nothing can come of is taken off the list; one under way is not.
expect 0 penstock dataflow delete nobody
expect 2 penstock dataflow delete plain --json
expect 0 penstock migrate list --json
holds 'all(.migrations[]; .flow != "nobody") and (.migrations | length == 15)'

# No JSON, no reply, too large, nothing: told, and the others are taken all the same.
printf '{"items":[{"id":' > "$work/cut.json"
printf '{"flows":[]}' > "$work/other.json"
printf '[]' > "$work/empty.json"
export PENSTOCK_DB="$work/second/penstock.db"
refused 2 'which account its V1 dataflows go to' penstock migrate import "$work/page1.json"
expect 0 penstock migrate import --munchkin-id "$munchkin" --client-id "$client" --client-secret-file "$work/secret" --endpoint "$url/rest" --identity "$url/identity" \
	"$work/empty.json" --json
account=$(value .account)
refused 2 'this is no JSON' penstock migrate import "$work/cut.json"
refused 2 'it has no items' penstock migrate import "$work/other.json"
refused 2 'cannot read' penstock migrate import "$work/none.json"
expect 3 penstock migrate import "$work/cut.json" "$work/page1.json" "$work/other.json" --account "$account" --json
holds '(.problems | length == 2) and ([.flows[].verdict] | length == 6 and all(. == "imported"))'
truncate -s 65M "$work/huge.json"
refused 2 'is larger than' penstock migrate import "$work/huge.json"
"$PENSTOCK" migrate import - --json < "$work/page2.json" > "$work/out" 2> "$work/err" || [ $? -eq 3 ] || fail 'standard input is not read'
holds '[.flows[] | select(.verdict == "imported")] | length == 10'

# In doubt: another card with a mapping ID, or none anywhere; and several numbers of which any may be it.
export PENSTOCK_DB="$work/third/penstock.db"
account_create demo
page '' "$(v1_flow D-1 ours enabled "$(email_field)" "$(audience A-1 One 1001)")" \
	"$(v1_spec=22222222-aaaa-4bbb-8ccc-000000000002 v1_flow D-2 theirs enabled "$(email_field)" "$(audience A-2 Two 77)")" \
	"$(v1_spec=33333333-aaaa-4bbb-8ccc-000000000003 v1_flow D-3 wide enabled "$(email_field),$(field a.b favouriteColour)" \
		'{"type":"PLATFORM_SEGMENT","value":{"id":"W"}}')" > "$work/doubt.json"
expect 7 penstock migrate import "$work/doubt.json" --json
holds '.error.code == "in_doubt" and ([.flows[].verdict] == ["in_doubt", "in_doubt"]) and .others == 1 and (.flows[1].message | contains("--v1-spec 22222222"))'
expect 0 penstock migrate list --json
holds '.migrations == []'
expect 0 penstock migrate import "$work/doubt.json" --v1-spec 11111111-aaaa-4bbb-8ccc-000000000001 --json
holds '[.flows[] | {name, verdict}] == [{"name":"ours","verdict":"imported"}] and .others == 2'
page '' "$(v1_flow D-4 where enabled "$(email_field)" '{"type":"PLATFORM_SEGMENT","value":{"id":"A-4","name":"Four","first":"1001","more":{"second":1002}}}')" > "$work/where.json"
expect 7 penstock migrate import "$work/where.json" --json
holds '.flows[0].message | contains("value.first") and contains("value.more.second")'
expect 0 penstock migrate import "$work/where.json" --v1-spec 11111111-aaaa-4bbb-8ccc-000000000001 --mapping-id-path value.more.second --json
expect 0 penstock dataflow show where --json
holds '.dataflow.audiences[0].list == "1002"'
# The place is kept with the migration: the report reads the mapping ID there, and another place is a change.
expect 0 penstock migrate report where
grep -qF '| List of Four | 1002 |' "$work/out" || fail 'the report looks for the mapping ID elsewhere'
expect 0 penstock migrate import "$work/where.json" --v1-spec 11111111-aaaa-4bbb-8ccc-000000000001 --mapping-id-path value.more.second --json
holds '[.flows[].verdict] == ["unchanged"]'
expect 0 penstock migrate import "$work/where.json" --v1-spec 11111111-aaaa-4bbb-8ccc-000000000001 --mapping-id-path value.first --json
holds '[.flows[].verdict] == ["updated"]'
expect 0 penstock migrate report where
grep -qF '| List of Four | 1001 |' "$work/out" || fail 'the report looks where the mapping ID stood before'
exit 0
