#!/bin/sh
# The monitors: all dataflows over two instances at once, one run in depth, what happened; news of other processes comes by itself, and what is stale says so.
. "$top_srcdir/tests/screen/lib.sh"
sandbox_start
account_create prod-eu
broken=$sandbox sandbox=
sandbox_start
account_create prod-us
for n in 1 2; do
	account=$([ "$n" = 1 ] && echo prod-eu || echo prod-us)
	expect 0 penstock account update "$account" --environment production
	expect 0 penstock destination create "d$n" --account "$account" --person-creation match-and-create --list-folder Audiences
	expect 0 penstock mapping set "d$n" identityMap.Email=email
done
{
	for n in 1 2 3; do message "p$n@example.com" a1 realized; done
	message nobody a1 realized | sed 's/"id":"nobody"/"id":"not an address"/'
} > "$work/feed.ndjson"
expect 0 penstock dataflow create partner-list --destination d1 --source "$work/feed.ndjson" --audience a1
expect 0 penstock dataflow create web-signups --destination d2 --source "$work/feed.ndjson" --audience a1
expect 0 penstock dataflow create winback --destination d2 --source "$work/feed.ndjson" --audience a1

# looks_like NAME: without what depends on how fast a machine is.
looks_like() {
	golden "$1" 's/(Latency|Last 20 s|Records.s) .*/\1 .../' 's/ +[0-9]+ (s|min)([│|])$/ AGO\2/'
}

console 24 80
see 'New dataflow'
press w
see ' Monitor'
see 'never ran'
see 'nothing has happened yet'
press f
see '! it has not run yet'
press P
see '! no run of it is going on'

# ux 21: whoever has not moved yet has the focus on a dataflow all the same, not on the first row.
expect 0 penstock dataflow create early --destination d1 --source "$work/feed.ndjson" --audience a1
see 'Dataflows 4'
see '▶ partner-list'
expect 0 penstock dataflow delete early
see 'Dataflows 3'

# A run of another process shows by itself: its end, what it was, how the instance feels, and a trouble that passed.
hook POST /_sandbox/settings '{"faults":["cut-before+1@/v1/leads"]}' > /dev/null
expect 0 penstock run web-signups
hook POST /_sandbox/settings '{"faults":[]}' > /dev/null
see '✓ success'
see 'web-signups: run 1 ended: success'
see 'prod-us: network: the connection was cut'
see 'p50 '
# The focus stays with its dataflow; the instance of the one with the focus comes first.
press Down
see '▶ web-signups'
expect 0 penstock dataflow create alpha --destination d1 --source "$work/feed.ndjson" --audience a1
see 'Dataflows 4'
see '▶ web-signups'
looks_like monitor-all
resize 16 60
see '▶ web-signups'
looks_like monitor-all-60
resize 24 80

# One in depth, and back.
press Enter
see 'web-signups - success'
see 'run 1 ended: success'
looks_like monitor-run
press q
see 'Dataflows 4'
press f
see 'no***'
press q
see 'Dataflows 4'

# What cannot be read any more leaves the last numbers where they are, and says how old they are; it comes back by itself.
"$top_builddir/tests/tools/sql_main" "$PENSTOCK_DB" 'ALTER TABLE run RENAME TO hidden' < /dev/null
see '! stale'
see '✓ success'
"$top_builddir/tests/tools/sql_main" "$PENSTOCK_DB" 'ALTER TABLE hidden RENAME TO run' < /dev/null
see 'live, every 0.25 s'
press q
see ' Home'
press q
ended 0
restored

# The same columns without UTF-8; every five seconds where the line is slow.
console 24 80 --ascii --slow
see 'New dataflow'
press w
see 'live, every 5 s'
press Down Down
see '> web-signups'
looks_like monitor-all-ascii
press q q
ended 0
