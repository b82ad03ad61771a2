#!/bin/sh
# Accounts, destinations, fields, mappings and dataflows: the happy path with its keys, and what is refused.
. "$top_srcdir/tests/scenario/lib.sh"
# The morning of the day of the quota, which is one of US Central.
by_the_clock 2026-11-16T15:00:00Z
sandbox_start
message ada@example.com a1 realized > "$work/feed.ndjson"

# Accounts.
account_create 'my account'
expect 0 penstock account show 'my account' --json
holds --arg url "$url" '.account | .name == "my account" and .munchkin_id == "123-ABC-456" and .endpoint == $url + "/rest" and
	.identity == $url + "/identity" and (.client_id | length > 0) and .environment == null and .daily_calls == 50000 and
	.calls_per_20s == 90 and .concurrent == 8 and .quota_stop == 90'
expect 0 penstock account test 'my account' --json
holds '.ok and [.checks[].name] == ["connect","tls","token","describe","lists","partitions","write","usage"] and all(.checks[]; .ok and
	(.milliseconds >= 0) and (.detail | length > 0)) and (.checks[1].detail == "not used on loopback")'
expect 0 penstock account update 'my account' --environment test --calls-per-20s 200 --concurrent 20
says 'Marketo'
expect 0 penstock account show 'my account' --json
holds '.account | .environment == "test" and .calls_per_20s == 200 and .concurrent == 20'
expect 0 penstock account list --json
holds '[.accounts[].name] == ["my account"]'
expect 0 penstock account list
grep -q '^my account  123-ABC-456' "$work/out" || fail 'no table'
refused 2 'my account' penstock account create 'my account' --munchkin-id 123-ABC-456 --client-id c --client-secret-file "$work/secret"
refused 2 'Munchkin' penstock account create x --munchkin-id 12-ABC-456 --client-id c --client-secret-file "$work/secret"
refused 2 'munchkin-id' penstock account create x --client-id c --client-secret-file "$work/secret"
refused 2 '' penstock account create x --munchkin-id 123-ABC-456 --client-id c --client-secret-file "$work/secret" --endpoint http://www.example.com/rest
refused 2 '' penstock account create x --munchkin-id 123-ABC-456 --client-id c --client-secret-file "$work/secret" --endpoint https://www.example.com/api
refused 2 '' penstock account create x --munchkin-id 123-ABC-456 --client-id c --client-secret-file "$work/secret" --identity https://www.example.com/id
refused 2 'quota-stop' penstock account create x --munchkin-id 123-ABC-456 --client-id c --client-secret-file "$work/secret" --quota-stop 101
refused 2 'concurrent' penstock account create x --munchkin-id 123-ABC-456 --client-id c --client-secret-file "$work/secret" --concurrent 0
refused 2 'cannot read' penstock account create x --munchkin-id 123-ABC-456 --client-id c --client-secret-file "$work/secret" --ca-file "$work/no.pem"
refused 2 'acount' penstock account show acount
# The URL of the instance tells the Munchkin ID, and that tells the endpoints.
expect 0 penstock account create pasted --munchkin-id https://123-abc-456.mktorest.com/rest --client-id p --client-secret-file "$work/secret"
expect 0 penstock account show pasted --json
holds '.account | .munchkin_id == "123-ABC-456" and (.endpoint | ascii_downcase) == "https://123-abc-456.mktorest.com/rest" and
	(.identity | ascii_downcase) == "https://123-abc-456.mktorest.com/identity"'
expect 0 penstock account delete pasted

# Destinations.
expect 0 penstock destination create match --account 'my account' --description 'Only those who are there'
expect 0 penstock destination show match --json
holds '.destination | .name == "match" and .account == "my account" and .version == 2 and .munchkin_id == "123-ABC-456" and has("endpoint") and
	has("identity") and has("client_id") and .person_creation == "match-only" and .sync_type == "audience-only" and .dedupe_fields == ["email"] and
	.partition == null and .workspace == null and .list_folder == null and .description == "Only those who are there" and .marketing_actions == []'
expect 0 penstock destination create create --account 'my account' --person-creation match-and-create --dedupe-field email,customerNumber \
	--partition Default --list-folder 21 --marketing-action emailTargeting --marketing-action analytics
