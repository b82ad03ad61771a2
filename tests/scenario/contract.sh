#!/bin/sh
# What scripts rely on whatever the command is: the three streams, whatever became of them, and words that can be pasted.
. "$top_srcdir/tests/scenario/lib.sh"
sandbox_start
destination_create
message ada@example.com a1 realized > "$work/feed.ndjson"

# A decimal point is one in every language (where the system can make another one).
if localedef -i fr_FR -f UTF-8 "$work/fr_FR.UTF-8" 2> /dev/null; then
	LOCPATH=$work LC_ALL=fr_FR.UTF-8 timeout 20 "$PENSTOCK" sandbox --fault 606:0.5 > "$work/french" 2> "$work/err" &
	practice=$!
	doing='a part of a percent in French'
	until [ -s "$work/french" ]; do
		kill -0 $practice 2> /dev/null || fail 'the practice Marketo does not start in French'
		sleep 0.05
	done
	kill $practice
	wait $practice || :
fi

# Standard places that were closed: nothing of ours gets there, and who needs one is told.
expect 1 timeout 20 "$PENSTOCK" source check - <&-
says 'cannot read standard input'
doing='standard output closed'
got=0
timeout 20 "$PENSTOCK" account list --json >&- 2> "$work/err" < /dev/null || got=$?
[ $got -eq 1 ] || fail "status $got with standard output closed"
says 'cannot write the answer'
got=0
timeout 20 "$PENSTOCK" account list --json <&- >&- 2>&- || got=$?
[ $got -eq 1 ] || fail "status $got with everything closed"
expect 0 penstock check

# One object with --json, whatever is asked; --json as the value of an option is none.
expect 0 penstock --version --json
holds 'keys == ["version"]'
for command in '--help' 'run -h' 'help' 'help account' 'account --help'; do
	# shellcheck disable=SC2086
	expect 0 penstock --json $command
	holds '(.help | startswith("Usage: penstock")) and keys == ["help"]'
done
expect 0 penstock destination update demo --description --json
grep -q '^destination demo changed' "$work/out" || fail 'the value of an option was taken for an option'
expect 0 penstock destination update demo --description ''
refused 2 'did you mean `account`' penstock help acount
refused 2 'did you mean `account list`' penstock help account lst

# What only a file can take does not go to standard output, and no file of that name is made.
for words in 'backup -' 'account list --trace -' '--trace - account list' 'sandbox --log -' 'daemon --log -' 'daemon --metrics -'; do
	# shellcheck disable=SC2086
	(cd "$work" && timeout 20 "$PENSTOCK" $words > out 2> err < /dev/null && exit 1 || [ $? -eq 2 ]) || fail "not status 2: $words"
	says 'cannot go to standard output'
	says './-'
	[ ! -e "$work/-" ] || fail "a file that is called -: $words"
done

# A dry run changes nothing, so --read-only has nothing against it.
expect 0 penstock dataflow create dry --destination demo --source "$work/feed.ndjson" --audience a1=Dry
before=$(cksum "$PENSTOCK_DB")
expect 0 penstock --read-only run dry --dry-run --json
holds '.dry_run and .plan.id == null and .plan.new == 1'
[ "$(cksum "$PENSTOCK_DB")" = "$before" ] || fail 'a look has changed the store'
refused 4 'read-only' penstock --read-only run dry
refused 4 'read-only' penstock --read-only plan dry

# A name that is no word for a shell: what a hint tells to type can be typed.
flow="Ada's flow \$(touch pasted)"
expect 0 penstock dataflow create "$flow" --destination demo --source "$work/feed.ndjson" --audience a1
expect 2 penstock run "$flow" --plan 999 --json
for command in "$(value .error.hint)" "$(LC_ALL=C.UTF-8 LANGUAGE=fr penstock run "$flow" --plan 999 --json 2> /dev/null | jq -r .error.hint)"; do
	command=$(printf '%s\n' "$command" | sed 's/^.*penstock plan \(.*[^ ]\) *[`»].*$/penstock plan \1 --json/')
	(cd "$work" && expect 0 eval "$command") || exit 1
	holds '.plan.received == 1'
done
[ ! -e "$work/pasted" ] || fail 'a name was run by the shell'
expect 0 penstock plan "$flow"
command=$(sed -n 's/^`\(penstock run .*\)` does exactly this$/\1/p' "$work/out")
expect 0 eval "$command --json"
holds '.run.activated == 1'
expect 2 penstock adopt "$flow" --audience nobody
says "penstock dataflow show 'Ada'\\''s flow \$(touch pasted)'"
expect 0 penstock dataflow create "$flow 2" --destination demo --source "$work/feed.ndjson" --audience "$flow=999999"
expect 2 penstock plan "$flow 2" --json
command=$(value .error.hint | sed 's/^.*`\(penstock dataflow update .*\)`.*$/\1/; s/LIST/1001/')
(cd "$work" && expect 0 eval "$command --json") || exit 1
holds --arg flow "$flow" '.dataflow | .name == $flow + " 2" and .audiences[0].audience == $flow and .audiences[0].list == "1001"'
[ ! -e "$work/pasted" ] || fail 'a name was run by the shell'

# One that looks like an option: behind `--`.
flow='-x y'
expect 0 penstock dataflow create --destination demo --source "$work/feed.ndjson" --audience a1 -- "$flow"
expect 2 penstock plan "$flow"
expect 2 penstock run --plan 999 --json -- "$flow"
for command in "$(value .error.hint)" "$(LC_ALL=C.UTF-8 LANGUAGE=fr penstock run --plan 999 --json -- "$flow" 2> /dev/null | jq -r .error.hint)"; do
	expect 0 eval "$(printf '%s\n' "$command" | sed 's/^.*\(penstock plan .*[^ ]\) *[`»].*$/\1/')"
	command=$(sed -n 's/^`\(penstock run .*\)` does exactly this$/\1/p' "$work/out")
done
expect 0 eval "$command"
expect 0 penstock run --json -- "$flow"
holds --arg flow "$flow" '.run.dataflow == $flow and .run.state == "success"'
