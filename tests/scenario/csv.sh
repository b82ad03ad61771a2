#!/bin/sh
# Tables as sources: a file is a snapshot of one audience, who is not in it has left, and a cut file empties no list.
. "$top_srcdir/tests/scenario/lib.sh"
sandbox_start --no-limits
account_create demo
expect 0 penstock destination create demo --account demo --person-creation match-and-create --list-folder Audiences
expect 0 penstock mapping set demo 'E-mail=email' 'First Name=firstName' 'name.last=lastName'

# table FILE FROM TO: a file of these people.
table() {
	{
		echo 'E-mail,First Name,name.last'
		seq "$2" "$3" | sed 's/.*/p&@example.com,First &,Last &/'
	} > "$work/$1"
}
# flow NAME FILE [OPTION...]: a dataflow into a list of its own name.
flow() {
	flow_name=$1 flow_file=$2
	shift 2
	expect 0 penstock dataflow create "$flow_name" --destination demo --source "$work/$flow_file" --audience "$flow_name" "$@"
}
run() {
	expect "$1" penstock run "$2" --json
	list=$(value '.run.audiences[0].list_id')
}
# Members of the list that was run last, as sorted addresses without their domain.
members() {
	hook GET "/_sandbox/members?list=$list" | jq -r '.members[].email' | sed 's/@.*//' | sort -V | tr '\n' ' '
}
members_are() {
	[ "$(members)" = "$1" ] || fail "in the list: $(members), not $1"
}
count() {
	hook GET "/_sandbox/members?list=$list" | jq .count
}
# No call of the run changed anything.
wrote_nothing() {
	holds '.run.calls_by | has("create") or has("update") or has("list_add") or has("list_remove") | not'
}

# --- What is in it.
table people.csv 1 3
expect 0 penstock source check "$work/people.csv" --json
holds '.source | .format == "csv" and .profiles == 3 and .bad_lines == [] and (.audiences | length == 1) and (.audiences[0] | .id == "people" and
	.realized == 3 and .exited == 0) and [.attributes[].path] == ["E-mail", "First Name", "\"name.last\""] and
	all(.attributes[]; .filled == 3) and .attributes[0].example == "p1@example.com"'
expect 2 penstock source check - < "$work/people.csv"
says 'looks like a table'
says 'csv:-'
expect 0 penstock source check csv:- --json < "$work/people.csv"
holds '.source | .format == "csv" and .profiles == 3'
cp "$work/people.csv" "$work/people"
expect 0 penstock source check "$work/people" --json
holds '.source.format == "csv"'
printf 'email,,name,email\n1,2,3,4\n' > "$work/header.csv"
refused 2 'without a name: 2' penstock source check "$work/header.csv"
printf 'email,name,email,name\n1,2,3,4\n' > "$work/header.csv"
refused 2 'more than once: email, name' penstock source check "$work/header.csv"
: > "$work/empty.csv"
refused 1 'is empty' penstock source check "$work/empty.csv"
holds '.error.code == "empty_source"'
head -n 1 "$work/people.csv" > "$work/empty.csv"
refused 1 'header and no row' penstock source check "$work/empty.csv"
holds '.error.code == "empty_source"'

# One audience, said when the dataflow is made; and a mapping from its columns.
refused 2 'exactly one --audience' penstock dataflow create two --destination demo --source "$work/people.csv" --audience A --audience B
refused 2 'exactly one --audience' penstock dataflow create two --destination demo --source csv:- --audience A --audience B
refused 2 'exactly one --audience' penstock dataflow create two --destination demo --source "$work/people" --audience A --audience B
flow Suggested people.csv
refused 2 'exactly one --audience' penstock dataflow update Suggested --audience A --audience B
expect 0 penstock mapping clear Suggested
expect 0 penstock mapping suggest Suggested --accept
expect 0 penstock mapping show Suggested --json
holds '[.mapping[] | "\(.source)=\(.target)"] | contains(["E-mail=email", "First Name=firstName"])'
expect 0 penstock mapping check Suggested

