/* What receives: every answer there is, and that an answer of 200 stands for a line on the disk. */
#include "source/inbox.h"
#include "source/receiver.h"
#include "talk.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libintl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

struct fixture {
	struct talk talk;
	struct http_spec spec;
	struct receiver *receiver;
	char *folder;
	int troubles;
};

static bool admits(void *self, const struct receiver_letter *letter)
{
	(void)self;
	return letter->authorization && strcmp(letter->authorization, "Bearer good") == 0;
}

static void on_trouble(void *self, const struct error *err)
{
	struct fixture *fixture = self;

	assert_true(*err->message);
	fixture->troubles++;
}

static void start(struct fixture *fixture)
{
	struct receiver_options options = { .loop = fixture->talk.loop, .spec = &fixture->spec, .admits = admits, .trouble = on_trouble, .self = fixture };
	struct error err = { 0 };

	if (receiver_open(&options, &fixture->receiver, &err) != STATUS_OK)
		fail_msg("%s", err.message);
	snprintf(fixture->talk.url, sizeof fixture->talk.url, "http://127.0.0.1:%d", receiver_port(fixture->receiver));
}

static int setup(void **state)
{
	struct fixture *fixture = mem_alloc(sizeof *fixture);
	char name[] = "/tmp/penstock-receiver-XXXXXX", *text;
	struct error err = { 0 };

	assert_non_null(mkdtemp(name));
	fixture->folder = mem_strdup(name);
	text = mem_printf("http:127.0.0.1:0/in/here,token-file=none,spool=%s,limit=64K", name);
	assert_int_equal(http_parse(text, &fixture->spec, &err), STATUS_OK);
	mem_free(text);
	talk_init(&fixture->talk);
	snprintf(fixture->talk.authorization, sizeof fixture->talk.authorization, "Bearer good");
	start(fixture);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;
	char *command = mem_printf("chmod u+w '%s'; rm -rf '%s'", fixture->folder, fixture->folder);

	receiver_close(fixture->receiver);
	talk_done(&fixture->talk);
	http_done(&fixture->spec);
	assert_int_equal(system(command), 0);
	mem_free(command);
	mem_free(fixture->folder);
	mem_free(fixture);
	return 0;
}

/* All lines that are on the disk. */
static char *kept(const struct fixture *fixture)
{
	inbox_segments segments = { 0 };
	struct str all = { 0 };

	assert_int_equal(inbox_list(fixture->folder, &segments, NULL), STATUS_OK);
	for (size_t i = 0; i < segments.count; i++) {
		char *path = inbox_path(fixture->folder, segments.at[i].number), block[65536];
		FILE *file = fopen(path, "rb");
		size_t got;

		assert_non_null(file);
		while ((got = fread(block, 1, sizeof block, file)) > 0)
			str_add_bytes(&all, block, got);
		fclose(file);
		mem_free(path);
	}
	vec_done(&segments);
	return str_take(&all);
}

static void expect_kept(const struct fixture *fixture, const char *wanted)
{
	char *lines = kept(fixture);

	assert_string_equal(lines, wanted);
	mem_free(lines);
}

/* header NULL: none is looked for. */
static void expect(struct fixture *fixture, const char *method, const char *path, const char *type, const char *body, int status, const char *header, const char *says)
{
	struct answer answer;

	talk_ask(&fixture->talk, &answer, method, path, type, body);
	if (answer.status != status)
		fail_msg("%s %s %.80s: %ld, not %d: %s", method, path, body ? body : "", answer.status, status, str_text(&answer.body));
	if (header && !strstr(str_text(&answer.head), header))
		fail_msg("no %s in %s", header, str_text(&answer.head));
	if (says && !strstr(str_text(&answer.body), says))
		fail_msg("no %s in %s", says, str_text(&answer.body));
	json_free(answer_json(&answer));
	answer_done(&answer);
}

static void post(struct fixture *fixture, const char *body, int status, const char *says)
{
	expect(fixture, "POST", "/in/here", "application/json", body, status, NULL, says);
}

