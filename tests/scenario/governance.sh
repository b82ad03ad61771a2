#!/bin/sh
# Data usage governance: a violating dataflow is launched by nobody, and taking the field out, or the label, or the policy, or the marketing action, unblocks it.
. "$top_srcdir/tests/scenario/lib.sh"
sandbox_start
destination_create
expect 0 penstock mapping set demo person.name.lastName=lastName
{
	message p1@example.com a1 realized
	message p2@example.com a1 realized
} > "$work/feed.ndjson"
flow_create() {
	expect 0 penstock dataflow create "$1" --destination demo --source "$work/feed.ndjson" --audience a1="list of $1"
}
calls() {
	hook GET /_sandbox/state | jq .calls
}
# blocked COMMAND...: status 5, nothing goes to Marketo, and a run says why.
blocked() {
	before=$(calls)
	expect 5 penstock "$@" --json
	holds '.run | .state == "blocked" and .received == 0 and .calls == 0 and .ended_at != null and
		any(.reasons[]; .code == "policy" and (.message | test("restrict-third-party-export.*firstName carries C2.*mapping unset.*label unset.*policy disable.*marketing action")))'
	holds '.error | .code == "policy" and (.message | test("restrict-third-party-export") and test("exportToThirdParty") and test("C2")) and (.hint | test("mapping unset flow firstName"))'
	[ "$(calls)" = "$before" ] || fail "a blocked launch talked to Marketo: $*"
	run=$(value .run.id)
	expect 0 penstock run-show "$run" --json
	holds '.run.state == "blocked" and (.run.reasons | length) == 1'
}
free() {
	expect 0 penstock policy check flow --json
	holds '. == {"ok":true,"violations":[]}'
	expect 0 penstock plan flow --json
}

# Without a policy, a label or an action nothing is denied; the core policies are there, and off.
flow_create flow
expect 0 penstock policy list --json
holds '(.policies | length) == 12 and all(.policies[]; .core and (.enabled | not) and (.marketing_actions | length) > 0 and (.deny | length) > 0)'
expect 0 penstock label set person.name.firstName C2 --json
holds '.labels == [{"target":"field","name":"person.name.firstName","label":"C2","core":true,"from":"person.name.firstName","meaning":"may not be exported to a third party"}]'
expect 0 penstock destination update demo --marketing-action exportToThirdParty
expect 0 penstock label show --json
holds '.labels | length == 1'

# An enabled dataflow stands in the way of the policy, a disabled one does not: it is only said.
refused 5 'restrict-third-party-export' penstock policy enable restrict-third-party-export
expect 0 penstock policy show restrict-third-party-export --json
holds '.policy | .core and (.enabled | not) and .deny == "C2" and .marketing_actions == ["exportToThirdParty"]'
expect 0 penstock run flow --json
holds '.run | .state == "success" and .activated == 2'
failed_run=$(value .run.id)
expect 0 penstock plan flow --json
plan=$(value .plan.id)
expect 0 penstock dataflow disable flow
expect 0 penstock policy enable restrict-third-party-export
says 'it is disabled, and cannot be enabled like this'
refused 5 'restrict-third-party-export' penstock dataflow enable flow
expect 5 penstock policy check --json
holds '.violations == [{"dataflow":"flow","enabled":false,"policy":"restrict-third-party-export","marketing_actions":["exportToThirdParty"],"labels":["C2"],
	"carriers":[{"target":"field","name":"person.name.firstName","label":"C2","from":"person.name.firstName"}],"resolve":.violations[0].resolve}] and (.violations[0].resolve | length) == 4'
expect 5 penstock policy check
grep -q 'penstock mapping unset flow firstName' "$work/out" || fail 'it does not say how to take the field out'

# An enabled dataflow that violates: as it is when the store was made by other hands.
expect 0 penstock policy disable restrict-third-party-export
expect 0 penstock dataflow enable flow
sql() {
	"$top_builddir/tests/tools/sql_main" "$PENSTOCK_DB" "$1" < /dev/null > /dev/null
}
sql "INSERT INTO core_policy (name) VALUES ('restrict-third-party-export')"

# Every way to launch.
blocked run flow
blocked run flow --plan "$plan"
blocked run flow --allow-removals --limit 1
blocked run flow --follow
blocked resync flow
blocked retry "$failed_run"
blocked verify flow --repair
refused 5 'restrict-third-party-export' penstock plan flow
refused 5 'restrict-third-party-export' penstock plan flow --lookup
refused 5 'restrict-third-party-export' penstock run flow --dry-run
expect 0 penstock verify flow --json
expect 0 penstock audit --json
holds 'any(.audit[]; .action == "resync" and .object == "flow") and any(.audit[]; .action == "policy disable" and .object == "restrict-third-party-export")'

