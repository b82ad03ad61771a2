#!/bin/sh
# Undo: every edit of a draft goes back and on again, a whole mapping taken at once is one edit, and all of it is there after the draft was left. No secret is kept.
# ux 17: everything, a mapping taken at once as one, and after days too.
. "$top_srcdir/tests/screen/lib.sh"
sandbox_start
destination_create
message a@example.com 11 realized > "$work/feed.ndjson"

console 24 80
see 'New dataflow'
press n
see '1 of 6'
press :
typed undo
press Enter
see 'There is no edit to take back'
press Ctrl-N
see '2 of 6'
typed spring
press Tab
typed 'what for'
press Ctrl-N
see '3 of 6'
press u
see 'Taken back. Now: Description "what for" → (empty); U puts'
press u
see 'Taken back. Now: Name "spring" → (empty); U puts'
press [
see '2 of 6'
gone 'what for'
gone spring
see 'no name'
press Ctrl-P
typed redo
press Enter
see 'In force again. Now: Name (empty) → "spring"; u takes'
see 'spring'
gone 'what for'
press Ctrl-P
typed redo
press Enter
see 'what for'
press Ctrl-N
see '3 of 6'
press ]
see '4 of 6'
typed "$work/feed.ndjson"
press Enter
see '1 profiles'
press Tab Tab Tab Tab
see LIST
see '[x]'
press Space
see '[ ]'
press u
see '[x]'
see 'Taken back. Now: audience Audience 11 chosen;'
press U
see '[ ]'
see 'In force again. Now: audience Audience 11 taken off;'
press u
see '[x]'

# What was chosen from another source is not kept unseen: it is taken off, and undo puts it back. A day that has gone by is no end.
message a@example.com 12 realized > "$work/other.ndjson"
press BackTab BackTab BackTab
typed 2001-02-03
press BackTab
see 'lies in the past'
press Tab Ctrl-u BackTab
gone 'lies in the past'
press BackTab Ctrl-u
typed "$work/nothing.ndjson"
press Enter
see 'No such file'
press BackTab BackTab End Ctrl-u
typed "$work/other.ndjson"
press Enter
see 'Chosen before and not in this source: 1, taken off'
see '[x] Audience 12' # the only one there is
press BackTab End Ctrl-u
typed "$work/feed.ndjson"
press Enter
see '[x] Audience 11'
press Ctrl-N
see '5 of 6'
see 'a: take'
press A
see 'suggestions accepted'
see 'mapped: 3'
press q
see 'The draft is saved'
press q
ended 0

# Later, by a command, and in the console again.
console 24 80
see 'Unfinished'
press Down Enter
see '5 of 6'
see 'mapped: 3'
press u
see 'mapped: 0'
see 'Taken back. Now: rows taken out of the mapping: 3, put in: 0;'
press U
see 'mapped: 3'
press End Home x
see 'mapped: 2'
press u
see 'mapped: 3'
see 'identityMap.Email=email put into the mapping'
press u
see 'mapped: 0'
press q
see 'Unfinished'
press q
ended 0
restored
expect 0 penstock draft list --json
id=$(jq -r '.drafts[0].id' "$work/out")
expect 0 penstock draft redo "$id" --json
holds '.draft.mapping | length == 3'
expect 0 penstock draft redo "$id" --json
holds '.draft.mapping | length == 2'
expect 2 penstock draft redo "$id" --json
holds '.error.code == "nothing"'
expect 0 penstock draft undo "$id" --json
holds '.draft.mapping | length == 3'
expect 0 penstock draft undo "$id" --json
holds '.draft.mapping | length == 0'

# A source is kept by its whole path, so that the draft can be gone on with from any folder.
mkdir "$work/here" "$work/there"
cp "$work/feed.ndjson" "$work/here/near.ndjson"
cd "$work/here"
terminal 2
console 24 80
see 'Unfinished'
press n
see '1 of 6'
press Ctrl-N
see '2 of 6'
typed near
press Ctrl-N
see '3 of 6'
press Ctrl-N
see '4 of 6'
typed near.ndjson
press Enter
see '1 profiles'
press Esc
press q
see 'The draft is saved'
press q
ended 0
cd "$work/there"
terminal 3
console 24 80
see 'Unfinished'
see 'near '
press Down Enter
see '4 of 6'
see '1 profiles'
press Esc q q
ended 0
expect 0 penstock draft list --json
expect 0 penstock draft show "$(jq '.drafts[] | select(.name == "near") | .id' "$work/out")" --json
holds ".draft.source | endswith(\"/here/near.ndjson\") and startswith(\"/\")"
