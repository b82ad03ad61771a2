#!/bin/sh
# The mapping step: what real profiles would send beside each row, at both sizes, kept up with every edit.
. "$top_srcdir/tests/screen/lib.sh"
sandbox_start --no-limits
account_create demo
expect 0 penstock fields demo
# line PERSON EMAIL AUDIENCE
line() {
	printf '{"person":{%s},"identityMap":{"Email":[{"id":"%s"}]},"segmentMembership":{"ups":{"%s":{"status":"realized"}}}}\n' "$1" "$2" "$3"
}
{
	line '"first":"Nobody"' other@example.com a9
	line '"first":"Ada \u202e\u001b[2J","score":"7","site":"no url","company":"Acme"' ada@example.com a1
	line '"first":"Bo","score":3.7' 'bö@example.com' a1
	line '"first":"Cy","score":12,"site":"https://example.com/a/long/way/to/go","spouse":{"city":"Oslo"},"zip":"0150"' cy@example.com a1
} > "$work/feed.ndjson"
jq -n --arg feed "$work/feed.ndjson" '{step: 4, name: "spring", account: "demo", source: $feed, person_creation: "match-and-create", dedupe: "email", audiences: [{id: "a1"}],
	mapping: [{source: "identityMap.Email", target: "email"}, {source: "person.first", target: "firstName"}, {source: "person.score", target: "leadScore"},
		{source: "person.site", target: "website"}]}' > "$work/draft.json"
expect 0 penstock draft save "$work/draft.json"

console 24 80
see spring
press Down Enter
see '5 of 6'
gone 'asking Marketo'
gone 'reading the source'
gone 'counting'
press =
see 'PROFILE 1 OF 3'
press e
golden mapping-preview
press =
see 'PROFILE 2 OF 3'
see 'nothing is sent'
press =
see 'PROFILE 3 OF 3'
press Home Down Down Down
see '"https://example.com/a/long/way/to/go"'
# Live: the row's mode, and a row less.
press Home Down
see '✓ "Cy"'
press K
see '✓ new: "Cy"'
see 'sent with new people only'
press K
see 'a null clears the field'
gone 'new: "Cy"'
press K
see 'a null too'
press K
see 'a null is not'
press K
see '✓ new: "Cy"'
press x
gone '"Cy"'
press u
see '✓ new: "Cy"'
resize 16 60
golden mapping-preview-60
resize 24 80
press Esc
see 'STATE'
press = = = =
see 'STATE'
gone 'PROFILE'

# All that is sure enough is taken at once; the rest is named, says why it was suggested, and can be taken alone.
press Home Down Down Down Down Down
see 'suggested: city; not sure, by the field'
golden mapping-unsure
press A
see 'suggestions accepted: 2; not sure enough'
see 'person.spouse.city'
see 'mapped: 6'
press End
see 'suggested: city'
press a
see 'mapped: 7'
press u u
see 'mapped: 4'

# The next problem is found although the filter hides it, which the filter's line tells.
press Home /
typed zip
press Enter
see '2 of 7, problems hidden: 2'
golden mapping-hidden
press e
see 'The filter hid this row'
see '1 of 3 values would be left out'
press E
see '1 of 4 values would be left out'
press /
typed zip
press Enter E
see 'SOURCE'

# A source that cannot be read says so, and nothing waits.
mv "$work/feed.ndjson" "$work/away"
press =
see 'cannot read'
mv "$work/away" "$work/feed.ndjson"
press Esc q q
ended 0
harmless
