#!/bin/sh
# Where the client secret comes from, and where it must not go.
# ux 13: from a file or a command, and never in plain.
. "$top_srcdir/tests/scenario/lib.sh"

create() {
	name=$1
	shift
	penstock account create "$name" --munchkin-id 123-ABC-456 --client-id c "$@" < /dev/null
}
(umask 077 && printf 'hunter2-secret\r\n' > "$work/secret")
expect 0 create file --client-secret-file "$work/secret"
expect 0 create command --client-secret-command 'echo hunter2-secret; echo more; head -c 200000 /dev/zero'
PENSTOCK_CLIENT_SECRET=hunter2-secret expect 0 create environment
refused 2 'no terminal to ask' create none
refused 2 'both' create two --client-secret-file "$work/secret" --client-secret-command 'echo x'
refused 2 'cannot read' create gone --client-secret-file "$work/missing"
refused 2 'is a folder' create folder --client-secret-file "$work"
: > "$work/empty"
refused 2 'gives no client secret' create empty --client-secret-file "$work/empty"
printf 'two\nlines\n' > "$work/lines"
refused 2 'this is no client secret' create lines --client-secret-file "$work/lines"
refused 2 'status 3' create failing --client-secret-command 'echo x; exit 3'
refused 2 'gives no client secret' create silent --client-secret-command true
refused 2 'does not know what to do with' create argument hunter2-secret
chmod 644 "$work/secret"
expect 0 create loose --client-secret-file "$work/secret"
says 'others can read'

# It is nowhere in plain, and no answer tells it.
expect 0 penstock account show file --json
! grep -q hunter2 "$work/out" || fail 'the answer tells the secret'
expect 0 penstock audit --json
! grep -q hunter2 "$work/out" || fail 'the audit tells the secret'
! grep -rqa hunter2 "$work/store" || fail 'the store holds the secret in plain'
[ "$(stat -c %a "$work/store/penstock.key")" = 600 ] || fail 'the key is open to others'

# The account is made with it: Marketo takes it, and refuses another one.
sandbox_start
account_create real
expect 0 penstock account test real
PENSTOCK_CLIENT_SECRET=wrong expect 0 penstock account update real
expect 0 penstock account test real
expect 0 penstock account update real --client-secret-command 'echo wrong'
expect 4 penstock account test real
