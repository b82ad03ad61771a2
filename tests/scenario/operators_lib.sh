# On top of tests/scenario/lib.sh: a store of one user, its daemon, and somebody else who asks it. Where root runs the tests these are two users without names, else both are who runs
# them: then whatever needs a second user is left out, which `second` tells.
owner=65532 operator=65533 second=yes
[ "$(id -u)" -eq 0 ] || { second='' owner=$(id -u) operator=$(id -u); }
operator_name=$(getent passwd "$operator" | cut -d : -f 1)
operator_name=${operator_name:-$operator}
socket=$work/door/socket permissions=$work/permissions feeds=$work/feeds theirs=$work/theirs log=$work/log daemon=

as() {
	as_user=$1
	shift
	if [ "$second" ]; then
		setpriv --reuid "$as_user" --regid "$as_user" --clear-groups "$@"
	else
		"$@"
	fi
}
# Whom the store belongs to.
penstock() {
	as "$owner" "$PENSTOCK" "$@"
}
# Who asks the daemon: knows no store, and has a home that is not ours.
ask() {
	as "$operator" env -u PENSTOCK_DB HOME="$theirs" XDG_RUNTIME_DIR="$theirs" TMPDIR="$theirs" "$PENSTOCK" --daemon "$socket" "$@"
}

operators_prepare() {
	# The way to the door, the feeds and the program is open, the store is not.
	chmod 711 "$work"
	mkdir -m 700 "$work/store" "$theirs"
	mkdir -m 755 "$work/door" "$feeds"
	if ! as "$operator" test -x "$PENSTOCK" || ! as "$owner" test -x "$PENSTOCK"; then
		cp "$PENSTOCK" "$work/penstock"
		PENSTOCK=$work/penstock
	fi
	[ -z "$second" ] || chown "$owner:$owner" "$work/store" "$work/door" "$HOME" "$TMPDIR" "$XDG_RUNTIME_DIR" "$feeds"
	[ -z "$second" ] || chown "$operator:$operator" "$theirs"
	[ ! -f "$work/secret" ] || { [ -z "$second" ] || chown "$owner" "$work/secret"; }
}
# may PERMISSIONS: what the operator is granted from now on.
may() {
	{
		[ -z "$1" ] || echo "user $operator: $1"
		echo "source $feeds"
	} > "$permissions.new"
	chmod 644 "$permissions.new"
	mv "$permissions.new" "$permissions"
}
wait_for() {
	doing="waiting for $1"
	until eval "$2"; do sleep 0.1; done
}
daemon_start() {
	: > "$log"
	[ -z "$second" ] || chown "$owner" "$log"
	chmod 600 "$log"
	# exec: its number is the daemon's own.
	if [ "$second" ]; then
		setpriv --reuid "$owner" --regid "$owner" --clear-groups "$PENSTOCK" daemon --socket "$socket" --permissions "$permissions" --log "$log" --log-json > "$work/daemon.out" 2>&1 &
	else
		"$PENSTOCK" daemon --socket "$socket" --permissions "$permissions" --log "$log" --log-json > "$work/daemon.out" 2>&1 &
	fi
	daemon=$!
	wait_for 'a ready daemon' 'grep -qs "\"event\":\"ready\"" "$log" || ! kill -0 "$daemon" 2> /dev/null'
	kill -0 "$daemon" 2> /dev/null || fail "the daemon did not start: $(cat "$work/daemon.out")"
}
daemon_stop() {
	kill -TERM "$daemon"
	doing='the end of the daemon'
	wait "$daemon" || fail 'the daemon did not stop well'
	daemon=
}
end_operators() {
	end_ours KILL $daemon
	cleanup
}
all='View Destinations, Manage Destinations, Activate Destinations, View Profiles, View Segments'
