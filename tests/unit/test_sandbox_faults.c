/* What the practice Marketo does when it is asked to misbehave: each fault does what its name says, as often and where it was asked for. */
#include "boxed.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#define PARTITIONS "/rest/v1/leads/partitions.json"
#define LEADS "/rest/v1/leads.json"
#define ANN "{\"action\":\"createOnly\",\"input\":[{\"email\":\"ann@example.com\"},{\"email\":\"ben@example.com\"}]}"

static int setup(void **state)
{
	static const struct sandbox_options options = { .seed_people = 3 };
	struct boxed *boxed = mem_alloc(sizeof *boxed);

	boxed_init(boxed, &options);
	*state = boxed;
	return 0;
}

static int teardown(void **state)
{
	boxed_done(*state);
	mem_free(*state);
	return 0;
}

static void ask_for(struct boxed *boxed, const char *fault)
{
	char body[128];

	snprintf(body, sizeof body, "{\"faults\":[\"%s\"]}", fault);
	settings(boxed, body);
}

/* How many people there are more than at first. */
static int64_t made(struct boxed *boxed)
{
	int64_t people;

	settings(boxed, "{\"faults\":[]}");
	people = state_number(boxed, "people");
	return people - 3;
}

/* --- answers --- */

/* Every code and status of marketo-api 2: what comes back, and whether it was carried out. */
static void test_refusals(void **state)
{
	static const char *const codes[] = { "500", "502", "601", "602", "603", "604", "605", "606", "607", "608", "609", "610", "611", "612", "613", "614", "615", "616", "701", "702",
		"703", "704", "709", "710", "711", "713", "719", "1001", "1003", "1016", "1019", "1021", "1029", "1077" };
	static const int statuses[] = { 400, 401, 403, 404, 405, 408, 413, 414, 415, 429, 500, 502, 503, 504 };
	struct boxed *boxed = *state;
	char fault[32];

	for (size_t i = 0; i < 2 * sizeof codes / sizeof *codes; i++) {
		bool after = i % 2;
		struct json *reply;

		snprintf(fault, sizeof fault, "%s%s", codes[i / 2], after ? "-after" : "");
		ask_for(boxed, fault);
		reply = boxed_post(boxed, LEADS, ANN);
		assert_string_equal(reply_code(reply), codes[i / 2]);
		json_free(reply);
		reply = last_logged(boxed);
		assert_string_equal(json_get_string(json_first(reply), "fault"), fault);
		json_free(reply);
		assert_int_equal(made(boxed), i ? 2 : 0);
	}
	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
		struct answer answer;

		snprintf(fault, sizeof fault, "http-%d", statuses[i]);
		ask_for(boxed, fault);
		talk_ask(&boxed->talk, &answer, "GET", PARTITIONS, NULL, NULL);
		assert_int_equal(answer.status, statuses[i]);
		assert_non_null(strstr(str_text(&answer.body), "<html>"));
		answer_done(&answer);
	}
}

static void test_one_record(void **state)
{
	static const char *const codes[] = { "1003", "1004", "1008", "1015" };
	struct boxed *boxed = *state;
	struct json *reply;
	char body[128], fault[16];

	ask_for(boxed, "record-1003");
	reply = boxed_post(boxed, LEADS, ANN);
	assert_string_equal(reply_word(reply, 0), "1003");
	assert_string_equal(reply_word(reply, 1), "created");
	snprintf(body, sizeof body, "{\"input\":[{\"id\":%lld},{\"id\":1001}]}", (long long)reply_id(reply, 1));
	json_free(reply);
	assert_int_equal(made(boxed), 1);
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		snprintf(fault, sizeof fault, "record-%s", codes[i]);
		ask_for(boxed, fault);
		reply = boxed_post(boxed, "/rest/v1/lists/1001/leads.json", body);
		assert_string_equal(json_get_string(reply_at(reply, 0), "status"), "skipped");
		assert_string_equal(reply_word(reply, 0), codes[i]);
		assert_string_equal(reply_word(reply, 1), "added");
		json_free(reply);
	}
}

static void test_fewer_records(void **state)
{
	static const struct row rows[] = {
		{ "POST", LEADS, JSON_TYPE, ANN, "1003", "2 records in a call, at most 1 are allowed", NULL },
		{ "POST", "/rest/v1/lists/1001/leads.json", JSON_TYPE, "{\"input\":[{\"id\":1001},{\"id\":1002}]}", "1003", "2 ids in a call, at most 1 are allowed", NULL },
		{ "POST", "/rest/v1/lists/1001/leads.json", JSON_TYPE, "{\"input\":[{\"id\":1001}]}", "", NULL, NULL },
	};
	struct boxed *boxed = *state;

	settings(boxed, "{\"records_max\":1}");
	EXPECT_ROWS(boxed, rows);
	assert_int_equal(made(boxed), 0);
}

