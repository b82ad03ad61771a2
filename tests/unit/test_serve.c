/* The HTTP server face: whole requests in, answers at once or later, hostile input refused. */
#include "serve/server.h"
#include "talk.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LATER_MAX = 64 };

struct fixture {
	struct talk talk;
	struct server *server;
	struct request *later[LATER_MAX];
	size_t count;
	struct str seen; /* what the handler saw of the last request */
};

static void on_request(void *self, struct request *request)
{
	struct fixture *fixture = self;
	const struct serve_pair *pairs = request_parameters(request);
	struct reply reply = { .status = 200, .content_type = "text/plain", .body = "now", .length = 3 };
	static const struct serve_pair more[] = { { "Retry-After", "7" }, { "X-Other", "a b" }, { NULL, NULL } };
	static char big[20000];

	str_clear(&fixture->seen);
	str_add_format(&fixture->seen, "%s %s |", request_method(request), request_path(request));
	for (size_t i = 0; i < request_parameter_count(request); i++)
		str_add_format(&fixture->seen, "%s=%s|", pairs[i].name, pairs[i].value);
	str_add_format(&fixture->seen, " %zu/%zu %zu %s", request_body_kept(request), request_body_length(request), request_target_length(request),
		request_header(request, "X-None") ? "?" : "-");
	if (strcmp(request_path(request), "/later") == 0 && fixture->count < LATER_MAX) {
		fixture->later[fixture->count++] = request;
		return;
	}
	if (request_is_starved(request)) {
		reply.status = 429;
		reply.headers = more;
	}
	if (strcmp(request_path(request), "/big") == 0) {
		memset(big, 'x', sizeof big);
		reply.body = big;
		reply.length = sizeof big;
	}
	request_reply(request, &reply);
}

static size_t on_limit(void *self, const char *method, const char *path)
{
	(void)self;
	(void)method;
	return strcmp(path, "/small") == 0 ? 10 : 2 * 1024 * 1024;
}

static int setup(void **state)
{
	struct fixture *fixture = mem_alloc(sizeof *fixture);
	struct serve_handler handler = { .request = on_request, .body_limit = on_limit, .self = fixture };
	struct error err;

	talk_init(&fixture->talk);
	fixture->server = serve_new(fixture->talk.loop, 0, NULL, &handler, &err);
	assert_non_null(fixture->server);
	snprintf(fixture->talk.url, sizeof fixture->talk.url, "http://127.0.0.1:%d", serve_port(fixture->server));
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	serve_free(fixture->server);
	talk_done(&fixture->talk);
	str_done(&fixture->seen);
	mem_free(fixture);
	return 0;
}

static void expect_seen(struct fixture *fixture, const char *method, const char *path, const char *body, const char *seen)
{
	struct answer answer;

	talk_ask(&fixture->talk, &answer, method, path, "text/plain", body);
	assert_int_equal(answer.status, 200);
	assert_string_equal(str_text(&fixture->seen), seen);
	answer_done(&answer);
}

static void test_whole_requests(void **state)
{
	struct fixture *fixture = *state;

	expect_seen(fixture, "GET", "/a%20b?x=1&y=a%2Cb+c&x=&z&&=", NULL, "GET /a b |x=1|y=a,b c|x=|z=|=| 0/0 28 -");
	expect_seen(fixture, "POST", "/p", "0123456789abcdef", "POST /p | 16/16 2 -");
	expect_seen(fixture, "DELETE", "/p?id=1&id=2", "{}", "DELETE /p |id=1|id=2| 2/2 12 -");
	expect_seen(fixture, "POST", "/small", "0123456789abcdef", "POST /small | 10/16 6 -");
}

static void test_broken_escapes(void **state)
{
	static const char *const bad[] = { "/%", "/%4", "/%zz", "/a%00b", "/?x=%", "/?x=%f", "/?%00=1", "/?x=%ff%fe", "/%c3" };
	struct fixture *fixture = *state;
	struct answer answer;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		talk_ask(&fixture->talk, &answer, "GET", bad[i], NULL, NULL);
		assert_int_equal(answer.status, 400);
		answer_done(&answer);
	}
	assert_int_equal(fixture->seen.length, 0);
}

static void test_later(void **state)
{
	struct fixture *fixture = *state;
	struct answer answers[LATER_MAX / 2], now;
	enum { COUNT = LATER_MAX / 2 };

	for (size_t i = 0; i < COUNT; i++)
		talk_send(&fixture->talk, &answers[i], "POST", "/later", "text/plain", "body");
	for (int turn = 0; fixture->count < COUNT; turn++) {
		assert_true(turn < TURNS_MAX);
		talk_turn(&fixture->talk);
	}
	/* Sleeping connections hold up nobody. */
	talk_ask(&fixture->talk, &now, "GET", "/now", NULL, NULL);
	assert_int_equal(now.status, 200);
	answer_done(&now);
	for (size_t i = COUNT; i > 0; i--) {
		struct reply reply = { .status = 201, .body = "later", .length = 5 };

		assert_false(answers[i - 1].done);
		request_reply(fixture->later[i - 1], &reply);
	}
	for (size_t i = 0; i < COUNT; i++) {
		talk_wait(&answers[i]);
		assert_int_equal(answers[i].status, 201);
		assert_string_equal(str_text(&answers[i].body), "later");
		answer_done(&answers[i]);
	}
}

