/* Readers: lines of every kind, from files, pipes and things that are no source; and what is in a source. */
#include "base/mem.h"
#include "base/str.h"
#include "model/profile.h"
#include "source/limit.h"
#include "source/source.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/penstock-source-XXXXXX";

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

/* Free with mem_free. */
static char *in_folder(const char *name)
{
	return mem_printf("%s/%s", folder, name);
}

/* Writes a file and returns its path: drop() removes and frees it. */
static char *make_file(const char *name, const void *bytes, size_t length)
{
	char *path = in_folder(name);
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
	return path;
}

static void drop(char *path)
{
	assert_int_equal(unlink(path), 0);
	mem_free(path);
}

static struct source *open_ok(const char *spec)
{
	struct source *source;
	struct error err = { 0 };

	if (source_open(spec, &source, &err) != STATUS_OK)
		fail_msg("%s: %s", spec, err.message);
	assert_string_equal(source_format(source), "ndjson");
	return source;
}

/* Reads all and says what came: "1a 2! 4b" is a profile with {"k":"a"} in line 1, a bad line 2, and one in line 4. */
static char *read_all(struct source *source)
{
	struct str text = { 0 };
	struct error err = { 0 };

	for (;;) {
		const struct json *message;
		const char *why, *key;
		enum source_next next = source_next(source, &message, &why, &err);

		if (next == SOURCE_END)
			break;
		assert_int_not_equal(next, SOURCE_ERROR);
		str_add_format(&text, "%s%lld", text.length ? " " : "", (long long)source_position(source));
		if (next == SOURCE_BAD) {
			assert_non_null(why);
			assert_null(message);
			str_add_char(&text, '!');
			continue;
		}
		assert_null(why);
		key = json_get_string(message, "k");
		str_add(&text, key ? key : "-");
	}
	return str_take(&text);
}

static void check_lines(const void *bytes, size_t length, const char *expected)
{
	char *path = make_file("feed.ndjson", bytes, length);
	struct source *source = open_ok(path);
	char *found = read_all(source);

	assert_string_equal(found, expected);
	assert_int_equal(source_size(source), length);
	assert_int_equal(source_bytes(source), length);
	mem_free(found);
	source_close(source);
	drop(path);
}

#define LINES(text, expected) check_lines(text, sizeof(text) - 1, expected)

static void test_lines(void **state)
{
	(void)state;
	LINES("{\"k\":\"a\"}\n{\"k\":\"b\"}\n", "1a 2b");
	LINES("{\"k\":\"a\"}\n{\"k\":\"b\"}", "1a 2b");
	LINES("{\"k\":\"a\"}\r\n{\"k\":\"b\"}\r\n", "1a 2b");
	LINES("{\"k\":\"a\"}\r", "1a");
	LINES("\xef\xbb\xbf{\"k\":\"a\"}\n", "1a");
	LINES("\xef\xbb\xbf", "");
	LINES("\xef\xbb", "1!");
	LINES("{\"k\":\"a\"}\n\xef\xbb\xbf{\"k\":\"b\"}\n", "1a 2!");
	LINES("\n\r\n  \t\n{\"k\":\"a\"}\n\n", "4a");
	LINES("", "");
	LINES("\n", "");
	LINES(" {\"k\":\"a\"} \n", "1a");
	LINES("{}", "1-");
	LINES("{\"k\":\"a\"}\nnot json\n{\"k\":\n{\"k\":\"b\"}x\n{\"k\":\"c\"}", "1a 2! 3! 4! 5c");
	LINES("[]\n\"x\"\n5\nnull\n{\"k\":\"a\"}", "1! 2! 3! 4! 5a");
	LINES("{\"identityMap\":[]}\n{\"segmentMembership\":5}\n{\"k\":\"a\"}", "1! 2! 3a");
	LINES("{\"k\":\"a\0b\"}\n{\"k\":\"c\"}\n\0\n", "1! 2c 3!");
	LINES("{\"k\":\"a\\u0000b\"}\n{\"k\":\"c\"}", "1! 2c");
	LINES("{\"k\":\"Andr\xe9\"}\n{\"k\":\"\xc0\x80\"}\n{\"k\":\"\xed\xa0\x80\"}\n{\"k\":\"c\"}", "1! 2! 3! 4c");
	LINES("{\"k\":\"\xf0\x9f\x8e\x89\"}\n{\"k\":\"\xd7\xa9\xe2\x80\xae\"}\n", "1\xf0\x9f\x8e\x89 2\xd7\xa9\xe2\x80\xae");
	LINES("{\"k\":\"a\\ud83c\"}\n{\"k\":\"\\ud83c\\udf89\"}", "1! 2\xf0\x9f\x8e\x89");
}

