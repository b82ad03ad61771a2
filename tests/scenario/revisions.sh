#!/bin/sh
# The history of a mapping: who saved what when, one revision against another, and who stands for it.
. "$top_srcdir/tests/scenario/lib.sh"
sandbox_start
destination_create
message a@example.com 11 realized > "$work/feed.ndjson"
expect 0 penstock dataflow create spring --destination demo --source "$work/feed.ndjson" --audience 11
expect 0 penstock mapping set spring 'person.name.lastName=lastName:create-only'
expect 0 penstock mapping unset spring firstName
expect 0 penstock mapping revisions spring --json
holds '[.revisions[].revision] == [3, 2, 1]'
holds '[.revisions[].rows] == [2, 3, 3]'
holds '.revisions | all(.[]; .who != null and .saved_at != null and .signed_by == null)'

expect 0 penstock mapping diff spring 1 --json
holds '.from == 1 and .to == 3'
holds '[.changes[] | .revision] == [3, 2] and (.changes | all(.who != null and .at != null))'
holds '[.changes[] | del(.revision, .who, .at)] == [{change: "removed", target: "firstName", was: "person.name.firstName", now: null},
	{change: "changed", target: "lastName", was: "person.name.lastName", now: "person.name.lastName:create-only"}]'
expect 0 penstock mapping diff spring 3 2 --json
holds '.changes | length == 1 and (.[0] | .change == "added" and .target == "firstName" and .was == null and .now == "person.name.firstName" and .revision == 3)'
expect 0 penstock mapping diff spring 0 1 --json
holds '[.changes[].change] == ["added", "added", "added"]'
expect 0 penstock mapping diff spring 2 2
grep -q 'no difference' "$work/out" || fail 'a revision differs from itself'
expect 0 penstock mapping diff spring 1 --markdown
grep -q '^| removed | firstName | person.name.firstName |  |' "$work/out" || fail 'the Markdown has no row'
expect 2 penstock mapping diff spring 9 --json
holds '.error.code == "not_found"'
expect 2 penstock mapping diff spring one
# Against what was launched last and came to its end: neither a plan nor a run that did not.
expect 2 penstock mapping diff spring launched --json
holds '.error.code == "never_launched"'
expect 2 penstock mapping diff demo launched --json
holds '.error.code == "never_launched"'
expect 0 penstock plan spring
expect 2 penstock mapping diff spring launched
expect 2 penstock mapping sign spring launched
expect 2 penstock mapping diff nobody 1

# A signature is for one revision; what comes later has none.
expect 0 penstock mapping sign spring 3 --note 'read with legal'
expect 2 penstock mapping sign spring 9
expect 4 penstock --read-only mapping sign spring 3
expect 0 penstock mapping set spring person.name.firstName=firstName
expect 0 penstock mapping revisions spring --json
holds '.revisions[0].signed_by == null'
holds '.revisions[1] | .signed_by != null and .note == "read with legal" and .signed_at != null'
expect 0 penstock audit --json
holds '[.audit[] | select(.action == "mapping sign")] | length == 1 and .[0].detail == "revision 3: read with legal"'

expect 0 penstock run spring
expect 0 penstock mapping diff spring launched --json
holds '.from == 4 and .to == 4 and .changes == []'
expect 0 penstock mapping set spring job=title
expect 0 penstock mapping set spring town=city
expect 0 penstock mapping set spring job=title:clear
expect 0 penstock mapping unset spring firstName
expect 0 penstock mapping diff spring launched --json
holds '.from == 4 and .to == 8 and [.changes[] | [.change, .target, .now, .revision]] == [["removed", "firstName", null, 8], ["added", "title", "job:clear", 7], ["added", "city", "town", 6]]'
mv "$work/feed.ndjson" "$work/away"
expect 1 penstock run spring
expect 0 penstock mapping diff spring launched 6 --json
holds '.from == 4 and .to == 6 and [.changes[].revision] == [5, 6]'
expect 0 penstock mapping diff spring launched
grep -q 'REVISION .*BY .*SAVED' "$work/out" || fail 'it is not told who changed it'

# Export: for a spreadsheet, which takes no formula from it, and for a review elsewhere.
expect 0 penstock mapping unset spring title city
expect 0 penstock mapping set spring '"=cmd|x, y"=title:clear' '"a|b_c"=city:create-only' '"x.y"=website'
expect 0 penstock mapping export spring --csv -
head -1 "$work/out" | grep -q '^source,target,kind,type,clear,create_only,revision,who,at.$' || fail 'the CSV has no head'
grep -q '^identityMap.Email,email,identity,email,no,no,1,' "$work/out" || fail 'the CSV has no identity row'
grep -q "^\"'=cmd|x, y\",title,attribute,string,yes,no,10," "$work/out" || fail 'a spreadsheet would take a source for a formula'
grep -q '^"""x.y""",website,attribute,url,no,no,10,' "$work/out" || fail 'the CSV is not quoted as RFC 4180 has it'
[ "$(wc -l < "$work/out")" -eq "$(grep -c "$(printf '\r')\$" "$work/out")" ] || fail 'a CSV row does not end as it should'
expect 0 penstock mapping export spring --csv "$work/rows.csv" --markdown "$work/rows.md" --json
holds '.rows == 5 and .revision == 10 and (.csv | endswith("rows.csv")) and (.markdown | endswith("rows.md"))'
[ "$(stat -c %a "$work/rows.csv")" = 600 ] || fail 'others may read the CSV'
grep -qF '| a\|b\_c | city | attribute | string | no | yes | 10 |' "$work/rows.md" || fail 'a Markdown cell can be ended from within'
grep -q '^# Mapping of spring, revision 10' "$work/rows.md" || fail 'the Markdown has no title'
grep -q 'Nobody has signed it' "$work/rows.md" || fail 'the Markdown does not tell who has signed'
expect 0 penstock mapping sign spring 10 --note 'read | *twice*'
expect 0 penstock --read-only mapping export spring --markdown -
grep -qF 'read \| \*twice\*' "$work/out" || fail 'the note is not escaped'
expect 0 penstock mapping diff spring launched --markdown
grep -qF '| added | city |  | a\|b\_c:create-only | 10 |' "$work/out" || fail 'the difference as Markdown'
expect 2 penstock mapping export spring
expect 2 penstock mapping export spring --csv - --markdown -
expect 2 penstock mapping export spring --csv - --json
expect 2 penstock mapping export nobody --csv -
expect 1 penstock mapping export spring --csv "$work/not/there.csv"
