#!/bin/sh
# The list folder is chosen among those that can hold a static list: what holds other assets is faint, last, and not taken; the roots of trees carry a warning. Search finds all.
. "$top_srcdir/tests/screen/wizard_lib.sh"
sandbox_start --no-limits
account_create demo
echo '{"step": 1, "name": "spring", "account": "demo", "dedupe": "email"}' > "$work/draft.json"
expect 0 penstock draft save "$work/draft.json"

console 24 80
see 'step 2 of 6'
press Down Enter
see '2 of 6'
press Tab Tab Tab Tab Tab Tab
press Tab
see '▶ List folder'
press Enter
see 'Folder or program'
gone 'asking Marketo'
see '/Marketing Activities/Default/Campaigns 2026'
press PageDown
see '/Marketing Activities/Default/Campaigns 2026/Spring Launch  Default'
press PageDown
see '! may be refused'
see 'no lists: Email'
golden folders
resize 16 60
idle # a page is as long as the screen
press PageUp PageUp
golden folders-60
resize 24 80

# A root may be chosen, with a warning; what holds other assets may not, and the list stays as it was searched.
typed Emails
see '1 of 23'
press Enter
see 'Emails holds assets of another kind: Marketo refuses'
see 'a static list there (711). Choose another folder'
see 'no lists: Email'
press Esc
typed 'Lead Database/Europe'
see '! may be refused'
press Down Enter
see '< /Lead Database/Europe >'
see 'Marketo may refuse a list (711)'
picked Audiences Audiences
see '< /Lead Database/Default/Group Lists/Audiences >'
gone refuse
press Esc q
see 'The draft is saved'
press q
ended 0
restored
expect 0 penstock draft show 1 --json
holds '.draft.list_folder == "21"'
expect 0 penstock folders demo --json
holds 'any(.folders[]; .id == 30 and .folder_type == "Landing Page Template") and any(.folders[]; .id == 21 and .folder_type == "List")'