/* Lines around the limit, with every ending, in any place of the file. */
static void check_long(size_t length, const char *ending, bool bad)
{
	struct str text = { 0 };
	char *path, *found;
	struct source *source;

	str_add(&text, "{\"k\":\"a\"}\n");
	str_add(&text, "{\"k\":\"b\",\"x\":\"");
	for (size_t i = 0; i < length - strlen("{\"k\":\"b\",\"x\":\"\"}"); i++)
		str_add_char(&text, 'x');
	str_add(&text, "\"}");
	str_add(&text, ending);
	if (*ending)
		str_add(&text, "{\"k\":\"c\"}");
	path = make_file("feed.ndjson", text.text, text.length);
	source = open_ok(path);
	found = read_all(source);
	assert_string_equal(found, bad ? (*ending ? "1a 2! 3c" : "1a 2!") : (*ending ? "1a 2b 3c" : "1a 2b"));
	assert_int_equal(source_bytes(source), text.length);
	mem_free(found);
	source_close(source);
	str_done(&text);
	drop(path);
}

static void test_limit(void **state)
{
	static const char *const endings[] = { "\n", "\r\n", "" };
	static const int around[] = { -1, 0, 1, 2, 16, 17, 18, 5000, 3 * 1024 * 1024 };

	(void)state;
	for (size_t e = 0; e < sizeof endings / sizeof *endings; e++) {
		for (size_t i = 0; i < sizeof around / sizeof *around; i++)
			check_long((size_t)(SOURCE_LINE_LIMIT + around[i]), endings[e], around[i] > 0);
	}
}

/* A file with a hole of a gigabyte in it: one line of NULs, passed over in constant memory. */
static void test_gigabyte(void **state)
{
	char *path = make_file("feed.ndjson", "{\"k\":\"a\"}\n", 10);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	struct source *source;
	char *found;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, "\n{\"k\":\"b\"}\n", 11, (off_t)1 << 30), 11);
	close(fd);
	source = open_ok(path);
	found = read_all(source);
	assert_string_equal(found, "1a 2! 3b");
	assert_int_equal(source_bytes(source), (1LL << 30) + 11);
	mem_free(found);
	source_close(source);
	drop(path);
}

static void test_numbers(void **state)
{
	static const char text[] = "{\"n\":9007199254740993,\"d\":0.1000,\"h\":123456789012345678901234567890}";
	char *path = make_file("feed.json", text, sizeof text - 1);
	struct source *source = open_ok(path);
	const struct json *message;
	const char *why;

	(void)state;
	assert_int_equal(source_next(source, &message, &why, NULL), SOURCE_PROFILE);
	assert_string_equal(json_number_text(json_get(message, "n")), "9007199254740993");
	assert_string_equal(json_number_text(json_get(message, "d")), "0.1000");
	assert_string_equal(json_number_text(json_get(message, "h")), "123456789012345678901234567890");
	assert_int_equal(source_next(source, &message, &why, NULL), SOURCE_END);
	assert_int_equal(source_next(source, &message, &why, NULL), SOURCE_END);
	source_close(source);
	drop(path);
}

