# Trouble on the way to Marketo in each step of the wizard, on top of wizard_lib.sh: a draft that is whole (busy) is walked back from its last step.
. "$top_srcdir/tests/screen/wizard_lib.sh"
sandbox_start --no-limits
{
	message p1@example.com a1 realized
	message p2@example.com a2 realized
} > "$work/feed.ndjson"

# to ADDRESS: the account is there from now on. It is another process that says so: the console asks processes, too.
to() {
	expect 0 penstock account update sandbox --endpoint "$1/rest" --identity "$1/identity"
}
esc_frees() {
	press Esc
	see "$1"
	soon
}

# Connect, with a new account: the test fails to end, the operator types on.
connect() {
	press n
	see '1 of 6'
	press BackTab Up Up Up Up Up Up Up Up
	picked 'a new' 'a new one'
	press Down
	paste "$munchkin" && press Tab
	refill "$1/rest" && press Tab
	refill "$1/identity" && press Tab
	typed 'some client' && press Tab Tab
	paste 'some secret' && press Tab
	typed 'typed before'
	press Tab
	refill "$2" && press Up Ctrl-t
}
busy_connect() {
	connect "$1" "$2"
	see_busy '… Connection'
	press End
	typed ' and after'
	see_busy 'typed before and after'
	esc_frees 'Given up'
	see 'typed before and after'
	press Esc q
	see 'Unfinished'
}

# list_frees KEYS WAITING THEN: a list of Marketo's that does not come; what is typed meanwhile is its filter.
list_frees() {
	press $1
	see_busy "$2"
	typed Eur
	see_busy '[Eur'
	esc_frees "$3"
}

# to_row TEXT: at home.
to_row() {
	press Home
	for try in 1 2 3 4 5 6; do
		idle
		demand dump "$work/dump"
		! grep -q "▶ *$1" "$work/dump" || return 0
		press Down
	done
	fail "there is no row $1"
}

# Wherever it was left, the draft goes on to its last step.
open_review() {
	to_row busy
	press Enter
	until see_busy ' of 6' && demand "dump$(quoted "$work/dump")" && grep -q '6 of 6' "$work/dump"; do
		press Ctrl-n
	done
}

# From the last step to the first, each asking somebody who does not answer.
never_answers() {
	to "$1"
	open_review
	see_busy '… planning'
	press Down
	see_busy '▶ ✓ 2'
	esc_frees 'Given up'
	press p
	see_busy '… planning'
	esc_frees 'Given up'
	press [
	see '5 of 6'
	press Ctrl-r
	see_busy 'asking Marketo for its fields'
	press / n a m e
	see_busy '3 of 3'
	esc_frees 'Given up'
	see '[name'
	press Esc [
	see '4 of 6'
	list_frees J 'asking Marketo for its lists' '4 of 6'
	press [
	see '3 of 6'
	press Space
	see '[x] emailTargeting'
	press Space [
	see '2 of 6'
	press Tab Tab Tab Tab Tab
	list_frees Enter 'asking Marketo for its folders' 'narrows the folders'
	press Tab
	list_frees Enter 'asking Marketo for its partitions' 'where new people'
	press q
	see Unfinished
}

# tells HINT: the newest error, whole, says what to do. A field with the focus keeps what was typed.
tells() {
	press Esc !
	see 'The last errors'
	see "$1"
	press Esc
	gone 'The last errors'
}
# The same steps with somebody who is not there at all, which is said soon.
fails_at_once() {
	to "$1"
	connect "$1" "$2"
	see '✗ Connection'
	tells "$3"
	see 'typed before'
	press q
	see Unfinished
	open_review
	see '6 of 6'
	gone planning
	tells "$3"
	press [
	see '5 of 6'
	press Ctrl-r
	see '✗ fetching the fields'
	tells "$3"
	see 'mapped: 3, errors: 0'
	press [
	see '4 of 6'
	list_fails J 'Static list' "$3" '4 of 6'
	press q
	see Unfinished
}
list_fails() {
	press $1
	see "$2"
	see "$3"
	typed Eur
	see '[Eur'
	press Esc
	idle
	press Esc
	see "$4"
}

account_create sandbox
console 24 80
see 'New dataflow on Marketo V2'
answers busy
press n
see '1 of 6'
press ]
details_step
governance_step
audiences_step
mapping_step
see 'penstock run'
press q
see 'The draft is saved'