# --- A snapshot: in, out, and nothing the second time.
flow Members people.csv
expect 0 penstock plan Members --json
holds '.plan | .received == 3 and .new == 3 and .exited == 0'
run 0 Members
holds '.run | .state == "success" and .received == 3 and .activated == 3 and .created == 3 and .added == 3'
members_are 'p1 p2 p3 '
hook GET '/_sandbox/people?field=email&value=p2@example.com' > "$work/out"
grep -qF '"lastName":"Last 2"' "$work/out" || fail 'a column with a dot in its name'
run 0 Members
holds '.run | .state == "success" and .received == 3 and .unchanged == 3 and .activated == 0'
wrote_nothing
# The order of rows is nothing; who was put into the list by hand stays.
{
	head -n 1 "$work/people.csv"
	tail -n +2 "$work/people.csv" | tac
} > "$work/tac" && mv "$work/tac" "$work/people.csv"
run 0 Members
holds '.run.unchanged == 3'
hook POST /_sandbox/people '{"partition":"Default","fields":{"email":"hand@example.com"}}' > "$work/out"
hand=$(jq '.id // .people[0].id' "$work/out")
hook POST /_sandbox/members "{\"list\":$list,\"id\":$hand}" > "$work/out"
table people.csv 2 4
expect 0 penstock plan Members --json
holds '.plan | .received == 4 and .new == 1 and .exited == 1 and .unchanged == 2'
run 0 Members
holds '.run | .received == 4 and .activated == 2 and .unchanged == 2 and .added == 1 and .removed == 1 and
	(.received == .activated + .excluded + .failed + .unchanged)'
members_are 'hand p2 p3 p4 '
run 0 Members
holds '.run | .received == 3 and .unchanged == 3'
# Back again: known, so not created again.
table people.csv 1 4
run 0 Members
holds '.run | .added == 1 and .created == 0'
members_are 'hand p1 p2 p3 p4 '

# --- Files that say nothing leave the list as it is.
for nothing in '' 'E-mail,First Name,name.last' 'E-mail,First Name,name.last
too few
"open'; do
	printf '%s' "$nothing" > "$work/people.csv"
	refused 1 'no profile' penstock run Members
	holds '.error.code == "empty_source"'
	refused 1 'no profile' penstock plan Members
done
printf 'E-mail;First Name;name.last\np1@example.com;a;b\n' > "$work/people.csv"
refused 2 'no column "E-mail"' penstock run Members
printf 'Email,First Name,name.last\np1@example.com,a,b\n' > "$work/people.csv"
refused 2 'no column "E-mail"' penstock run Members
holds '.error.hint | contains("Email, First Name, name.last")'
members_are 'hand p1 p2 p3 p4 '
# Without another column the rest goes on, with a word about it.
printf 'E-mail,First Name\np1@example.com,First 1\np2@example.com,First 2\np3@example.com,First 3\np4@example.com,First 4\n' > "$work/people.csv"
run 0 Members
says 'no column "name.last": lastName is not sent'
holds '.run.unchanged == 4'

# --- Everything a table may hold.
{
	printf '\357\273\277"E-mail" ,First Name,name.last\r\nq1@example.com,"One\r\n""1"", one",\r\n\r\n'
	printf 'bad\r\nq2@example.com,\303,x\r\n,Nobody,\r\nq3@example.com,,Last,more\r\n'
	printf 'Q4@Example.com ,Four,\r\nq4@example.com,Four,Last 4\r\n"q5@example.com,open'
} > "$work/rich.csv"
flow Rich rich.csv
run 0 Rich
holds '.run | .state == "success" and .bad_lines == 4 and .received == 3 and .added == 2 and .excluded == 1 and any(.reasons[]; .code == "no_identity")'
members_are 'q1 q4 '
id=$(value .run.id)
expect 0 penstock run-show "$id" --json
holds '[.bad_lines[].position] == [5, 6, 8, 11]'
hook GET '/_sandbox/people?field=email&value=q1@example.com' > "$work/out"
grep -qF '"firstName":"One\r\n\"1\", one"' "$work/out" || fail 'a newline in quotes'
printf 'E-mail\tFirst Name\tname.last\nt1@example.com\tOne, one\tx\nt2@example.com\t"Tab\there"\t\n' > "$work/tabs.tsv"
flow Tabs tabs.tsv
run 0 Tabs
holds '.run | .added == 2 and .bad_lines == 0'
hook GET '/_sandbox/people?field=email&value=t1@example.com' | grep -qF 'One, one' || fail 'a comma in a .tsv file'
# From standard input, and gone with the next.
flow Piped people.csv
expect 0 penstock dataflow update Piped --source csv:-
for names in 'u1 u2' 'u2'; do
	for one in E-mail $names; do echo "$one" | sed '/^u/s/$/@example.com/'; done | "$PENSTOCK" run Piped --json > "$work/out" 2> "$work/err" || fail 'a table from a pipe'