/* Which names and contents are taken for what. */
static void test_formats(void **state)
{
	static const struct {
		const char *prefix, *name, *content;
		enum status status;
		const char *says; /* in message and hint of a refusal */
	} cases[] = {
		{ "", "a.ndjson", "anything", STATUS_OK, NULL },
		{ "", "a.JSONL", "anything", STATUS_OK, NULL },
		{ "", "a.json", "", STATUS_OK, NULL },
		{ "", "a", "{\"k\":1}", STATUS_OK, NULL },
		{ "", "a.txt", "\xef\xbb\xbf\n\n  {\"k\":1}", STATUS_OK, NULL },
		{ "", "a.log", "bad line\n{\"k\":1}\n", STATUS_OK, NULL },
		{ "", "a", "", STATUS_OK, NULL },
		{ "ndjson:", "a.csv", "x", STATUS_OK, NULL },
		{ "ndjson:", "a", "x", STATUS_OK, NULL },
		{ "", "a", "just words\n", STATUS_USAGE, "ndjson:FILE" },
		{ "", "a", "\x7f" "ELF\x02\x01", STATUS_USAGE, "ndjson:FILE" },
		{ "", "a", "<html><body>", STATUS_USAGE, "ndjson:FILE" },
		{ "", "a", "[1,2]", STATUS_USAGE, "NDJSON" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *path = make_file(cases[i].name, cases[i].content, strlen(cases[i].content));
		char *spec = mem_printf("%s%s", cases[i].prefix, path);
		struct source *source;
		struct error err = { 0 };
		enum status status = source_open(spec, &source, &err);

		if (status != cases[i].status)
			fail_msg("case %zu: %d %s", i, (int)status, err.message);
		assert_int_equal(status == STATUS_OK, source != NULL);
		if (cases[i].says)
			assert_true(strstr(err.message, cases[i].says) || strstr(err.hint, cases[i].says));
		source_close(source);
		mem_free(spec);
		drop(path);
	}
}

static void check_refused(const char *spec, enum status status, const char *says)
{
	struct source *source;
	struct error err = { 0 };

	assert_int_equal(source_open(spec, &source, &err), status);
	assert_null(source);
	assert_int_equal(err.status, status);
	if (!strstr(err.message, says))
		fail_msg("%s: %s", spec, err.message);
}

static void test_refusals(void **state)
{
	char *missing = in_folder("missing.ndjson");

	(void)state;
	check_refused(missing, STATUS_FAILED, strerror(ENOENT));
	{
		char *forced = mem_printf("ndjson:%s", folder);

		check_refused(forced, STATUS_USAGE, "directory");
		mem_free(forced);
	}
	check_refused("spool:/nowhere/at/all", STATUS_FAILED, "no folder");
	check_refused("", STATUS_USAGE, "");
	check_refused("ndjson:", STATUS_USAGE, "");
	check_refused("postgresql://reader:secret@db.example.com/feed#members.sql", STATUS_USAGE, "");
	check_refused("sqlite:/nowhere/at/all.db#members.sql", STATUS_FAILED, "/nowhere/at/all.db");
	check_refused("sqlite:/dev/null", STATUS_USAGE, "without a query");
	check_refused("https://example.com/feed.ndjson", STATUS_USAGE, "HTTP");
	check_refused("http://example.com/feed.ndjson", STATUS_USAGE, "HTTP");
	check_refused("kafka:topic", STATUS_USAGE, "Kafka");
	mem_free(missing);
	missing = in_folder("mis\x1b[2Jsing.ndjson");
	check_refused(missing, STATUS_FAILED, "mis");
	mem_free(missing);
	source_close(NULL);
}

static void test_unreadable(void **state)
{
	char *path = make_file("secret.ndjson", "{}", 2);

	(void)state;
	assert_int_equal(chmod(path, 0), 0);
	if (access(path, R_OK) != 0) /* the administrator may read everything */
		check_refused(path, STATUS_FAILED, strerror(EACCES));
	drop(path);
}

/* Reading fails after opening went well: /proc/self/mem answers EIO at offset 0. */
static void test_read_error(void **state)
{
	struct source *source;
	const struct json *message;
	const char *why;
	struct error err = { 0 };

	(void)state;
	if (access("/proc/self/mem", R_OK) != 0)
		skip();
	source = open_ok("ndjson:/proc/self/mem");
	assert_int_equal(source_next(source, &message, &why, &err), SOURCE_ERROR);
	assert_int_equal(err.status, STATUS_FAILED);
	assert_non_null(strstr(err.message, strerror(EIO)));
	source_close(source);
}

/* Runs `feed` in a process of its own that writes into the pipe's end. */
static pid_t start_writer(const char *path, void (*feed)(int fd))
{
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		int fd = open(path, O_WRONLY | O_CLOEXEC);

		feed(fd);
		close(fd);
		_exit(0);
	}
	return child;
}

/* A byte at a write, so that lines, marks and characters come in pieces. */
static void feed_in_pieces(int fd)
{
	static const char text[] = "\xef\xbb\xbf{\"k\":\"a\"}\r\n\n{\"k\":\"\xc3\xa9\"}\nbad\n{\"k\":\"b\"}";

	for (size_t i = 0; i < sizeof text - 1; i++) {
		if (write(fd, text + i, 1) != 1)
			_exit(1);
	}
}

static void test_fifo(void **state)
{
	char *path = in_folder("fifo");
	struct source *source;
	char *found;
	pid_t child;
	int status;

	(void)state;
	assert_int_equal(mkfifo(path, 0600), 0);
	child = start_writer(path, feed_in_pieces);
	source = open_ok(path);
	found = read_all(source);
	assert_string_equal(found, "1a 3\xc3\xa9 4! 5b");
	assert_int_equal(source_size(source), -1);
	mem_free(found);
	source_close(source);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	drop(path);
}

