#!/bin/sh
. "$top_srcdir/tests/screen/lib.sh"
program 24 80 "$top_builddir/tests/screen/sample"
see Sample
screen dump /tmp/hdump; cat /tmp/hdump
press Up
see 'key KEY_UP'
demand elapsed; echo "elapsed $answer"
press q
ended 3
restored
harmless
