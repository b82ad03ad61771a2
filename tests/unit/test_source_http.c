/* What a source that is posted to is called, and the folder where messages wait: written by one, taken by another, in whatever order the two stop and start. */
#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "source/follow.h"
#include "source/http.h"
#include "source/inbox.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/penstock-http-XXXXXX";
static const char spec[] = "http:127.0.0.1:0/in,token-file=none,spool=inbox";

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int remove_folder(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	return chdir("/") == 0 && system(command) == 0 ? 0 : -1;
}

static int empty_folder(void **state)
{
	(void)state;
	return system("rm -rf inbox") == 0 ? 0 : -1;
}

/* --- specifications --- */

static void test_good_specs(void **state)
{
	static const struct {
		const char *text, *written; /* written NULL: as it is */
		const char *host, *path;
		int port;
		bool tls;
		int64_t limit;
	} good[] = {
		{ "http:127.0.0.1:8090/in,token-file=/t", NULL, "127.0.0.1", "/in", 8090, false, INT64_C(1) << 30 },
		{ "http://localhost:1/a/b-c._~,hmac-file=h,limit=64K", "http:127.0.0.1:1/a/b-c._~,hmac-file=h,limit=64K", "127.0.0.1", "/a/b-c._~", 1, false, 65536 },
		{ "http:[::1]:0/,limit=3M,token-file=a b,spool=/s", "http:[::1]:0/,token-file=a b,spool=/s,limit=3M", "::1", "/", 0, false, 3145728 },
		{ "http:127.9.9.9:65535/x,token-file=t,hmac-file=h", NULL, "127.9.9.9", "/x", 65535, false, INT64_C(1) << 30 },
		{ "https:0.0.0.0:443/x,token-file=t,certificate=c,key=k", NULL, "0.0.0.0", "/x", 443, true, INT64_C(1) << 30 },
		{ "https://[::]:8443/x,key=k,certificate=c,token-file=t,limit=1024G", "https:[::]:8443/x,token-file=t,certificate=c,key=k,limit=1024G", "::", "/x", 8443, true,
			INT64_C(1) << 40 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		struct http_spec http;
		struct str written = { 0 };
		struct error err = { 0 };

		assert_true(http_is(good[i].text));
		if (http_parse(good[i].text, &http, &err) != STATUS_OK)
			fail_msg("%s: %s", good[i].text, err.message);
		assert_string_equal(http.host, good[i].host);
		assert_string_equal(http.path, good[i].path);
		assert_int_equal(http.port, good[i].port);
		assert_int_equal(http.tls, good[i].tls);
		assert_true(http.limit == good[i].limit);
		http_write(&http, &written);
		assert_string_equal(str_text(&written), good[i].written ? good[i].written : good[i].text);
		str_done(&written);
		http_done(&http);
	}
	assert_false(http_is("httpd.ndjson"));
	assert_false(http_is("./http:x"));
}

static void test_bad_specs(void **state)
{
	static const char *const bad[] = {
		"http:", "http:/in", "http:127.0.0.1:8090", "http:127.0.0.1/in,token-file=t", "http::8090/in,token-file=t", "http:8090/in,token-file=t",
		"http:127.0.0.1:x/in,token-file=t", "http:127.0.0.1:65536/in,token-file=t", "http:127.0.0.1:-1/in,token-file=t", "http:127.0.0.1:/in,token-file=t",
		"http:example.com:80/in,token-file=t", "http:::1:80/in,token-file=t", "http:[::1:80/in,token-file=t", "http:[]:80/in,token-file=t", "http:[127.0.0.1]:80,token-file=t",
		"http:127.0.0.1:80/a b,token-file=t", "http:127.0.0.1:80/a?b=c,token-file=t", "http:127.0.0.1:80/%41,token-file=t", "http:user:pw@127.0.0.1:80/in,token-file=t",
		"http:127.0.0.1:80/in", "http:127.0.0.1:80/in,", "http:127.0.0.1:80/in,token-file", "http:127.0.0.1:80/in,token-file=", "http:127.0.0.1:80/in,token=x",
		"http:127.0.0.1:80/in,token-file=t,token-file=u", "http:127.0.0.1:80/in,token-file=t,", "http:127.0.0.1:80/in,Token-File=t",
		"http:127.0.0.1:80/in,token-file=t,limit=0", "http:127.0.0.1:80/in,token-file=t,limit=1K", "http:127.0.0.1:80/in,token-file=t,limit=K",
		"http:127.0.0.1:80/in,token-file=t,limit=1025G", "http:127.0.0.1:80/in,token-file=t,limit=1T", "http:127.0.0.1:80/in,token-file=t,limit=-64K",
		/* Others could listen in. */
		"http:0.0.0.0:80/in,token-file=t", "http:[::]:80/in,token-file=t", "http:192.0.2.1:80/in,token-file=t", "http:128.0.0.1:80/in,token-file=t",
		/* Half of TLS, or TLS that is not one. */
		"https:127.0.0.1:80/in,token-file=t", "https:127.0.0.1:80/in,token-file=t,key=k", "https:127.0.0.1:80/in,token-file=t,certificate=c",
		"http:127.0.0.1:80/in,token-file=t,certificate=c,key=k", "https:0.0.0.0:80/in,certificate=c,key=k",
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct http_spec http;
		struct error err = { 0 };

		if (http_parse(bad[i], &http, &err) == STATUS_OK)
			fail_msg("taken: %s", bad[i]);
		assert_int_equal(err.status, STATUS_USAGE);
		assert_true(*err.message && *err.hint);
		http_done(&http);
	}
}

/* --- places --- */

static void test_places(void **state)
{
	static const char *const bad[] = { "", "inbox/", "inbox/1/2", "inbox/1/2/3/4", "inbox/1/2/-3", "inbox/a/2/3", "inbox/1//3", "spool/1/2/3", "inbox/1/2/3 ", "inbox/99999999999999999999/2/3" };
	struct inbox_place place = { .segment = 1795435200000, .offset = 77, .line = 3 }, back;
	struct str text = { 0 };

	(void)state;
	inbox_place_write(&place, &text);
	assert_string_equal(str_text(&text), "inbox/1795435200000/77/3");
	assert_true(inbox_place_read(&back, str_text(&text)));
	assert_memory_equal(&place, &back, sizeof place);
	str_done(&text);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(inbox_place_read(&back, bad[i]));
}

/* --- a folder --- */

static struct inbox_writer *begin(void)
{
	struct inbox_writer *writer;
	struct error err = { 0 };

	if (inbox_writer_open("inbox", &writer, &err) != STATUS_OK)
		fail_msg("%s", err.message);
	return writer;
}

/* One message a letter. */
static void put(struct inbox_writer *writer, const char *letters)
{
	for (; *letters; letters++) {
		char line[32];

		inbox_add(writer, line, (size_t)snprintf(line, sizeof line, "{\"k\":\"%c\"}", *letters));
	}
	assert_int_equal(inbox_keep(writer, NULL), STATUS_OK);
	assert_int_equal(inbox_added(writer), 0);
}

static struct follow *start(const char *position)
{
	struct follow *follow;
	struct error err = { 0 };

	if (follow_open(spec, position, &follow, &err) != STATUS_OK)
		fail_msg("%s", err.message);
	return follow;
}

/* The letters of what waits; every batch is called taken when `taken`. */
static const char *letters(struct follow *follow, bool taken)
{
	static char all[256];
	size_t count = 0;
	int64_t waiting;

	while (follow_look(follow, &waiting, NULL) == STATUS_OK && waiting) {
		struct source *source = follow_batch(follow);
		const struct json *message;
		const char *why;

		while (source_next(source, &message, &why, NULL) == SOURCE_PROFILE)
			all[count++] = *json_get_string(message, "k");
		if (!taken)
			break;
		assert_int_equal(follow_taken(follow, NULL), STATUS_OK);
	}
	all[count] = '\0';
	return all;
}

static size_t count_segments(void)
{
	inbox_segments segments = { 0 };
	size_t count;

	assert_int_equal(inbox_list("inbox", &segments, NULL), STATUS_OK);
	count = segments.count;
	vec_done(&segments);
	return count;
}

static void test_taken_once(void **state)
{
	struct inbox_writer *writer = begin();
	struct str position = { 0 };
	struct follow *follow;
	struct stat about;

	(void)state;
	assert_int_equal(stat("inbox", &about), 0);
	assert_int_equal(about.st_mode & 0777, 0700);
	put(writer, "abc");
	follow = start(NULL);
	assert_string_equal(letters(follow, false), "abc");
	assert_string_equal(letters(follow, true), "abc");
	assert_string_equal(letters(follow, true), "");
	put(writer, "d");
	assert_string_equal(letters(follow, true), "d");
	follow_position(follow, &position);
	put(writer, "ef");
	assert_string_equal(letters(follow, false), "ef"); /* killed before it could be called taken */
	follow_close(follow);
	follow = start(str_text(&position));
	assert_string_equal(letters(follow, true), "ef");
	follow_close(follow);
	/* Without a position kept elsewhere the folder itself knows. */
	put(writer, "g");
	follow = start(NULL);
	assert_string_equal(letters(follow, true), "g");
	/* A position of before: what is still there comes again, and no more than that. */
	follow_close(follow);
	follow = start(str_text(&position));
	assert_string_equal(letters(follow, true), "efg");
	follow_close(follow);
	str_done(&position);
	inbox_writer_close(writer);
}

/* Each writer begins a segment of its own: a half line that the one before has left is nobody's. Segments that are over are deleted. */
static void test_segments(void **state)
{
	struct inbox_writer *writer = begin();
	inbox_segments segments = { 0 };
	struct follow *follow;
	char *path;
	int fd;

	(void)state;
	put(writer, "ab");
	inbox_writer_close(writer);
	assert_int_equal(inbox_list("inbox", &segments, NULL), STATUS_OK);
	assert_int_equal(segments.count, 1);
	path = inbox_path("inbox", segments.at[0].number);
	fd = open(path, O_WRONLY | O_APPEND);
	assert_int_equal(write(fd, "{\"k\":", 5), 5);
	close(fd);
	writer = begin();
	put(writer, "c");
	follow = start(NULL);
	assert_string_equal(letters(follow, true), "abc");
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(count_segments(), 1);
	mem_free(path);
	/* One who has written nothing leaves nothing behind. */
	for (int i = 0; i < 5; i++) {
		inbox_writer_close(writer);
		writer = begin();
	}
	assert_string_equal(letters(follow, true), "");
	assert_int_equal(count_segments(), 1);
	put(writer, "d");
	assert_string_equal(letters(follow, true), "d");
	/* Emptied by hand: a new segment has a number of its own, whatever was taken before. */
	inbox_writer_close(writer);
	assert_int_equal(system("rm -f inbox/*.ndjson"), 0);
	writer = begin();
	put(writer, "e");
	assert_string_equal(letters(follow, true), "e");
	follow_close(follow);
	inbox_writer_close(writer);
	vec_done(&segments);
}

static void test_strangers_in_the_folder(void **state)
{
	struct inbox_writer *writer = begin();
	struct follow *follow;

	(void)state;
	put(writer, "a");
	assert_int_equal(system("cd inbox && echo '{\"k\":\"x\"}' > x.ndjson && echo > 0000000000000000.ndjson && mkdir 0000000000000009.ndjson && ln -s /etc/passwd 0000000000000008.ndjson"
		" && echo '{\"k\":\"y\"}' > 00000000000000x1.ndjson"), 0);
	follow = start(NULL);
	assert_string_equal(letters(follow, true), "a");
	follow_close(follow);
	inbox_writer_close(writer);
}

/* Two who take from one folder would each see a part. */
static void test_one_taker(void **state)
{
	struct inbox_writer *writer = begin();
	struct follow *first = start(NULL), *second = start(NULL);
	struct error err = { 0 };
	int64_t waiting;

	(void)state;
	put(writer, "a");
	assert_int_equal(follow_look(first, &waiting, &err), STATUS_OK);
	assert_int_equal(waiting, 10);
	assert_int_equal(follow_look(second, &waiting, &err), STATUS_FAILED);
	assert_string_equal(err.code, "busy");
	follow_close(first);
	assert_string_equal(letters(second, true), "a");
	follow_close(second);
	inbox_writer_close(writer);
}

/* Whoever only looks sees what waits, as often as he looks, and takes nothing. */
static void test_only_looking(void **state)
{
	struct inbox_writer *writer = begin();
	struct follow *follow = start(NULL);
	struct source_report report;

	(void)state;
	assert_int_equal(source_check(spec, 0, NULL, &report, NULL), STATUS_OK);
	assert_int_equal(report.profiles, 0);
	source_report_done(&report);
	put(writer, "abc");
	assert_string_equal(letters(follow, true), "abc");
	put(writer, "de");
	inbox_writer_close(writer);
	writer = begin();
	put(writer, "f");
	for (int i = 0; i < 2; i++) {
		assert_int_equal(source_check(spec, 0, NULL, &report, NULL), STATUS_OK);
		assert_string_equal(report.format, "http");
		assert_int_equal(report.profiles, 3);
		assert_int_equal(report.bad_count, 0);
		source_report_done(&report);
	}
	assert_string_equal(letters(follow, true), "def");
	follow_close(follow);
	inbox_writer_close(writer);
}

static void test_no_room(void **state)
{
	struct inbox_writer *writer;
	struct error err = { 0 };

	(void)state;
	assert_int_equal(system("mkdir -p inbox && : > inbox/file"), 0);
	assert_int_equal(inbox_writer_open("inbox/file", &writer, &err), STATUS_FAILED);
	assert_null(writer);
	assert_true(*err.message);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_specs),
		cmocka_unit_test(test_bad_specs),
		cmocka_unit_test(test_places),
		cmocka_unit_test_setup(test_taken_once, empty_folder),
		cmocka_unit_test_setup(test_segments, empty_folder),
		cmocka_unit_test_setup(test_strangers_in_the_folder, empty_folder),
		cmocka_unit_test_setup(test_one_taker, empty_folder),
		cmocka_unit_test_setup(test_only_looking, empty_folder),
		cmocka_unit_test_setup(test_no_room, empty_folder),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
