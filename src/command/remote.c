#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* ppoll */
#endif
#include "command/remote.h"

#include "app/guests.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

/* A word that names something outside the store. */
struct named {
	const char *option; /* NULL: an operand */
	const char *text;   /* NULL: a flag */
	enum word_use use;
	bool first; /* stands before the command */
};
typedef VEC(struct named) named_list;

/* All options whose value is a file, a program to be run, or another way to a store. Sources that are kept are none of them: app/operators.h judges those. */
static const struct {
	const char *option;
	enum word_use use;
	enum use_case only; /* USE_CASES: wherever there is one of this name */
} outside[] = {
	{ "ca-file", WORD_OWNERS, USE_CASES },
	{ "client-secret-command", WORD_OWNERS, USE_CASES },
	{ "client-secret-file", WORD_READ, USE_CASES },
	{ "command", WORD_OWNERS, USE_CASES },
	{ "csv", WORD_WRITE, USE_CASES },
	{ "db", WORD_OWNERS, USE_CASES },
	{ "log", WORD_OWNERS, USE_CASES },
	{ "markdown", WORD_WRITE, USE_CASES },
	{ "metrics", WORD_OWNERS, USE_CASES },
	{ "permissions", WORD_OWNERS, USE_CASES },
	{ "progress-fd", WORD_OWNERS, USE_CASES },
	{ "socket", WORD_OWNERS, USE_CASES },
	{ "source", WORD_SOURCE, USE_MAPPING_PREVIEW },
	{ "source", WORD_SOURCE, USE_MAPPING_SUGGEST },
	{ "trace", WORD_WRITE, USE_CASES },
};

enum word_use remote_use(enum use_case use, const char *option)
{
	for (size_t i = 0; i < sizeof outside / sizeof *outside; i++)
		if (strcmp(outside[i].option, option) == 0 && (outside[i].only == USE_CASES || outside[i].only == use))
			return outside[i].use;
	return WORD_PLAIN;
}

static void add_options(const struct remote_line *line, const struct args *args, named_list *out)
{
	for (size_t i = 0; i < args->options.count; i++) {
		const struct option_given *given = &args->options.at[i];
		enum use_case command = line->command ? line->command->use : USE_CASES;
		enum word_use use = remote_use(command, given->name);
		/* The answer itself goes there. */
		bool standard = use == WORD_WRITE && given->value && strcmp(given->value, "-") == 0;

		if (use != WORD_PLAIN && !standard)
			vec_push(out, ((struct named){ .option = given->name, .text = given->value, .use = use, .first = args == line->before }));
	}
}

static void collect(const struct remote_line *line, named_list *out)
{
	add_options(line, line->before, out);
	add_options(line, line->args, out);
	for (size_t i = 0; line->command && line->command->operands != WORD_PLAIN && i < line->args->operands.count; i++)
		vec_push(out, ((struct named){ .text = line->args->operands.at[i], .use = line->command->operands }));
}

/* --- In the process that works for an operator --- */

static enum status refuse(const struct named *named, struct error *err)
{
	if (named->option)
		error_set(err, STATUS_REFUSED, "owner", _("--%s is for whom the store belongs to"), named->option);
	else
		error_set(err, STATUS_REFUSED, "owner", _("%s was not handed over: give the command outside the console"), named->text);
	error_hint(err, _("it would be used with other rights than yours"));
	return STATUS_REFUSED;
}

/* The descriptor that came with this path; -1: none. */
static int find(const struct telling *telling, const char *path)
{
	for (size_t i = 0; i < telling->files.count; i++)
		if (strcmp(telling->files.at[i], path) == 0)
			return STDERR_FILENO + 1 + (int)i;
	return -1;
}

static enum status accept_one(const struct telling *telling, const struct named *named, struct error *err)
{
	/* What we ask ourselves of the same store, and how far it has come; what is typed in the console stands behind the command. */
	bool ours = named->first && (strcmp(named->option, "db") == 0 || strcmp(named->option, "progress-fd") == 0);
	int fd = named->text ? find(telling, named->use == WORD_SOURCE ? source_place(named->text) : named->text) : -1;

