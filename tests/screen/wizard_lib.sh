# What the tests of the wizard share, on top of lib.sh: each step typed as an operator would, from answers in variables. Empty: the step's own default stays.
. "$top_srcdir/tests/screen/lib.sh"

# As few keys as possible for a whole dataflow; a test sets what it is about before wizard_to_end.
answers() {
	name=$1 description='' creation='' sync='' second_dedupe='' partition='' folder=21 workspace=''
	actions='' feed=$work/feed.ndjson start='' end='' audiences='Space' mapping=''
}

# The path of the practice Marketo's folders as the picker filters them.
folder_text() {
	case $folder in
	21) echo Audiences ;;
	23) echo Newsletter ;;
	esac
}

# refill TEXT: into the field with the focus instead of what it holds.
refill() {
	press End Ctrl-u
	paste "$1"
}

# option TEXT: the choice with the focus moves on until this one is on.
option() {
	tries=0
	until idle && demand "dump$(quoted "$work/dump")" && grep -q "([•*]) $1" "$work/dump"; do
		tries=$((tries + 1))
		[ "$tries" -lt 6 ] || fail "there is no choice $1"
		press Right
	done
}

# picked FILTER TEXT: Enter on the field with the focus opens a list; the row that the filter leaves is taken.
picked() {
	press Enter
	see filter:
	gone 'asking Marketo'
	typed "$1"
	see "$2"
	press Enter
	idle
}

# Steps. Each begins on its first field and ends when the next one is there.
connect_fields() {
	see '1 of 6'
	paste "  https://app-sj01.marketo.com/?munchkinId=$munchkin\n" && press Tab
	see 'has the right form'
	refill "$1/rest" && press Tab
	refill "$1/identity" && press Tab
	typed "$client" && press Tab Tab
	paste "  $secret \n" && press Tab
	see 'kept, sealed'
	typed practice && press Tab
	refill sandbox && press Tab
}
connect_step() {
	connect_fields "$url"
	press Ctrl-t
	see 'The connection works'
	press Ctrl-n
	see '2 of 6'
}

details_step() {
	see '2 of 6'
	typed "$name" && press Tab
	[ -z "$description" ] || typed "$description"
	press Tab
	[ -z "$creation" ] || option "$creation"
	press Tab
	[ -z "$sync" ] || option "$sync"
	press Tab
	if [ -n "$second_dedupe" ]; then
		press Enter
		see 'Dedupe fields'
		gone 'asking Marketo'
		typed "$second_dedupe"
		press Space Enter
		idle
	fi
	press Tab
	[ -z "$workspace" ] || picked "$workspace" "$workspace"
	press Tab
	[ -z "$partition" ] || picked "$partition" "$partition"
	press Tab
	[ -z "$folder" ] || picked "$(folder_text)" "$(folder_text)"
	press Ctrl-n
	see '3 of 6'
}

governance_step() {
	see '3 of 6'
	[ -z "$actions" ] || press $actions
	press ]
	see '4 of 6'
}

# $audiences are keys, from the first row of the table on.
source_fields() {
	see '4 of 6'
	typed "$feed" && press Enter
	see 'profiles,'
	[ -z "$start" ] || typed "$start"
	press Tab
	[ -z "$end" ] || typed "$end"
	press Tab Tab Tab
	see 'LIST'
}
audiences_step() {
	source_fields
	press $audiences
	press ]
	see '5 of 6'
}

mapping_step() {
	see '5 of 6'
	gone 'asking Marketo'
	gone 'reading the source'
	press A
	see 'accepted'
	[ -z "$mapping" ] || map_by_hand $mapping
	press ]
	see '6 of 6'
}
# map_by_hand SOURCE TARGET: the row is found with the filter, and the field in the picker.
map_by_hand() {
	press /
	typed "$1"
	press Enter
	press Down Down Down Down Down Down Down Down
	picked "$2" "$2"
	see 'mapped:'
	press Esc
}

# The plan is there; Launch asks once more, and the focus is on Cancel. With a name to type the first button works only then.
review_step() {
	see 'penstock run'
	press L
	see 'Cancel'
}
launch() {
	review_step
	press Left Enter
	see 'The run has ended'
}

# From home to the run's end, and back.
wizard_to_end() {
	press n
	see '1 of 6'
	if [ "${account_there-}" = yes ]; then press ]; else connect_step; fi
	account_there=yes
	details_step
	governance_step
	audiences_step
	mapping_step
	launch
	press q
	see ' Home'
}

# What the practice Marketo logged since the last `mark`.
mark() {
	marked=$(wc -l < "$work/log")
}
logged() {
	tail -n +$((marked + 1)) "$work/log" | jq -e -s "$1" > "$work/out" || fail "the log does not hold: $1"
}

# broken KIND [PART]: $through is an address where every call goes wrong in that way, or each whose address holds PART.
broken() {
	rm -f "$work/door"
	mkfifo "$work/door"
	"$top_builddir/tests/tools/broken_main" "${url##*:}" "$1" "${2:-/}" > "$work/door" &
	broken="$broken $!"
	read -r port < "$work/door"
	through=http://127.0.0.1:$port
}