static void test_taken(void **state)
{
	struct fixture *fixture = *state;
	struct receiver_view view;

	post(fixture, "{\"a\":1}", 200, "\"accepted\":1,\"refused\":0");
	post(fixture, " [ {\"b\" : 1.10 ,\n\"c\":\"x\\ny\"}, {} ]\n", 200, "\"accepted\":2");
	expect(fixture, "POST", "/in/here?x=1", "Application/JSON; charset=utf-8", "{\"n\":9007199254740993}", 200, NULL, NULL);
	post(fixture, "[]", 200, "\"accepted\":0");
	expect_kept(fixture, "{\"a\":1}\n{\"b\":1.10,\"c\":\"x\\ny\"}\n{}\n{\"n\":9007199254740993}\n");
	assert_int_equal(receiver_counts(fixture->receiver).messages, 4);
	receiver_look(fixture->folder, &view);
	assert_true(view.listening && view.counted);
	assert_int_equal(view.holder.about, receiver_port(fixture->receiver));
	assert_int_equal(view.counts.messages, 4);
	assert_int_equal(view.counts.refused, receiver_counts(fixture->receiver).refused);
	assert_true(view.waiting > 0);
	assert_int_equal(fixture->troubles, 0);
}

static void test_refused(void **state)
{
	struct fixture *fixture = *state;
	char *big = mem_alloc(1000002);

	memset(big, ' ', 1000001);
	snprintf(fixture->talk.authorization, sizeof fixture->talk.authorization, "Bearer bad");
	expect(fixture, "POST", "/in/here", "application/json", big, 401, NULL, NULL);
	snprintf(fixture->talk.authorization, sizeof fixture->talk.authorization, "Bearer good");
	expect(fixture, "POST", "/in", "application/json", "{}", 404, NULL, "error");
	expect(fixture, "POST", "/in/here/", "application/json", "{}", 404, NULL, NULL);
	expect(fixture, "GET", "/", NULL, NULL, 404, NULL, NULL);
	expect(fixture, "GET", "/in/here", NULL, NULL, 405, "Allow: POST", NULL);
	expect(fixture, "PUT", "/in/here", "application/json", "{}", 405, "Allow: POST", NULL);
	expect(fixture, "POST", "/in/here", "text/plain", "{}", 415, NULL, NULL);
	expect(fixture, "POST", "/in/here", "application/jsonp", "{}", 415, NULL, NULL);
	expect(fixture, "POST", "/in/here", NULL, "{}", 415, NULL, NULL);
	expect(fixture, "POST", "/in/here", "application/json", big, 413, NULL, NULL);
	big[1000000] = '\0';
	big[0] = '{';
	big[1] = '}';
	post(fixture, big, 200, NULL);
	mem_free(big);
	for (const char *const *token = (const char *const[]){ "", "Bearer bad", "Bearer", "good", NULL }; *token; token++) {
		snprintf(fixture->talk.authorization, sizeof fixture->talk.authorization, "%s", *token);
		expect(fixture, "POST", "/in/here", "application/json", "{}", 401, "WWW-Authenticate: Bearer", NULL);
		/* Whoever is nobody learns nothing of what else is wrong. */
		expect(fixture, "POST", "/in/here", "text/plain", "{", 401, NULL, NULL);
	}
	assert_int_equal(receiver_counts(fixture->receiver).turned_away, 9);
	expect_kept(fixture, "{}\n");
}

