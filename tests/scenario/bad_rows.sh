#!/bin/sh
# Rows of a snapshot that cannot be read: nobody leaves the list because of them. Who is named in such a row stays; a row that names nobody keeps everybody.
. "$top_srcdir/tests/scenario/lib.sh"
sandbox_start --no-limits
account_create demo
expect 0 penstock destination create demo --account demo --person-creation match-and-create --list-folder Audiences
expect 0 penstock mapping set demo E-mail=email First=firstName

# table LINE...: the whole file.
table() {
	echo 'First,E-mail,Note' > "$work/t.csv"
	# shellcheck disable=SC2059 # escapes are wanted
	for line; do printf "$line\n" >> "$work/t.csv"; done
}
run() {
	status=$1
	shift
	expect "$status" penstock run "$flow" --json "$@"
	list=$(value '.run.audiences[0].list_id')
	holds '.run | .received == .activated + .excluded + .failed + .unchanged and (.audiences[0] | .received == .activated + .excluded + .failed + .unchanged)'
}
members_are() {
	got=$(hook GET "/_sandbox/members?list=$list" | jq -r '[.members[].email | sub("@.*"; "")] | sort | join(" ")')
	[ "$got" = "$1" ] || fail "in the list: $got, not $1"
}
# begin [OPTION...]: a dataflow with four members.
number=0
begin() {
	number=$((number + 1))
	flow=f$number
	table Ada,p1@example.com,x Ada,p2@example.com,x Ada,p3@example.com,x Ada,p4@example.com,x
	expect 0 penstock dataflow create "$flow" --destination demo --source "$work/t.csv" --audience "$flow" "$@"
	run 0
	members_are 'p1 p2 p3 p4'
}

# Named all the same: too many cells, too few, shifted by a comma, not UTF-8 beside the address, text behind a quote.
for row in 'Ada,p3@example.com,x,more' 'Ada,p3@example.com' 'Berg, Ada,p3@example.com,x' 'A\303,p3@example.com,x' '"Ada"x,P3@Example.com,x'; do
	begin
	table Ada,p1@example.com,x Ada,p2@example.com,x "$row"
	run 0
	holds '.run | .bad_lines == 1 and .received == 3 and .removed == 1 and .unchanged == 2 and .excluded == 0'
	members_are 'p1 p2 p3'
	# And the next good word counts.
	table Ada,p1@example.com,x Eva,p3@example.com,x
	run 0
	holds '.run | .removed == 1 and .updated == 1 and .unchanged == 1'
	members_are 'p1 p3'
done
# Named by a bad row and a good one, in either order: the good one is what counts.
begin
table Eva,p1@example.com,x Ada,p1@example.com Ada,p2@example.com Eva,p2@example.com,x Ada,p3@example.com,x Ada,p4@example.com,x
run 0
holds '.run | .bad_lines == 2 and .received == 4 and .updated == 2 and .unchanged == 2 and .excluded == 0'

# Named nobody: an address that is not UTF-8, or mistyped, a row cut short, a quote that is not closed and may have swallowed others.
for row in 'Ada,p3\377@example.com,x' 'Ada,p3@@example,x' 'Ada,p3@exam' 'Ada,"p3@example.com,x\nAda,p4@example.com,x'; do
	begin
	table Ada,p1@example.com,x Ada,p5@example.com,x "$row"
	expect 0 penstock plan "$flow" --json
	holds '.plan | .exited == 0 and .new + .changed == 1 and any(.reasons[]; .code == "unread_rows" and .count == 3)'
	run 0
	holds '.run | .state == "success" and .removed == 0 and .added == 1 and .unchanged == 1 and any(.reasons[]; .code == "unread_rows" and .count == 3 and .severity == "excluded")'
	id=$(value .run.id)
	members_are 'p1 p2 p3 p4 p5'
	expect 0 penstock failures "$id" --code unread_rows --json
	holds '.total == 3 and all(.failures[]; (.identity | test("^id [0-9]+$")) and (.retryable | not))'
	expect 0 penstock verify "$flow"
	# The same file, and the operator knows what it is.
	run 0 --allow-removals
	holds '.run | .removed == 3'
	members_are 'p1 p5'
done
begin
table Ada,p1@example.com,x Ada,p2@example.com,x Ada,p3@example.com,x 'Ada,p4@exam'
run 0
holds '.run.removed == 0 and any(.run.reasons[]; .code == "unread_rows" and .count == 1)'
table Ada,p1@example.com,x Ada,p2@example.com,x Ada,p3@example.com,x
run 0
holds '.run | .removed == 1 and (.reasons | length == 0)'
members_are 'p1 p2 p3'

# A row without any address says so clearly: that is a person who cannot be matched, not a row that cannot be read.
begin
table Ada,p1@example.com,x Ada,,x
run 0
holds '.run | .removed == 3 and .excluded == 1 and any(.reasons[]; .code == "no_identity")'
members_are p1

# People told apart by a key of their own: it is the key that names them.
flow=keyed
table K1,q1@example.com,x K2,q2@example.com,x K3,q3@example.com,x
expect 0 penstock dataflow create keyed --destination demo --source "$work/t.csv" --audience keyed --profile-key First
run 0
members_are 'q1 q2 q3'
table K1,q1@example.com,x K2,q2@@example,x 'K3'
run 0
holds '.run | .removed == 0 and .bad_lines == 1 and .excluded == 1'
members_are 'q1 q2 q3'
# A resync is no way around it.
table K1,q1@example.com,x '?'
expect 0 penstock resync "$flow" --json
holds '.run | .removed == 0 and .activated == 1 and .excluded == 2'
members_are 'q1 q2 q3'
