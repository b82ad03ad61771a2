/* What the daemon says: to the service manager, and in its log. */
#include "place.h"

#include "app/journal.h"
#include "app/notify.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>

static int listen_at(const char *name, size_t length)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	assert_true(fd >= 0 && length <= sizeof address.sun_path);
	memcpy(address.sun_path, name, length);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)), 0);
	return fd;
}

static void expect_word(int fd, const char *word)
{
	char text[64];
	ssize_t length = recv(fd, text, sizeof text - 1, 0);

	assert_true(length >= 0);
	text[length] = '\0';
	assert_string_equal(text, word);
}

static void the_manager_is_told(void **state)
{
	char name[64];
	int fd = listen_at(at("socket"), strlen(at("socket")));

	(void)state;
	setenv("NOTIFY_SOCKET", at("socket"), 1);
	notify("READY=1");
	expect_word(fd, "READY=1");
	close(fd);
	/* Nobody there any more, a name that is none, or too long: nothing happens. */
	notify("READY=1");
	setenv("NOTIFY_SOCKET", "relative", 1);
	notify("READY=1");
	setenv("NOTIFY_SOCKET", "/2345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789", 1);
	notify("READY=1");
	/* A name that is no file. */
	snprintf(name, sizeof name, "@penstock-test-%ld", (long)getpid());
	setenv("NOTIFY_SOCKET", name, 1);
	*name = '\0';
	fd = listen_at(name, strlen(name + 1) + 1);
	notify("STOPPING=1");
	expect_word(fd, "STOPPING=1");
	close(fd);
	unsetenv("NOTIFY_SOCKET");
	notify("READY=1");
}

static void the_watchdog_is_fed_twice_in_time(void **state)
{
	char text[32];

	(void)state;
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	assert_int_equal(notify_watchdog_ms(), 0);
	setenv("WATCHDOG_USEC", "30000000", 1);
	assert_int_equal(notify_watchdog_ms(), 15000);
	setenv("WATCHDOG_PID", "1", 1);
	assert_int_equal(notify_watchdog_ms(), 0);
	snprintf(text, sizeof text, "%ld", (long)getpid());
	setenv("WATCHDOG_PID", text, 1);
	assert_int_equal(notify_watchdog_ms(), 15000);
	setenv("WATCHDOG_USEC", "many", 1);
	assert_int_equal(notify_watchdog_ms(), 0);
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
}

static void write_line(struct journal *journal)
{
	journal_begin(journal, "info", "ended");
	journal_text(journal, "dataflow", "a \"b\"\n\033[2J");
	journal_text(journal, "code", NULL);
	journal_number(journal, "run", 7);
	journal_end(journal);
}

static void a_line_is_one_line(void **state)
{
	struct error err;
	struct journal journal;
	char text[512];
	size_t length;

	(void)state;
	assert_int_equal(journal_open(&journal, at("log"), true, &err), STATUS_OK);
	write_line(&journal);
	assert_int_equal(mode_of(at("log")), 0600);
	length = get_file(at("log"), text, sizeof text - 1);
	text[length] = '\0';
	assert_non_null(strstr(text, "\",\"level\":\"info\",\"event\":\"ended\",\"dataflow\":\"a \\\"b\\\" "));
	assert_non_null(strstr(text, "\"run\":7}\n"));
	assert_null(strchr(text, '\033'));
	assert_null(strstr(text, "code"));
	/* Rotated: what comes is in the new file. */
	assert_int_equal(rename(at("log"), at("log.1")), 0);
	assert_int_equal(journal_reopen(&journal, &err), STATUS_OK);
	journal.json = false;
	write_line(&journal);
	journal_close(&journal);
	assert_int_equal(get_file(at("log.1"), text, sizeof text), length);
	length = get_file(at("log"), text, sizeof text - 1);
	text[length] = '\0';
	assert_non_null(strstr(text, " info ended dataflow=\"a \\\"b\\\" "));
	assert_ptr_equal(strchr(text, '\n'), text + length - 1);
	assert_int_equal(journal_open(&journal, at("no/such/log"), true, &err), STATUS_USAGE);
}

static void what_a_full_disk_cuts_stays_a_line_of_its_own(void **state)
{
	struct rlimit old, small;
	struct error err;
	struct journal journal;
	char text[512];
	size_t length, whole;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(journal_open(&journal, at("log"), true, &err), STATUS_OK);
	write_line(&journal);
	whole = get_file(at("log"), text, sizeof text - 1);
	small = (struct rlimit){ .rlim_cur = whole + 10, .rlim_max = old.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	write_line(&journal);
	write_line(&journal);
	small.rlim_cur = whole + 11;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	write_line(&journal);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	signal(SIGXFSZ, SIG_DFL);
	write_line(&journal);
	journal_close(&journal);
	length = get_file(at("log"), text, sizeof text - 1);
	text[length] = '\0';
	assert_int_equal(length, whole + 10 + 1 + whole);
	assert_memory_equal(text + whole, text, 10);
	assert_int_equal(text[whole + 10], '\n');
	assert_memory_equal(text + whole + 11, "{\"time\":", 8);
	assert_int_equal(text[length - 1], '\n');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_manager_is_told, place_setup, place_teardown),
		cmocka_unit_test(the_watchdog_is_fed_twice_in_time),
		cmocka_unit_test_setup_teardown(a_line_is_one_line, place_setup, place_teardown),
		cmocka_unit_test_setup_teardown(what_a_full_disk_cuts_stays_a_line_of_its_own, place_setup, place_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