/* The server goes while requests sleep; a client goes while its request sleeps. */
static void test_gone(void **state)
{
	struct fixture *fixture = *state;
	struct answer left, stays;
	struct reply reply = { .status = 200, .body = "x", .length = 1 };

	talk_send(&fixture->talk, &left, "GET", "/later", NULL, NULL);
	talk_send(&fixture->talk, &stays, "GET", "/later", NULL, NULL);
	for (int turn = 0; fixture->count < 2; turn++) {
		assert_true(turn < TURNS_MAX);
		talk_turn(&fixture->talk);
	}
	answer_done(&left);
	request_reply(fixture->later[0], &reply);
	for (int turn = 0; turn < 20; turn++)
		talk_turn(&fixture->talk);
	serve_free(fixture->server);
	fixture->server = NULL;
	talk_wait(&stays);
	assert_true(stays.result != CURLE_OK || stays.done);
	answer_done(&stays);
}

static void test_gzip(void **state)
{
	struct fixture *fixture = *state;
	struct answer answer;

	talk_send(&fixture->talk, &answer, "GET", "/big", NULL, NULL);
	curl_easy_setopt(answer.easy, CURLOPT_ACCEPT_ENCODING, "gzip");
	talk_wait(&answer);
	assert_int_equal(answer.status, 200);
	assert_int_equal(answer.body.length, 20000);
	assert_non_null(strstr(str_text(&answer.head), "Content-Encoding: gzip"));
	answer_done(&answer);

	talk_ask(&fixture->talk, &answer, "GET", "/big", NULL, NULL);
	assert_int_equal(answer.body.length, 20000);
	assert_null(strstr(str_text(&answer.head), "Content-Encoding"));
	answer_done(&answer);

	talk_send(&fixture->talk, &answer, "GET", "/now", NULL, NULL);
	curl_easy_setopt(answer.easy, CURLOPT_ACCEPT_ENCODING, "gzip");
	talk_wait(&answer);
	assert_string_equal(str_text(&answer.body), "now");
	assert_null(strstr(str_text(&answer.head), "Content-Encoding"));
	answer_done(&answer);
}

static void test_who_wants_gzip(void **state)
{
	static const struct {
		const char *header;
		bool packed;
	} rows[] = {
		{ "Accept-Encoding: gzip", true },
		{ "Accept-Encoding: br, GZIP ;q=0.5,deflate", true },
		{ "Accept-Encoding: gzip;q=1.0", true },
		{ "Accept-Encoding: gzip;q=0", false },
		{ "Accept-Encoding: deflate, gzip; q=0.000", false },
		{ "Accept-Encoding: xgzip, gzipped", false },
		{ "Accept-Encoding: identity", false },
		{ "Accept-Encoding: ,;,gzip;", true },
		{ "Accept-Encoding: q", false },
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct curl_slist *list = curl_slist_append(NULL, rows[i].header);
		struct answer answer;

		talk_send(&fixture->talk, &answer, "GET", "/big", NULL, NULL);
		curl_easy_setopt(answer.easy, CURLOPT_HTTPHEADER, list);
		talk_wait(&answer);
		if ((strstr(str_text(&answer.head), "Content-Encoding: gzip") != NULL) != rows[i].packed)
			fail_msg("%s: %s", rows[i].header, str_text(&answer.head));
		answer_done(&answer);
		curl_slist_free_all(list);
	}
}

static void test_port_taken(void **state)
{
	struct fixture *fixture = *state;
	struct serve_handler handler = { .request = on_request, .self = fixture };
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t length = sizeof address;
	struct error err;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
	assert_null(serve_new(fixture->talk.loop, ntohs(address.sin_port), NULL, &handler, &err));
	assert_int_equal(err.status, STATUS_FAILED);
	assert_string_equal(err.code, "listen");
	close(fd);
}

static bool on_headers(void *self, const struct request *request)
{
	(void)self;
	return !request_header(request, "Authorization");
}