	if (named->use == WORD_OWNERS)
		return ours && !telling->remote ? STATUS_OK : refuse(named, err);
	if (named->use == WORD_SOURCE) {
		if (fd >= 0)
			operator_hand_over(source_place(named->text), fd);
		return STATUS_OK;
	}
	if (fd < 0)
		return refuse(named, err);
	file_give(named->text, fd);
	/* Some commands read their standard input where another would have a file of that name. */
	if (named->use == WORD_READ && strcmp(named->text, "-") == 0)
		file_give("/dev/stdin", fd);
	return STATUS_OK;
}

enum status remote_accept(const struct telling *telling, const struct remote_line *line, struct error *err)
{
	named_list named = { 0 };
	enum status status = STATUS_OK;

	if (!telling || telling->operator.owner)
		return STATUS_OK;
	collect(line, &named);
	for (size_t i = 0; status == STATUS_OK && i < named.count; i++)
		status = accept_one(telling, &named.at[i], err);
	vec_done(&named);
	return status;
}

/* --- In the operator's own --- */

struct opened {
	const char *path; /* as it is named to the daemon */
	int fd;
	bool made;
};

struct asking {
	VEC(struct opened) files;
	int socket;
	bool saved; /* how the terminal was .. */
	bool ended; /* .. which whoever ended by himself has put back */
	struct termios terminal;
};

static volatile sig_atomic_t came[NSIG];

static void on_signal(int signal_number)
{
	came[signal_number] = 1;
}

static enum status open_read(struct asking *asking, const char *path, struct error *err)
{
	int fd = strcmp(path, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0) : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return error_set(err, STATUS_USAGE, "file", _("cannot read %s: %s"), path, strerror(errno));
	vec_push(&asking->files, ((struct opened){ .path = path, .fd = fd }));
	return STATUS_OK;
}

static enum status open_write(struct asking *asking, const char *path, struct error *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC | O_NOCTTY, 0600);
	bool made = fd >= 0;

	if (!made)
		fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return error_set(err, STATUS_USAGE, "file", _("cannot write %s: %s"), path, strerror(errno));
	vec_push(&asking->files, ((struct opened){ .path = path, .fd = fd, .made = made }));
	return STATUS_OK;
}

/* What is no plain file of ours is left to the daemon, which may know it. */
static void open_source(struct asking *asking, const char *path)
{
	struct stat about;
	int fd = stat(path, &about) == 0 && S_ISREG(about.st_mode) ? open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY) : -1;

	if (fd >= 0)
		vec_push(&asking->files, ((struct opened){ .path = path, .fd = fd }));
}

static enum status open_files(struct asking *asking, const struct remote_line *line, struct error *err)
{
	named_list named = { 0 };
	enum status status = STATUS_OK;

	collect(line, &named);
	for (size_t i = 0; status == STATUS_OK && i < named.count; i++) {
		const struct named *one = &named.at[i];

		if (asking->files.count == OPERATOR_FILES - 1 && one->use != WORD_OWNERS)
			status = error_set(err, STATUS_USAGE, "usage", _("more than %d files are too many for the daemon"), OPERATOR_FILES - 1);
		else if (one->use == WORD_READ)
			status = open_read(asking, one->text, err);
		else if (one->use == WORD_WRITE)
			status = open_write(asking, one->text, err);
		else if (one->use == WORD_SOURCE)
			open_source(asking, source_place(one->text));
	}
	vec_done(&named);
	return status;
}