static void test_standard_input(void **state)
{
	static const char text[] = "first line is bad\n{\"k\":\"a\"}\n";
	char *path = make_file("feed", text, sizeof text - 1);
	int saved = dup(STDIN_FILENO);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct source *source;
	char *found;

	(void)state;
	assert_true(saved >= 0 && fd >= 0);
	assert_int_equal(dup2(fd, STDIN_FILENO), STDIN_FILENO);
	source = open_ok("-");
	found = read_all(source);
	assert_string_equal(found, "1! 2a");
	assert_int_equal(source_size(source), sizeof text - 1);
	source_close(source);
	assert_int_equal(lseek(STDIN_FILENO, 0, SEEK_CUR), sizeof text - 1); /* still open: it is not ours to close */
	assert_int_equal(dup2(saved, STDIN_FILENO), STDIN_FILENO);
	close(saved);
	close(fd);
	mem_free(found);
	drop(path);
}

/* A pipe that nobody writes to does not keep a stopped program. */
static void test_stop(void **state)
{
	char *path = in_folder("fifo");
	bool stop = false;
	struct source *source;
	const struct json *message;
	const char *why;
	struct error err = { 0 };
	int fd;

	(void)state;
	assert_int_equal(mkfifo(path, 0600), 0);
	fd = open(path, O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "{\"k\":\"a\"}\n", 10), 10);
	source = open_ok(path);
	source_stop_at(source, &stop);
	assert_int_equal(source_next(source, &message, &why, &err), SOURCE_PROFILE);
	stop = true;
	assert_int_equal(source_next(source, &message, &why, &err), SOURCE_ERROR);
	assert_int_equal(err.status, STATUS_STOPPED);
	source_close(source);
	close(fd);
	drop(path);
}

static const struct source_attribute *attribute(const struct source_report *report, const char *path)
{
	for (size_t i = 0; i < report->attributes.count; i++) {
		if (strcmp(report->attributes.at[i].path, path) == 0)
			return &report->attributes.at[i];
	}
	return NULL;
}

static void check_attribute(const struct source_report *report, const char *path, int64_t filled, const char *example)
{
	const struct source_attribute *found = attribute(report, path);

	if (!found)
		fail_msg("no attribute %s", path);
	assert_int_equal(found->filled, filled);
	assert_string_equal(found->example, example);
}

static void test_check(void **state)
{
	static const char text[] =
		"{\"person\":{\"name\":{\"firstName\":\"Ann\",\"lastName\":null},\"list\":[{\"x\":1}]},\"score\":1.50,\"active\":false,\"_x\":{\"web.site\":\"s\",\"q\\\"\":1},"
		"\"identityMap\":{\"email\":[{\"id\":\" \"},{\"id\":\"a@example.com\"}],\"E-mail\":[\"b@example.com\"],\"LoyaltyCard\":[{\"id\":\"L1\"}],\"ECID\":[]},"
		"\"segmentMembership\":{\"ups\":{\"a1\":{\"status\":\"realized\"},\"a2\":{\"status\":\"exited\"}},\"AAM\":{\"a3\":{\"status\":\"odd\"}}}}\n"
		"no message\n"
		"{\"person\":{\"name\":{\"firstName\":\"\\u001b[31mBob\\u202e\",\"lastName\":\"Lee\"}},\"identityMap\":{\"LOYALTYCARD\":[{\"id\":\"L2\"}]},"
		"\"segmentMembership\":{\"other\":{\"a1\":{\"status\":\"existing\",\"name\":\"Buyers\"}}}}\n"
		"[]\n";
	char *path = make_file("feed.ndjson", text, sizeof text - 1);
	struct source_report report;
	struct error err = { 0 };

	(void)state;
	assert_int_equal(source_check(path, 0, NULL, &report, &err), STATUS_OK);
	assert_string_equal(report.format, "ndjson");
	assert_int_equal(report.profiles, 2);
	assert_int_equal(report.bad_count, 2);
	assert_int_equal(report.bad.count, 2);
	assert_int_equal(report.bad.at[0].position, 2);
	assert_int_equal(report.bad.at[1].position, 4);
	assert_string_not_equal(report.bad.at[1].reason, "");
	assert_false(report.truncated);
	assert_int_equal(report.attributes.count, 8);
	assert_string_equal(report.attributes.at[0].path, "identityMap.Email");
	check_attribute(&report, "identityMap.Email", 1, "a@example.com");
	check_attribute(&report, "identityMap.LoyaltyCard", 2, "L1");
	check_attribute(&report, "person.name.firstName", 2, "Ann");
	check_attribute(&report, "person.name.lastName", 1, "Lee");
	check_attribute(&report, "score", 1, "1.50");
	check_attribute(&report, "active", 1, "false");
	check_attribute(&report, "_x.\"web.site\"", 1, "s");
	check_attribute(&report, "_x.\"q\"\"\"", 1, "1");
	assert_int_equal(report.audiences.count, 3);
	assert_string_equal(report.audiences.at[0].id, "a1");
	assert_string_equal(report.audiences.at[0].group, "ups");
	assert_string_equal(report.audiences.at[0].name, "Buyers");
	assert_int_equal(report.audiences.at[0].realized, 1);
	assert_int_equal(report.audiences.at[0].existing, 1);
	assert_int_equal(report.audiences.at[1].exited, 1);
	assert_null(report.audiences.at[1].name);
	assert_int_equal(report.audiences.at[2].unknown, 1);
	for (size_t i = 0; i < report.attributes.count; i++) {
		struct path *parsed = path_parse(report.attributes.at[i].path, NULL);

		assert_non_null(parsed);
		assert_string_equal(path_text(parsed), report.attributes.at[i].path);
		path_free(parsed);
	}
	source_report_done(&report);
	drop(path);
}

