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
if command -v sqlite3 > /dev/null; then
	cp -r "$store" "$work/newer"
	sqlite3 "$work/newer/penstock.db" 'PRAGMA user_version = 9999' > /dev/null
	refused 1 newer penstock --db "$work/newer/penstock.db" account list
fi

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
if [ "$(id -u)" -ne 0 ]; then
	chmod 400 "$store/penstock.db"
	chmod 500 "$store"
	expect 1 create two --json
	chmod 700 "$store"
	chmod 600 "$store/penstock.db"
	sound 1
fi
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
if command -v sqlite3 > /dev/null; then
	mkfifo "$work/hold"
	sqlite3 "$store/penstock.db" < "$work/hold" > "$work/holding" 2>&1 &
	holder=$!
	exec 3> "$work/hold"
	printf 'BEGIN EXCLUSIVE;\nSELECT 1;\n' >&3
	while ! grep -q 1 "$work/holding"; do :; done
	expect 1 create three --json
	holds '.error.code == "store"'
	exec 3>&-
	wait $holder || true
	sound 1
fi
! grep -rqa hunter2 "$work/store" || fail 'the secret is in plain'
