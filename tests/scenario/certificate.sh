#!/bin/sh
# Certificates that end soon are told once, and once more when they have been renewed: Marketo's, as it was seen last, and the own one of a source that is posted to.
. "$top_srcdir/tests/scenario/http_lib.sh"
command -v openssl > /dev/null || {
	echo 'SKIPPED: there is no openssl to make a certificate'
	exit 77
}
# certificate NAME DAYS
certificate() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days "$2" -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 \
		-keyout "$work/$1.key" -out "$work/$1.pem" > /dev/null 2>&1 || fail 'cannot make a certificate'
}
words() {
	jq -c '[.alert, .state, .kind, .account, .dataflow, .value, .over, .unit]' "$work/words" 2> /dev/null || :
}
# told COUNT LINE: so many words in all, the last of them this.
told() {
	[ "$(words | wc -l)" -eq "$1" ] && [ "$(words | tail -n 1)" = "$2" ] || fail "not told: $2, but: $(words)"
}
certificate soon 5
certificate late 200
cat "$work/soon.pem" "$work/late.pem" > "$work/both.pem"
sandbox_start --no-limits --tls "$work/soon.pem,$work/soon.key"
secure=$(printf '%s' "$greeting" | jq -r .tls_url)
expect 0 penstock account create demo --munchkin-id "$munchkin" --client-id "$client" --client-secret-file "$work/secret" \
	--endpoint "$secure/rest" --identity "$secure/identity" --ca-file "$work/both.pem"
refused 2 'needs --over' penstock alert create x --when certificate --syslog
expect 0 penstock alert create ends --when certificate --over 14 --command "cat >> '$work/words'" --json
holds '.alert | .when == "certificate" and .over == 14 and .unit == "d"'

# Nobody has seen one yet.
expect 0 penstock alert check --json
holds '.incidents == []'
expect 0 penstock --read-only account test demo
expect 0 penstock alert check --json
holds '.incidents == []'
expect 0 penstock account test demo
expect 0 penstock alert check --json
holds '.incidents | length == 1 and .[0].subject == "demo" and .[0].kind == "certificate" and .[0].value == 4'
told 1 '["ends","firing","certificate","demo",null,4,14,"d"]'
expect 0 penstock alert check
told 1 '["ends","firing","certificate","demo",null,4,14,"d"]'
# Renewed, and seen by a run.
hook POST /_sandbox/settings "{\"tls\":\"$work/late.pem,$work/late.key\"}" > /dev/null
expect 0 penstock destination create demo --account demo --person-creation match-and-create --list-folder Audiences
expect 0 penstock mapping set demo identityMap.Email=email
message first@example.com a1 realized > "$work/feed.ndjson"
expect 0 penstock dataflow create flow --destination demo --source "$work/feed.ndjson" --audience a1
expect 0 penstock run flow
told 2 '["ends","recovered","certificate","demo",null,4,14,"d"]'
expect 0 penstock alert check --json
holds '.incidents == []'

# Our own: as its file is now.
expect 0 penstock dataflow create posted --destination demo --audience a1=Posted \
	--source "https:127.0.0.1:0/in,token-file=$work/token,certificate=$work/soon.pem,key=$work/soon.key"
expect 0 penstock alert check --json
holds '.incidents | length == 1 and .[0].subject == "posted"'
told 3 '["ends","firing","certificate",null,"posted",4,14,"d"]'
# A rule that was changed begins anew.
expect 0 penstock alert update ends --over 4
rm "$work/words"
expect 0 penstock alert check --json
holds '.incidents == []'
expect 0 penstock alert update ends --over 14 --dataflow posted
expect 0 penstock alert check
words | grep -qF '["ends","firing","certificate",null,"posted",4,14,"d"]' || fail "not told: $(words)"
rm "$work/words"
cp "$work/late.key" "$work/soon.key"
cp "$work/late.pem" "$work/soon.pem"
expect 0 penstock alert check
told 1 '["ends","recovered","certificate",null,"posted",4,14,"d"]'
expect 0 penstock alert test ends
told 2 '["ends","test","certificate",null,"posted",14,14,"d"]'