/* Where tests are told of the frames of a screen: a descriptor like the files. */
static void open_witness(struct asking *asking, char number[12])
{
	const char *text = getenv(GUEST_SCREEN);
	long long given;
	int fd = text && text_to_i64(text, STDERR_FILENO + 1, 1 << 20, &given) ? fcntl((int)given, F_DUPFD_CLOEXEC, 0) : -1;

	if (fd < 0)
		return;
	snprintf(number, 12, "%zu", STDERR_FILENO + 1 + asking->files.count);
	vec_push(&asking->files, ((struct opened){ .path = "", .fd = fd }));
}

static void put_environment(struct json_out *w, const char *witness)
{
	json_name(w, "environment");
	json_object(w);
	for (const char *const *name = guest_variables; *name; name++) {
		const char *value = strcmp(*name, GUEST_SCREEN) == 0 ? witness : getenv(*name);

		if (value && *value && guest_may_say(*name, value))
			json_pair_string(w, *name, value);
	}
	json_object_end(w);
}

static void put_request(const struct asking *asking, const struct remote_line *line, const char *witness, struct str *out)
{
	struct json_out w;

	json_out_init(&w, out);
	json_object(&w);
	json_name(&w, "words");
	json_array(&w);
	for (int i = 1; i < line->argc; i++)
		json_put_string(&w, line->argv[i]);
	json_array_end(&w);
	put_environment(&w, witness);
	json_name(&w, "files");
	json_array(&w);
	for (size_t i = 0; i < asking->files.count; i++)
		json_put_string(&w, asking->files.at[i].path);
	json_array_end(&w);
	json_object_end(&w);
}

static enum status connect_to(const char *path, int *out, struct error *err)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const struct timeval patience = { .tv_sec = 10 };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (fd >= 0 && strlen(path) < sizeof address.sun_path) {
		memcpy(address.sun_path, path, strlen(path));
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
		if (connect(fd, (const struct sockaddr *)&address, sizeof address) == 0) {
			*out = fd;
			return STATUS_OK;
		}
	} else {
		errno = ENAMETOOLONG;
	}
	error_set(err, STATUS_FAILED, "daemon", _("cannot reach the daemon at %s: %s"), path, strerror(errno));
	error_hint(err, _("is it running? `systemctl status penstock`; --db FILE works with a store of your own"));
	if (fd >= 0)
		close(fd);
	return STATUS_FAILED;
}

static bool send_request(const struct asking *asking, const struct str *text)
{
	union {
		struct cmsghdr header; /* for its alignment */
		char bytes[CMSG_SPACE(GUEST_DESCRIPTORS * sizeof(int))];
	} control = { 0 };
	struct iovec part = { .iov_base = text->text, .iov_len = text->length };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes };
	int fds[GUEST_DESCRIPTORS] = { STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO };
	size_t count = 3;
	struct cmsghdr *rights;

	for (size_t i = 0; i < asking->files.count; i++)
		fds[count++] = asking->files.at[i].fd;
	message.msg_controllen = CMSG_SPACE(count * sizeof *fds);
	rights = CMSG_FIRSTHDR(&message);
	rights->cmsg_level = SOL_SOCKET;
	rights->cmsg_type = SCM_RIGHTS;
	rights->cmsg_len = CMSG_LEN(count * sizeof *fds);
	memcpy(CMSG_DATA(rights), fds, count * sizeof *fds);
	return sendmsg(asking->socket, &message, MSG_NOSIGNAL) == (ssize_t)text->length;
}

static const char *text_of(const struct json *object, const char *key)
{
	const char *text = json_get_string(object, key);

	return text ? text : "";
}

static enum status understand(struct asking *asking, const char *bytes, size_t length, struct error *err)
{
	struct json *json = json_parse(bytes, length, NULL, NULL);
	const struct json *error = json_get(json, "error");
	int64_t number;
	enum status status = STATUS_FAILED;

