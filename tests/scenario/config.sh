#!/bin/sh
# The configuration file: below options and the environment, never fatal, never written.
# ux 32: unknown settings are warnings with their line, and nothing writes there.
. "$top_srcdir/tests/scenario/lib.sh"
config="$HOME/.config/penstock/config"
mkdir -p "${config%/*}"
PENSTOCK_DB=
export PENSTOCK_DB
account() {
	expect 0 penstock "$@" account create main --munchkin-id 123-ABC-456 --client-id c --client-secret-file "$work/secret"
}
(umask 077 && echo s > "$work/secret")

printf '# here\ndb = %s\nmouse = on\n' "$work/mine.db" > "$config"
cp "$config" "$work/before"
account
[ -f "$work/mine.db" ] || fail 'db of the configuration is not used'
says "$config:3: there is no setting"
expect 0 penstock account list --json
holds '.accounts | length == 1'

# The environment wins, and an option wins over that.
PENSTOCK_DB=$work/other.db expect 0 penstock account list --json
holds '.accounts == []'
PENSTOCK_DB=$work/other.db expect 0 penstock --db "$work/mine.db" account list --json
holds '.accounts | length == 1'

# Another place; a file that cannot be read is a warning, too.
mkdir -p "$work/xdg/penstock/config"
XDG_CONFIG_HOME=$work/xdg expect 0 penstock account list --json
holds '.accounts == []'
says "$work/xdg/penstock/config"
cmp "$config" "$work/before" || fail 'the configuration was written'
