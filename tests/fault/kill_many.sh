#!/bin/sh
# kill.sh with many kills, by hand from a build tree: sh SOURCE/tests/fault/kill_many.sh [KILLS [SEED]]. Takes a quarter of an hour for 500, and is no part of any suite.
set -eu
top_srcdir=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
top_builddir=$PWD
PENSTOCK=$top_builddir/penstock
PENSTOCK_KILLS=${1:-500}
PENSTOCK_SEED=${2:-7}
export top_srcdir top_builddir PENSTOCK PENSTOCK_KILLS PENSTOCK_SEED LC_ALL=C.UTF-8 TZ=UTC
exec nice sh "$top_srcdir/tests/fault/kill.sh"
