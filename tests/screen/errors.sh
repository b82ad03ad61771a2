#!/bin/sh
# An error too long for its three lines is cut, but never what to do about it, and how to read all of it stands beside that: on a folded screen, in a field and out of it.
. "$top_srcdir/tests/screen/lib.sh"
sandbox_start
destination_create
message ann@example.com 11 realized > "$work/feed.ndjson"
expect 0 penstock dataflow create spring --destination demo --source "$work/feed.ndjson" --audience 11
echo '{"step": 3, "name": "late", "account": "demo"}' > "$work/draft.json"
expect 0 penstock draft save "$work/draft.json"
long=$(printf 'x%.0s' $(seq 180))

cd "$work"
console 16 60
see 'late'
press Up Up Down Enter
see '4 of 6'
typed "$long.ndjson"
press Enter
see 'Esc ! shows all'
golden errors-field
press Esc
see ' ! shows all'
gone 'Esc !'
press !
see 'The last errors'
press Esc
resize 24 80
golden errors-80
press !
see 'No such file or directory'
press Esc

# One that fits is not cut, and is gone with the next that is said.
press BackTab End Ctrl-u
typed nothing.ndjson
press Enter
see 'No such file or directory → Check'
gone 'shows all'
press BackTab End Ctrl-u
typed "$work/feed.ndjson"
press Enter
see '1 profiles'
gone 'No such file'
press Esc q
see 'The draft is saved'

# What the test of a connection says to do is no end of a sentence that is cut; what was said of one draft is gone with the next.
echo wrong > "$work/other"
chmod 600 "$work/other"
expect 0 penstock account create other --munchkin-id "$munchkin" --client-id "$client" --client-secret-file "$work/other" --endpoint "$url/rest" --identity "$url/identity"
echo '{"step": 0, "name": "refused", "account": "other"}' > "$work/draft.json"
expect 0 penstock draft save "$work/draft.json"
resize 16 60
press Ctrl-r
see refused
press Home Down
see '▶ refused'
press Enter
see '1 of 6'
gone 'The draft is saved'
press t
see '✗ Token: logging in: Marketo does not accept'
see '→ compare the client id'
golden errors-test 's/ [0-9]+ ms/ N ms/'
press q
see 'The draft is saved'
press q
ended 0
restored
