#!/bin/sh
# Home: what a question is about is what is done, and what was worked on keeps the focus, however the rows move meanwhile.
. "$top_srcdir/tests/screen/lib.sh"
sandbox_start
destination_create
message a@example.com 11 realized > "$work/feed.ndjson"
dataflow() {
	expect 0 penstock dataflow create "$1" --destination demo --source "$work/feed.ndjson" --audience 11
}
dataflow middle

console 24 80
see 'Marketo V2'
press Down
press x
see 'what becomes of its lists?'
press Enter
see 'Remove the dataflow middle'
typed middle
dataflow first
press Enter
see '▶ first'
see '✓ middle: done (Remove)'
see 'Dataflows 1'
expect 0 penstock dataflow list --json
holds '[.dataflows[].name] == ["first"]'

# The focus stays with a dataflow whose row has moved.
dataflow another
press Ctrl-R
see '▶ first'

# Run: the question stays with its dataflow, too.
press r
see 'Run first now?'
expect 0 penstock dataflow create aaa --destination demo --source "$work/feed.ndjson" --audience 11
press Tab Enter
see 'first - '
see 'The run has ended'
press q
see '▶ first'
gone '▶ aaa'

# Who only looks at the wizard leaves no draft.
press Home Enter
see '1 of 6'
press q
gone Unfinished

# A draft left keeps the focus, so that Enter goes on with it.
press Home Enter
see '1 of 6'
press Ctrl-N
see '2 of 6'
press Esc q
see 'The draft is saved'
see '▶ (no name yet)'
press Enter
see '2 of 6'
press Esc q
see 'The draft is saved'
press q
ended 0
restored