/* What people see of a feed cannot move their cursor, and is short. */
static void test_check_cleans(void **state)
{
	static const char text[] = "{\"a\\u001bb\":\"\\u001b[2J\\u202e\",\"long\":\"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
		"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
		"x\xc3\xa9\xc3\xa9\",\"segmentMembership\":{\"u\\u0007\":{\"i\\u0007\":{\"status\":\"realized\",\"name\":\"n\\u0007\"}}}}";
	char *path = make_file("feed.ndjson", text, sizeof text - 1);
	struct source_report report;

	(void)state;
	assert_int_equal(source_check(path, 0, NULL, &report, NULL), STATUS_OK);
	assert_int_equal(report.attributes.count, 2);
	for (size_t i = 0; i < 2; i++) {
		assert_null(strchr(report.attributes.at[i].path, '\x1b'));
		assert_null(strchr(report.attributes.at[i].example, '\x1b'));
		assert_true(strlen(report.attributes.at[i].example) <= 60);
	}
	assert_int_equal(strlen(attribute(&report, "long")->example), 59);
	assert_null(strchr(report.audiences.at[0].id, '\x07'));
	assert_null(strchr(report.audiences.at[0].name, '\x07'));
	assert_null(strchr(report.audiences.at[0].group, '\x07'));
	source_report_done(&report);
	drop(path);
}

static void test_check_bounds(void **state)
{
	struct str text = { 0 };
	struct source_report report;
	char *path;

	(void)state;
	for (int line = 0; line < 1200; line++)
		str_add(&text, "bad\n");
	str_add(&text, "{\"segmentMembership\":{\"ups\":{");
	for (int i = 0; i < 10050; i++)
		str_add_format(&text, "%s\"audience-%d\":{\"status\":\"realized\"}", i ? "," : "", i);
	str_add(&text, "}}");
	for (int i = 0; i < 2050; i++)
		str_add_format(&text, ",\"attribute%d\":%d", i, i);
	str_add(&text, "}\n");
	path = make_file("feed.ndjson", text.text, text.length);
	assert_int_equal(source_check(path, 0, NULL, &report, NULL), STATUS_OK);
	assert_true(report.truncated);
	assert_int_equal(report.bad_count, 1200);
	assert_int_equal(report.bad.count, 1000);
	assert_int_equal(report.audiences.count, 10000);
	assert_int_equal(report.attributes.count, 2000);
	source_report_done(&report);
	str_done(&text);
	drop(path);
}

static void test_check_ends_early(void **state)
{
	static const char text[] = "{\"a\":1}\n{\"a\":1}\n{\"a\":1}\n";
	char *path = make_file("feed.ndjson", text, sizeof text - 1);
	struct source_report report;
	struct error err = { 0 };
	bool stop = true;
	const struct source_watch watch = { .stop = &stop };

	(void)state;
	assert_int_equal(source_check(path, 2, NULL, &report, &err), STATUS_OK);
	assert_int_equal(report.profiles, 2);
	source_report_done(&report);
	assert_int_equal(source_check(path, 0, &watch, &report, &err), STATUS_STOPPED);
	assert_int_equal(report.profiles, 0);
	source_report_done(&report);
	drop(path);
}

