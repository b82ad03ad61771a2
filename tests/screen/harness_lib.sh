# What the tests of the harness itself begin with: words that are right when a word of lib.sh or the driver fails.
. "$top_srcdir/tests/screen/lib.sh"
sample=$top_builddir/tests/screen/sample

# refused REASON COMMAND...: the driver must fail, in these words.
refused() {
	reason=$1
	shift
	if screen "$@"; then fail "this must not hold: $*"; fi
	case $answer in
	*"$reason"*) ;;
	*) fail "it failed for another reason than \"$reason\": $answer" ;;
	esac
}
# A word of lib.sh that must end the test.
fails() {
	if ("$@") > "$work/said" 2>&1; then fail "this must fail: $*"; fi
}
hasty() { demand deadline 300; }
patient() { demand deadline 60000; }
# The driver starts here; what it shows at the failures that must be goes aside.
patient 2>> "${SHOWN:-$work/shown}"
