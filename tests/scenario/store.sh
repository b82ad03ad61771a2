#!/bin/sh
# A store that cannot be used: said clearly, nothing half-written, never a secret in plain.
. "$top_srcdir/tests/scenario/lib.sh"
(umask 077 && echo hunter2 > "$work/secret")
create() {
	penstock account create "$@" --munchkin-id 123-ABC-456 --client-id "c-$1" --client-secret-file "$work/secret"
}
expect 0 create one
sound() {
	expect 0 penstock account list --json
	holds --argjson count "$1" '.accounts | length == $count'
}
store=$work/store

# Not a database, a folder, from a newer version.
mkdir -p "$work/other"
head -c 5000 /dev/urandom > "$work/other/noise.db"
refused 1 noise.db penstock --db "$work/other/noise.db" account list
refused 1 other penstock --db "$work/other" account list
cp -r "$store" "$work/newer"
"$top_builddir/tests/tools/sql_main" "$work/newer/penstock.db" 'PRAGMA user_version = 9999' < /dev/null
refused 1 newer penstock --db "$work/newer/penstock.db" account list

# Damaged inside.
cp -r "$store" "$work/damaged"
rm -f "$work/damaged"/*-wal "$work/damaged"/*-shm
size=$(stat -c %s "$work/damaged/penstock.db")
dd if=/dev/urandom of="$work/damaged/penstock.db" bs=1 seek=4096 count=$((size - 4096)) conv=notrunc 2> /dev/null
expect 1 penstock --db "$work/damaged/penstock.db" account list --json
holds '.error.code == "store"'

# The key: missing, too open, another one.
cp -r "$store" "$work/nokey"
rm "$work/nokey/penstock.key"
refused 4 penstock.key penstock --db "$work/nokey/penstock.db" account list
cp -r "$store" "$work/openkey"
chmod 644 "$work/openkey/penstock.key"
refused 4 penstock.key penstock --db "$work/openkey/penstock.db" account list
mkdir "$work/another"
expect 0 penstock --db "$work/another/penstock.db" account list
cp "$work/another/penstock.key" "$work/nokey/penstock.key"
expect 4 penstock --db "$work/nokey/penstock.db" account list --json

# Cannot be written.
chmod 400 "$store/penstock.db"
chmod 500 "$store"
refused 1 'penstock.db' unprivileged account create two --munchkin-id 123-ABC-456 --client-id c-two --client-secret-file "$work/secret"
holds '.error | .code == "store" and (.hint | contains("mode"))'
refused 1 'no file can be made beside it' unprivileged --read-only account list
chmod 700 "$store"
expect 0 unprivileged --read-only account list --json
holds '.accounts | length == 1'
# What was made beside it took its mode, which only root may pass over.
chmod 600 "$store/penstock.db"*
sound 1
# No room: the shell's limit on the size of files stands for a full disk.
cp -r "$store" "$work/full"
(
	trap '' XFSZ
	ulimit -f 8
	export PENSTOCK_DB="$work/full/penstock.db"
	for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		"$PENSTOCK" account create "full$n" --munchkin-id 123-ABC-456 --client-id "f$n" --client-secret-file "$work/secret" > /dev/null 2> "$work/full.err" ||
			exit $?
	done
) && fail 'the disk never was full'
grep -q . "$work/full.err" || fail 'a full disk is not said'
expect 0 penstock --db "$work/full/penstock.db" account list
sound 1

# Locked by another program for longer than anybody waits.
hold() {
	mkfifo "$work/hold" "$work/holding"
	"$top_builddir/tests/tools/sql_main" "$1" 'BEGIN EXCLUSIVE; SELECT 1' < "$work/hold" > "$work/holding" 2> "$work/holder.err" &
	holder=$!
	exec 3> "$work/hold"
	read -r _ < "$work/holding" || fail "cannot hold $1: $(cat "$work/holder.err")"
}
let_go() {
	exec 3>&-
	wait $holder
	rm "$work/hold" "$work/holding"
}
hold "$store/penstock.db"
refused 1 'another penstock is writing' create three
holds '.error | .code == "store" and (.hint | length > 0)'
let_go
sound 1
! grep -rqa hunter2 "$work/store" || fail 'the secret is in plain'

# The same in the middle of a run: it ends with a clear message, and the next one goes on where it was, without a loss and without a duplicate.
sandbox_start --no-limits --latency 20
people=3000
destination_create
awk -v people=$people 'BEGIN {
	for (n = 1; n <= people; n++)
		printf "{\"segmentMembership\":{\"ups\":{\"a1\":{\"status\":\"realized\"}}},\"identityMap\":{\"Email\":[{\"id\":\"p%d@example.com\"}]}}\n", n
}' > "$work/feed.ndjson"
whole() {
	expect 0 penstock run "$1" --json
	holds --argjson people $people '.earlier // .run | .state == "success" and .activated + .unchanged == $people'
	hook GET /_sandbox/state > "$work/out"
	holds --arg list "$1" --argjson people $people '(.people == $people) and (.lists[] | select(.name == $list) | .members == $people)'
}
flow() {
	expect 0 penstock dataflow create "$1" --destination demo --source "$work/feed.ndjson" --audience "a1=$1"
}
flow full
# Every limit from too small for anything to one that is enough: some of them are met in the middle.
middle=0
for blocks in 128 200 300 400 500 650 800 1000 1300 1600 2000; do
	(
		trap '' XFSZ
		ulimit -f $blocks
		"$PENSTOCK" run full --json > "$work/out" 2> "$work/err"
	) && break
	holds '.error | .code == "store" and (.message + .hint | contains("full"))'
	[ "$(value '.run.calls // 0')" -eq 0 ] || middle=$((middle + 1))
	expect 0 penstock status --json
done
[ $middle -gt 0 ] || fail 'no run was in its middle when the disk was full'
whole full
flow locked
expect 0 penstock account update demo --concurrent 1
hold_call 1
"$PENSTOCK" run locked --json > "$work/out" 2> "$work/err" &
run=$!
while :; do
	until call_held; do
		kill -0 $run 2> /dev/null || fail 'the run ended before its store was locked'
	done
	[ "$(hook GET /_sandbox/state | jq '[.lists[] | select(.name == "locked") | .members] | add // 0')" -eq 0 ] || break
	hold_call 1
done
hold "$store/penstock.db"
let_call_go
status=0
wait $run || status=$?
[ "$status" -eq 1 ] || fail "status $status, not 1"
holds '.error | .code == "store" and (.message | contains("another penstock is writing"))'
let_go
whole locked