done
holds '.run | .received == 2 and .removed == 1 and .unchanged == 1'

# --- The guard: more than a fifth of a hundred members.
# guarded NAME MEMBERS: a dataflow whose list has so many.
guarded() {
	table "$1.csv" 1 "$2"
	flow "$1" "$1.csv"
	run 0 "$1"
	[ "$(count)" -eq "$2" ] || fail "$1: $(count) members"
}
guarded Nineteen 100
table Nineteen.csv 20 100
run 0 Nineteen
holds '.run | .removed == 19 and (.reasons | length == 0)'
guarded Twenty 100
table Twenty.csv 21 100
run 0 Twenty
holds '.run.removed == 20'
guarded Few 99
table Few.csv 99 99
run 0 Few
holds '.run.removed == 98'
members_are 'p99 '

guarded Many 100
table Many.csv 22 110
before=$(hook GET /_sandbox/state | jq .people)
expect 0 penstock plan Many --json
holds '.plan | .exited == 21 and .new == 10 and any(.reasons[]; .code == "mass_removal" and .count == 21)'
plan=$(value .plan.id)
expect 0 penstock run Many --dry-run --json
holds 'any(.plan.reasons[]; .code == "mass_removal")'
expect 0 penstock plan Many
grep -qF -- '--allow-removals' "$work/out" || fail 'the plan does not say how to run it'
for attempt in 1 2; do
	run 7 Many
	holds '(.run | .state == "blocked" and .activated == 0 and .removed == 0 and .added == 0) and (.error | .code == "mass_removal" and
		(.message | contains("21") and contains("100")) and (.hint | contains("--allow-removals")))'
	wrote_nothing
	[ "$(count)" -eq 100 ] || fail "attempt $attempt changed the list"
done
[ "$(hook GET /_sandbox/state | jq .people)" -eq "$before" ] || fail 'a blocked run made people'
# Also as a canary: it is the snapshot that is judged.
expect 7 penstock run Many --limit 1 --json
holds '.run.state == "blocked" and any(.run.reasons[]; .count == 21)'
expect 0 penstock runs Many --json
holds '[.runs[].state] == ["blocked", "blocked", "blocked", "success"]'
# A plan that later ones took the place of is gone; the same plan blocks, and then runs.
refused 2 'is no plan of the dataflow Many' penstock run Many --plan "$plan" --allow-removals
expect 0 penstock plan Many --json
plan=$(value .plan.id)
expect 7 penstock run Many --plan "$plan" --json
holds --argjson id "$plan" '.run.state == "blocked" and .run.id == $id and .error.code == "mass_removal"'
expect 0 penstock status
table Many.csv 1 1
expect 0 penstock run Many --plan "$plan" --allow-removals --json
holds --argjson id "$plan" '.run | .id == $id and .state == "success" and .removed == 21 and .added == 10'
[ "$(count)" -eq 89 ] || fail 'what was planned is not what ran'
refused 2 'no plan' penstock run Many --plan "$plan" --allow-removals
# The operator may say so at once; and a file that is whole again needs no word.
guarded Sure 100
table Sure.csv 1 10
run 7 Sure
table Sure.csv 1 100
run 0 Sure
holds '.run | .unchanged == 100 and .received == 100'
table Sure.csv 1 10
expect 0 penstock run Sure --allow-removals --json
holds '.run | .state == "success" and .removed == 90'
[ "$(count)" -eq 10 ] || fail 'the list was not emptied'

