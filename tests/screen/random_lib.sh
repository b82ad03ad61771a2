# Random keys, bytes and sizes, the same ones each time: $random_steps of them in all, $random_seed. Nothing may crash, hang, leave the terminal wrong, or be written without
# having been asked. What is typed runs no command: there is none to be found. random_confirms=no: no key that leads to the button of a question, h and l neither.
. "$top_srcdir/tests/screen/lib.sh"

# One command of the driver a line: keys, bytes that are no keys (broken UTF-8, escape sequences of all kinds), pastes, sizes from 1x1 to 100x300.
# Left out are the keys that leave for the shell: Ctrl-C, Ctrl-Z, Ctrl-\ (leave.sh).
random_commands() {
	LC_ALL=C awk -v steps="$random_steps" -v seed="$random_seed" -v confirms="${random_confirms-yes}" '
	function pick(list, count) { return list[int(rand() * count) + 1] }
	BEGIN {
		srand(seed)
		list = "Enter Enter Enter Esc Esc Esc Esc Esc Esc Up Down Down Down PageUp PageDown Home End Insert Delete Backspace F1 F2 F5 Ctrl-n Ctrl-p Ctrl-t Ctrl-r Ctrl-l Ctrl-u " \
			"Ctrl-k Ctrl-w Space Space a b c d e f g h i j k l m n o p q r s t u v w x y z A B C D E F G H I J K L M N O P Q R S T U V W X Y Z 0 1 9 / / : : ! ? [ " \
			"] ] ] @ = . - é 日"
		if (confirms == "no")
			gsub(/ [hl] /, " ", list)
		keys = split(confirms == "no" ? list : list " Tab Tab BackTab Left Right", key)
		parts = split("1b 1b5b 1b5b41 1b4f41 1b5b3939393939393b3939 1b5d35323b633b 1b5b3230307e 1b5b3230317e 1b5b4d202121 1b5b3c303b313b314d c3 c3a9 e697 f09f98 " \
			"ff fe 80 00 7f 1b1b1b 9b 1b5b313b3548 1b5b3f3230303468 e28087 e280ae 0d0a", part)
		for (done = 0; done < steps; done += n) {
			what = rand()
			n = 1
			if (what < 0.85) {
				line = "press"
				for (n = 0; n < 10; n++) {
					one = pick(key, keys)
					if (last == "bytes" || (last == "Esc" && one ~ /^[[O]$/))
						one = "x" # else they might be an arrow together
					line = line " " one
					last = one
				}
			} else if (what < 0.93) {
				line = "bytes " pick(part, parts) " " pick(part, parts)
				last = "bytes"
			} else if (what < 0.96)
				line = "paste a" sprintf("%d", rand() * 1000) "\\nb\\tc\\x1b[31m"
			else {
				columns = rand() < 0.5 ? int(rand() * 300) + 1 : int(rand() * 60) + 40
				line = "resize " (rand() < 0.5 ? int(rand() * 100) + 1 : int(rand() * 20) + 10) " " (columns == 79 ? 78 : columns)
			}
			print line
		}
	}'
}

# The program paints when the size changes, to one that it does not have; false: it does not, and had better have ended.
random_alive() {
	: > "$work/shown"
	rows=$((47 - rows))
	screen resize "$rows" 79 && screen see-busy penstock || return 1
	demand dump "$work/dump"
	grep -q '[^ ]' "$work/dump" || fail 'nothing is painted'
}

# Each is painted before the next one comes, but for what is no key, or a part of one: nothing comes of that. False: the program has ended.
random_painted() {
	demand deadline 150
	painted=yes
	screen gone-busy 'this is never shown' || case $answer in *'has ended'*) painted= ;; esac
	demand deadline 60000
	[ -n "$painted" ]
}

# random_keys [ARG...]: the console with these arguments; ended in the ordinary way it is started again.
random_keys() {
	started=0 count=0 rows=24
	# The driver starts here; what it shows of a program that has ended as it should goes aside.
	with PATH=/nonexistent 2>> "$work/shown"
	random_commands > "$work/commands"
	demand deadline 60000
	while read -r command; do
		if [ "$started" -eq 0 ]; then
			console 24 80 "$@"
			started=1
		fi
		count=$((count + 1))
		if ! screen "$command" || ! random_painted || { [ $((count % 20)) -eq 0 ] && ! random_alive; }; then
			if ! screen wait || [ "$answer" != 0 ]; then
				tail -n 100 "$work/shown"
				fail "command $count: the program has not ended as it should: $answer"
			fi
			screen restored || {
				why=$answer
				demand raw "$work/raw"
				tail -c 300 "$work/raw" | od -c
				fail "command $count: the terminal is not as it was: $why"
			}
			started=0
		fi
	done < "$work/commands"
	[ "$started" -eq 0 ] || demand kill
	with "PATH=$PATH"
}

random_world() {
	sandbox_start --log "$work/log"
	destination_create
	message a@example.com 11 realized > "$work/feed.ndjson"
	message nobody 12 realized >> "$work/feed.ndjson"
	for n in 1 2 3; do
		expect 0 penstock dataflow create "flow $n" --destination demo --source "$work/feed.ndjson" --audience 11 --audience 12
	done
	expect 0 penstock run 'flow 1'
}

# Since the log had so many lines no call has changed anything in Marketo. (The test of an account writes to a person that cannot be.)
random_sent_nothing() {
	tail -n +$((lines + 1)) "$work/log" | jq -e -s 'all(.[]; .method == "GET" or .keys == ["2147483647"])' > "$work/out" || fail 'something was sent although nothing may be'
}

# Where nothing may be changed nothing is: neither here nor in Marketo.
random_read_only() {
	expect 0 penstock audit --json
	cp "$work/out" "$work/before"
	lines=$(wc -l < "$work/log")
	random_keys --read-only
	expect 0 penstock audit --json
	cmp "$work/before" "$work/out" || fail 'something was changed although nothing may be'
	random_sent_nothing
}

# And where it may, only what was confirmed: nobody typed a name, so no run began in a table and nothing that asks for one was done; what was kept can be read.
random_writing() {
	random_keys
	expect 0 penstock draft list --json
	for id in $(jq '.drafts[].id' "$work/out"); do
		expect 0 penstock draft show "$id" --json
	done
	expect 0 penstock dataflow list --json
	holds '[.dataflows[].name] == ["flow 1", "flow 2", "flow 3"]'
	expect 0 penstock account list --json
	expect 0 penstock audit --json
	holds '[.audit[] | select(.action | test("delete|resync|repair|retry")) | select(.action != "draft delete")] == []'
}

# What was done that asks first, as the audit has it.
random_asked() {
	expect 0 penstock audit --json
	jq -c '[.audit[].action | select(test("^(draft save|plan|dataflow (enable|disable|update)|account (update|test)|destination (update|test)|mapping sign)$") | not)] | sort' "$work/out"
}
# Every key but those that lead from Cancel to the other button, and nobody types a name: whatever is asked, it is not confirmed. So no run begins, nothing is made or removed,
# and Marketo hears of no change. A draft is kept as it is typed; a setting takes the value that was typed; on and off is one key that takes itself back: these ask nothing.
random_unconfirmed() {
	random_asked > "$work/before"
	lines=$(wc -l < "$work/log")
	random_confirms=no
	random_keys
	random_confirms=yes
	random_asked > "$work/after"
	diff "$work/before" "$work/after" || fail 'something was done that nobody confirmed'
	random_sent_nothing
	expect 0 penstock runs --json
	holds '.runs | length == 1'
}
