#!/bin/sh
# The faults that the practice Marketo is asked for come as they were asked for, and a wrong word for one is refused.
. "$top_srcdir/tests/scenario/lib.sh"
for wrong in '' nothing 604:0 604:101 604:x 499 800 http-600 http-x record-999 record-1003-after 1100 -after cut half: '604:5%' 604+0 604+x 604+ 604:5+ 604+5:5; do
	refused 2 'is no fault' penstock sandbox --fault "$wrong"
done

sandbox_start
account_create demo
# strikes FAULT STATUS TEXT: asking for the lists meets it.
strikes() {
	hook POST /_sandbox/settings "{\"faults\":[\"$1\"]}" > /dev/null
	expect "$2" penstock lists demo
	says "$3"
	hook POST /_sandbox/settings '{"faults":[]}' > /dev/null
	expect 0 penstock lists demo
}
strikes '709@/lists' 1 '709'
strikes '611@/lists' 1 '611'
strikes 'http-500@/lists' 1 'lists'
strikes 'html@/lists' 1 'lists'
strikes 'garbage@/lists' 1 'lists'
strikes 'half@/lists' 1 'lists'
strikes 'cut-before@/lists' 1 'lists'
strikes 'cut-after@/lists' 1 'lists'

# Somewhere else it does not strike; a few bytes at a time are an answer, too.
hook POST /_sandbox/settings '{"faults":["611@/folders"]}' > /dev/null
expect 0 penstock lists demo
hook POST /_sandbox/settings '{"faults":["drip@/partitions"]}' > /dev/null
expect 0 penstock partitions demo

# One record of many, and the one call that is named for sure.
hook POST /_sandbox/settings '{"faults":["709+1@/lists"]}' > /dev/null
expect 1 penstock lists demo
expect 0 penstock lists demo
