#!/bin/sh
# Operators of a store that is not theirs: each permission withheld in turn refuses exactly the commands that need it, by a real second user where there can be one.
. "$top_srcdir/tests/scenario/lib.sh"
. "$top_srcdir/tests/scenario/operators_lib.sh"
trap end_operators EXIT
operators_prepare
may "$all"
daemon_start

# The commands and what they need: View, Manage, Activate, Segments of destinations; owner: no permission gives it; nothing: whoever asks. One that is missing here fails below.
cat > "$work/needs" <<'TABLE'
VM account create x --munchkin-id 123-ABC-456
V account list
V account show x
V account test x
VM account update x --environment y
VM account delete x
VM destination create x --account y
V destination list
V destination show x
V destination test x
VM destination update x --description y
VM destination delete x
V fields x
V folders x
V lists x
V partitions x
S source check x
V mapping show x
V mapping check x
VS mapping suggest x --source x
VMS mapping suggest x --source x --accept
VS mapping preview x --source x
V mapping export x --csv -
VM mapping set x a=b
VM mapping unset x a
VM mapping clear x
V mapping revisions x
V mapping diff x 1
VM mapping sign x 1
VMS dataflow create x --destination y --source z --audience a
V dataflow list
V dataflow show x
VM dataflow update x --every 1d
VMS dataflow update x --audience a
VMS dataflow update x --source z
VM dataflow enable x
VM dataflow disable x
VM dataflow delete x
VMA dataflow delete x --list empty
VMA dataflow delete x --list delete
VM label set person.name
VM label unset person.name C1
V label show
V policy list
V policy show x
VM policy create x
VM policy enable x
VM policy disable x
VM policy delete x
V policy check
V draft list
V draft show 9
VM draft save EMPTY
VM draft delete 9
VMS draft apply 9
VS draft survey 9
VS draft preview 9
VM draft undo 9
VM draft redo 9
VAS plan x
VAS run x
VAS receive x
VA stop x
VA pause x
VA resume x
V runs
V run-show 9
V failures 9
VAS retry 9
VS verify x
VAS verify x --repair
VAS resync x
VAS adopt x
VM migrate import EMPTY
V migrate list
VS migrate plan
VMS migrate apply
VAS migrate compare x
VM migrate finish x
VM migrate undo x
V migrate report
V status
V audit
V metrics
VM alert create x
V alert list
V alert show x
VM alert update x
VM alert delete x
VM alert test x
VM alert check
owner backup y
V check
V retention show
owner retention set --runs 9
owner retention apply
nothing whoami
TABLE

# Nothing is missing: all that help lists, but what is nobody's store's.
"$PENSTOCK" help | awk -F '  +' '/^  [a-z]/ { print $2 }' | sed 's/ [A-Z[].*//' > "$work/told"
sed 's/^[^ ]* //' "$work/needs" > "$work/here"
while read -r command; do
	case $command in
	sandbox* | demo* | help* | daemon*) continue ;;
	esac
	[ "$(awk -v words="$command" '$0 == words || index($0, words " ") == 1 { n++ } END { print n + 0 }' "$work/here")" -gt 0 ] || fail "what does this command need: $command"
done < "$work/told"
[ "$(wc -l < "$work/told")" -gt 60 ] || fail 'help was not understood'

: > "$theirs/empty"
chmod 644 "$theirs/empty"
cat > "$work/each" <<'EACH'
while read -r needs command; do
	got=0
	answer=$("$PENSTOCK" --daemon "$1" --json ${command%EMPTY} $(case $command in *EMPTY) echo "$2" ;; esac) 2> /dev/null < /dev/null) || got=$?
	printf '{"needs":"%s","command":"%s","status":%d,"answer":%s}\n' "$needs" "$command" "$got" "${answer:-null}"
done
EACH
# try NAME LETTER: exactly the commands with this letter are refused, by this name; the owner's always are, and who asks who he is never.
try() {
	doing="each command without $1"
	as "$operator" env -u PENSTOCK_DB HOME="$theirs" XDG_RUNTIME_DIR="$theirs" PENSTOCK="$PENSTOCK" sh -c "$(cat "$work/each")" sh "$socket" "$theirs/empty" < "$work/needs" > "$work/tried"
	[ "$(wc -l < "$work/tried")" -eq "$(wc -l < "$work/needs")" ] || fail "not every command was tried without $1"
	jq -r --arg name "$1" --arg letter "$2" '. as $row | .answer.error as $error | [.status, $error.code] as $is |
		if .needs == "owner" then $is == [4, "owner"]
		elif .needs == "nothing" then .status == 0
		elif .needs | contains($letter) then $is == [4, "permission"] and ($error.message | contains($name))
		else $error.code != "permission" and $error.code != "owner" end |
		select(not) | $row | "\(.command): status \(.status), \(.answer.error.message)"' "$work/tried" > "$work/wrong"
	[ ! -s "$work/wrong" ] || fail "not as the table says without $1: $(cat "$work/wrong")"
}
before=$(find "/proc/$daemon/fd" | wc -l)
may 'Manage Destinations, Activate Destinations, View Profiles, View Segments'
try 'View Destinations' V
may 'View Destinations, Activate Destinations, View Profiles, View Segments'
try 'Manage Destinations' M
may 'View Destinations, Manage Destinations, View Profiles, View Segments'
try 'Activate Destinations' A
may 'View Destinations, Manage Destinations, Activate Destinations, View Profiles'
try 'View Segments' S
# Values are masked without View Profiles; nothing is refused.
may 'View Destinations, Manage Destinations, Activate Destinations, View Segments'
try 'View Profiles' P
wait_for 'the last to leave' '[ "$(find "/proc/$daemon/fd" | wc -l)" -le "$before" ]'

