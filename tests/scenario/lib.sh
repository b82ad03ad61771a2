# What every scenario begins with: a folder of its own, a practice Marketo on demand, and words to say what is expected.
set -eu
: "${PENSTOCK:?the program}" "${top_builddir:?the build tree}" "${top_srcdir:?the source tree}"
work=$(mktemp -d "${TMPDIR:-/tmp}/penstock-scenario.XXXXXX")
sandbox=
export HOME="$work/home" PENSTOCK_DB="$work/store/penstock.db" TMPDIR="$work/tmp" XDG_RUNTIME_DIR="$work/run"
mkdir "$HOME" "$TMPDIR"
mkdir -m 700 "$XDG_RUNTIME_DIR"
unset PENSTOCK_CLIENT_SECRET XDG_DATA_HOME XDG_CONFIG_HOME CREDENTIALS_DIRECTORY

# KiB a command may hold; sanitizers keep what was freed, and cannot start in little address space.
memory_limit=65536
(ulimit -v 400000 && "$PENSTOCK" --version) > /dev/null 2>&1 || memory_limit=600000

# end_ours SIGNAL PROCESS...: those that are still children of ours; the number of one that has ended may be somebody else's by now.
end_ours() {
	end_signal=$1
	shift
	for end_process; do
		[ "$(sed 's/.*) . \([0-9]*\) .*/\1/' "/proc/$end_process/stat" 2> /dev/null)" != $$ ] || kill "-$end_signal" "$end_process" 2> /dev/null || true
	done
}

sandbox_stop() {
	[ -n "$sandbox" ] || return 0
	end_ours TERM "$sandbox"
	wait "$sandbox" 2> /dev/null || true
	sandbox=
}
cleanup() {
	sandbox_stop
	chmod -R u+rwx "$work" 2> /dev/null || true
	rm -rf "$work"
}
doing='its beginning'
trap cleanup EXIT
# tests/tools/bounded.sh ends a test that hangs.
trap 'echo "ENDED by a signal, at: $doing"; exit 129' HUP INT TERM

fail() {
	printf 'FAILED: %s\n' "$*"
	for stream in out err; do
		[ ! -s "$work/$stream" ] || {
			echo "--- $stream"
			head -c 3000 "$work/$stream"
		}
	done
	exit 1
}

penstock() {
	"$PENSTOCK" "$@"
}

# As somebody whom the modes of files stop: root is let in everywhere unless it gives that up.
unprivileged() {
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --bounding-set=-dac_override,-dac_read_search "$PENSTOCK" "$@"
	else
		"$PENSTOCK" "$@"
	fi
}

# expect STATUS COMMAND...: what it prints goes to $work/out and $work/err.
expect() {
	wanted=$1
	shift
	doing=$*
	got=0
	"$@" > "$work/out" 2> "$work/err" || got=$?
	[ "$got" -eq "$wanted" ] || fail "status $got, not $wanted: $*"
}

# The answer fits this jq filter, and is one JSON object.
holds() {
	[ "$(jq -s length "$work/out" 2> /dev/null)" = 1 ] || fail "not one JSON object"
	jq -e "$@" "$work/out" > /dev/null || fail "does not hold: $*"
}

# A value of the answer.
value() {
	jq -r "$1" "$work/out"
}

# The diagnostics say this (a fixed text).
says() {
	grep -qF -- "$1" "$work/err" || fail "the diagnostics do not say: $1"
}

# refused STATUS TEXT COMMAND...: as a person and as a script see it.
refused() {
	refused_status=$1 refused_text=$2
	shift 2
	expect "$refused_status" "$@"
	says "$refused_text"
	[ ! -s "$work/out" ] || fail "an error leaves nothing on standard output: $*"
	expect "$refused_status" "$@" --json
	holds '.error | has("code") and has("message") and has("hint") and has("request_id")'
}

# Starts the practice Marketo; its figures are in $url, $munchkin, $client and $secret. SANDBOX: another program that takes the same options.
sandbox_start() {
	rm -f "$work/first"
	mkfifo "$work/first"
	# shellcheck disable=SC2086
	${SANDBOX:-"$PENSTOCK" sandbox} "$@" > "$work/first" 2> "$work/sandbox.err" &
	sandbox=$!
	doing='the start of the practice Marketo'
	read -r greeting < "$work/first" || fail "the practice Marketo did not start: $(cat "$work/sandbox.err")"
	url=$(printf '%s' "$greeting" | jq -r .url)
	munchkin=$(printf '%s' "$greeting" | jq -r .munchkin_id)
	client=$(printf '%s' "$greeting" | jq -r .client_id)
	secret=$(printf '%s' "$greeting" | jq -r .client_secret)
	(umask 077 && printf '%s\n' "$secret" > "$work/secret")
}

# hook METHOD PATH [BODY]: what the practice Marketo knows beside its API.
hook() {
	doing="hook $*"
	"$top_builddir/tests/tools/http_main" "$1" "$url$2" "${3-}"
}

# by_the_clock TIME: everything goes by a clock that shows TIME now and goes as others do, so that no hour and no day ends in the middle of the test. Before anything else.
by_the_clock() {
	PENSTOCK=$top_builddir/tests/tools/penstock_clocked
	export PENSTOCK_TEST_CLOCK="$work/clock" PENSTOCK_TEST_CLOCK_NAME=steady
	"$top_builddir/tests/tools/clock_main" "$PENSTOCK_TEST_CLOCK" "$1" 1
}

# hold_call N: the N-th call from now stays under way, with what it asks for done, until let_call_go: whatever is to happen meanwhile cannot come too late.
# call_held tells whether it has come.
hold_call() {
	hook POST /_sandbox/settings "{\"hold\":{\"call\":$1,\"applied\":true}}" > /dev/null
}
call_held() {
	hook GET /_sandbox/state | jq -e .held > /dev/null
}
let_call_go() {
	hook POST /_sandbox/settings '{"hold":{"call":0}}' > /dev/null
}

account_create() {
	expect 0 penstock account create "$1" --munchkin-id "$munchkin" --client-id "$client" --client-secret-file "$work/secret" \
		--endpoint "$url/rest" --identity "$url/identity"
}

# An account and a destination, both called demo, that create people, with a mapping of the usual fields.
destination_create() {
	account_create demo
	expect 0 penstock destination create demo --account demo --person-creation match-and-create --list-folder Audiences "$@"
	expect 0 penstock mapping set demo identityMap.Email=email person.name.firstName=firstName person.name.lastName=lastName
}

# message EMAIL AUDIENCE STATUS: one line of a feed.
message() {
	printf '{"person":{"name":{"firstName":"Ada","lastName":"Berg"}},'
	printf '"segmentMembership":{"ups":{"%s":{"lastQualificationTime":"2024-05-01T08:00:00Z","status":"%s","name":"Audience %s"}}},"identityMap":{"Email":[{"id":"%s"}]}}\n' \
		"$2" "$3" "$2" "$1"
}