static int setup_for_strangers(void **state)
{
	struct fixture *fixture = mem_alloc(sizeof *fixture);
	struct serve_handler handler = { .request = on_request, .body_limit = on_limit, .wants = on_headers, .self = fixture };
	struct serve_options options = { .host = "::1", .connections = 3, .seconds = 5, .held = 20 };
	struct error err;

	talk_init(&fixture->talk);
	fixture->server = serve_open(fixture->talk.loop, &options, &handler, &err);
	if (!fixture->server) { /* a machine without IPv6 */
		options.host = "127.0.0.1";
		fixture->server = serve_open(fixture->talk.loop, &options, &handler, &err);
	}
	assert_non_null(fixture->server);
	snprintf(fixture->talk.url, sizeof fixture->talk.url, strchr(options.host, ':') ? "http://[%s]:%d" : "http://%s:%d", options.host, serve_port(fixture->server));
	*state = fixture;
	return 0;
}

/* Bodies take no more memory than they may, whoever sends them; what was taken is given back. */
static void test_held(void **state)
{
	struct fixture *fixture = *state;
	struct answer first, second;

	talk_send(&fixture->talk, &first, "POST", "/later", "text/plain", "0123456789abcdef");
	for (int turn = 0; fixture->count < 1; turn++) {
		assert_true(turn < TURNS_MAX);
		talk_turn(&fixture->talk);
	}
	talk_ask(&fixture->talk, &second, "POST", "/p", "text/plain", "01234");
	assert_int_equal(second.status, 429);
	assert_non_null(strstr(str_text(&second.head), "Retry-After: 7\r\n"));
	assert_non_null(strstr(str_text(&second.head), "X-Other: a b\r\n"));
	answer_done(&second);
	talk_ask(&fixture->talk, &second, "POST", "/p", "text/plain", "0123");
	assert_int_equal(second.status, 200);
	answer_done(&second);
	request_reply(fixture->later[0], &(struct reply){ .status = 200, .body = "x", .length = 1 });
	talk_wait(&first);
	answer_done(&first);
	talk_ask(&fixture->talk, &second, "POST", "/p", "text/plain", "0123456789abcdef");
	assert_int_equal(second.status, 200);
	answer_done(&second);
}

static int reach(const struct fixture *fixture)
{
	struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = htons((uint16_t)serve_port(fixture->server)), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_port = four.sin_port, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	bool is_six = strchr(fixture->talk.url, '[');
	int fd = socket(is_six ? AF_INET6 : AF_INET, SOCK_STREAM, 0);

	assert_int_equal(connect(fd, is_six ? (struct sockaddr *)&six : (struct sockaddr *)&four, is_six ? sizeof six : sizeof four), 0);
	return fd;
}

/* What a slow body holds is given to others, and it is told so at its end. */
static void test_room_is_made(void **state)
{
	static const char half[] = "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 18\r\n\r\n0123456789abcdef";
	struct fixture *fixture = *state;
	struct answer answer;
	int slow = reach(fixture);
	char text[16] = "";

	assert_int_equal(send(slow, half, sizeof half - 1, 0), sizeof half - 1);
	for (int turn = 0; turn < 20; turn++)
		talk_turn(&fixture->talk);
	talk_ask(&fixture->talk, &answer, "POST", "/p", "text/plain", "0123456789");
	assert_int_equal(answer.status, 200);
	answer_done(&answer);
	assert_int_equal(send(slow, "gh", 2, 0), 2);
	for (int turn = 0; turn < TURNS_MAX && recv(slow, text, sizeof text - 1, MSG_DONTWAIT) <= 0; turn++)
		talk_turn(&fixture->talk);
	assert_int_equal(strncmp(text, "HTTP/1.1 429", 12), 0);
	close(slow);
	/* Nothing is held any more. */
	talk_ask(&fixture->talk, &answer, "POST", "/p", "text/plain", "0123456789abcdefghij");
	assert_int_equal(answer.status, 200);
	answer_done(&answer);
}

/* A body that is not wanted takes no room, and does not go on for ever. */
static void test_unwanted(void **state)
{
	struct fixture *fixture = *state;
	struct answer first, second;
	char *big = mem_alloc(SERVE_UNWANTED_MAX + 2);

	talk_send(&fixture->talk, &first, "POST", "/later", "text/plain", "0123456789abcdefghij");
	for (int turn = 0; fixture->count < 1; turn++) {
		assert_true(turn < TURNS_MAX);
		talk_turn(&fixture->talk);
	}
	snprintf(fixture->talk.authorization, sizeof fixture->talk.authorization, "none");
	talk_ask(&fixture->talk, &second, "POST", "/p", "text/plain", "01234");
	assert_int_equal(second.status, 200);
	assert_string_equal(str_text(&fixture->seen), "POST /p | 0/5 2 -");
	answer_done(&second);
	request_reply(fixture->later[0], &(struct reply){ .status = 200, .body = "x", .length = 1 });
	talk_wait(&first);
	answer_done(&first);
	memset(big, 'x', SERVE_UNWANTED_MAX + 1);
	talk_send(&fixture->talk, &second, "POST", "/p", "text/plain", big);
	talk_wait(&second);
	assert_int_not_equal(second.result, CURLE_OK);
	answer_done(&second);
	mem_free(big);
}