	if (json_i64(json_get(json, "exit"), &number) && number >= STATUS_OK && number <= STATUS_CONFIRM) {
		status = (enum status)number;
		asking->ended = true;
	} else if (json_i64(json_get(json, "signal"), &number)) {
		error_set(err, STATUS_FAILED, "died", _("it was ended by signal %d"), (int)number);
	} else {
		error_set(err, STATUS_FAILED, error ? text_of(error, "code") : "daemon", "%s", error ? text_of(error, "message") : _("the daemon could not do it"));
		error_hint(err, "%s", text_of(error, "hint"));
	}
	json_free(json);
	return status;
}

static const int passed[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGCONT };
enum { PASSED = sizeof passed / sizeof *passed };

/* What comes here is meant for the one who works. It cannot stop as a job of our shell, so neither can we. */
static void catch_signals(sigset_t *waiting)
{
	struct sigaction action = { .sa_handler = on_signal };
	sigset_t blocked;

	sigemptyset(&blocked);
	for (int i = 0; i < PASSED; i++)
		sigaddset(&blocked, passed[i]);
	sigprocmask(SIG_BLOCK, &blocked, waiting);
	for (int i = 0; i < PASSED; i++) {
		sigdelset(waiting, passed[i]);
		sigaction(passed[i], &action, NULL);
	}
	signal(SIGTSTP, SIG_IGN);
}

static void pass_signals(int fd)
{
	for (int i = 0; i < PASSED; i++) {
		char byte = (char)passed[i];

		if (came[passed[i]]) {
			came[passed[i]] = 0;
			(void)!send(fd, &byte, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
		}
	}
}

static enum status wait_for_end(struct asking *asking, const sigset_t *waiting, struct error *err)
{
	struct pollfd answer = { .fd = asking->socket, .events = POLLIN };
	char bytes[8192];
	ssize_t got;

	while (ppoll(&answer, 1, NULL, waiting) <= 0)
		pass_signals(asking->socket);
	got = recv(asking->socket, bytes, sizeof bytes - 1, 0);
	if (got > 0)
		return understand(asking, bytes, (size_t)got, err);
	return error_set(err, STATUS_FAILED, "daemon", _("the daemon has ended"));
}

static void begin(struct asking *asking)
{
	/* A closed one of the three would be taken by the next descriptor. Reading finds nothing, and writing still fails. */
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			(void)!open("/dev/null", O_RDONLY);
	asking->socket = -1;
	asking->saved = tcgetattr(STDIN_FILENO, &asking->terminal) == 0;
}

static void end(struct asking *asking)
{
	for (size_t i = 0; i < asking->files.count; i++) {
		const struct opened *file = &asking->files.at[i];
		struct stat about;

		if (file->made && fstat(file->fd, &about) == 0 && about.st_size == 0)
			unlink(file->path);
		close(file->fd);
	}
	vec_done(&asking->files);
	if (asking->socket >= 0)
		close(asking->socket);
	if (asking->saved && !asking->ended && tcgetpgrp(STDIN_FILENO) == getpgrp())
		tcsetattr(STDIN_FILENO, TCSANOW, &asking->terminal);
}

enum status remote_ask(const char *socket, const struct remote_line *line, struct error *err)
{
	struct asking asking;
	struct str text = { 0 };
	char witness[12] = "";
	sigset_t waiting;
	enum status status;

	asking = (struct asking){ 0 };
	begin(&asking);
	status = connect_to(socket, &asking.socket, err);
	if (status == STATUS_OK)
		status = open_files(&asking, line, err);
	if (status == STATUS_OK) {
		open_witness(&asking, witness);
		put_request(&asking, line, witness, &text);
		catch_signals(&waiting);
		if (text.length > GUEST_MESSAGE)
			status = error_set(err, STATUS_USAGE, "usage", _("this is too much for the daemon in one command"));
		else if (!send_request(&asking, &text))
			status = error_set(err, STATUS_FAILED, "daemon", _("cannot reach the daemon at %s: %s"), socket, strerror(errno));
		else
			status = wait_for_end(&asking, &waiting, err);
	}
	end(&asking);
	if (text.text)
		explicit_bzero(text.text, text.capacity);
	str_done(&text);
	return status;
}