/* Of an array the good ones are kept, and the answer says which were not. */
static void test_bad_messages(void **state)
{
	static const char *const bad[] = { "", " ", "{", "[{}", "{}{}", "{}\n{}", "{\"a\":\"\\u0000\"}", "\xef\xbb\xbf{}", "{\"a\":\"\xff\"}", "{'a':1}", "{\"a\":NaN}" };
	static const char *const no_profiles[] = { "1", "null", "\"x\"", "{\"identityMap\":[]}", "{\"segmentMembership\":1}" };
	struct fixture *fixture = *state;
	struct str deep = { 0 };

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		post(fixture, bad[i], 400, "error");
	for (size_t i = 0; i < sizeof no_profiles / sizeof *no_profiles; i++)
		post(fixture, no_profiles[i], 400, "\"accepted\":0,\"refused\":1,\"reasons\":[{\"index\":0,\"reason\":\"");
	for (int i = 0; i < 100000; i++)
		str_add_char(&deep, '[');
	post(fixture, str_text(&deep), 400, NULL);
	str_done(&deep);
	expect_kept(fixture, "");
	post(fixture, "[{\"a\":1},7,{\"identityMap\":3},{\"b\":2}]", 400, "\"accepted\":2,\"refused\":2,\"reasons\":[{\"index\":1,");
	expect_kept(fixture, "{\"a\":1}\n{\"b\":2}\n");
	/* No more reasons than somebody would read. */
	str_add(&deep, "[");
	for (int i = 0; i < 5000; i++)
		str_add(&deep, i ? ",0" : "0");
	str_add(&deep, "]");
	post(fixture, str_text(&deep), 400, "\"refused\":5000");
	str_done(&deep);
	assert_int_equal(receiver_counts(fixture->receiver).messages, 2);
}

/* Strangers who hold their halves of a body out take nothing from who has the token: more of them than may be held at once. */
static void test_strangers(void **state)
{
	enum { COUNT = 40, HALF = 900 * 1000 };
	static const char head[] = "POST /in/here HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\nAuthorization: Bearer bad\r\n\r\n";
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct fixture *fixture = *state;
	char *half = mem_alloc(HALF);
	int strangers[COUNT];

	memset(half, ' ', HALF);
	address.sin_port = htons((uint16_t)receiver_port(fixture->receiver));
	for (size_t i = 0; i < COUNT; i++) {
		strangers[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		if (connect(strangers[i], (struct sockaddr *)&address, sizeof address) != 0)
			assert_int_equal(errno, EINPROGRESS);
		for (size_t sent = 0, part; sent < sizeof head - 1 + HALF; sent += part) {
			const char *from = sent < sizeof head - 1 ? head + sent : half + (sent - (sizeof head - 1));
			ssize_t got = send(strangers[i], from, sent < sizeof head - 1 ? sizeof head - 1 - sent : sizeof head - 1 + HALF - sent, MSG_NOSIGNAL);

			assert_true(got >= 0 || errno == EAGAIN || errno == ENOTCONN || errno == EINTR);
			part = got > 0 ? (size_t)got : 0;
			talk_turn(&fixture->talk);
		}
	}
	post(fixture, "{\"a\":1}", 200, "\"accepted\":1");
	for (size_t i = 0; i < COUNT; i++)
		close(strangers[i]);
	mem_free(half);
}

/* In the place of the system's: another language than the code's. */
static bool foreign;

#undef gettext
#undef dcgettext
char *gettext(const char *text)
{
	static char word[] = "fremd";

	return foreign ? word : (char *)(uintptr_t)text;
}

char *dcgettext(const char *domain, const char *text, int category)
{
	(void)domain;
	(void)category;
	return gettext(text);
}

/* Senders are programs: what they are told is not in the language of whoever set this up. */
static void test_english(void **state)
{
	static const char *const bad[][2] = { { "[1", "it ends too early" }, { "", "it is empty" }, { "[1]", "not a profile message: it is not a JSON object" },
		{ "{\"identityMap\":1}", "not a profile message: identityMap is not an object" } };
	struct fixture *fixture = *state;

	foreign = true;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		post(fixture, bad[i][0], 400, bad[i][1]);
	foreign = false;
}

/* Many at once share a write; each has an answer of its own. */
static void test_together(void **state)
{
	enum { COUNT = 40 };
	struct fixture *fixture = *state;
	struct answer answers[COUNT];
	char *lines;
	size_t length;

	for (int i = 0; i < COUNT; i++)
		talk_send(&fixture->talk, &answers[i], "POST", "/in/here", "application/json", i % 4 ? "{\"k\":1}" : "nonsense");
	for (int i = 0; i < COUNT; i++) {
		talk_wait(&answers[i]);
		assert_int_equal(answers[i].status, i % 4 ? 200 : 400);
		answer_done(&answers[i]);
	}
	lines = kept(fixture);
	length = strlen(lines);
	assert_int_equal(length, COUNT * 3 / 4 * 8);
	mem_free(lines);
}

/* More waits than may: nothing is taken until somebody has taken from it. */
static void test_full(void **state)
{
	struct fixture *fixture = *state;
	char *body = mem_alloc(40000);
	inbox_segments segments = { 0 };
	struct inbox_place place;

	snprintf(body, 40000, "{\"k\":\"%035000d\"}", 1);
	post(fixture, body, 200, NULL);
	post(fixture, body, 200, NULL);
	talk_move(&fixture->talk, 1000);
	expect(fixture, "POST", "/in/here", "application/json", "{}", 429, "Retry-After: ", NULL);
	assert_int_equal(inbox_list(fixture->folder, &segments, NULL), STATUS_OK);
	place = (struct inbox_place){ .segment = segments.at[0].number, .offset = segments.at[0].size, .line = 2 };
	assert_int_equal(inbox_note_taken(fixture->folder, &place, NULL), STATUS_OK);
	vec_done(&segments);
	talk_move(&fixture->talk, 1000);
	post(fixture, "{}", 200, NULL);
	mem_free(body);
}

/* A disk without room: an answer that says to come again, no word of thanks; then it goes on, behind whatever half lines are there. */
static void test_no_disk(void **state)
{
	struct fixture *fixture = *state;
	struct rlimit before, narrow;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	narrow = (struct rlimit){ .rlim_cur = 4, .rlim_max = before.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &narrow), 0);
	expect(fixture, "POST", "/in/here", "application/json", "{\"lost\":1}", 503, "Retry-After: ", NULL);
	expect(fixture, "POST", "/in/here", "application/json", "{\"lost\":2}", 503, "Retry-After: ", NULL);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(fixture->troubles, 1); /* said once in a while */
	post(fixture, "{\"kept\":1}", 200, NULL);
	expect_kept(fixture, "{\"lo{\"lo{\"kept\":1}\n");
}