expect 0 penstock destination show create --json
holds '.destination | .sync_type == "audience-and-profile" and .dedupe_fields == ["email","customerNumber"] and .marketing_actions == ["emailTargeting","analytics"]'
expect 0 penstock destination test create --json
holds '.ok'
expect 0 penstock destination update create --partition Nowhere --description ''
refused 2 '' penstock destination update create --person-creation maybe
expect 2 penstock destination test create --json
holds '(.ok | not) and any(.checks[]; .name == "partitions" and (.ok | not) and (.detail | contains("Nowhere")))'
expect 0 penstock destination update create --partition Default
refused 2 'audience-only' penstock destination create x --account 'my account' --person-creation match-and-create --sync-type audience-only
refused 2 'no sync type' penstock destination create x --account 'my account' --sync-type everything
refused 2 'needs an account' penstock destination create x
refused 2 'nobody' penstock destination create x --account nobody
refused 2 'use `penstock account update' penstock destination update create --environment test
# With a Munchkin ID and a client id the account is reused or made.
expect 0 penstock destination create again --munchkin-id "$munchkin" --client-id "$client"
expect 0 penstock destination show again --json
holds '.destination.account == "my account"'
refused 2 'set up otherwise' penstock destination create again2 --munchkin-id "$munchkin" --client-id "$client" --environment other
refused 2 'no terminal' penstock destination create new --munchkin-id 234-BCD-567 --client-id other < /dev/null
expect 0 penstock destination create new --munchkin-id 234-BCD-567 --client-id other --client-secret-file "$work/secret"
expect 0 penstock destination show new --json
holds '.destination.account == "234-BCD-567"'
expect 0 penstock destination delete new
expect 0 penstock destination list --json
holds '[.destinations[].name] | sort == ["again","create","match"]'
refused 2 'match' penstock account delete 'my account'

# What the instance has.
expect 0 penstock fields create --json
holds '(.fields | length > 50) and (.fetched_at | test("^20..-..-..T..:..:..Z$")) and all(.fields[]; has("name") and has("label") and has("type") and
	has("length") and has("updateable") and has("searchable"))'
fetched=$(value .fetched_at)
expect 0 penstock fields 'my account' --json --searchable --search mail
holds '(.fields | length > 0) and all(.fields[]; .searchable)'
[ "$(value .fetched_at)" = "$fetched" ] || fail 'the fields were fetched again within a day'
expect 0 penstock fields create --refresh
refused 2 'nothing' penstock fields nothing
# The fields are known now, so that a wrong one is refused at once.
refused 2 'find people by' penstock destination create x --account 'my account' --dedupe-field city
refused 2 'customerNumber' penstock destination create x --account 'my account' --dedupe-field customerNumbr
expect 0 penstock folders create --json
holds 'any(.folders[]; .id == 21 and .type == "folder" and .name == "Audiences") and any(.folders[]; .type == "program")'
expect 0 penstock lists 'my account' --search newsletter --json
holds '[.lists[].name] == ["Newsletter subscribers"]'
expect 0 penstock partitions create --json
holds '[.partitions[].name] == ["Default","Europe"]'

# Mappings.
expect 0 penstock mapping show create --json
holds '.mapping == [] and .revision == 0'
expect 0 penstock mapping set create identityMap.Email=email person.name.firstName=firstName --json
holds '(.mapping | length == 2) and .revision == 1 and (.mapping[0] | .source == "identityMap.Email" and .target == "email" and .kind == "identity" and
	.type == "email") and .mapping[1].kind == "attribute"'
refused 2 'firstName' penstock mapping set create person.name.firstName=fristName
refused 2 'read-only' penstock mapping set create a.b=ageGroup
refused 2 'already comes from' penstock mapping set create person.name.nickName=firstName
refused 2 'already comes from' penstock mapping set create a=lastName b=lastName
refused 2 '' penstock mapping set create nonsense
refused 2 '' penstock mapping set create =email
expect 0 penstock mapping show create --json
holds '(.mapping | length == 2) and .revision == 1'
expect 2 penstock mapping check create --json
holds '(.ok | not) and any(.problems[]; .severity == "error" and .target == "customerNumber") and all(.problems[]; has("source") and has("message"))'
expect 0 penstock mapping set create crm.number=customerNumber --json
holds '.revision == 2'
expect 0 penstock mapping check create --json
holds '.ok and any(.problems[]; .severity == "warning" and .target == "lastName") or .ok'
expect 0 penstock mapping unset create firstName customerNumber --json
holds '[.mapping[].target] == ["email"] and .revision == 3'
refused 2 'no row' penstock mapping unset create firstName
expect 0 penstock mapping suggest create --source "$work/feed.ndjson" --json
holds '([.suggestions[].target] | sort == ["firstName","lastName"]) and (.accepted | not) and .revision == 3'
holds '.suggestions | all(.confidence == "high" and .reason == "xdm" and (.taken | not))'
# All of them are taken, unless --least leaves what is not sure enough for somebody to look at.
echo '{"identityMap":{"Email":[{"id":"a@example.com"}]},"surname":"Berg","_acme":{"spouse":{"city":"Oslo"}}}' > "$work/few.ndjson"
expect 0 penstock mapping suggest create --source "$work/few.ndjson" --accept --least medium --json
holds '[.suggestions[] | [.target, .confidence, .reason, .taken]] == [["lastName", "medium", "synonym", true], ["city", "low", "name", false]]'
holds '([.mapping[].target] == ["email", "lastName"]) and .revision == 4'
expect 0 penstock mapping suggest create --source "$work/few.ndjson" --accept --least medium
grep -q 'not sure enough: _acme.spouse.city=city' "$work/out" || fail 'what was left is not named'
expect 2 penstock mapping suggest create --source "$work/few.ndjson" --accept --least certainly
expect 0 penstock mapping suggest create --source "$work/few.ndjson" --accept --json
holds '([.mapping[].target] == ["email", "lastName", "city"]) and .revision == 5'
expect 0 penstock mapping unset create lastName city
refused 2 'need a source' penstock mapping suggest create
expect 4 penstock --read-only mapping suggest create --source "$work/feed.ndjson" --accept
expect 0 penstock mapping suggest create --source "$work/feed.ndjson" --accept --json
holds '(.mapping | length == 3) and .revision == 7'
expect 0 penstock mapping clear create
expect 2 penstock mapping check create --json
holds '.ok | not'
expect 0 penstock destination update create --dedupe-field email
expect 0 penstock mapping set create identityMap.Email=email person.name.firstName=firstName person.name.lastName=lastName

