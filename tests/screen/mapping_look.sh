#!/bin/sh
# Who only looks at a launched dataflow's mapping has done nothing, and no audit row says otherwise; the first edit begins a draft. Whoever comes back to it sees what the
# dataflow reads, and how it treats people, by now, and takes back edits of the mapping only.
. "$top_srcdir/tests/screen/lib.sh"
sandbox_start
destination_create
message a@example.com 11 realized | sed 's/"person":{/"job":"dev",&/' > "$work/feed.ndjson"
message a@example.com 11 realized | sed 's/"person":{/"city":"Rome",&/' > "$work/other.ndjson"
expect 0 penstock dataflow create spring --destination demo --source "$work/feed.ndjson" --audience 11
expect 0 penstock fields demo
expect 0 penstock mapping set spring identityMap.Email=email person.name.firstName=firstName
expect 0 penstock mapping show spring --json
revision=$(value .revision)
audited() {
	expect 0 penstock audit --json
	jq '.audit | length' "$work/out"
}
edit() {
	press +
	see 'is in force until s saves another one'
	gone 'reading the source'
}
console 24 80
see 'New dataflow'
press Down
see '▶ spring'
before=$(audited)
edit
see 'job'
see 'filled in'
press =
see 'PROFILE 1 OF 1'
press q
see ' Home'
[ "$(audited)" -eq "$before" ] || fail "somebody who looked is in the audit: $(jq '.audit[-2:]' "$work/out")"

# Killed while looking: there is no edit to go on with, so it is begun with what is there by now.
edit
see 'job'
demand signal KILL
ended 'signal 9'
expect 0 penstock mapping unset spring lastName
expect 0 penstock dataflow update spring --source "$work/other.ndjson"
before=$(audited)
console 24 80
see 'New dataflow'
press Down
see '▶ '
press Down
see '▶ spring'
edit
see "Revision $((revision + 1)) is in force"
see 'city'
gone 'job'
press u
see 'There is no edit to take back'
press q
see ' Home'
expect 0 penstock draft list --json
holds '.drafts == []'
[ "$(audited)" -eq "$before" ] || fail 'somebody who looked is in the audit'

# The first edit is told, once; what stands around the mapping is renewed, and taking edits back leaves it alone.
edit
press End a
see 'mapped: 3'
press Up
see '▶   person.name.lastName'
press x
see 'mapped: 2'
press u
see 'mapped: 3'
press q
see 'Kept as a draft'
expect 0 penstock audit --json
holds "(.audit | length) == $before + 1 and .audit[-1].action == \"draft save\" and .audit[-1].object == \"spring\""
expect 0 penstock dataflow update spring --source "$work/feed.ndjson"
expect 0 penstock destination update demo --sign-off required
press Home Down
see '▶ spring                   its mapping'
press Enter
see "Revision $((revision + 1)) is in force"
see 'job'
gone city
see 'mapped: 3'
press u
see 'Taken back. Now: person.name.lastName=lastName'
see 'mapped: 2'
press U
see 'mapped: 3'
see 'job'
press s
see 'before somebody has signed it'
press Esc
gone 'before somebody'
press q
see 'Kept as a draft'
before=$(audited)
expect 0 penstock draft delete "$(penstock draft list --json | jq '.drafts[0].id')"
[ "$(audited)" -eq $((before + 1)) ] || fail 'an edit was given up, and no audit row says so'
press q
ended 0
restored
