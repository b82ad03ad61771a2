#!/bin/sh
# What goes wrong is told whole, with what to do, and leads to where it is mended: a test that fails, and what only planning finds out.
. "$top_srcdir/tests/screen/lib.sh"
sandbox_start
account_create own
(umask 077 && echo wrong > "$work/wrong")
expect 0 penstock account create bad --munchkin-id "$munchkin" --client-id "$client" --client-secret-file "$work/wrong" \
	--endpoint "$url/rest" --identity "$url/identity"
message a@example.com 11 realized | sed 's/Audience 11/Newsletter subscribers/' > "$work/feed.ndjson"

# A secret that Marketo refuses: what, why, and what to do, longer than a line.
console 24 80
see 'New dataflow'
press n
see '1 of 6'
press BackTab Up Up Enter
see 'filter:'
typed bad
press Enter
see '< bad >'
press t
see '✗ Token: '
see 'penstock account update'
see '· Fields      not tried'
press !
see 'token'
press Esc

# A list of the audience's own name that lies elsewhere: a problem with a jump.
press Enter
see 'filter:'
typed own
press Enter
see '< own >'
press Ctrl-N
see '2 of 6'
typed "it's mine"
press Down Down Down Down Down Down Down Enter
see Lists/Audiences
typed lists/audiences
press Enter
see 'List folder         < /Lead'
press Ctrl-N
see '3 of 6'
press Ctrl-N
see '4 of 6'
typed "$work/feed.ndjson"
press Enter
see '1 profiles, 1 audiences'
see '[x] Newsletter subscribers'
press Ctrl-N
see '5 of 6'
see 'a: take'
press a
see 'mapped: 1'
press Ctrl-N
see '6 of 6'
see '✗ 4 Audiences: '
see 'its id is 1001'
see 'choose that list'
see "penstock plan 'it'"
press Enter
see '4 of 6'
press l
see 'filter:'
typed Newsletter
press Down Enter
see '→ 1001'
press Ctrl-N
see '5 of 6'
press Ctrl-N
see 'match rate'
see "penstock run 'it'\\\\''s mine' --plan "
press q
see 'Unfinished'
press q
ended 0