# Dataflows.
expect 0 penstock dataflow create flow --destination create --source "$work/feed.ndjson" --audience 'a=1=My list' --audience b= \
	--audience 'Audience a1' --start 2024-01-01 --end 2030-12-31
expect 0 penstock dataflow show flow --json
holds --arg feed "$work/feed.ndjson" '.dataflow | .name == "flow" and .destination == "create" and .source == $feed and .enabled and
	.identity == "all" and [.audiences[].audience] == ["a=1","b","Audience a1"] and [.audiences[].list] == ["My list",null,null] and
	.audiences[0].start == "2024-01-01T00:00:00Z"'
# Its mapping began as the destination's.
expect 0 penstock mapping show flow --json
holds '[.mapping[].target] == ["email","firstName","lastName"]'
refused 2 'flow' penstock dataflow create flow --destination create --source "$work/feed.ndjson" --audience a
refused 2 'before the start' penstock dataflow create x --destination create --source "$work/feed.ndjson" --audience a --start 2025-01-02 --end 2025-01-01
refused 2 'no date' penstock dataflow create x --destination create --source "$work/feed.ndjson" --audience a --start yesterday
refused 2 'no date' penstock dataflow create x --destination create --source "$work/feed.ndjson" --audience a --end 2025-02-30
refused 2 '--audience' penstock dataflow create x --destination create --source "$work/feed.ndjson"
refused 2 '--source' penstock dataflow create x --destination create --audience a
refused 2 '--destination' penstock dataflow create x --source "$work/feed.ndjson" --audience a
refused 2 'nobody' penstock dataflow create x --destination nobody --source "$work/feed.ndjson" --audience a
refused 2 'names no audience' penstock dataflow create x --destination create --source "$work/feed.ndjson" --audience =list
refused 2 '' penstock dataflow create x --destination create --source "$work/feed.ndjson" --audience a --audience a
refused 2 'all, primary or first' penstock dataflow create x --destination create --source "$work/feed.ndjson" --audience a --identity second
refused 2 'missing.ndjson' penstock dataflow create x --destination create --source "$work/missing.ndjson" --audience a
expect 0 penstock dataflow create folder --destination create --source "$work" --audience a
expect 0 penstock dataflow delete folder
expect 0 penstock dataflow create stdin --destination create --source - --audience a
(cd "$work" && "$PENSTOCK" --quiet dataflow create relative --destination create --source feed.ndjson --audience a) || fail 'a relative source'
expect 0 penstock dataflow show relative --json
holds --arg feed "$work/feed.ndjson" '.dataflow.source == $feed'
expect 0 penstock dataflow update flow --audience 'Audience a1' --end '' --json
holds '(.dataflow.audiences | length == 1) and .dataflow.audiences[0].end == null and .dataflow.audiences[0].start == "2024-01-01T00:00:00Z"'
expect 0 penstock dataflow disable flow
refused 2 'is disabled' penstock run flow
expect 0 penstock dataflow enable flow
expect 0 penstock dataflow list --json
holds '[.dataflows[].name] | sort == ["flow","relative","stdin"]'
refused 2 'flow' penstock destination delete create
refused 2 'keep' penstock dataflow delete flow --list burn
expect 0 penstock dataflow delete flow --list keep --json
holds '.deleted == "flow"'

# Everything at a glance, and who did what.
expect 0 penstock status --json
holds '(.accounts | length == 2) and (.destinations | length == 3) and ([.dataflows[].name] | sort == ["relative","stdin"]) and .runs == [] and
	(.quota[1] | .account == "my account" and .daily_calls == 50000 and .calls_today > 5 and .calls_per_20s == 200 and .quota_reached == false)'
expect 0 penstock status
expect 2 penstock status --watch --json
expect 0 penstock audit --json
holds '([.audit[].action] | index("account create") != null and index("mapping set") != null and index("dataflow delete") != null) and
	all(.audit[]; (.who | length > 0) and (.at | length == 20))'
expect 0 penstock audit --since 2999-01-01 --json
holds '.audit == []'
refused 2 'no date' penstock audit --since never
