/* The daemon's door against callers who do not behave: each is answered or forgotten, none is waited for, and no descriptor stays. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* SOCK_CLOEXEC */
#endif
#include "place.h"

#include "app/guests.h"
#include "base/mem.h"

#include <dirent.h>
#include <sys/socket.h>
#include <sys/un.h>

struct world {
	struct app *app;
	struct journal journal;
	struct guests *guests;
	char *path, *keeper;
};

static int descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	int count = 0;

	while (readdir(folder))
		count++;
	closedir(folder);
	return count;
}

static int set_up(void **state)
{
	struct world *world = mem_alloc(sizeof *world);
	struct error err = { 0 };

	assert_int_equal(place_setup(state), 0);
	world->path = mem_strdup(at("socket"));
	world->keeper = mem_strdup(at("permissions"));
	world->app = app_new(&(struct app_options){ .db = "/nowhere/x.db" }, &err);
	world->journal = (struct journal){ .fd = open("/dev/null", O_WRONLY | O_CLOEXEC) };
	assert_int_equal(guests_open(world->app, &world->journal, world->path, world->keeper, &world->guests, &err), STATUS_OK);
	*state = world;
	return 0;
}

static int tear_down(void **state)
{
	struct world *world = *state;

	guests_close(world->guests);
	close(world->journal.fd);
	str_done(&world->journal.line);
	app_free(world->app);
	assert_false(is_there(world->path));
	assert_int_equal(place_teardown(state), 0);
	mem_free(world->path);
	mem_free(world->keeper);
	mem_free(world);
	return 0;
}

static int come_in(const struct world *world)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	memcpy(address.sun_path, world->path, strlen(world->path));
	assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof address), 0);
	return fd;
}

/* With copies of one descriptor as what is handed over. */
static void say_with(int fd, const char *text, size_t length, size_t count, int handed)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(64 * sizeof(int))];
	} control = { 0 };
	struct iovec part = { .iov_base = (char *)text, .iov_len = length };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };

	if (count) {
		struct cmsghdr *rights;

		message.msg_control = control.bytes;
		message.msg_controllen = CMSG_SPACE(count * sizeof(int));
		rights = CMSG_FIRSTHDR(&message);
		rights->cmsg_level = SOL_SOCKET;
		rights->cmsg_type = SCM_RIGHTS;
		rights->cmsg_len = CMSG_LEN(count * sizeof(int));
		for (size_t i = 0; i < count; i++)
			memcpy(CMSG_DATA(rights) + i * sizeof(int), &handed, sizeof(int));
	}
	assert_int_equal(sendmsg(fd, &message, MSG_NOSIGNAL), length);
}

static void say(int fd, const char *text, size_t length, size_t count)
{
	say_with(fd, text, length, count, STDOUT_FILENO);
}

/* What is answered at last; "": the door was shut without a word. */
static const char *hear(const struct world *world, int fd)
{
	static char answer[4096];
	ssize_t got;

	do {
		loop_turn(world->app->loop, 10);
		got = recv(fd, answer, sizeof answer - 1, MSG_DONTWAIT);
	} while (got < 0);
	answer[got] = '\0';
	return answer;
}

static void nonsense_is_refused(void **state)
{
	static const struct {
		const char *text;
		size_t descriptors;
	} all[] = {
		{ "hello", 3 }, { "[]", 3 }, { "{", 3 }, { "{}", 3 }, { "{\"words\":[\"status\"],\"files\":[]}", 0 }, { "{\"words\":[\"status\"],\"files\":[]}", 2 },
		{ "{\"words\":[\"status\"],\"files\":[]}", 4 }, { "{\"words\":[\"status\"],\"files\":[\"a\"]}", 3 }, { "{\"words\":[1],\"files\":[]}", 3 },
		{ "{\"words\":\"status\",\"files\":[]}", 3 }, { "{\"words\":[\"status\"],\"files\":[]}", 60 },
	};
	const struct world *world = *state;
	int before = descriptors();

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		int fd = come_in(world);

		say(fd, all[i].text, strlen(all[i].text), all[i].descriptors);
		assert_non_null(strstr(hear(world, fd), "\"request\""));
		assert_string_equal(hear(world, fd), "");
		close(fd);
	}
	assert_int_equal(guests_at_work(world->guests), 0);
	assert_int_equal(descriptors(), before);
}

