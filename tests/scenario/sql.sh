#!/bin/sh
# Audiences that a query makes: of a SQLite file, and of a PostgreSQL server of our own, which is a real one.
. "$top_srcdir/tests/scenario/lib.sh"
server=
trap 'stop_server; cleanup' EXIT
stop_server() {
	[ -n "$server" ] || return 0
	as_server "$bin/pg_ctl" -D "$server" -m immediate -w stop > /dev/null 2>&1 || true
	server=
}
# The server does not run as root.
as_server() {
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --reuid=nobody --regid=nogroup --clear-groups "$@"
	else
		"$@"
	fi
}
start_server() {
	bin=$(find /usr/lib/postgresql -name pg_ctl 2> /dev/null | sort -V | tail -n 1)
	bin=${bin%/*}
	[ -n "$bin" ] || bin=$(dirname "$(command -v pg_ctl || :)")
	[ -x "$bin/initdb" ] || fail 'no PostgreSQL server is installed (package postgresql): ./bootstrap installs it'
	chmod 711 "$work"
	install -d -m 700 "$work/pg"
	[ "$(id -u)" -ne 0 ] || chown nobody:nogroup "$work/pg"
	printf 'correct horse\n' > "$work/pg.password"
	chmod 644 "$work/pg.password"
	(cd "$work/pg" && as_server "$bin/initdb" -D "$work/pg/data" -U owner -A scram-sha-256 --pwfile="$work/pg.password" -E UTF8 --no-locale --no-sync) > "$work/pg.log" 2>&1 ||
		fail "initdb: $(cat "$work/pg.log")"
	server=$work/pg/data
	# Ports are tried until one is free.
	port=$((20000 + $$ % 20000))
	until (cd "$work/pg" && as_server "$bin/pg_ctl" -D "$server" -l "$work/pg/log" -w -t 60 \
		-o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories= -c fsync=off" start) > "$work/pg.log" 2>&1; do
		grep -q 'in use' "$work/pg/log" || fail "no server: $(cat "$work/pg.log" "$work/pg/log")"
		port=$((port + 1))
	done
}
sql() {
	PGPASSWORD='correct horse' psql -qAtX -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$port" -U owner -d postgres -c "$1" > "$work/psql" 2>&1 || fail "psql: $(cat "$work/psql")"
}
in_list() {
	hook GET "/_sandbox/members?list=$(hook GET /_sandbox/state | jq --arg name "$1" '.lists[] | select(.name == $name) | .id')" | jq '.members | length'
}

sandbox_start --no-limits
destination_create

# What is no source: before anything is asked, and without a word of a password.
query=$work/members.sql
echo 'SELECT mail AS "E-mail", first, born, number FROM members WHERE consent ORDER BY 1' > "$query"
echo '  ' > "$work/blank.sql"
for wrong in 'postgresql://reader:hunter2@127.0.0.1/crm' 'postgres://reader@127.0.0.1/crm?password=hunter2' 'postgresql://reader:hunter2@127.0.0.1:port/crm' \
	'postgresql://127.0.0.1/crm?sslpassword=hunter2' 'postgresql:reader:hunter2'; do
	expect 2 penstock --trace "$work/trace" dataflow create x --destination demo --source "$wrong#$query" --audience X --json
	holds '.error.hint | contains("PGPASSFILE")'
	! grep -q hunter2 "$work/out" "$work/err" "$work/trace" || fail 'the password was shown'
	expect 2 penstock source check "$wrong#$query"
	! grep -q hunter2 "$work/out" "$work/err" || fail 'the password was shown'
done
refused 2 'without a query' penstock source check postgresql://127.0.0.1/crm
refused 2 'without a query' penstock source check "postgresql://127.0.0.1/crm#"
refused 2 'no query' penstock source check "postgresql://127.0.0.1/crm#$work/blank.sql"
refused 1 'nothing.sql' penstock source check "postgresql://127.0.0.1/crm#$work/nothing.sql"
refused 1 'cannot read the database' penstock source check "sqlite:$work/nothing.db#$query"
refused 1 'no connection' penstock source check "postgresql://reader@127.0.0.1:1/crm#$query"

# The same job for each: a snapshot with its exits and its guard.
# job NAME SOURCE: run_sql does to the database what another program does.
job() {
	expect 0 penstock source check "$2" --json
	holds --arg format "$3" '.source | .format == $format and .profiles == 150 and .bad_lines == [] and
		([.attributes[].path] == ["E-mail", "first", "born", "number"]) and .audiences[0].name == "members" and .attributes[3].filled == 149'
	expect 0 penstock dataflow create "$1" --destination demo --source "$2" --audience "Members $1"
	expect 0 penstock mapping clear "$1"
	expect 0 penstock mapping set "$1" E-mail=email first=firstName born=dateOfBirth number=customerNumber
	refused 2 'cannot be followed' penstock run "$1" --follow
	expect 0 penstock run "$1" --json
	holds '.run | .activated == 150 and .excluded == 0 and .bad_lines == 0 and .reasons == []'
	hook GET "/_sandbox/people?field=email&value=$1.7@example.com" > "$work/person"
	jq -e '.[0].fields | .firstName == "Zoë, \"7\"" and .dateOfBirth == "1990-01-07" and .customerNumber == "9007199254740993"' "$work/person" > /dev/null ||
		fail "not as it was in the database: $(cat "$work/person")"
	expect 0 penstock run "$1" --json
	holds '.run | .activated == 0 and .unchanged == 150'
	# Two have left, one is new.
	run_sql "DELETE FROM members WHERE mail IN ('$1.1@example.com', '$1.2@example.com')"
	run_sql "INSERT INTO members (mail, first, born, number, consent) VALUES ('$1.new@example.com', 'New', '1999-12-31', 5, true)"
	expect 0 penstock run "$1" --json
	holds '.run | .activated == 3 and .removed == 2 and .added == 1'
	[ "$(in_list "Members $1")" -eq 149 ] || fail 'the list is not as the query says'
	# A query that says less than it should: nobody is removed.
	run_sql "UPDATE members SET consent = false WHERE mail > '$1.3'"
	expect 7 penstock run "$1" --json
	holds '.error.code == "mass_removal" and .run.state == "blocked"'
	run_sql 'UPDATE members SET consent = false'
	expect 1 penstock run "$1" --json
	holds '.error.code == "empty_source"'
	run_sql 'UPDATE members SET consent = true'
	# One that breaks off in the midst of its rows, and some that are none.
	cp "$query" "$work/good.sql"
	for broken in "$4" 'SELECT nothing FROM members' 'SELECT mail, mail FROM members' 'DELETE FROM members' 'SELEKT'; do
		echo "$broken" > "$query"
		got=0
		"$PENSTOCK" run "$1" --json > "$work/out" 2> "$work/err" || got=$?
		[ $got -eq 1 ] || [ $got -eq 2 ] || fail "status $got: $broken"
		holds '.error.message | length > 0'
	done
	cp "$work/good.sql" "$query"
	[ "$(in_list "Members $1")" -eq 149 ] || fail 'a broken query has changed the list'
	expect 0 penstock run "$1" --json
	holds '.run | .activated == 0 and .unchanged == 149'
}

run_sql() {
	"$top_builddir/tests/tools/sql_main" "$work/crm.db" "$1" < /dev/null || fail "SQLite: $1"
}
: > "$work/crm.db"
run_sql "PRAGMA user_version = 77; CREATE TABLE members (mail TEXT, first TEXT, born TEXT, number INTEGER, consent INTEGER);
	WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 150)
	INSERT INTO members SELECT 'lite.' || n || '@example.com', 'Zoë, \"' || n || '\"', printf('1990-01-%02d', 1 + (n - 1) % 28), CASE n WHEN 3 THEN NULL ELSE 9007199254740986 + n END, 1 FROM n"
chmod 666 "$work/crm.db"
# As somebody stands elsewhere.
cd "$work"
job lite 'sqlite:crm.db#members.sql' sqlite "SELECT mail AS \"E-mail\", abs(CASE WHEN mail LIKE '%.99@%' THEN -9223372036854775807 - 1 ELSE 1 END) AS first FROM members"
cd /
expect 0 penstock run lite --json
holds '.run.unchanged == 149'
printf 'no database' > "$work/rubbish.db"
refused 1 'the query to' penstock source check "sqlite:$work/rubbish.db#$query"

start_server
sql "CREATE ROLE reader LOGIN PASSWORD 'battery staple'"
sql "CREATE TABLE members (mail text, first text, born date, number bigint, consent boolean, seen timestamptz)"
sql "INSERT INTO members SELECT 'pg.' || n || '@example.com', 'Zoë, \"' || n || '\"', date '1990-01-01' + (n - 1) % 28, CASE n WHEN 3 THEN NULL ELSE 9007199254740986 + n END, true,
	timestamptz '2026-11-26 08:00:00.25+05:30' FROM generate_series(1, 150) n"
sql 'GRANT SELECT ON members TO reader'
run_sql() {
	sql "$1"
}
address=postgresql://reader@127.0.0.1:$port/postgres
# The password stands in a file, whose place the environment tells.
printf '127.0.0.1:*:*:reader:battery staple\n' > "$work/passwords"
chmod 600 "$work/passwords"
refused 1 'no connection' penstock source check "$address#$query"
export PGPASSFILE="$work/passwords"
job pg "$address#$query" postgresql "SELECT mail AS \"E-mail\", first, born, 1 / (99 - regexp_replace(mail, '[^0-9]', '', 'g')::int) AS number FROM members"
# Types whose text is not as others write it.
echo 'SELECT mail, consent, seen FROM members LIMIT 1' > "$work/types.sql"
expect 0 penstock source check "$address#$work/types.sql" --json
holds '[.source.attributes[1, 2].example] == ["true", "2026-11-26T02:30:00.25+00:00"]'
# Two statements are one too many, and nothing is changed by either.
echo 'SELECT mail FROM members; SELECT 1' > "$work/two.sql"
refused 1 'the query failed' penstock source check "$address#$work/two.sql"
# A query that takes for ever can be left.
echo 'SELECT pg_sleep(600)::text AS mail' > "$work/slow.sql"
expect 0 penstock dataflow create slow --destination demo --source "$address#$work/slow.sql" --audience Slow
expect 0 penstock mapping clear slow
expect 0 penstock mapping set slow mail=email
"$PENSTOCK" run slow --json > "$work/out" 2> "$work/err" &
run=$!
doing='the slow query'
asleep() {
	sql "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND usename = 'reader'"
	[ "$(cat "$work/psql")" -ne 0 ]
}
until asleep; do
	kill -0 $run || fail 'it did not wait for the query'
	sleep 0.1
done
kill -INT $run
status=0
wait $run || status=$?
[ $status -eq 6 ] || fail "status $status, not 6"
holds '.error.code == "stopped"'
doing='the end of the slow query'
while asleep; do
	sleep 0.1
done
# The server gone.
stop_server
refused 1 'no connection' penstock run pg