# Sending everything again is no way around the guard, and leaves the same list.
table Sure.csv 1 100
run 0 Sure
table Sure.csv 1 50
expect 7 penstock resync Sure --json
holds '.run.state == "blocked" and .error.code == "mass_removal"'
table Sure.csv 2 100
expect 0 penstock resync Sure --json
holds '.run | .state == "success" and .received == 100 and .activated == 100 and .removed == 1'
expect 0 penstock verify Sure --json
holds '.ok and .audiences[0].in_list == 99 and .audiences[0].in_ledger == 99'
expect 0 penstock audit --json
holds '[.audit[] | select(.detail != null and (.detail | contains("removals allowed")))] | length > 0'

# --- Who is who. A changed e-mail address moves the person when something else tells who that is.
printf 'E-mail,Card,First Name\nc1@example.com,K1,One\nc2@example.com,K2,Two\nc3@example.com,K3,Three\n' > "$work/cards.csv"
flow Cards cards.csv --profile-key Card
run 0 Cards
holds '.run.added == 3'
people=$(hook GET /_sandbox/state | jq .people)
printf 'E-mail,Card,First Name\nnew1@example.com,K1,One\n,K2,Two\n' > "$work/cards.csv"
run 0 Cards
holds '.run | .received == 3 and .removed == 1 and .added == 0 and .updated == 1 and .excluded == 1'
[ "$(hook GET /_sandbox/state | jq .people)" -eq "$people" ] || fail 'somebody was made'
members_are 'c2 new1 '
expect 0 penstock dataflow update Cards --profile-key Karte
refused 2 'no column "Karte"' penstock run Cards
# Without one a new address is a new row, and Marketo may know already that it is the same person. Whoever is in the snapshot ends in the list, whatever the order of keys.
addresses() {
	echo 'E-mail,Card'
	seq 1 350 | sed "s/.*/$1&@example.com,N&/"
}
addresses old > "$work/moved.csv"
flow Moved moved.csv
run 0 Moved
addresses old > "$work/movers.csv"
flow Movers movers.csv --profile-key Card
run 0 Movers
addresses new > "$work/movers.csv"
run 0 Movers
holds '.run | .updated == 350 and .added == 0 and .removed == 0'
addresses new > "$work/moved.csv"
expect 0 penstock run Moved --allow-removals --json
holds '.run | .state == "success" and .received == 700 and .activated == 700 and .removed == 350 and .added == 350 and .created == 0'
list=$(value '.run.audiences[0].list_id')
[ "$(members)" = "$(seq 1 350 | sed 's/^/new/' | tr '\n' ' ')" ] || fail "in the list: $(count)"
run 0 Moved
holds '.run | .received == 350 and .unchanged == 350'
# Deleted in Marketo, and not in the file any more: nothing is left to do, and that is said.
one=$(hook GET "/_sandbox/members?list=$list" | jq '.members[] | select(.email == "new1@example.com").id')
hook DELETE "/_sandbox/people?id=$one" > "$work/out"
addresses new | grep -v new1@ > "$work/moved.csv"
run 0 Moved
holds '.run | .state == "success" and .received == 350 and .activated == 1 and .removed == 0 and any(.reasons[]; .code == "gone" and .severity == "warning" and .count == 1)'
run 0 Moved
holds '.run | .received == 349 and .unchanged == 349 and (.reasons | length == 0)'

# --- By the console's way: a draft.
cat > "$work/draft.json" <<EOF2
{"step": 4, "name": "Draft", "account": "demo", "person_creation": "match-and-create", "dedupe": "email", "list_folder": "Audiences", "source": "$work/draft.csv",
 "audiences": [{"id": "draft"}, {"id": "second"}],
 "mapping": [{"source": "E-mail", "target": "email"}, {"source": "name.last", "target": "lastName"}, {"source": "Missing", "target": "firstName"}]}