# What violates already may be made less, and what does not touch it goes on.
expect 0 penstock mapping set flow job=rating
expect 0 penstock mapping unset flow rating
expect 0 penstock destination update demo --description 'still here'

# Taking the field out, or the label, or the policy, or the marketing action.
expect 0 penstock mapping unset flow firstName
free
refused 5 'firstName carries C2' penstock mapping set flow person.name.firstName=firstName
refused 5 'firstName carries C2' penstock mapping set flow '"person".name.firstName=middleName'
expect 0 penstock label unset person.name.firstName C2 --json
holds '.labels == []'
expect 0 penstock mapping set flow person.name.firstName=firstName
free
refused 5 'carries C2 (from person)' penstock label set person C2
refused 5 'restrict-third-party-export' penstock label set identityMap core/C2
expect 0 penstock policy disable restrict-third-party-export
expect 0 penstock label set person C2 I1
expect 0 penstock label show person.name.firstName --json
holds '[.labels[] | .label + "<" + .from] == ["C2<person","I1<person"]'
free
refused 5 'restrict-third-party-export' penstock policy enable restrict-third-party-export
expect 0 penstock destination update demo --marketing-action analytics
expect 0 penstock policy enable restrict-third-party-export
free
refused 5 'restrict-third-party-export' penstock destination update demo --marketing-action exportToThirdParty
refused 5 'restrict-third-party-export' penstock destination update demo --marketing-action analytics --marketing-action exportToThirdParty
expect 0 penstock destination show demo --json
holds '.destination.marketing_actions == ["analytics"]'
expect 0 penstock label unset person
expect 0 penstock label show --json
holds '.labels == []'
expect 0 penstock destination update demo --marketing-action exportToThirdParty
free

# What others violate stands in nobody's way, and what was planned or is unfinished does not carry a field that was taken out since.
expect 0 penstock plan flow --json
plan=$(value .plan.id)
{
	message p1@example.com a1 realized
	message p3@example.com a1 realized
} > "$work/feed.ndjson"
expect 0 penstock plan flow --json
plan=$(value .plan.id)
holds '.plan.new == 1'
expect 0 penstock mapping unset flow firstName
expect 0 penstock label set person.name.firstName C2
refused 2 'were changed after the plan' penstock run flow --plan "$plan"
holds '.error.code == "plan_void"'
expect 0 penstock run flow --json
holds '.run | .state == "success" and .created == 1'
person() {
	hook GET "/_sandbox/people?field=email&value=$1@example.com"
}
person p3 | jq -e '.[0].fields | .lastName == "Berg" and (.firstName // null) == null' > /dev/null || fail "a plan sent what was taken out since: $(person p3)"

# The same target from another source: what the plan keeps was read from the labelled one.
expect 0 penstock label unset person.name.firstName
expect 0 penstock mapping set flow person.name.firstName=firstName
message p4@example.com a1 realized >> "$work/feed.ndjson"
expect 0 penstock plan flow --json
plan=$(value .plan.id)
expect 0 penstock mapping unset flow firstName
expect 0 penstock mapping set flow person.nickname=firstName
expect 0 penstock label set person.name.firstName C2
expect 5 penstock run flow --plan "$plan" --json
holds '.run.state == "blocked"'
expect 0 penstock run flow --json
holds '.run | .state == "success" and .created == 1'
person p4 | jq -e '(.[0].fields.firstName // null) == null' > /dev/null || fail 'the new plan sent the labelled field'

# Audiences: by name or id, also where the id is learnt from the source only.
expect 0 penstock label set --audience a1 C12 --json
holds '.labels[0] | .target == "audience" and .name == "a1" and .label == "C12"'
expect 0 penstock policy disable restrict-third-party-export
refused 5 'the audience Audience a1 carries C12' penstock policy enable restrict-all-export
expect 0 penstock dataflow create named --destination demo --source "$work/feed.ndjson" --audience 'Audience a1=list of named'
expect 0 penstock dataflow disable flow
expect 0 penstock policy enable restrict-all-export
expect 5 penstock run named --json
holds '.run.state == "blocked" and any(.run.reasons[]; .message | test("restrict-all-export.*Audience a1 carries C12"))'
expect 5 penstock plan named --json
expect 0 penstock lists demo --json
holds '[.lists[].name] | index("list of named") == null'
expect 0 penstock label unset --audience a1 C12
expect 0 penstock run named --json
holds '.run.state == "success"'
expect 0 penstock dataflow enable flow