static void test_token_dies(void **state)
{
	struct boxed *boxed = *state;
	struct json *reply;

	ask_for(boxed, "expire+1");
	reply = boxed_get(boxed, PARTITIONS);
	assert_string_equal(reply_code(reply), "");
	json_free(reply);
	reply = boxed_get(boxed, PARTITIONS);
	assert_string_equal(reply_code(reply), "602");
	json_free(reply);
}

/* The identity service is struck only by name. */
static void test_identity(void **state)
{
	struct boxed *boxed = *state;
	struct answer answer;

	ask_for(boxed, "http-503");
	boxed_token(boxed);
	ask_for(boxed, "http-503@/identity");
	talk_ask(&boxed->talk, &answer, "GET", TOKEN_PATH, NULL, NULL);
	assert_int_equal(answer.status, 503);
	answer_done(&answer);
	json_free(boxed_get(boxed, PARTITIONS));
}

/* --- how often --- */

static int struck(struct boxed *boxed, const char *fault, int calls, int *first)
{
	int count = 0;

	ask_for(boxed, fault);
	for (int i = 1; i <= calls; i++) {
		struct json *reply = boxed_get(boxed, PARTITIONS);
		bool is = reply_code(reply)[0];

		if (is && !count++)
			*first = i;
		json_free(reply);
	}
	return count;
}

static void test_how_often(void **state)
{
	struct boxed *boxed = *state;
	int first = 0, count;

	settings(boxed, "{\"no_limits\":true}");
	assert_int_equal(struck(boxed, "713", 5, &first), 5);
	assert_int_equal(struck(boxed, "713+4", 20, &first), 1);
	assert_int_equal(first, 4);
	count = struck(boxed, "713:20", 200, &first);
	assert_in_range(count, 20, 60);
	assert_int_equal(struck(boxed, "713:20", 200, &first), count);
	assert_in_range(struck(boxed, "713:0.0001+7", 20, &first), 1, 1);
	assert_int_equal(first, 7);
	assert_int_equal(struck(boxed, "713@/lists", 5, &first), 0);
	assert_int_equal(struck(boxed, "713+2@/partitions", 5, &first), 1);
	assert_int_equal(first, 2);
}

/* --- time --- */

static void test_late(void **state)
{
	struct boxed *boxed = *state;
	struct answer answer;

	ask_for(boxed, "late");
	talk_send(&boxed->talk, &answer, "POST", LEADS, JSON_TYPE, ANN);
	while (state_number(boxed, "in_flight") < 1)
		talk_turn(&boxed->talk);
	talk_move(&boxed->talk, 95000); /* longer than any call's own time-out */
	talk_turn(&boxed->talk);
	assert_false(answer.done);
	assert_int_equal(made(boxed), 0);
	talk_move(&boxed->talk, 5000);
	talk_wait(&answer);
	assert_int_equal(made(boxed), 2);
	answer_done(&answer);
}

static void wait_for_state(struct boxed *boxed, const char *name, int64_t calls)
{
	for (bool reached = false; !reached; talk_turn(&boxed->talk)) {
		struct json *known = boxed_get(boxed, "/_sandbox/state");
		int64_t number = 0;

		reached = json_is_true(json_get(known, name)) || (json_i64(json_get(known, name), &number) && number >= calls);
		json_free(known);
	}
}

/* And all that come after it, where that was asked for: nothing is carried out before they are let go, and then everything is. */
static void test_hold_all(void **state)
{
	struct boxed *boxed = *state;
	struct answer answers[3];

	settings(boxed, "{\"hold\":{\"call\":1,\"all\":true}}");
	for (size_t i = 0; i < 3; i++) {
		char body[128];

		snprintf(body, sizeof body, "{\"action\":\"createOnly\",\"input\":[{\"email\":\"h%zu@example.com\"}]}", i);
		talk_send(&boxed->talk, &answers[i], "POST", LEADS, JSON_TYPE, body);
		wait_for_state(boxed, "calls", (int64_t)i + 1);
	}
	wait_for_state(boxed, "held", 1);
	assert_int_equal(made(boxed), 0);
	settings(boxed, "{\"hold\":{\"call\":0}}");
	for (size_t i = 0; i < 3; i++) {
		talk_wait(&answers[i]);
		assert_int_equal(answers[i].result, CURLE_OK);
		answer_done(&answers[i]);
	}
	assert_int_equal(made(boxed), 3);
	json_free(boxed_get(boxed, PARTITIONS));
}