static void check_empty(const char *bytes, size_t length, int64_t bad)
{
	char *path = make_file("feed.ndjson", bytes, length);
	struct source_report report;
	struct error err = { 0 };

	assert_int_equal(source_check(path, 0, NULL, &report, &err), STATUS_FAILED);
	assert_string_equal(err.code, "empty_source");
	assert_string_not_equal(err.message, "");
	assert_string_not_equal(err.hint, "");
	assert_int_equal(report.bad_count, bad);
	source_report_done(&report);
	drop(path);
}

static void test_check_empty(void **state)
{
	struct source_report report;
	char *missing = in_folder("missing.ndjson");

	(void)state;
	check_empty("", 0, 0);
	check_empty("\n\r\n \n", 5, 0);
	check_empty("\xef\xbb\xbf", 3, 0);
	check_empty("<html>\n</html>\n", 15, 2);
	assert_int_equal(source_check(missing, 0, NULL, &report, NULL), STATUS_FAILED);
	source_report_done(&report);
	mem_free(missing);
}

/* Free with mem_free. */
static char *real_path(const char *path)
{
	char *real = realpath(path, NULL), *copy = mem_strdup(real);

	free(real);
	return copy;
}

static void expect_opens(const char *spec, bool opens)
{
	struct source *source;
	struct error err = { 0 };
	bool opened = source_open(spec, &source, &err) == STATUS_OK;

	source_close(source);
	if (opened != opens)
		fail_msg("%s: %s", spec, opened ? "was opened" : err.message);
}

/* What somebody else has named is no link to another place, in no part of it: a file, a database, the file of its query. */
static void test_kept(void **state)
{
	static const char line[] = "{}\n", query[] = "SELECT 1 AS one";
	char *real = real_path(folder), *within = mem_printf("%s/within", real), *feed = mem_printf("%s/feed", within), *other, *link = in_folder("link"), *elsewhere, *specs[3];
	const char *const paths[] = { feed, NULL };

	(void)state;
	assert_int_equal(mkdir(within, 0700), 0);
	mem_free(make_file("within/feed", line, sizeof line - 1));
	mem_free(make_file("within/query", query, sizeof query - 1));
	other = make_file("other", query, sizeof query - 1);
	elsewhere = mem_printf("ndjson:%s", other);
	specs[0] = mem_printf("ndjson:%s", feed);
	specs[1] = mem_printf("sqlite:%s#%s", feed, other);
	specs[2] = mem_printf("sqlite:%s#%s", other, feed);
	for (int around = 0; around < 4; around++) {
		/* As it was; a link in its place; another folder in the place of the one it is in; nobody else has named it. */
		if (around == 1) {
			assert_int_equal(unlink(feed), 0);
			assert_int_equal(symlink(other, feed), 0);
		}
		if (around == 2) {
			assert_int_equal(unlink(feed), 0);
			mem_free(make_file("within/feed", query, sizeof query - 1));
			assert_int_equal(rename(within, link), 0);
			assert_int_equal(symlink(link, within), 0);
		}
		source_keep_to(paths, around < 3 ? 2 : 0);
		for (size_t i = 0; i < sizeof specs / sizeof *specs; i++)
			expect_opens(specs[i], around == 0 || around == 3);
		expect_opens(elsewhere, true);
	}
	assert_int_equal(unlink(within), 0);
	assert_int_equal(rename(link, within), 0);
	drop(feed);
	drop(mem_printf("%s/query", within));
	assert_int_equal(rmdir(within), 0);
	drop(other);
	for (size_t i = 0; i < sizeof specs / sizeof *specs; i++)
		mem_free(specs[i]);
	mem_free(elsewhere);
	mem_free(link);
	mem_free(within);
	mem_free(real);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_gigabyte),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_formats),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_read_error),
		cmocka_unit_test(test_fifo),
		cmocka_unit_test(test_standard_input),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_check_cleans),
		cmocka_unit_test(test_check_bounds),
		cmocka_unit_test(test_check_ends_early),
		cmocka_unit_test(test_check_empty),
		cmocka_unit_test(test_kept),
	};

	return cmocka_run_group_tests_name("source", tests, make_folder, remove_folder);
}