# Policies of one's own, of both labels and none, and actions of one's own.
refused 2 'there is no marketing action emailtargeting' penstock destination update demo --marketing-action emailtargeting
says 'emailTargeting'
refused 2 'there is no marketing action sendToPartner' penstock destination update demo --marketing-action sendToPartner
expect 0 penstock policy create 'Partner rule' --deny 'Partner-X AND (I1 or I2)' --marketing-action sendToPartner --description 'by contract' --json
holds '.policy == {"name":"Partner rule","core":false,"enabled":false,"marketing_actions":["sendToPartner"],"deny":"Partner-X and (I1 or I2)","description":"by contract"}'
expect 0 penstock destination update demo --marketing-action sendToPartner
expect 0 penstock label set person.name.lastName Partner-X
expect 0 penstock policy enable 'Partner rule'
refused 5 'Partner rule' penstock label set identityMap I1
expect 0 penstock label set identityMap.ECID I1
expect 0 penstock label unset person.name.lastName
expect 0 penstock label set identityMap I1
refused 5 'identityMap.Email carries I1 (from identityMap); person.name.lastName carries Partner-X (from person.name)' penstock label set person.name Partner-X
refused 2 'there is already a policy' penstock policy create 'Partner rule' --deny C1 --marketing-action analytics
refused 2 'is a core policy' penstock policy create restrict-analytics --deny C1 --marketing-action analytics
refused 2 'cannot be read' penstock policy create other --deny 'C1 and' --marketing-action analytics
refused 2 'about no marketing action' penstock policy create other --deny C1
refused 2 'there is no policy "restrict-analytic"' penstock policy enable restrict-analytic
refused 2 'cannot be deleted' penstock policy delete restrict-analytics
expect 0 penstock policy delete 'Partner rule' --json
holds '. == {"deleted":"Partner rule"}'
expect 0 penstock run flow --json
refused 2 'did you mean' penstock label set person.name c2
refused 2 'not a label' penstock label set person.name 'two words'
refused 2 'not a source field' penstock label set person..name C2
refused 2 'was not put on' penstock label unset person.name C9
refused 2 'no label is given' penstock label set person.name
refused 4 'read-only' penstock --read-only policy enable restrict-analytics

# A dataflow that starts with a violating mapping, and a draft: made disabled, they cannot be enabled.
expect 0 penstock policy enable restrict-data-science
expect 0 penstock destination update demo --marketing-action dataScience
expect 0 penstock dataflow disable flow
expect 0 penstock dataflow disable named
expect 0 penstock label set person.name.lastName C9
refused 5 'restrict-data-science' penstock dataflow create another --destination demo --source "$work/feed.ndjson" --audience a1="list of another"
jq -n --arg feed "$work/feed.ndjson" '{step: 5, name: "drafted", account: "demo", person_creation: "match-only", dedupe: "email", list_folder: "Audiences", source: $feed,
	marketing_actions: ["dataScience"], audiences: [{id: "a1", list: "list of drafted"}],
	mapping: [{source: "identityMap.Email", target: "email"}, {source: "person.name.lastName", target: "lastName"}]}' > "$work/draft.json"
expect 0 penstock draft save "$work/draft.json" --json
draft=$(value .id)
expect 0 penstock draft apply "$draft"
says 'it is disabled, and cannot be enabled like this'
expect 5 penstock dataflow enable drafted --json
holds '.error | .code == "policy" and (.message | test("lastName carries C9"))'
expect 5 penstock plan drafted --json
expect 0 penstock label unset person.name.lastName C9
expect 0 penstock dataflow enable drafted
expect 0 penstock plan drafted --json

# Names that would like to be more than names.
evil=$(printf "x'; DROP TABLE label;-- \033[31m\342\200\256%%s%%n")
expect 0 penstock policy create "$evil" --deny 'C9' --marketing-action dataScience --enabled
expect 0 penstock policy list
grep -q "$(printf '\033')" "$work/out" && fail 'an escape sequence reached the screen'
expect 0 penstock label set --audience "$evil" C9
expect 0 penstock label show
grep -q "$(printf '\033')" "$work/out" && fail 'an escape sequence reached the screen'
expect 0 penstock label set '"a.b; rm -rf".c' 机密 Ümlaut
expect 0 penstock label show '"a.b; rm -rf".c.d' --json
holds '[.labels[].label] == ["Ümlaut","机密"] or [.labels[].label] == ["机密","Ümlaut"]'
expect 0 penstock policy delete "$evil"
expect 0 penstock label unset --audience "$evil"