/* Segments do not stay for ever, so that what was taken can be deleted. */
static void test_segments_end(void **state)
{
	struct fixture *fixture = *state;
	inbox_segments segments = { 0 };

	post(fixture, "{\"a\":1}", 200, NULL);
	for (int minute = 0; minute < 11; minute++) {
		talk_move(&fixture->talk, 60 * 1000);
		for (int turn = 0; turn < 5; turn++)
			talk_turn(&fixture->talk);
	}
	post(fixture, "{\"b\":1}", 200, NULL);
	assert_int_equal(inbox_list(fixture->folder, &segments, NULL), STATUS_OK);
	assert_int_equal(segments.count, 2);
	vec_done(&segments);
	expect_kept(fixture, "{\"a\":1}\n{\"b\":1}\n");
}

static void test_one_receiver(void **state)
{
	struct fixture *fixture = *state;
	struct receiver_options options = { .loop = fixture->talk.loop, .spec = &fixture->spec, .admits = admits };
	struct lockfile_holder holder;
	struct receiver *second;
	struct error err = { 0 };

	assert_int_equal(receiver_open(&options, &second, &err), STATUS_FAILED);
	assert_null(second);
	assert_string_equal(err.code, "busy");
	assert_true(receiver_is_there(fixture->folder, &holder));
	assert_int_equal(holder.pid, getpid());
	assert_int_equal(holder.about, receiver_port(fixture->receiver));
	receiver_close(fixture->receiver);
	fixture->receiver = NULL;
	assert_false(receiver_is_there(fixture->folder, NULL));
	start(fixture);
	post(fixture, "{}", 200, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_taken, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bad_messages, setup, teardown),
		cmocka_unit_test_setup_teardown(test_strangers, setup, teardown),
		cmocka_unit_test_setup_teardown(test_english, setup, teardown),
		cmocka_unit_test_setup_teardown(test_together, setup, teardown),
		cmocka_unit_test_setup_teardown(test_full, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_disk, setup, teardown),
		cmocka_unit_test_setup_teardown(test_segments_end, setup, teardown),
		cmocka_unit_test_setup_teardown(test_one_receiver, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