/* Held before and after it is carried out; what is let go ends well; the sandbox may also go while it holds one. */
static void test_hold(void **state)
{
	static const char *const holds[] = { "{\"hold\":{\"call\":1}}", "{\"hold\":{\"call\":1,\"applied\":true}}", "{\"hold\":{\"call\":1}}" };
	struct boxed *boxed = *state;
	struct answer answers[3];

	settings(boxed, "{\"hold\":{\"call\":2}}");
	json_free(boxed_get(boxed, PARTITIONS));
	for (size_t i = 0; i < 3; i++) {
		char body[128];

		settings(boxed, holds[i]);
		snprintf(body, sizeof body, "{\"action\":\"createOnly\",\"input\":[{\"email\":\"h%zu@example.com\"}]}", i);
		talk_send(&boxed->talk, &answers[i], "POST", LEADS, JSON_TYPE, body);
		wait_for_state(boxed, "held", 1);
		assert_false(answers[i].done);
		assert_int_equal(made(boxed), (int64_t)i + (i == 1));
		if (i == 2)
			break;
		settings(boxed, "{\"hold\":{\"call\":0}}");
		talk_wait(&answers[i]);
		assert_int_equal(answers[i].result, CURLE_OK);
		assert_int_equal(made(boxed), (int64_t)i + 1);
		answer_done(&answers[i]);
	}
	sandbox_free(boxed->box);
	boxed->box = NULL;
	talk_wait(&answers[2]);
	answer_done(&answers[2]);
}

/* --- connections --- */

struct wire {
	struct boxed *boxed;
	int fd;
	char got[4096];
	size_t length;
	bool ended;
};

static void wire_open(struct wire *wire, struct boxed *boxed)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)sandbox_port(boxed->box)), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	memset(wire, 0, sizeof *wire);
	wire->boxed = boxed;
	wire->fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(wire->fd, (struct sockaddr *)&address, sizeof address), 0);
}

static void wire_ask(struct wire *wire)
{
	char request[512];
	int length = snprintf(request, sizeof request, "POST " LEADS " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: %s\r\nContent-Type: " JSON_TYPE "\r\nContent-Length: %zu\r\n\r\n" ANN,
		wire->boxed->talk.authorization, sizeof ANN - 1);

	assert_int_equal(send(wire->fd, request, (size_t)length, MSG_NOSIGNAL), length);
}

/* Until this has come, or until the end (NULL). */
static void wire_until(struct wire *wire, const char *text)
{
	for (int turn = 0; text ? !strstr(wire->got, text) : !wire->ended; turn++) {
		ssize_t got = recv(wire->fd, wire->got + wire->length, sizeof wire->got - wire->length - 1, MSG_DONTWAIT);

		assert_true(turn < TURNS_MAX);
		if (got == 0 || (got < 0 && errno != EAGAIN))
			wire->ended = true;
		wire->length += got > 0 ? (size_t)got : 0;
		talk_turn(&wire->boxed->talk);
	}
}

static void test_connections(void **state)
{
	static const struct {
		const char *fault, *first; /* of the first answer */
		bool second;               /* the end comes with the second request only */
		int made;                  /* by the first one */
	} rows[] = {
		{ "close+1", "\"created\"}]", false, 2 },
		{ "stale+1", "1005", true, 2 },
		{ "noise", "neither HTTP nor TLS", false, 2 },
		{ "cut-before", NULL, false, 2 },
	};
	struct boxed *boxed = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct wire wire;
		int64_t calls;

		ask_for(boxed, rows[i].fault);
		wire_open(&wire, boxed);
		wire_ask(&wire);
		wire_until(&wire, rows[i].first);
		calls = state_number(boxed, "calls");
		assert_int_equal(wire.ended && rows[i].second, false);
		if (rows[i].second)
			wire_ask(&wire);
		wire_until(&wire, NULL);
		assert_null(strstr(wire.got, "Connection: close"));
		assert_int_equal(state_number(boxed, "calls"), calls);
		assert_int_equal(made(boxed), rows[i].made);
		close(wire.fd);
	}
}

static void test_noise_after(void **state)
{
	struct boxed *boxed = *state;
	struct wire wire;

	ask_for(boxed, "noise");
	wire_open(&wire, boxed);
	wire_ask(&wire);
	wire_until(&wire, NULL);
	assert_int_equal(made(boxed), 0);
	close(wire.fd);
	ask_for(boxed, "noise-after");
	wire_open(&wire, boxed);
	wire_ask(&wire);
	wire_until(&wire, NULL);
	assert_int_equal(made(boxed), 2);
	assert_null(strstr(wire.got, "HTTP/1.1"));
	close(wire.fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_refusals, setup, teardown),
		cmocka_unit_test_setup_teardown(test_one_record, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fewer_records, setup, teardown),
		cmocka_unit_test_setup_teardown(test_token_dies, setup, teardown),
		cmocka_unit_test_setup_teardown(test_identity, setup, teardown),
		cmocka_unit_test_setup_teardown(test_how_often, setup, teardown),
		cmocka_unit_test_setup_teardown(test_late, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hold, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hold_all, setup, teardown),
		cmocka_unit_test_setup_teardown(test_connections, setup, teardown),
		cmocka_unit_test_setup_teardown(test_noise_after, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
