#!/bin/sh
# A line that drops (HUP) and a kill (KILL) in the middle of each step: the next console shows the draft, and Enter on it goes on where the operator was.
# ux 13: no secret in a draft. ux 15: any moment can be the last.
. "$top_srcdir/tests/screen/wizard_lib.sh"
sandbox_start --no-limits
{
	message p1@example.com a1 realized
	message p2@example.com a2 realized
} > "$work/feed.ndjson"

# killed SIGNAL STEP FOCUS: after it the draft is at that step, with the focus on the line that begins so.
killed() {
	demand signal "$1"
	case $1 in
	HUP) ended 0 ;;
	KILL) ended 'signal 9' ;;
	esac
	[ "$1" = KILL ] || restored
	console 24 80
	see 'Unfinished'
	see "step $2 of 6"
	press Down Enter
	see "$2 of 6"
	see "▶$3"
}
# Until the account is made the secret is nowhere but in memory, and after that nowhere in plain.
hidden() {
	expect 0 penstock --json draft show 1
	! grep -F "$1" "$work/out" || fail "the draft tells of the secret"
	! grep -rlF --exclude=secret --exclude=first "$1" "$work" || fail 'the secret stands in a file'
	demand raw "$work/raw"
	! grep -qF "$1" "$work/raw" || fail 'the secret came to the screen'
	rm "$work/raw"
}

console 24 80
see 'Set up'
press Enter
see '1 of 6'
paste "$munchkin" && press Tab
refill "$url/rest" && press Tab
idle
killed KILL 1 ' REST endpoint'
see "$url/rest"
press Tab
refill "$url/identity" && press Tab
typed "$client" && press Tab Tab
typed 'half of a secret'
idle
hidden 'half of a secret'
killed KILL 1 ' Secret from'
see "$url/identity"
press Tab
paste "$secret" && press Tab
see 'kept, sealed'
typed 'not left yet'
idle
hidden "$secret"
killed HUP 1 ' Environment'
see 'not left yet'
see 'kept, sealed'
press Ctrl-t
see 'The connection works'
press Ctrl-n

see '2 of 6'
typed kept && press Tab
typed 'lost with'
idle
killed KILL 2 ' Name'
see 'kept'
press Tab Tab
option 'Match existing Marketo people and create'
press Tab
option 'profile only'
idle
killed HUP 2 ' Sync type'
see '(•) Match existing Marketo people and create'
see '(•) profile only'
press Tab Tab Tab
picked Europe Europe
see '< Europe >'
killed KILL 2 ' Workspace' # a partition that was chosen is kept, although its field was not left
see '< Europe >'
press Ctrl-n

see '3 of 6'
press Space
see '[x] emailTargeting'
killed KILL 3 ' [x] emailTargeting'
press Down Space
see '[x] exportToThirdParty'
killed HUP 3 ' [x] emailTargeting'
see '[x] exportToThirdParty'
press ]

see '4 of 6'
typed "$work/feed.ndjson" && press Enter
see 'profiles,'
typed 2020-01-0
idle
killed HUP 4 ' Start date'
see '2020-01-0 '
see '2 profiles'
press End 2 Tab
idle
killed KILL 4 ' Start date'
see '2020-01-02'
press Tab Tab Tab Tab
see 'LIST'
press Space Down d
see 'Start date of this'
typed 2099-01-01 && press Enter
see 'End date of this'
killed KILL 4 ' [x] Audience a1'
see '2 chosen'
press Down
see 'start 2099-01-01'
press ]

see '5 of 6'
gone 'asking Marketo'
press a
see 'mapped: 1'
killed KILL 5 ' * identityMap.Email'
see 'mapped: 1'
gone 'asking Marketo'
press A
see 'mapped: 3'
press / x y
idle
killed HUP 5 ' * identityMap.Email'
see 'mapped: 3'
press ]

see '6 of 6'
see 'penstock run'
killed KILL 6 ' ✓ 1 Connect'
see 'penstock run'
press L
see Cancel
killed HUP 6 ' ✓ 1 Connect'
see 'profile-only'
hidden "$secret"
launch
expect 0 penstock --json destination show kept
holds '.destination | .partition == "Europe" and .marketing_actions == ["emailTargeting", "exportToThirdParty"]'
expect 0 penstock --json draft list
holds '.drafts | length == 0'
press q
see ' Home'
press q
ended 0