EOF2
printf 'E-mail,name.last\nd1@example.com,One\nnone,Two\nbad\n' > "$work/draft.csv"
expect 0 penstock draft save "$work/draft.json" --json
draft=$(value .id)
expect 0 penstock draft survey "$draft" --json
holds '.survey.profiles == 2 and [.survey.rows[].filled] == [2, 2, 0] and .survey.rows[0].code == "not_email"'
expect 2 penstock draft apply "$draft" --json
holds '.error | .code == "audiences" and (.message | contains("exactly one"))'
jq '.audiences = [{"id": "draft"}]' "$work/draft.json" > "$work/one.json"
expect 0 penstock draft save "$work/one.json" --id "$draft"
expect 0 penstock draft apply "$draft"
expect 0 penstock dataflow enable Draft
run 0 Draft
holds '.run | .added == 1 and .excluded == 1 and .bad_lines == 1'

# Who left and could not be removed is known by an id alone, and that is enough to try again.
table Retried.csv 1 5
flow Retried Retried.csv
run 0 Retried
table Retried.csv 3 5
hook POST /_sandbox/settings '{"faults":["614@lists/"]}' > /dev/null
run 3 Retried
holds '.run | .received == 5 and .failed == 2 and .unchanged == 3 and .removed == 0'
id=$(value .run.id)
hook POST /_sandbox/settings '{"faults":[]}' > /dev/null
expect 0 penstock failures "$id" --json
holds '.total == 2 and all(.failures[]; .identity | test("^id [0-9]+$"))'
expect 0 penstock retry "$id" --json
holds '.run | .state == "success" and .received == 2 and .removed == 2'
members_are 'p3 p4 p5 '
run 0 Retried
holds '.run | .received == 3 and .unchanged == 3'

# Lists alone, and people alone.
expect 0 penstock destination create lists --account demo --list-folder Audiences
expect 0 penstock mapping set lists 'E-mail=email'
printf 'E-mail\np1@example.com\np2@example.com\nnever@example.com\n' > "$work/match.csv"
expect 0 penstock dataflow create Match --destination lists --source "$work/match.csv" --audience Match
run 0 Match
holds '.run | .added == 2 and .excluded == 1 and .created == 0'
printf 'E-mail\np2@example.com\n' > "$work/match.csv"
run 0 Match
holds '.run | .received == 2 and .removed == 1'
members_are 'p2 '
# Found out elsewhere to be in Marketo no more: then not even an id is known of who leaves.
one=$(hook GET "/_sandbox/members?list=$list" | jq '.members[0].id')
hook DELETE "/_sandbox/people?id=$one" > "$work/out"
cp "$work/match.csv" "$work/other.csv"
expect 0 penstock dataflow create Other --destination lists --source "$work/other.csv" --audience Other
run 0 Other
holds '.run | .added == 0 and .excluded == 1 and .reasons[0].code == "1004"'
printf 'E-mail\np3@example.com\n' > "$work/match.csv"
run 0 Match
holds '.run | .received == 2 and .activated == 2 and .added == 1 and .removed == 0 and any(.reasons[]; .code == "gone")'
run 0 Match
holds '.run | .received == 1 and .unchanged == 1'
members_are 'p3 '
expect 0 penstock destination update demo --sync-type profile-only
table alone.csv 1 5
flow Alone alone.csv
expect 0 penstock run Alone --json
table alone.csv 5 5
expect 0 penstock run Alone --json
holds '.run | .received == 1 and .unchanged == 1 and .removed == 0'
expect 0 penstock destination update demo --sync-type audience-and-profile

# Outside of its dates nobody enters or leaves an audience.
table dated.csv 1 5
flow Dated dated.csv
run 0 Dated
expect 0 penstock dataflow update Dated --end 2001-01-01
table dated.csv 5 5
run 0 Dated
holds '.run | .received == 1 and .excluded == 1 and .removed == 0'
[ "$(count)" -eq 5 ] || fail 'somebody left after the end'
