#!/bin/sh
# Lists and folders: named, numbered, missing, taken, ambiguous.
. "$top_srcdir/tests/scenario/lib.sh"
sandbox_start
destination_create
message ada@example.com a1 realized > "$work/feed.ndjson"

flow() {
	name=$1
	shift
	expect 0 penstock dataflow create "$name" --destination demo --source "$work/feed.ndjson" "$@"
}

flow missing --audience a1=999999
refused 2 999999 penstock run missing
# The audience's name is that of a list in another folder: only its id, or its name said on purpose, means that one.
message ada@example.com a1 realized | sed 's/Audience a1/Newsletter subscribers/' > "$work/taken.ndjson"
expect 0 penstock dataflow create taken --destination demo --source "$work/taken.ndjson" --audience a1
refused 2 1001 penstock run taken
flow byid --audience a1=1001
expect 0 penstock run byid --json
holds '.run.audiences[0].list_id == 1001 and .run.added == 1'
flow byurl --audience "a1=https://app.example.com/#ST1002A1LA1"
expect 0 penstock run byurl --json
holds '.run.audiences[0].list_id == 1002'
# The address as Marketo's console shows it holds '=' itself; one that leads to no static list is no name of a list either.
flow byquery --audience "a=1=https://app.example.com/?munchkinId=$munchkin#/classic/ST1002A1LA1"
expect 0 penstock dataflow show byquery --json
holds '.dataflow.audiences[0].audience == "a=1" and (.dataflow.audiences[0].list | endswith("ST1002A1LA1"))'
refused 2 'not one of a static list' penstock dataflow create noquery --destination demo --source "$work/feed.ndjson" --audience 'a1=https://app.example.com/#SL12A1'
flow bycode --audience a1=ST1001A1
expect 0 penstock run bycode --json
holds '.run.audiences[0].list_id == 1001 and .run.added == 0'
flow comma --audience 'a1=One, two'
expect 0 penstock run comma --json
holds '.run.added == 1'
made=$(value '.run.audiences[0].list_id')
expect 0 penstock lists demo --json
holds --argjson id "$made" '.lists[] | select(.id == $id) | .name | contains("One") and (contains(",") | not)'
# The audience's own name, as the source tells it.
flow named --audience a1
expect 0 penstock run named --json
expect 0 penstock lists demo --search 'Audience a1' --json
holds '.lists | length == 1'
# It is found again, not made twice.
flow named2 --audience 'Audience a1'
expect 0 penstock run named2 --json
holds '.run.added == 0'
expect 0 penstock lists demo --search 'Audience a1' --json
holds '.lists | length == 1'

expect 0 penstock destination update demo --list-folder ''
flow homeless --audience 'a1=Somewhere'
refused 2 'Audiences' penstock run homeless
expect 0 penstock destination update demo --list-folder 'Newsletter'
refused 2 '27' penstock run homeless
expect 0 penstock destination update demo --list-folder 'No such folder'
refused 2 'No such folder' penstock run homeless
expect 0 penstock destination update demo --list-folder program:1001
expect 0 penstock run homeless --json
holds '.run.added == 1'

# An audience name that fits two.
{
	message ada@example.com a1 realized
	message ada@example.com a2 realized | sed 's/Audience a2/Audience a1/'
} > "$work/feed.ndjson"
flow two --audience 'Audience a1=1001'
refused 2 'a2' penstock run two
