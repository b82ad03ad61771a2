#!/bin/sh
# The store kept in order: backup, check, retention.
. "$top_srcdir/tests/scenario/lib.sh"

sandbox_start --no-limits
destination_create
{ message a@example.com one realized; message 'b@@example.com' one realized; } > "$work/feed.ndjson"
expect 0 penstock dataflow create flow --destination demo --source "$work/feed.ndjson" --audience one
expect 0 penstock run flow --json
run=$(value .run.id)

# A copy that works elsewhere, with the key; it never replaces anything.
expect 0 penstock backup "$work/copy.db" --json
holds --arg key "$work/store/penstock.key" '.backup.key_file == $key and .backup.bytes > 4096 and (.backup.key_is_credential | not)'
[ "$(stat -c %a "$work/copy.db")" = 600 ] || fail 'the copy is open to others'
refused 2 'never replaces' penstock backup "$work/copy.db"
refused 4 'read-only' penstock --read-only backup "$work/other.db"
[ -z "$(find "$work" -maxdepth 1 -name '*.db.*')" ] || fail 'something is left of a backup'
mkdir -m 700 "$work/elsewhere"
cp "$work/copy.db" "$work/elsewhere/penstock.db"
refused 4 'penstock.key is missing' penstock --db "$work/elsewhere/penstock.db" account list
cp "$work/store/penstock.key" "$work/elsewhere/"
expect 0 penstock --db "$work/elsewhere/penstock.db" run flow --json
holds '.run.unchanged == 1'

# What is wrong, and what to do about it.
expect 0 penstock check --json
holds '.ok and ([.checks[].name] == ["file", "permissions", "version", "integrity", "references", "key", "sealed", "space"]) and all(.checks[]; .ok and .hint == "")'
expect 0 penstock --read-only check
chmod 604 "$work/store/penstock.key"
expect 1 penstock check --json
holds '(.ok | not) and ([.checks[] | select(.tried and (.ok | not)) | .name] == ["permissions", "key"]) and (.checks[1].hint | startswith("Run: chmod 600"))'
sh -c "$(value '.checks[1].hint | ltrimstr("Run: ")')"
expect 0 penstock check
refused_hint='Choose the right file'
expect 1 penstock --db "$work/none.db" check
grep -q "$refused_hint" "$work/out" || fail 'it is not said what to do'
[ ! -e "$work/none.db" ] || fail 'a check made a database'

# How long what was is kept.
expect 0 penstock retention show --json
holds '.retention == {"failures": 30, "runs": 400, "audit": 400}'
refused 2 'say what to keep' penstock retention set
refused 2 '--runs' penstock retention set --runs many
refused 4 'read-only' penstock --read-only retention apply
expect 0 penstock retention set --failures 7 --json
holds '.retention == {"failures": 7, "runs": 400, "audit": 400}'
expect 0 penstock failures "$run" --json
holds '.total == 1'
"$top_builddir/tests/tools/sql_main" "$PENSTOCK_DB" 'UPDATE run SET ended_at = ended_at - 8 * 86400000' < /dev/null
expect 0 penstock retention apply --json
holds '.deleted.failures == 1 and .deleted.runs == 0'
expect 0 penstock failures "$run" --json
holds '.total == 0'
expect 0 penstock run-show "$run" --json
holds '.run.excluded == 1'
expect 0 penstock audit --json
holds '[.audit[].action] | (index("backup") and index("retention set") and index("retention apply"))'
