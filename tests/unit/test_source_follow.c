/* Following files and folders: what is whole, where it goes on after anything that can happen to a file, and what comes again when it was not called taken. */
#include "base/mem.h"
#include "base/str.h"
#include "source/follow.h"

#include <fcntl.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/penstock-follow-XXXXXX";

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

static void add_bytes(const char *name, const char *bytes, size_t length)
{
	FILE *file = fopen(name, "ab");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

static void add(const char *name, const char *text)
{
	add_bytes(name, text, strlen(text));
}

/* One message a letter. */
static void say(const char *name, const char *letters)
{
	for (; *letters; letters++) {
		char line[32];

		snprintf(line, sizeof line, "{\"k\":\"%c\"}\n", *letters);
		add(name, line);
	}
}

static struct follow *start(const char *spec, const char *position)
{
	struct follow *follow;
	struct error err = { 0 };

	if (follow_open(spec, position, &follow, &err) != STATUS_OK)
		fail_msg("%s: %s", spec, err.message);
	return follow;
}

static int64_t look(struct follow *follow)
{
	struct error err = { 0 };
	int64_t waiting;

	if (follow_look(follow, &waiting, &err) != STATUS_OK)
		fail_msg("%s", err.message);
	return waiting;
}

/* Reads one batch: "a1 b2 !3", with line numbers. */
static void read_batch(struct follow *follow, struct str *out)
{
	struct source *source = follow_batch(follow);

	for (;;) {
		const struct json *message;
		const char *why;
		enum source_next next = source_next(source, &message, &why, NULL);

		if (next == SOURCE_END)
			break;
		assert_int_not_equal(next, SOURCE_ERROR);
		str_add_format(out, "%s%s%d", out->length ? " " : "", next == SOURCE_BAD ? "!" : json_get_string(message, "k"), (int)source_position(source));
	}
}

static void expect_position(struct follow *follow, char **position)
{
	struct str text = { 0 };

	follow_position(follow, &text);
	mem_replace(position, str_text(&text));
	str_done(&text);
}

/* Takes whatever waits, batch by batch, as somebody who follows does. */
static void expect(struct follow *follow, char **position, const char *wanted)
{
	struct str got = { 0 };
	struct error err = { 0 };

	while (look(follow) > 0) {
		read_batch(follow, &got);
		expect_position(follow, position);
		if (follow_taken(follow, &err) != STATUS_OK)
			fail_msg("%s", err.message);
	}
	assert_string_equal(str_text(&got), wanted);
	str_done(&got);
}

static void restart(struct follow **follow, const char *spec, const char *position)
{
	follow_close(*follow);
	*follow = start(spec, position);
}

static void test_growing(void **state)
{
	char *position = NULL;
	struct follow *follow = start("grow.ndjson", NULL);

	(void)state;
	assert_true(follow_descriptor(follow) >= 0);
	expect(follow, &position, "");
	say("grow.ndjson", "ab");
	expect(follow, &position, "a1 b2");
	add("grow.ndjson", "{\"k\":");
	expect(follow, &position, "");
	restart(&follow, "grow.ndjson", position);
	expect(follow, &position, "");
	add("grow.ndjson", "\"c\"}\n{\"k\":\"d\"}");
	expect(follow, &position, "c3");
	add("grow.ndjson", "\r\n\n");
	restart(&follow, "grow.ndjson", position);
	expect(follow, &position, "d4");
	say("grow.ndjson", "e");
	expect(follow, &position, "e6");
	follow_close(follow);
	mem_free(position);
}

/* What was not called taken comes again, also to another process. */
static void test_not_taken(void **state)
{
	char *position = NULL;
	struct follow *follow = start("ndjson:again", NULL);
	struct str got = { 0 };

	(void)state;
	say("again", "ab");
	assert_true(look(follow) > 0);
	read_batch(follow, &got);
	assert_string_equal(got.text, "a1 b2");
	restart(&follow, "ndjson:again", NULL);
	expect(follow, &position, "a1 b2");
	follow_close(follow);
	mem_free(position);
	str_done(&got);
}

static void test_bad_lines(void **state)
{
	char *position = NULL, *much = mem_alloc(1100000);
	struct follow *follow = start("bad.ndjson", NULL);

	(void)state;
	memset(much, 'x', 1100000);
	add_bytes("bad.ndjson", "{\"k\":\"\0\"}\n{\"k\":\"\xff\"}\nrubbish\n", 28);
	add_bytes("bad.ndjson", much, 1100000);
	expect(follow, &position, "!1 !2 !3");
	add("bad.ndjson", "\n");
	say("bad.ndjson", "a");
	expect(follow, &position, "!4 a5");
	/* Longer than a batch, in pieces. */
	for (int i = 0; i < 40; i++) {
		add_bytes("bad.ndjson", much, 1000000);
		assert_int_equal(look(follow), 0);
	}
	restart(&follow, "bad.ndjson", position);
	add("bad.ndjson", "\n");
	say("bad.ndjson", "b");
	expect(follow, &position, "!6 b7");
	follow_close(follow);
	mem_free(position);
	mem_free(much);
	unlink("bad.ndjson");
}

static void test_renamed(void **state)
{
	char *position = NULL;
	struct follow *follow = start("r.ndjson", NULL);

	(void)state;
	say("r.ndjson", "ab");
	expect(follow, &position, "a1 b2");
	rename("r.ndjson", "r.ndjson.1");
	say("r.ndjson.1", "c");
	expect(follow, &position, "c3");
	/* An empty new one is no reason to leave the old one. */
	add("r.ndjson", "");
	say("r.ndjson.1", "d");
	add("r.ndjson.1", "{\"k\":\"e\"}");
	expect(follow, &position, "d4");
	say("r.ndjson", "f");
	expect(follow, &position, "e5 f1");
	/* Renamed, and gone. */
	rename("r.ndjson", "r.ndjson.0");
	expect(follow, &position, "");
	unlink("r.ndjson.0");
	say("r.ndjson", "g");
	expect(follow, &position, "g1");
	follow_close(follow);
	mem_free(position);
}

/* Later, for files whose time of the last change tells their order. */
static void settle(void)
{
	usleep(30000);
}

static void test_rotated_meanwhile(void **state)
{
	char *position = NULL;
	struct follow *follow = start("m.ndjson", NULL);

	(void)state;
	say("m.ndjson.7", "x"); /* from before our time */
	say("m.ndjson.bak", "y");
	settle();
	say("m.ndjson", "ab");
	expect(follow, &position, "a1 b2");
	follow_close(follow);
	say("m.ndjson", "c");
	rename("m.ndjson", "m-20260101.ndjson");
	settle();
	say("m.ndjson", "d");
	rename("m.ndjson", "m.ndjson.2");
	settle();
	say("m.ndjson", "e");
	rename("m.ndjson", "m.ndjson.1");
	settle();
	say("m.ndjson.bak", "z");
	follow = start("m.ndjson", position);
	expect(follow, &position, "c3");
	say("m.ndjson", "f");
	expect(follow, &position, "d1 e1 f1");
	restart(&follow, "m.ndjson", position);
	expect(follow, &position, "");
	follow_close(follow);
	mem_free(position);
}

static void copy(const char *from, const char *to)
{
	char command[256];

	snprintf(command, sizeof command, "cp %s %s", from, to);
	assert_int_equal(system(command), 0);
}

static void test_truncated(void **state)
{
	char *position = NULL;
	struct follow *follow = start("t.ndjson", NULL);

	(void)state;
	say("t.ndjson", "abc");
	expect(follow, &position, "a1 b2 c3");
	assert_int_equal(truncate("t.ndjson", 0), 0);
	say("t.ndjson", "d");
	expect(follow, &position, "d1");
	/* Longer at once than what was read: other bytes stand before the place. */
	assert_int_equal(truncate("t.ndjson", 0), 0);
	say("t.ndjson", "efgh");
	expect(follow, &position, "e1 f2 g3 h4");
	/* Copied and truncated with something in it that was not read. */
	say("t.ndjson", "i");
	copy("t.ndjson", "t.ndjson.1");
	settle();
	assert_int_equal(truncate("t.ndjson", 0), 0);
	say("t.ndjson", "j");
	restart(&follow, "t.ndjson", position);
	expect(follow, &position, "i5 j1");
	follow_close(follow);
	mem_free(position);
}

/* Another file under a number that was given out again. */
static void test_number_again(void **state)
{
	char *position = NULL;
	struct follow *follow = start("n.ndjson", NULL);
	uint64_t device, inode;
	char forged[256];
	struct stat about;

	(void)state;
	say("n.ndjson", "ab");
	expect(follow, &position, "a1 b2");
	unlink("n.ndjson");
	say("n.ndjson", "cdef");
	assert_int_equal(stat("n.ndjson", &about), 0);
	assert_int_equal(sscanf(position, "file/%" SCNu64 "/%" SCNu64, &device, &inode), 2);
	snprintf(forged, sizeof forged, "file/%" PRIu64 "/%" PRIu64 "%s", device, (uint64_t)about.st_ino, strchr(strchr(strchr(position, '/') + 1, '/') + 1, '/'));
	restart(&follow, "n.ndjson", forged);
	expect(follow, &position, "c1 d2 e3 f4");
	follow_close(follow);
	mem_free(position);
}

static void check_refused(const char *spec, const char *position, enum status status)
{
	struct follow *follow;
	struct error err = { 0 };

	assert_int_equal(follow_open(spec, position, &follow, &err), status);
	assert_null(follow);
	assert_true(strlen(err.message) > 0);
}

static void test_refusals(void **state)
{
	(void)state;
	assert_int_equal(mkfifo("fifo", 0600), 0);
	say("table.csv", "a");
	check_refused("-", NULL, STATUS_USAGE);
	check_refused("ndjson:-", NULL, STATUS_USAGE);
	check_refused("fifo", NULL, STATUS_USAGE);
	check_refused("table.csv", NULL, STATUS_USAGE);
	check_refused("csv:table", NULL, STATUS_USAGE);
	check_refused("sqlite:x.db#q.sql", NULL, STATUS_USAGE);
	check_refused("postgresql://h/d#q.sql", NULL, STATUS_USAGE);
	check_refused("spool:table.csv", NULL, STATUS_USAGE);
	check_refused("nowhere/feed.ndjson", NULL, STATUS_FAILED);
	check_refused("feed.ndjson", "rubbish", STATUS_FAILED);
	check_refused("feed.ndjson", "file/1/2/-3/4/5", STATUS_FAILED);
	check_refused("feed.ndjson", "spool/", STATUS_FAILED);
	check_refused(folder, "file/1/2/3/4/5", STATUS_FAILED);
	check_refused(folder, "spool/d12", STATUS_FAILED);
	follow_close(NULL);
}

static void check_there(const char *path)
{
	if (access(path, F_OK) != 0)
		fail_msg("%s is not there", path);
}

static void test_spool(void **state)
{
	char *position = NULL;
	struct follow *follow;
	int writer;

	(void)state;
	assert_int_equal(mkdir("in", 0700), 0);
	follow = start("spool:in", NULL);
	expect(follow, &position, "");
	say("in/b", "bc");
	say("in/a.ndjson", "a");
	say("in/.hidden", "x");
	say("in/d.tmp", "x");
	add("in/empty", "");
	add("in/rubbish", "rubbish\nmore\n");
	assert_int_equal(symlink("../table.csv", "in/link"), 0);
	/* Somebody is still writing this one. */
	writer = open("in/w", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(write(writer, "{\"k\":\"w\"}\n", 10), 10);
	expect(follow, &position, "a1 b1 c2 !1 !2");
	check_there("in/done/a.ndjson");
	check_there("in/done/b");
	check_there("in/done/empty");
	check_there("in/bad/rubbish");
	check_there("in/w");
	check_there("in/.hidden");
	check_there("in/link");
	close(writer);
	say("in/b", "d");
	expect(follow, &position, "d1 w1");
	check_there("in/done/b.1");
	follow_close(follow);
	mem_free(position);
}

/* Killed after what was read was durable, and before the file was moved: it is moved and not read again. Another of its name is. */
static void test_spool_restart(void **state)
{
	char *position = NULL;
	struct follow *follow;
	struct str got = { 0 };

	(void)state;
	assert_int_equal(mkdir("again.d", 0700), 0);
	follow = start("again.d", NULL);
	say("again.d/a", "a");
	say("again.d/b", "b");
	add("again.d/c", "rubbish\n");
	assert_true(look(follow) > 0);
	read_batch(follow, &got);
	assert_string_equal(got.text, "a1 b1 !1");
	expect_position(follow, &position);
	say("again.d/new", "n");
	rename("again.d/new", "again.d/b");
	restart(&follow, "again.d", position);
	expect(follow, &position, "n1");
	check_there("again.d/done/a");
	check_there("again.d/bad/c");
	follow_close(follow);
	mem_free(position);
	str_done(&got);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_growing),
		cmocka_unit_test(test_not_taken),
		cmocka_unit_test(test_bad_lines),
		cmocka_unit_test(test_renamed),
		cmocka_unit_test(test_rotated_meanwhile),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_number_again),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_spool),
		cmocka_unit_test(test_spool_restart),
	};

	return cmocka_run_group_tests_name("follow", tests, make_folder, remove_folder);
}
