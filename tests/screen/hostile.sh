#!/bin/sh
# Text of others that would like to command the terminal: labels of fields, names of lists and folders, audiences, profile values, errors of a server, long ones too.
# ux 23: what comes from outside reaches the terminal as text only.
. "$top_srcdir/tests/screen/wizard_lib.sh"
sandbox_start --no-limits
long=$(printf 'x%.0s' $(seq 300))
# As JSON: a title, the clipboard, C1, bidi, joiners, a bell, a carriage return, colours, a cursor that jumps.
evil='A\u001b]0;title\u0007\u001b]52;c;aGVsbG8=\u0007\u009b31m\u202eB\u2066\u200b\u200d\u061c\r\n\u001b[2J\u001b[31mC\u007f\u001bP+q544e\u001b\\'
n=0
for tail in 'one' "$long"; do
	n=$((n + 1))
	hook POST /_sandbox/fields "{\"name\":\"evil$n\",\"label\":\"$evil$tail\",\"type\":\"string\"}" > "$work/out"
	hook POST /_sandbox/folders "{\"name\":\"$evil$tail\"}" > "$work/out"
	hook POST /_sandbox/lists "{\"name\":\"$evil$tail\",\"folder\":21}" > "$work/out"
done
record() { # FIRST-NAME AUDIENCE NAME EMAIL
	printf '{"person":{"name":{"firstName":"%s","lastName":"L"}},"segmentMembership":{"ups":{"%s":' "$1" "$2"
	printf '{"lastQualificationTime":"2024-05-01T08:00:00Z","status":"realized","name":"%s"}}},"identityMap":{"Email":[{"id":"%s"}]}}\n' "$3" "$4"
}
{
	record "$evil$long" e1 "$evil" e1@example.com
	record "$evil" e2 "$evil$long" e2@example.com
	record short e1 "$evil" "p$evil"
} > "$work/feed.ndjson"

console 24 80
see 'Set up'
press n
connect_step
answers hostile
see '2 of 6'
typed "$name" && press Tab Tab
option 'Match existing Marketo people and create'
press Tab Tab Enter
see 'Dedupe fields'
press Esc
press Tab Enter
see Workspace
press Esc
press Tab Tab Enter
see 'Folder or program'
gone 'asking Marketo'
typed title
harmless
see '2 of '
press Enter
idle
press Ctrl-n
see '3 of 6'
press Enter
press ]
see '4 of 6'
source_fields
harmless
press J
see 'Static list'
gone 'asking Marketo'
typed title
see '4 of ' # both lists, the audience's own name, and what was typed
harmless
press Esc
idle
press Esc
see '4 of 6'
press Space ]
see '5 of 6'
gone 'asking Marketo'
press A
see 'accepted'
press Down
idle
harmless
press End Enter
see 'Marketo field for'
typed evil
see evil1
harmless
press Esc
idle
press Esc
idle
press ]
see '6 of 6'
gone planning
harmless
for size in '16 60' '43 132' '24 80'; do
	resize $size
	idle
done
press !
see 'The last errors'
harmless
press Esc
idle
harmless
press L
see Cancel
press Left Enter
see 'The run has ended'
harmless
press f
idle
harmless
press q q
see ' Home'

# Words of a server: where it comes up, in the list of errors, and in the plan.
broken hostile /rest
expect 0 penstock account update sandbox --endpoint "$through/rest"
press n
see '1 of 6'
press Ctrl-t
see 'words'
harmless
press !
see 'of others'
harmless
press Esc ]
see '2 of 6'
press Tab Tab Tab Tab Tab Tab Enter
see 'of others'
harmless
press Esc
idle
press q
see ' Home'
press q
ended 0
restored
harmless
