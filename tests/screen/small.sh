#!/bin/sh
# Too small a terminal: keys go nowhere but to the end, and what was typed before is kept.
# ux 27: below 60x16 one line, and everything kept.
. "$top_srcdir/tests/screen/lib.sh"
console 24 80
see Welcome
press n
see '1 of 6'
typed 123-ABC
resize 10 50
see 'need 60x16, have 50x10, q quits'
typed xyz
press Esc Enter
resize 24 80
see '[123-ABC '
gone xyz
resize 1 1
idle
resize 10 50
see 'q quits'
press q
ended 0
restored
console 24 80
see 'step 1 of 6'
press Down Enter
see '[123-ABC '

# Folded, the help is whole: why a key does nothing now, and the last line.
resize 16 60
idle
press Esc ?
see 'Keys that work here'
press PageDown PageDown
see 'now: this is the first step)'
press End
see '▶ guide'
see 't-to-a-marketo-static-list.html'
press Esc
resize 24 80
press Esc q
see 'The draft is saved'
press q
ended 0

