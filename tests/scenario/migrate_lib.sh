# Exported replies of the Flow Service with dataflows of V1, for tests.

# field SOURCE TARGET [IDENTITY]: a profile selector.
field() {
	printf '{"type":"JSON_PATH","value":{"path":"%s","operator":"EXISTS","mapping":{"sourceType":"text/x.schema-path",' "$1"
	printf '"source":"%s","destination":"%s","identity":%s,"sourceAttribute":"%s","destinationXdmPath":"%s"}}}' "$1" "$2" "${3:-false}" "$1" "$2"
}
email_field() { field identityMap.Email Email true; }
ecid_field() { field identityMap.ECID ECID true; }
three_fields() {
	printf '%s,%s,%s' "$(field person.name.firstName firstName)" "$(field person.name.lastName lastName)" "$(field b2b.companyName companyName)"
}
# audience ID NAME MAPPING_ID: a segment selector.
audience() {
	printf '{"type":"PLATFORM_SEGMENT","value":{"id":"%s","name":"%s","createTime":"1650000000","updateTime":"1650000000","mappingId":"%s"}}' "$1" "$2" "$3"
}
# v1_flow ID NAME STATE FIELDS AUDIENCES [MORE]: a dataflow. MORE: members with a comma behind them.
v1_flow() {
	printf '{"id":"%s","name":"%s",%s"state":"%s","createdAt":1650000000000,"version":"\\"x\\"","etag":"\\"x\\"",' "$1" "$2" "${6-}" "$3"
	printf '"flowSpec":{"id":"71471eba-b620-49e4-90fd-23f1fa0174d8","version":"1.0"},"sourceConnectionIds":["S"],"targetConnectionIds":["T"],'
	printf '"inheritedAttributes":{"properties":{"isDestinationFlow":true},"targetConnections":[{"id":"T","connectionSpec":{"id":"%s","version":"1.0"},' \
		"${v1_spec:-11111111-aaaa-4bbb-8ccc-000000000001}"
	printf '"baseConnection":{"id":"A-1","connectionSpec":{"id":"11111111-aaaa-4bbb-8ccc-000000000001"}}}]},'
	printf '"transformations":[{"name":"GeneralTransform","params":{"profileSelectors":{"selectors":[%s]},"segmentSelectors":{"selectors":[%s]}}}]}' "$4" "$5"
}
# page NEXT FLOW...: one page of the reply; NEXT empty: the last one.
page() {
	page_next=$1
	shift
	printf '{"items":['
	page_comma=
	for page_flow; do
		printf '%s%s' "$page_comma" "$page_flow"
		page_comma=,
	done
	printf '],"_links":{'
	[ -z "$page_next" ] || printf '"next":{"href":"%s"}' "$page_next"
	printf '}}\n'
}
# person EMAIL: in the practice Marketo; prints the id. join LIST ID: into a list there.
person() {
	hook POST /_sandbox/people "{\"fields\":{\"email\":\"$1\",\"firstName\":\"Ada\"}}" | jq .id
}
join() {
	hook POST /_sandbox/members "{\"list\":$1,\"id\":$2}" > /dev/null
}
in_list() {
	hook GET "/_sandbox/members?list=$1" | jq -e --arg email "$2@example.com" 'any(.members[]; .email == $email)' > /dev/null
}
