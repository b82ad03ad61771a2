#!/bin/sh
# A Marketo that cannot be reached, cannot be trusted or does not let us in.
. "$top_srcdir/tests/scenario/lib.sh"
sandbox_start

# expect_check STATUS NAME: the test fails at this check, says why, and tells of the later ones that they were not tried.
fails_at() {
	expect "$1" penstock account test "$2" --json
	holds --arg name "$3" '(.ok | not) and ([.checks[] | select(.ok | not)][0] | .name == $name and (.detail | length > 10)) and
		(.checks | length == 8)'
}

create() {
	name=$1
	shift
	expect 0 penstock account create "$name" --munchkin-id 123-ABC-456 --client-id "$client" --client-secret-file "$work/secret" "$@"
}

create wrong --endpoint "$url/rest" --identity "$url/identity"
expect 0 penstock account update wrong --client-secret-command 'echo wrong'
fails_at 4 wrong token
holds '[.checks[] | select(.ok)] | map(.name) == ["connect","tls"]'
refused 4 'does not accept the credentials of account wrong' penstock fields wrong
holds '.error | .code == "credentials" and (.hint | contains("Admin > LaunchPoint") and contains("penstock account update"))'

create elsewhere --endpoint https://nothing.invalid/rest --identity https://nothing.invalid/identity
fails_at 1 elsewhere connect
refused 1 'the host of https://nothing.invalid/rest is not found' penstock lists elsewhere
holds '.error | .code == "dns" and (.hint | contains("Munchkin ID"))'

# Nobody listens on a port that nobody gives to others by chance.
create silent --endpoint http://127.0.0.1:1/rest --identity http://127.0.0.1:1/identity
fails_at 1 silent connect
refused 1 'no answer from http://127.0.0.1:1/rest' penstock lists silent
holds '.error | .code == "network" and (.hint | contains("check the network"))'

# A server that does not speak TLS where TLS is asked for.
create plain --endpoint "https://127.0.0.1:${url##*:}/rest" --identity "https://127.0.0.1:${url##*:}/identity"
fails_at 4 plain tls
holds '.checks[0].ok'

# Certificates that are none.
echo nonsense > "$work/ca.pem"
create ca --endpoint "https://127.0.0.1:${url##*:}/rest" --identity "https://127.0.0.1:${url##*:}/identity" --ca-file "$work/ca.pem"
fails_at 4 ca tls

# A certificate nobody vouches for.
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/key.pem" -out "$work/cert.pem" -days 2 -subj /CN=127.0.0.1 \
	-addext subjectAltName=IP:127.0.0.1 2> /dev/null
mkfifo "$work/ready"
openssl s_server -accept 127.0.0.1:0 -key "$work/key.pem" -cert "$work/cert.pem" -www > "$work/ready" 2>&1 &
server=$!
trap 'end_ours TERM $server; cleanup' EXIT
tls_port=
while read -r line; do
	case $line in
	ACCEPT*) tls_port=${line##*:} && break ;;
	esac
done < "$work/ready"
create untrusted --endpoint "https://127.0.0.1:$tls_port/rest" --identity "https://127.0.0.1:$tls_port/identity"
fails_at 4 untrusted tls
refused 4 'no trusted connection' penstock fields untrusted
holds '.error | .code == "tls" and (.hint | contains("--ca-file"))'
# Named, it is trusted: what fails is that nobody is behind it who knows Marketo's language.
expect 0 penstock account update untrusted --ca-file "$work/cert.pem"
expect 1 penstock account test untrusted --json
holds '[.checks[] | select(.ok)] | map(.name) == ["connect","tls"]'
kill $server

# What is asked of such a Marketo ends the same way, and a run makes no run.
message ada@example.com a1 realized > "$work/feed.ndjson"
expect 0 penstock destination create plain --account plain
expect 4 penstock mapping set plain identityMap.Email=email --json
holds '.error.code == "tls"'
