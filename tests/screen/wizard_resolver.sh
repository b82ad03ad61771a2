#!/bin/sh
# A name server that never answers. It takes a network of the test's own; where none can be had, a server that never answers stands in.
# ux 7: not even for a name.
if [ -z "${PENSTOCK_ALONE-}" ] && unshare -rmn ip link set lo up 2> /dev/null; then
	export PENSTOCK_ALONE=yes
	exec unshare -rmn "${SHELL:-sh}" "$0" "$@"
fi
[ -z "${PENSTOCK_ALONE-}" ] || ip link set lo up
. "$top_srcdir/tests/screen/faults_lib.sh"
if [ -n "${PENSTOCK_ALONE-}" ]; then
	"$top_builddir/tests/tools/broken_main" resolver > "$work/resolver" &
	broken=$!
	echo 'nameserver 127.0.0.1' > "$work/resolv.conf"
	mount --bind "$work/resolv.conf" /etc/resolv.conf
	through=https://nobody.example.com
else
	broken silent
fi
never_answers "$through"
busy_connect "$through" nobody
were_soon 'Esc frees the screen'