/* Where they fill the house, those who bring nothing are cut sooner. */
static void test_crowd(void **state)
{
	struct fixture *fixture = *state;
	struct answer answer;
	int slow[3];

	for (size_t i = 0; i < 3; i++) {
		slow[i] = reach(fixture);
		assert_int_equal(send(slow[i], "POST", 4, 0), 4);
	}
	for (int turn = 0; turn < 20; turn++)
		talk_turn(&fixture->talk);
	talk_send(&fixture->talk, &answer, "POST", "/p", "text/plain", "0123");
	for (int second = 0; second < 4; second++) {
		talk_move(&fixture->talk, 1000);
		for (int turn = 0; turn < 20; turn++)
			talk_turn(&fixture->talk);
	}
	talk_wait(&answer); /* what is on its way; the clock stands still */
	assert_int_equal(answer.status, 200);
	answer_done(&answer);
	for (size_t i = 0; i < 3; i++)
		close(slow[i]);
}

/* A connection that brings a byte now and then, but never a whole request, makes room for others; one that waits for our answer is left alone. */
static void test_slow_ones_are_cut(void **state)
{
	static const char *const halves[] = { "POST /p HT", "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n" };
	struct fixture *fixture = *state;
	struct answer patient;
	int slow[3];
	char byte;

	for (size_t i = 0; i < 2; i++) {
		slow[i] = reach(fixture);
		assert_int_equal(send(slow[i], halves[i], strlen(halves[i]), 0), strlen(halves[i]));
	}
	talk_send(&fixture->talk, &patient, "GET", "/later", NULL, NULL);
	for (int turn = 0; fixture->count < 1; turn++) {
		assert_true(turn < TURNS_MAX);
		talk_turn(&fixture->talk);
	}
	/* One too many: it waits until there is room. */
	slow[2] = reach(fixture);
	for (int second = 0; second < 8; second++) {
		talk_move(&fixture->talk, 1000);
		for (int turn = 0; turn < 5; turn++)
			talk_turn(&fixture->talk);
		(void)!send(slow[0], "T", 1, MSG_NOSIGNAL);
		(void)!send(slow[1], "x", 1, MSG_NOSIGNAL);
	}
	for (size_t i = 0; i < 2; i++) {
		ssize_t got = recv(slow[i], &byte, 1, MSG_DONTWAIT);

		assert_true(got == 0 || (got < 0 && errno == ECONNRESET));
		close(slow[i]);
	}
	request_reply(fixture->later[0], &(struct reply){ .status = 200, .body = "x", .length = 1 });
	talk_wait(&patient);
	assert_int_equal(patient.status, 200);
	answer_done(&patient);
	close(slow[2]);
}

static void test_parameters(void **state)
{
	size_t count;
	struct serve_pair *pairs = serve_parameters("a=1&b=%7B%22id%22%3A1%7D&c=x+y", 30, &count);
	struct str many = { 0 };

	(void)state;
	assert_non_null(pairs);
	assert_int_equal(count, 3);
	assert_string_equal(pairs[1].value, "{\"id\":1}");
	assert_string_equal(pairs[2].value, "x y");
	mem_free(pairs);
	pairs = serve_parameters("", 0, &count);
	assert_non_null(pairs);
	assert_int_equal(count, 0);
	mem_free(pairs);
	for (int i = 0; i <= SERVE_PARAMETERS_MAX; i++)
		str_add(&many, "a=1&");
	assert_null(serve_parameters(many.text, many.length, &count));
	str_done(&many);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_whole_requests, setup, teardown),
		cmocka_unit_test_setup_teardown(test_broken_escapes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_later, setup, teardown),
		cmocka_unit_test_setup_teardown(test_gone, setup, teardown),
		cmocka_unit_test_setup_teardown(test_gzip, setup, teardown),
		cmocka_unit_test_setup_teardown(test_who_wants_gzip, setup, teardown),
		cmocka_unit_test_setup_teardown(test_port_taken, setup, teardown),
		cmocka_unit_test_setup_teardown(test_held, setup_for_strangers, teardown),
		cmocka_unit_test_setup_teardown(test_room_is_made, setup_for_strangers, teardown),
		cmocka_unit_test_setup_teardown(test_unwanted, setup_for_strangers, teardown),
		cmocka_unit_test_setup_teardown(test_crowd, setup_for_strangers, teardown),
		cmocka_unit_test_setup_teardown(test_slow_ones_are_cut, setup_for_strangers, teardown),
		cmocka_unit_test_setup_teardown(test_parameters, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
