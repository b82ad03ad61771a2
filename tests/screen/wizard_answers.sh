#!/bin/sh
# Each answer of the wizard changes the calls of the run: the practice Marketo's log and its people and lists show it.
. "$top_srcdir/tests/screen/wizard_lib.sh"
by_the_clock 2026-11-16T15:00:00Z
sandbox_start --no-limits --log "$work/log"
{
	message known@example.com a1 realized
	message new@example.com a1 realized
	message late@example.com a2 realized
	message C77 a3 realized | sed 's/"Email"/"CRM"/; s/Ada/Cust/; s/Berg/Omer/'
	message new@example.com a4 realized
} > "$work/feed.ndjson"
hook POST /_sandbox/people '{"fields":{"email":"known@example.com","firstName":"Old"}}' > "$work/out"
person() {
	hook GET "/_sandbox/people?field=$1&value=$2" > "$work/out"
}
members() {
	hook GET /_sandbox/state | jq ".lists[] | select(.name == \"$1\").members"
}
account_create sandbox
account_there=yes
console 24 80

# Match only, with the sync type it implies: who is missing is not created, nobody's fields are written, the list gets who is there.
mark
answers quiet
end=2026-11-16 # the day itself is still in
wizard_to_end
logged 'all(.action == null) and any(.path | test("/lists/[0-9]+/leads.json"))'
person email known@example.com
jq -e '.[0].fields.firstName == "Old"' "$work/out" > /dev/null || fail 'a field was written'
person email new@example.com
jq -e 'length == 0' "$work/out" > /dev/null || fail 'a person was created'
[ "$(members 'Audience a1')" -eq 1 ] || fail 'the list has others'

# Profile only: fields, and no list.
mark
answers fields
sync='profile only' folder=''
wizard_to_end
logged 'any(.action == "updateOnly") and all(.action != "createOnly") and all(.path | test("/lists/[0-9]+/leads|staticList") | not)'
person email known@example.com
jq -e '.[0].fields.firstName == "Ada"' "$work/out" > /dev/null || fail 'no field was written'

# Two dedupe fields: who has no e-mail is created by the other one. Audience and profile are what creation implies.
mark
answers both
creation='Match existing Marketo people and create' second_dedupe=customerNumber audiences='Down Down Space' mapping='CRM customerNumber'
wizard_to_end
logged 'any(.action == "createOnly" and .lookupField == "customerNumber" and .keys == ["C77"])'
person customerNumber C77
jq -e '.[0].fields.lastName == "Omer"' "$work/out" > /dev/null || fail 'the person was not created'
expect 0 penstock --json destination show both
holds '.destination | .dedupe_fields == ["email", "customerNumber"] and .sync_type == "audience-and-profile"'

# A list chosen in Marketo; an audience that begins in the future gets nothing; the folder of a program in another branch.
mark
answers chosen
creation='Match existing Marketo people and create' folder=23
press n
see '1 of 6'
press ]
details_step
governance_step
source_fields
press J
see 'Static list'
gone 'asking Marketo'
typed Newsletter
see 'Newsletter subscribers'
press Enter
see '1 chosen'
press Down Space d
see 'Start date of this audience'
typed 2099-13-01 && press Enter
see 'YYYY-MM-DD'
press Ctrl-u
typed 2099-01-01 && press Enter
see 'End date of this audience'
typed 2098-01-01 && press Enter
see 'before the start'
press Ctrl-u
typed 2099-02-01 && press Enter
see 'end 2099-02-01'
press Down Down Space ]
mapping_step
launch
press q
see ' Home'
[ "$(members 'Newsletter subscribers')" -eq 2 ] || fail 'the chosen list has other members'
person email late@example.com
jq -e 'length == 0' "$work/out" > /dev/null || fail 'an audience of the future has received'
hook GET /_sandbox/state > "$work/out"
holds '[.lists[] | select(.name == "Audience a4")][0].folder == 23'
expect 0 penstock --json dataflow show chosen
holds '[.dataflow.audiences[] | select(.id == "a2")][0] | .start == "2099-01-01T00:00:00Z" and .end == "2099-02-01T00:00:00Z"'
press q
ended 0
restored