static void too_much_is_refused(void **state)
{
	const struct world *world = *state;
	int fd = come_in(world);
	char *text = mem_alloc(GUEST_MESSAGE + 100);

	memset(text, ' ', GUEST_MESSAGE + 100);
	memcpy(text, "{}", 2);
	say(fd, text, GUEST_MESSAGE + 100, 3);
	assert_non_null(strstr(hear(world, fd), "\"request\""));
	close(fd);
	mem_free(text);
}

/* Who says nothing keeps nobody out but himself, and is forgotten when he goes. */
static void the_silent_are_not_waited_for(void **state)
{
	const struct world *world = *state;
	int before = descriptors(), fds[100], admitted = 0, last;

	for (size_t i = 0; i < 40; i++) {
		fds[i] = come_in(world);
		loop_turn(world->app->loop, 0);
	}
	for (int i = 0; i < 4; i++)
		loop_turn(world->app->loop, 10);
	admitted = (int)guests_at_work(world->guests);
	assert_in_range(admitted, 1, 39);
	last = fds[39];
	assert_non_null(strstr(hear(world, last), "\"busy\""));
	for (size_t i = 0; i < 40; i++)
		close(fds[i]);
	while (guests_at_work(world->guests))
		loop_turn(world->app->loop, 10);
	assert_int_equal(descriptors(), before);
	fds[0] = come_in(world);
	say(fds[0], "x", 1, 0);
	assert_non_null(strstr(hear(world, fds[0]), "\"request\""));
	close(fds[0]);
}

/* The test itself is started in the place of penstock, and tells what it was given. */
static void what_is_handed_over_arrives(void **state)
{
	static const char ask[] = "{\"words\":[\"x\"],\"files\":[],\"environment\":{\"TERM\":\"vt100\",\"HOME\":\"/evil\",\"PENSTOCK_SCREEN_FD\":\"5\"}}";
	const struct world *world = *state;
	int before = descriptors(), out[2], fd;
	char text[4096];
	ssize_t got;

	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	fd = come_in(world);
	say_with(fd, ask, strlen(ask), 3, out[1]);
	close(out[1]);
	assert_string_equal(hear(world, fd), "{\"exit\":5}");
	got = read(out[0], text, sizeof text - 1);
	text[got > 0 ? got : 0] = '\0';
	assert_non_null(strstr(text, "words: --operator"));
	assert_non_null(strstr(text, world->keeper));
	assert_non_null(strstr(text, "TERM=vt100"));
	assert_null(strstr(text, "evil"));
	assert_null(strstr(text, "PENSTOCK_SCREEN_FD"));
	assert_non_null(strstr(text, "descriptors: 3"));
	close(fd);
	close(out[0]);
	assert_int_equal(descriptors(), before);
}

/* What the test is when it is started in penstock's place. */
static int be_penstock(int argc, char **argv)
{
	extern char **environ;
	int open_ones = 0;

	printf("words:");
	for (int i = 1; i < argc; i++)
		printf(" %s", argv[i]);
	printf("\n");
	/* Not all of it: whoever starts the tests may have told them much, and one read has to do. */
	for (char **one = environ; *one; one++)
		if (strncmp(*one, "TERM=", 5) == 0 || strncmp(*one, "HOME=", 5) == 0 || strncmp(*one, "PENSTOCK_SCREEN_FD=", 19) == 0)
			printf("%s\n", *one);
	for (int i = 0; i < 64; i++)
		open_ones += fcntl(i, F_GETFD) >= 0;
	printf("descriptors: %d\n", open_ones);
	return fflush(stdout) == 0 ? 5 : 1;
}

static void the_door_is_one(void **state)
{
	const struct world *world = *state;
	struct guests *second = NULL;
	struct error err = { 0 };
	const char *file = at("file");

	put_file(file, "", 0, 0600);
	assert_int_equal(mode_of(world->path), 0666);
	assert_int_equal(guests_open(world->app, (struct journal *)&world->journal, world->path, world->keeper, &second, &err), STATUS_FAILED);
	assert_string_equal(err.code, "socket");
	assert_int_equal(guests_open(world->app, (struct journal *)&world->journal, file, world->keeper, &second, &err), STATUS_FAILED);
	assert_null(second);
	assert_true(is_there(file));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_handed_over_arrives, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nonsense_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(too_much_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_silent_are_not_waited_for, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_door_is_one, set_up, tear_down),
	};

	if (argc > 2 && strcmp(argv[1], OPERATOR_WORD) == 0)
		return be_penstock(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
