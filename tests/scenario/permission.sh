#!/bin/sh
# 603: each kind of call names the permission that the API user's role lacks.
. "$top_srcdir/tests/scenario/lib.sh"
export SANDBOX="$top_builddir/tests/tools/sandbox_main"
sandbox_start
destination_create
message ada@example.com a1 realized > "$work/feed.ndjson"
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
# A list that may not be made.
expect 0 penstock dataflow create lists --destination demo --source "$work/feed.ndjson" --audience 'a1=Not allowed'
deny read-write-assets
expect 4 penstock run lists --json
holds '.error | .code == "603" and (.message + .hint | contains("Read-Write Assets"))'