# Nobody is granted anything: not even a look.
may ''
refused 4 'needs the permission View Destinations' ask status
expect 0 ask whoami --json
holds '.operator | .owner == false and .permissions == []'

# The file of permissions is heard at once, and what is wrong with it grants nothing; what was good last holds for the daemon itself.
may "$all"
expect 0 ask whoami --json
holds '.operator.permissions == ["View Destinations", "Manage Destinations", "Activate Destinations", "View Profiles", "View Segments"]'
expect 0 penstock whoami --json
holds '.operator | .owner and .granted_in == null'
printf 'user %s: View Destinations\nuser x: View Everything\n' "$operator" > "$permissions"
refused 4 'line 2' ask status
kill -HUP "$daemon"
wait_for 'the complaint' 'grep -q "\"event\":\"permissions\"" "$log"'
jq -se '[.[] | select(.event == "permissions") | .message] | length > 0 and all(.[]; contains("line 2"))' "$log" > /dev/null || fail 'it does not say what is wrong'
may "$all"
chmod 664 "$permissions"
refused 4 'can be written by others' ask status
chmod 644 "$permissions"
if [ "$second" ]; then
	chown "$operator" "$permissions"
	refused 4 "belongs to the user $operator" ask status
	chown 0 "$permissions"
	# A group's members by the kernel's word.
	printf 'group 65531: View Destinations\n' > "$permissions"
	refused 4 'View Destinations' ask status
	expect 0 setpriv --reuid "$operator" --regid "$operator" --groups 65531 env -u PENSTOCK_DB HOME="$theirs" "$PENSTOCK" --daemon "$socket" status
	may "$all"
fi
ln -s "$permissions" "$work/link"
expect 4 penstock --db "$work/store/other.db" daemon --socket "$work/door/other" --permissions "$work/link"

# The word that tells who asks comes from the daemon alone, and from anybody else it takes rights away.
refused 2 'there is no option --operator' ask status --operator '{"owner":true,"keeper":"/"}'
expect 0 as "$owner" "$PENSTOCK" --operator "{\"uid\":1,\"groups\":[],\"keeper\":\"$permissions\"}" whoami --json
holds '.operator.permissions == []'
expect 2 as "$owner" "$PENSTOCK" --operator nonsense whoami
expect 4 as "$owner" "$PENSTOCK" --operator "{\"uid\":1,\"groups\":[],\"keeper\":\"$work/nothing\"}" whoami

# What is beyond the door stays shut.
if [ "$second" ]; then
	for path in "$work/store" "$work/store/penstock.db" "$work/store/penstock.key" "$log" "/proc/$daemon/environ" "/proc/$daemon/mem"; do
		doing="reading $path"
		! as "$operator" dd if="$path" of=/dev/null count=1 2> /dev/null || fail "the operator reads $path"
	done
	! as "$operator" ls "$work/store" > /dev/null 2>&1 || fail 'the operator sees what is in the folder of the store'
	! as "$operator" rm -f "$socket" 2> /dev/null || fail 'the operator takes the door away'
	expect 1 as "$operator" "$PENSTOCK" --db "$PENSTOCK_DB" status
	# Told to be the owner in his own process he is still himself to the system.
	expect 1 as "$operator" "$PENSTOCK" --operator "{\"owner\":true,\"keeper\":\"$permissions\"}" --db "$PENSTOCK_DB" status
else
	echo 'SKIPPED: what the system itself keeps from a second user needs root to start one'
fi

# Nobody comes in twice, and the door goes with the daemon.
expect 1 penstock --db "$work/store/other.db" daemon --socket "$socket" --permissions "$permissions"
says 'a daemon is there already'
daemon_stop
[ ! -e "$socket" ] || fail 'the socket is still there'
refused 1 'cannot reach the daemon' ask status
