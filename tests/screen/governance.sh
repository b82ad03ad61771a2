#!/bin/sh
# Data usage governance in the console: the step shows what is violated and by which field, the mapping marks it, Review locks the launch, and each way out opens it.
# ux 19: what was reviewed is what runs.
. "$top_srcdir/tests/screen/wizard_lib.sh"
sandbox_start --no-limits
{
	message p1@example.com a1 realized
	message p2@example.com a1 realized
	message p2@example.com a2 realized
} > "$work/feed.ndjson"
expect 0 penstock policy enable restrict-third-party-export
expect 0 penstock policy enable restrict-analytics
expect 0 penstock label set person.name C2
expect 0 penstock label set person.name.lastName I1
cd "$work"
locked() {
	press L
	see 'errors are left'
	press Esc
}

console 24 80
answers governed
feed=feed.ndjson
press n
connect_step
details_step
# Nothing is mapped yet: the policy is told, and is kept.
press Down Space Down Space
see 'restrict-third-party-export denies data with C2'
see 'restrict-analytics denies data with C8'
golden governance-chosen
press ]
source_fields
press Space
see '1 chosen'
press ]
see '5 of 6'
gone 'asking Marketo'
gone 'reading the source'
press A
see 'accepted'
see '✗ policy'
press e
see 'carries C2'
golden governance-mapping

# Nobody is kept on the step; Review tells, jumps, and is locked.
press ]
see '6 of 6'
see '1 policy is violated'
see 'no plan while there are errors'
locked
press e
see 'keeps this from'
golden governance-review
press Enter
see '3 of 6'
see 'restrict-third-party-export: the field person.name.firstName carries C2'
golden governance-violated
resize 16 60
idle
golden governance-violated-60
resize 24 80
idle

# The way out by the action.
press Down Space
gone 'carries C2'
see 'restrict-analytics denies data with C8'
press Space
see 'carries C2'

# By the fields: x in Mapping.
press ] ]
see '5 of 6'
gone 'asking Marketo'
press e x
idle
press e x
gone '✗ policy'
see '! C2'
press ]
see 'penstock run'
gone 'policy is violated'
# A label that is set behind the console's back is seen when the plan is made anew, and again at the launch.
expect 0 penstock label set identityMap.Email C2
press L
see Cancel
press Left Enter
see 'the policy restrict-third-party-export'
see '→ take identityMap.Email out of the mapping'
press !
see 'The last errors'
see 'carries C2'
press Esc
expect 0 penstock runs governed --json
holds '.runs == []'
expect 0 penstock dataflow show governed --json
holds '.dataflow.enabled | not'
press Esc p
see '1 policy is violated'
locked
# By the label.
expect 0 penstock label unset identityMap.Email C2
press p
see 'penstock run'
launch
see '2 '
press q
see ' Home'

# A dataflow that is there: what blocks it is told where it is run.
expect 0 penstock dataflow disable governed
expect 0 penstock label set identityMap.Email C2
expect 0 penstock dataflow show governed --json
"$top_builddir/tests/tools/sql_main" "$PENSTOCK_DB" 'UPDATE dataflow SET enabled = 1' < /dev/null > /dev/null
press Down
see 'r run'
press r
see 'Run governed now'
press Left Enter
see 'restrict-third-party-export'
expect 0 penstock runs governed --json
holds '.runs[0].state == "blocked"'
