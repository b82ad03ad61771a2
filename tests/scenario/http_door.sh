#!/bin/sh
# The door that messages are posted through, with everything that can stand before it: nonsense, halves, crowds, other people's tokens; signatures; TLS and a new certificate.
. "$top_srcdir/tests/scenario/http_lib.sh"
receiver=
trap 'end_ours KILL $receiver; cleanup' EXIT
spool=$work/spool
# receive SETTINGS [SCHEME]: at any free port.
receive() {
	[ -z "$receiver" ] || {
		kill -TERM $receiver
		wait $receiver || fail 'it did not end well'
	}
	rm -rf "$spool" "$work/receive.out"
	alive=$$
	"$PENSTOCK" --json receive "${2-http}:127.0.0.1:0/in,spool=$spool,$1" > "$work/receive.out" 2> "$work/receive.err" &
	receiver=$! alive=$!
	wait_for 'who receives' '[ -s "$work/receive.out" ]'
	port=$(jq .receive.port "$work/receive.out")
}
lines() {
	cat "$spool"/*.ndjson 2> /dev/null | wc -l
}
auth="Authorization: Bearer $token\r\n"
json='Content-Type: application/json\r\n'
good="POST /in HTTP/1.1\r\nHost: x\r\nConnection: close\r\n$auth$json"
whole() {
	before=$(lines)
	post 200 '{"still":"there"}'
	[ "$(lines)" -eq $((before + 1)) ] || fail 'what was answered is not there'
}

receive "token-file=$work/token"
whole

# Each status there is, in the words of who sends badly.
post 400 '{"half":'
post 400 '[{"a":1},2]'
post 415 '{}' 'Content-Type: text/plain'
post 415 '{}' 'Content-Type: application/json' 'Content-Encoding: gzip'
post 415 '{}' 'X: y'
raw "GET /in HTTP/1.1\r\nHost: x\r\nConnection: close\r\n$auth\r\n"
answered 405
raw "POST /out HTTP/1.1\r\nHost: x\r\nConnection: close\r\n$auth${json}Content-Length: 2\r\n\r\n{}"
answered 404
for header in '' 'Authorization: Bearer wrong\r\n' "Authorization: Basic $token\r\n" "Authorization: $token\r\n"; do
	raw "POST /in HTTP/1.1\r\nHost: x\r\nConnection: close\r\n$header${json}Content-Length: 2\r\n\r\n{}"
	answered 401
	grep -q '^WWW-Authenticate: Bearer' "$work/answer" || fail 'it does not say how'
done
{
	printf '%bContent-Length: 1100000\r\n\r\n' "$good"
	head -c 1100000 /dev/zero | tr '\0' ' '
} | "$post_main" raw "$port" > "$work/answer"
answered 413
[ "$(lines)" -eq 2 ] || fail 'something that was refused was kept'

# Ways to send that are right, if rare.
raw "${good}Transfer-Encoding: chunked\r\n\r\n7\r\n{\"a\":1}\r\n0\r\n\r\n"
answered 200
raw "${good}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}"
grep -q '^HTTP/1.1 200 ' "$work/answer" || fail "not answered: $(cat "$work/answer")"
raw "POST /in HTTP/1.1\r\nHost: x\r\n$auth${json}Content-Length: 2\r\n\r\n{}${good}Content-Length: 2\r\n\r\n{}"
[ "$(grep -o 'HTTP/1.1 200 ' "$work/answer" | wc -l)" -eq 2 ] || fail 'two on one connection were not answered'
before=$(lines)
awk 'BEGIN { for (n = 1; n <= 300; n++) printf "{\"n\":%d}\n", n }' | "$post_main" lines "$port" /in $token > "$work/acknowledged"
[ "$(wc -l < "$work/acknowledged")" -eq 300 ] && [ "$(lines)" -eq $((before + 300)) ] || fail 'a connection that is kept does not work'

# What is none at all: nobody is disturbed, nothing is kept.
before=$(lines)
for bytes in '\r\n\r\n' 'GET\r\n\r\n' '\000\001\002\377\r\n\r\n' 'POST /in\r\n\r\n' 'POST /in HTTP/9.9\r\n\r\n' 'POST /%% HTTP/1.0\r\n\r\n' \
	"POST /in HTTP/1.0\r\n${auth}${json}Content-Length: -5\r\n\r\n{}" "POST /in HTTP/1.0\r\n$auth${json}Content-Length: 99999999999999999999\r\n\r\n{}" \
	"POST /in HTTP/1.0\r\n$auth${json}Content-Length: x\r\n\r\n{}" "${good}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n" \
	"${good}Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}" '\026\003\001\002\000\001\000\001\374\003\003'; do
	# shellcheck disable=SC2059
	{ printf "$bytes"; } | timeout 20 "$post_main" raw "$port" > "$work/answer" || [ $? -eq 124 ] || fail "after $bytes"
	! grep -q '^HTTP/1.1 2' "$work/answer" || fail "taken: $bytes"
	whole
	before=$((before + 1))
done
[ "$(lines)" -eq $before ] || fail 'nonsense was kept'
{
	printf 'POST /in HTTP/1.0\r\nX: '
	head -c 300000 /dev/zero | tr '\0' x
	printf '\r\n\r\n'
} | "$post_main" raw "$port" > "$work/answer" || :
! grep -q '^HTTP/1.1 2' "$work/answer" || fail 'a header of 300 kB was taken'

# A crowd that says half of it and stays.
mkfifo "$work/stay"
"$post_main" many "$port" 200 < "$work/stay" > "$work/held" &
crowd=$!
exec 3> "$work/stay"
wait_for 'the crowd' 'grep -q held "$work/held"'
whole
whole
exec 3>&-
wait $crowd
whole

# Another token: both while there are two, then only the new one.
printf 'another\n%s\n' $token > "$work/token"
wait_for 'the second token' 'printf "{}\n" | "$post_main" lines "$port" /in another | grep -q .'
whole
echo another > "$work/token"
wait_for 'the end of the first' '! printf "{}\n" | "$post_main" lines "$port" /in $token | grep -q .'
printf '{}\n' | "$post_main" lines "$port" /in another | grep -q . || fail 'the new token is not taken'
echo $token > "$work/token"

# More waits than may: 429 until it is taken.
receive "token-file=$work/token,limit=64K"
awk 'BEGIN { for (n = 1; n <= 3; n++) { printf "{\"n\":\""; for (i = 0; i < 3000; i++) printf "0123456789"; print "\"}" } }' | "$post_main" lines "$port" /in $token > "$work/acknowledged"
[ "$(wc -l < "$work/acknowledged")" -eq 3 ] || fail 'it is full too early'
wait_for 'an answer of 429' 'post_full() { raw "${good}Content-Length: 2\r\n\r\n{}"; grep -q "^HTTP/1.1 429 " "$work/answer"; }; post_full'
grep -q '^Retry-After: [0-9]' "$work/answer" || fail 'it does not say when to come again'

# Only one at a port.
expect 1 penstock receive "http:127.0.0.1:$port/in,token-file=$work/token,spool=$work/other"
says 'cannot listen on 127.0.0.1'
! grep -rqF "$token" "$work/receive.out" "$work/receive.err" || fail 'a token was printed'
# Others can read the token.
chmod 644 "$work/token"
receive "token-file=$work/token"
grep -qF "chmod 600" "$work/receive.err" || fail 'nobody is warned'
chmod 600 "$work/token"

command -v openssl > /dev/null || {
	echo 'there is no openssl: signatures and TLS were left out'
	exit 0
}
# signature SECRET SECONDS BODY
signature() {
	printf 't=%s,v1=%s' "$2" "$(printf '%s.%s' "$2" "$3" | openssl dgst -sha256 -hmac "$1" | sed 's/.* //')"
}
(umask 077 && echo whisper > "$work/hmac")
receive "hmac-file=$work/hmac"
seconds=$(date +%s)
post 200 '{"signed":1}' 'Content-Type: application/json' "Penstock-Signature: $(signature whisper "$seconds" '{"signed":1}')"
post 401 '{"signed":2}' 'Content-Type: application/json' "Penstock-Signature: $(signature whisper "$seconds" '{"signed":1}')"
post 401 '{"signed":1}' 'Content-Type: application/json' "Penstock-Signature: $(signature shout "$seconds" '{"signed":1}')"
post 401 '{"signed":1}' 'Content-Type: application/json' "Penstock-Signature: $(signature whisper $((seconds - 1000)) '{"signed":1}')"
post 401 '{"signed":1}'
[ "$(lines)" -eq 1 ] || fail 'what is not signed was kept'

# TLS by its own certificate, which is renewed while it listens.
certificate() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=$1" -addext subjectAltName=IP:127.0.0.1 \
		-keyout "$work/new.key" -out "$work/new.pem" > /dev/null 2>&1 || fail 'cannot make a certificate'
}
certificate first.example.com
mv "$work/new.key" "$work/key.pem"
mv "$work/new.pem" "$work/certificate.pem"
expect 1 penstock receive "https:127.0.0.1:0/in,spool=$work/other,token-file=$work/token,certificate=$work/key.pem,key=$work/certificate.pem"
says 'cannot be used'
receive "token-file=$work/token,certificate=$work/certificate.pem,key=$work/key.pem" https
grep -q '"url":"https://127.0.0.1:' "$work/receive.out" || fail 'it does not say that it speaks TLS'
secure() {
	printf '%bContent-Length: 2\r\n\r\n{}' "$good" | timeout 60 openssl s_client -quiet -verify_return_error -CAfile "$work/certificate.pem" -connect "127.0.0.1:$port" 2> /dev/null
}
secure | grep -q '^HTTP/1.1 200 ' || fail 'nothing is taken by TLS'
raw "${good}Content-Length: 2\r\n\r\n{}"
! grep -q '^HTTP' "$work/answer" || fail 'plain HTTP was taken'
subject() {
	timeout 60 openssl s_client -connect "127.0.0.1:$port" < /dev/null 2> /dev/null | openssl x509 -noout -subject 2> /dev/null
}
subject | grep -q first || fail 'another certificate'
certificate second.example.com
mv "$work/new.key" "$work/key.pem"
mv "$work/new.pem" "$work/certificate.pem"
wait_for 'the new certificate' 'subject | grep -q second' 1
secure | grep -q '^HTTP/1.1 200 ' || fail 'nothing is taken after it was renewed'
[ "$(lines)" -eq 2 ] || fail 'what was taken is not there'
kill -TERM $receiver
wait $receiver || fail 'it did not end well'
receiver=
