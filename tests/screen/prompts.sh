#!/bin/sh
# Where a line of text is asked for, the last line of the screen and the help say what Enter does there.
. "$top_srcdir/tests/screen/lib.sh"
sandbox_start
destination_create
message ann@example.com 11 realized > "$work/feed.ndjson"
expect 0 penstock dataflow create spring --destination demo --source "$work/feed.ndjson" --audience 11
expect 0 penstock mapping set spring identityMap.Email=email
echo '{"step": 3, "name": "late", "account": "demo", "source": "'"$work"'/feed.ndjson", "audiences": [{"id": "11"}]}' > "$work/draft.json"
expect 0 penstock draft save "$work/draft.json"

console 24 80
see 'New dataflow'
press :
typed 'mapping check'
press Enter
see 'penstock mapping check'
see ' Enter run  Esc close  F1 help'
press F1
see 'Enter        run'
press Esc Esc
press :
typed 'mapping set'
press Enter
see 'penstock mapping set'
see ' Enter ok  Esc close'
press Esc
press o
see '[Dataflows]'
press c
typed profile-key
press Enter
see ' Enter change  Esc close'
press Esc H
see 'SIGNED BY'
press N
see 'Sign revision 2 of spring'
see ' Enter sign  Esc close'
press Esc q
see '[Dataflows]'
press q
see ' Home'
press Down
see '▶ late'
press Enter
see '4 of 6'
press d
see 'Start date of this audience'
see ' Enter next  Esc close'
press Enter
see 'End date of this audience'
see ' Enter ok  Esc close'
press Enter
idle
press q
see ' Home'
press m
see 'Migrat'
press I
see 'GET /flows'
see ' Enter import  Esc close'
press Esc q
see ' Home'
press o
see '[Dataflows]'
press Tab Tab Tab Tab Tab
see '[Alerts]'
press n
see 'New alert: of what'
see ' Enter choose '
typed skipped
press Enter
see 'in a hundred'
see ' Enter next '
typed 9
press Enter
see 'how to tell'
typed syslog
press Enter
see 'Its name'
see ' Enter add '
press Esc q
see ' Home'
press q
ended 0
restored
