#!/bin/sh
# When the daemon runs a dataflow and where its source says who agrees are told in the wizard: checked, kept through a kill, shown on Review with what does the same by command,
# and in force after the launch. Only what fits the source is offered.
. "$top_srcdir/tests/screen/wizard_lib.sh"
sandbox_start --no-limits
agrees() { sed 's/"person":{/"consents":{"marketing":{"email":{"val":"'"$1"'"}}},"person":{/'; }
{
	message yes@example.com a1 realized | agrees y
	message no@example.com a1 realized | agrees n
} > "$work/feed.ndjson"
printf 'mail\na@example.com\n' > "$work/table.csv"
(umask 077 && echo 0123456789abcdef > "$work/token")
account_create demo
jq -n '{step: 3, name: "timed", account: "demo", dedupe: "email", person_creation: "match-and-create", list_folder: "Audiences",
	marketing_actions: ["emailTargeting"], mapping: [{source: "identityMap.Email", target: "email"}]}' > "$work/draft.json"
expect 0 penstock draft save "$work/draft.json"
opened() {
	console "$1" "$2"
	see 'step 4 of 6'
	press Down Enter
	see '4 of 6'
}
killed() {
	idle
	demand signal KILL
	ended 'signal 9'
	opened 24 80
}

# Of a table: read anew each time, never followed. Posted: followed or read, never now and then.
opened 24 80
see '( ) every ..  (•) when you run it  ( ) all the time'
refill "$work/table.csv" && press Enter
see '1 profiles'
see '( ) every ..  (•) when you run it'
gone 'all the time'
press Tab Tab
option every
see '[1d '
press BackTab BackTab BackTab
refill "http:127.0.0.1:0/in,token-file=$work/token,spool=$work/spool" && press Enter
see 'nothing was posted yet'
see 'all the time  ✗'
press Tab Tab
see '▶ Runs'
see 'what is posted is followed all the time, or read when you run it'
press Right
see '(•) when you run it  ( ) all the time'
gone 'every ..'
option 'all the time'
press BackTab BackTab BackTab
refill "$work/table.csv" && press Enter
see '1 profiles'
press Ctrl-N
see '✗ a table is a whole audience each time it is read'
press BackTab BackTab BackTab BackTab
refill "$work/feed.ndjson" && press Enter
see '2 profiles'
see '(•) all the time'

# What is typed is checked where it stands, and is there again after a kill.
press Tab Tab
option every
press Tab Ctrl-u Tab
see 'write 15m'
killed
see '▶ Every '
see '(•) every ..'
press Ctrl-N
see 'how often it runs is no duration'
typed 90m
press Tab
typed 03:00
press Tab
see 'an hour goes with'
press BackTab BackTab End Ctrl-u
typed 1d
press Tab
gone 'an hour goes with'
press Ctrl-u
typed 3:00
press Tab
see 'write it as HH:MM'
press BackTab Ctrl-u
typed 03:30
press Tab
gone 'write it as HH:MM'
typed 'identityMap.Email'
press BackTab
see '✗ not a consent'
press Tab End Ctrl-u
typed 'consents.marketing.mail=y'
press BackTab
killed
see '▶ Consent path'
see '[1d '
see '[03:30 '
see '[consents.marketing.mail=y '
golden audiences-rules
resize 16 60
idle
press BackTab
see '▶ At '
golden audiences-rules-60
resize 24 80
press Ctrl-N
see '5 of 6'
gone 'asking Marketo'
press Ctrl-N
see '6 of 6'

# Review says it, and has a jump to what is doubtful.
see ', every 1d at 03:30'
see 'penstock dataflow update timed --every 1d --at 03:30 --consent'
golden review-rules
press e
see '▶ ! 4 Audiences'
see 'consents.marketing.mail=y: everybody is left out'
press Enter
see '4 of 6'
see '▶ Consent path'
refill consents.marketing.email
press Tab u
see 'Taken back. Now: Consent path "consents.marketing.email"'
press U
see 'In force again. Now: Consent path "consents.marketing.mail=y"'
press ] ]
see '6 of 6'
gone 'everybody is left out'
resize 16 60
see '✓ 4 Audiences   1 audience of feed.ndjson, 2 profiles, …'
golden review-rules-60
resize 24 80

# The command that is shown does the same: nothing that was reviewed is another thing after it, so that the plan still runs.
see 'consents.marketing.email && penstock run timed --plan'
demand dump "$work/dump"
command=$(sed -n '/The same by command/,/└/p' "$work/dump" | sed -n 's/^│ *\(.*[^ ]\) *│$/\1/p' | tr '\n' ' ')
case $command in
*' --consent consents.marketing.email && penstock run timed --plan '*) ;;
*) fail "the command is: $command" ;;
esac
# shellcheck disable=SC2086 # its words
expect 0 ${command%%' && '*}
expect 0 penstock dataflow show timed --json
holds '.dataflow | .every == "1d" and .at == "03:30" and .consent == "consents.marketing.email" and (.enabled | not)'
press s
see 'the daemon, where there is one, begins'
press Esc L
see 'the daemon runs it by its schedule.'
press Left Enter
see 'The run has ended'
see '1 activated'
press q
see ' Home'
press q
ended 0
restored
harmless
expect 0 penstock dataflow show timed --json
holds '.dataflow | .enabled and .every == "1d" and .at == "03:30" and .consent == "consents.marketing.email"'
