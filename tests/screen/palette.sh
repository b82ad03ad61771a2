#!/bin/sh
# The palette: every action with its key, what cannot be done says why, steps of the wizard are places to go to, and Ctrl-P works while somebody types.
. "$top_srcdir/tests/screen/lib.sh"
sandbox_start
destination_create

console 24 80
see 'New dataflow'
press :
see 'What is to be done?'
see 'new: set up a new dataflow'
typed 'quit xyz'
see 'nothing fits the filter'
press Esc
typed 'hlp'
see '▶ help: all keys that work here'
press Enter
see 'Keys that work here'
press Esc
see 'New dataflow'

# What belongs to another screen is there, says so, and does nothing.
press Ctrl-P
typed 'accept every'
see 'not on this screen'
press Enter
see '! A  not on this screen'
gone 'What is to be done?'

# Esc takes one thing away: first what was typed, then the window.
press :
typed leav
press Esc
see 'new: set up'
press Esc
gone 'What is to be done?'

# In a field a colon is text; Ctrl-P is not. A step is gone to only past what is right.
press n
see '1 of 6'
press Ctrl-N
see '2 of 6'
typed 'x:'
see 'x:'
press Ctrl-P
typed 'revi'
see '▶ Review & launch'
press Enter
see '4 of 6'
see '✗'
press Ctrl-P
typed leave
press Enter
see 'The draft is saved'
press q
ended 0
restored

# Things by their names, and tables.
console 24 80
see 'New dataflow'
press :
typed 'dmo'
see '▶ demo'
press Enter
see '[Destinations]'
see '▶ demo'
press q
see ' Home'
press :
typed 'audit'
press Enter
see '[Audit]'
see 'destination create'
press q q
ended 0

# What no key stands for is a command with its operands: what only looks answers at once, what changes something asks first, what goes for good asks for the name.
console 24 80
see 'New dataflow'
press :
typed 'label show'
press Enter
see 'penstock label show'
press Enter
see 'penstock label show'
press Esc
see ' Home'
press :
typed 'policy create'
press Enter
see 'NAME; also options'
typed "mine --deny 'C1"
press Enter
see 'a quote is not closed'
typed "' --marketing-action email"
press Enter
see 'Do it'
press Left Enter
see 'penstock policy create'
gone 'asking'
golden palette-command
press Esc
expect 0 penstock policy show mine --json
press :
typed 'policy delete'
press Enter
see 'penstock policy delete'
typed nobody
press Enter
see 'Type nobody:'
press Esc
gone 'Type nobody'
press q
ended 0

# What must not be done says why.
console 24 80 --read-only
see 'New dataflow'
press :
typed 'new: set'
see 'this console is rea'
press Enter
see '! this console is read-only'
press q
ended 0
