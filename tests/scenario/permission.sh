#!/bin/sh
# 603: each kind of call names the permission that the API user's role lacks.
. "$top_srcdir/tests/scenario/lib.sh"
export SANDBOX="$top_builddir/tests/tools/sandbox_main"
sandbox_start
destination_create
message ada@example.com a1 realized > "$work/feed.ndjson"
message ada@example.com a1 realized > "$work/more.ndjson"
expect 0 penstock dataflow create flow --destination demo --source "$work/feed.ndjson" --audience a1

deny() {
	hook POST /_sandbox/settings "{\"deny\":\"$1\"}" > /dev/null
}

deny read-only-assets,read-write-assets
expect 4 penstock folders demo --json
holds '.error | .code == "603" and (.message + .hint | contains("Read-Only Assets")) and (.request_id | length > 0)'
deny read-only-lead,read-write-lead
expect 4 penstock lists demo --json
holds '.error | .code == "603" and (.message + .hint | contains("Read-Only Lead"))'
expect 4 penstock partitions demo
expect 4 penstock fields demo --refresh
# The test tells of each, and goes on after a refusal.
expect 4 penstock account test demo --json
holds '([.checks[] | select(.ok) | .name] | index("token") != null) and all(.checks[] | select(.name == "describe" or .name == "lists" or
	.name == "partitions" or .name == "write"); (.ok | not) and (.detail | contains("Lead")))'
deny read-write-lead
expect 4 penstock account test demo --json
holds '[.checks[] | select(.ok | not) | .name] == ["write"] and (.checks[6].detail | contains("Read-Write Lead"))'
# A run whose lists can be made, but whose people cannot be written.
expect 4 penstock run flow --json
holds '.error.code == "603" and (.error.message + .error.hint | contains("Read-Write Lead"))'
# The next run finishes that one first.
deny ''
expect 0 penstock run flow --json
holds '.earlier.state == "success" and .earlier.activated == 1 and .run.unchanged == 1'
# People that may be written, but not into a list, and people that may not be looked up.
expect 0 penstock dataflow create other --destination demo --source "$work/feed.ndjson" --audience 'a1=Other'
expect 0 penstock destination create match --account demo --person-creation match-only --list-folder Audiences
expect 0 penstock mapping set match identityMap.Email=email
expect 0 penstock dataflow create find --destination match --source "$work/more.ndjson" --audience 'a1=Found'
deny read-write-lead
expect 4 penstock run other --json
holds '.error | .code == "603" and (.message | contains("static list") and contains("Read-Write Lead")) and (.hint | length > 0) and (.request_id | length > 0)'
deny ''
message ada@example.com a1 exited > "$work/feed.ndjson"
expect 0 penstock run other --json
holds '.earlier.activated == 1 and .run.removed == 1'
# The lists are there; looking for people is what is refused.
expect 0 penstock plan find
message eve@example.com a1 realized > "$work/more.ndjson"
expect 0 penstock dataflow update find --audience 'a1=1001'
deny read-only-lead,read-write-lead
expect 4 penstock run find --json
holds '.error | .code == "603" and (.message | contains("Read-Only Lead")) and (.hint | contains("Admin > Users & Roles"))'
expect 4 penstock plan find --lookup --json
holds '.error | .code == "603" and (.message | contains("Read-Only Lead"))'
deny ''
# Folders and lists that may not be seen.
deny read-only-assets,read-write-assets
expect 0 penstock dataflow create unseen --destination demo --source "$work/feed.ndjson" --audience 'a1=Unseen'
expect 4 penstock run unseen --json
holds '.error | .code == "603" and (.message | contains("Read-Only Assets"))'
# A list that may not be made.
expect 0 penstock dataflow create lists --destination demo --source "$work/feed.ndjson" --audience 'a1=Not allowed'
deny read-write-assets
expect 4 penstock run lists --json
holds '.error | .code == "603" and (.message + .hint | contains("Read-Write Assets"))'
