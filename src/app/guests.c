#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* accept4, struct ucred */
#endif
#include "app/guests.h"

#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "base/vec.h"
#include "loop/process.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#ifndef SO_PEERGROUPS
#define SO_PEERGROUPS 59
#endif

extern char **environ;

enum {
	GUESTS_MOST = 64,
	GUESTS_OF_ONE = 16,  /* so that nobody keeps the others out */
	SILENT_MS = 10000,   /* who comes in says what he wants */
	ALONE_MS = 10000,    /* the asker has gone: so long the command may take to put things in order */
	VALUE_MOST = 256,    /* bytes of a variable */
	TURN_GUESTS = 16,
};

const char *const guest_variables[] = { "TERM", "COLORTERM", "NO_COLOR", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "LC_NUMERIC", "LC_TIME", "LC_COLLATE", "TZ", "ESCDELAY",
	"TMUX", "STY", "PENSTOCK_CLIENT_SECRET", GUEST_SCREEN, NULL };

struct guest {
	struct guests *guests;
	int fd; /* -1: has gone */
	int64_t uid;
	struct caller caller;
	struct process *process; /* NULL: nothing was asked for yet */
	uint64_t timer;
};

struct guests {
	struct app *app;
	struct journal *journal;
	const char *path, *keeper;
	int fd; /* -1: closed */
	VEC(struct guest *) all;
};

/* What came with one message. */
struct request {
	char bytes[GUEST_MESSAGE + 1];
	size_t length;
	int fds[GUEST_DESCRIPTORS];
	size_t fd_count;
	bool cut;
};

bool guest_may_say(const char *name, const char *value)
{
	size_t length = strlen(value);
	bool known = false;

	for (const char *const *one = guest_variables; *one && !known; one++)
		known = strcmp(*one, name) == 0;
	/* A zone's name has slashes, but none that leads out of where zones are. */
	return known && length <= VALUE_MOST && text_is_utf8(value, length, NULL) &&
		(strcmp(name, "TZ") == 0 ? *value != '/' && *value != ':' && !strstr(value, "..") : strcmp(name, "PENSTOCK_CLIENT_SECRET") == 0 || strcmp(name, "TMUX") == 0 || !strchr(value, '/'));
}

static void guest_free(struct guest *guest)
{
	struct guests *guests = guest->guests;
	struct loop *loop = guests->app->loop;

	for (size_t i = 0; i < guests->all.count; i++) {
		if (guests->all.at[i] == guest) {
			guests->all.at[i] = guests->all.at[--guests->all.count];
			break;
		}
	}
	loop_cancel(loop, guest->timer);
	loop_watch(loop, guest->fd, 0, NULL, NULL);
	if (guest->fd >= 0)
		close(guest->fd);
	process_kill(guest->process);
	vec_done(&guest->caller.groups);
	mem_free(guest);
}

static void reply(const struct guest *guest, const struct str *text)
{
	if (guest->fd >= 0)
		(void)!send(guest->fd, str_text(text), text->length, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void reply_number(const struct guest *guest, const char *name, int number)
{
	struct str text = { 0 };
	struct json_out w;

	json_out_init(&w, &text);
	json_object(&w);
	json_pair_i64(&w, name, number);
	json_object_end(&w);
	reply(guest, &text);
	str_done(&text);
}

static void reply_error(const struct guest *guest, const struct error *err)
{
	struct str text = { 0 };
	struct json_out w;

	json_out_init(&w, &text);
	json_object(&w);
	json_name(&w, "error");
	json_object(&w);
	json_pair_string(&w, "code", err->code);
	json_pair_string(&w, "message", err->message);
	json_pair_string(&w, "hint", err->hint);
	json_object_end(&w);
	json_object_end(&w);
	reply(guest, &text);
	str_done(&text);
}

static void log_guest(const struct guest *guest, const char *level, const char *event, const char *code, const struct process_end *end)
{
	struct journal *journal = guest->guests->journal;

	journal_begin(journal, level, event);
	journal_number(journal, "uid", guest->uid);
	journal_text(journal, "code", code);
	if (end)
		journal_number(journal, end->signal_number ? "signal" : "status", end->signal_number ? end->signal_number : end->exit_status);
	journal_end(journal);
}

static void on_end(void *self, const struct process_end *end)
{
	struct guest *guest = self;

	guest->process = NULL;
	reply_number(guest, end->signal_number ? "signal" : "exit", end->signal_number ? end->signal_number : end->exit_status);
	log_guest(guest, "info", "operator_ended", NULL, end);
	guest_free(guest);
}

static void on_alone_for_long(void *self)
{
	struct guest *guest = self;

	guest->timer = 0;
	guest_free(guest);
}

/* The terminal is gone, as it were. */
static void leave_alone(struct guest *guest)
{
	struct loop *loop = guest->guests->app->loop;

	loop_watch(loop, guest->fd, 0, NULL, NULL);
	close(guest->fd);
	guest->fd = -1;
	process_tell(guest->process, SIGHUP);
	process_tell(guest->process, SIGCONT);
	guest->timer = loop_after(loop, ALONE_MS, on_alone_for_long, guest);
}

static enum status not_understood(struct error *err)
{
	return error_set(err, STATUS_USAGE, "request", _("the daemon does not understand what it is asked for"));
}

typedef VEC(const char *) word_list;
typedef VEC(char *) text_vec;

static bool read_words(const struct json *words, size_t most, word_list *out)
{
	if (json_kind(words) != JSON_ARRAY || json_count(words) > most)
		return false;
	for (const struct json *one = json_first(words); one; one = json_next(one)) {
		if (!json_string(one))
			return false;
		vec_push(out, json_string(one));
	}
	return true;
}

/* The one variable that names a descriptor may name one that was handed over, and none that the command will open. */
static bool may_say(const char *name, const char *value, size_t descriptors)
{
	long long fd;

	if (strcmp(name, GUEST_SCREEN) == 0)
		return text_to_i64(value, STDERR_FILENO + 1, (long long)descriptors - 1, &fd);
	return guest_may_say(name, value);
}

/* Ours, with what the asker says in the place of ours. */
static void make_environment(const struct json *said, size_t descriptors, text_vec *out)
{
	for (char **one = environ; *one; one++) {
		char *name = mem_strndup(*one, strcspn(*one, "="));
		bool theirs = false;

		for (const char *const *variable = guest_variables; *variable && !theirs; variable++)
			theirs = strcmp(*variable, name) == 0;
		if (!theirs)
			vec_push(out, mem_strdup(*one));
		mem_free(name);
	}
	for (const struct json *one = json_first(said); one; one = json_next(one))
		if (json_key(one) && json_string(one) && may_say(json_key(one), json_string(one), descriptors))
			vec_push(out, mem_printf("%s=%s", json_key(one), json_string(one)));
	vec_push(out, NULL);
}

static enum status start(struct guest *guest, const struct json *json, const struct request *request, struct error *err)
{
	struct guests *guests = guest->guests;
	word_list words = { 0 }, files = { 0 };
	text_vec environment = { 0 };
	char *telling;
	struct process_options how = { .file = "/proc/self/exe", .descriptors = request->fds, .descriptor_count = request->fd_count, .end = on_end, .self = guest };

	vec_push(&words, "penstock");
	vec_push(&words, OPERATOR_WORD);
	vec_push(&words, "");
	if (!read_words(json_get(json, "words"), GUEST_WORDS, &words) || !read_words(json_get(json, "files"), OPERATOR_FILES, &files) || request->fd_count != 3 + files.count) {
		vec_done(&words);
		vec_done(&files);
		return not_understood(err);
	}
	guest->caller.files = files.at;
	guest->caller.file_count = files.count;
	words.at[2] = telling = operator_tell(&guest->caller, guests->keeper, guests->app->db);
	guest->caller.files = NULL; /* the request's, and told */
	guest->caller.file_count = 0;
	vec_push(&words, NULL);
	make_environment(json_get(json, "environment"), request->fd_count, &environment);
	how.argv = words.at;
	how.environment = environment.at;
	guest->process = process_start(guests->app->loop, &how, err);
	mem_free(telling);
	for (size_t i = 0; i < environment.count; i++)
		mem_free(environment.at[i]);
	vec_done(&environment);
	vec_done(&words);
	vec_done(&files);
	return guest->process ? STATUS_OK : STATUS_FAILED;
}

static void serve(struct guest *guest, const struct request *request)
{
	struct json *json = request->cut ? NULL : json_parse(request->bytes, request->length, NULL, NULL);
	struct error err = { 0 };
	enum status status = json_kind(json) == JSON_OBJECT ? start(guest, json, request, &err) : not_understood(&err);

	json_free(json);
	loop_cancel(guest->guests->app->loop, guest->timer);
	guest->timer = 0;
	log_guest(guest, status == STATUS_OK ? "info" : "warning", status == STATUS_OK ? "operator" : "operator_refused", err.code, NULL);
	if (status == STATUS_OK)
		return;
	reply_error(guest, &err);
	guest_free(guest);
}

static void pass_on(struct guest *guest, const struct request *request)
{
	static const int allowed[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGCONT };

	for (size_t i = 0; request->length == 1 && i < sizeof allowed / sizeof *allowed; i++)
		if (request->bytes[0] == allowed[i])
			process_tell(guest->process, allowed[i]);
}

static void take_descriptors(struct msghdr *message, struct request *request)
{
	for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part; part = CMSG_NXTHDR(message, part)) {
		size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t i = 0; i < count; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(part) + i * sizeof fd, sizeof fd);
			if (request->fd_count < GUEST_DESCRIPTORS)
				request->fds[request->fd_count++] = fd;
			else
				close(fd);
		}
	}
}

/* False: nobody is there any more. */
static bool receive(int fd, struct request *request)
{
	union {
		struct cmsghdr header; /* for its alignment */
		char bytes[CMSG_SPACE(GUEST_DESCRIPTORS * sizeof(int))];
	} control;
	struct iovec part = { .iov_base = request->bytes, .iov_len = GUEST_MESSAGE };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes };
	ssize_t got = recvmsg(fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	request->fd_count = request->length = 0;
	request->cut = message.msg_flags & (MSG_TRUNC | MSG_CTRUNC);
	if (got < 0)
		return errno == EAGAIN || errno == EINTR;
	take_descriptors(&message, request);
	request->length = (size_t)got;
	request->bytes[got] = '\0';
	return got > 0;
}

static void on_message(void *self, int fd, int events)
{
	struct request *request = mem_alloc(sizeof *request);
	struct guest *guest = self;
	bool there = receive(fd, request);

	(void)events;
	if (there && request->length && guest->process)
		pass_on(guest, request);
	else if (there && request->length)
		serve(guest, request);
	else if (!there && guest->process)
		leave_alone(guest);
	else if (!there)
		guest_free(guest);
	/* The process has copies of its own. */
	for (size_t i = 0; i < request->fd_count; i++)
		close(request->fds[i]);
	mem_wipe_free(request, sizeof *request);
}

static void on_silent(void *self)
{
	struct guest *guest = self;

	guest->timer = 0;
	guest_free(guest);
}

/* Who it is, by the kernel's word. */
static bool identify(struct guest *guest)
{
	gid_t groups[OPERATOR_GROUPS];
	struct ucred who;
	socklen_t length = sizeof who;

	if (getsockopt(guest->fd, SOL_SOCKET, SO_PEERCRED, &who, &length) != 0)
		return false;
	guest->uid = guest->caller.uid = who.uid;
	vec_push(&guest->caller.groups, (int64_t)who.gid);
	length = sizeof groups;
	if (getsockopt(guest->fd, SOL_SOCKET, SO_PEERGROUPS, groups, &length) != 0)
		return false;
	for (size_t i = 0; i < length / sizeof *groups && guest->caller.groups.count < OPERATOR_GROUPS; i++)
		vec_push(&guest->caller.groups, (int64_t)groups[i]);
	return true;
}

static bool is_too_many(const struct guests *guests, int64_t uid)
{
	size_t same = 0;

	for (size_t i = 0; i < guests->all.count; i++)
		same += guests->all.at[i]->uid == uid;
	return guests->all.count >= GUESTS_MOST || same >= GUESTS_OF_ONE;
}

static void admit(struct guests *guests, int fd)
{
	struct guest *guest = mem_alloc(sizeof *guest);
	struct error err = { 0 };
	bool known;

	*guest = (struct guest){ .guests = guests, .fd = fd };
	known = identify(guest);
	if (known && !is_too_many(guests, guest->uid)) {
		vec_push(&guests->all, guest);
		guest->timer = loop_after(guests->app->loop, SILENT_MS, on_silent, guest);
		loop_watch(guests->app->loop, fd, LOOP_READ, on_message, guest);
		return;
	}
	error_set(&err, STATUS_FAILED, "busy", known ? _("too much is asked of the daemon at once") : _("the daemon cannot tell who you are"));
	reply_error(guest, &err);
	guest_free(guest);
}

static void on_connect(void *self, int fd, int events)
{
	struct guests *guests = self;

	(void)events;
	for (int i = 0; i < TURN_GUESTS; i++) {
		int caller = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (caller < 0)
			return;
		admit(guests, caller);
	}
}

static enum status no_socket(const char *path, const char *why, struct error *err)
{
	return error_set(err, STATUS_FAILED, "socket", _("cannot listen at %s: %s"), path, why);
}

/* What a daemon has left that was killed. Another one that still listens is left alone. */
static enum status make_room(const char *path, const struct sockaddr_un *address, struct error *err)
{
	struct stat about;
	int fd, there, why;

	if (lstat(path, &about) != 0)
		return STATUS_OK;
	if (!S_ISSOCK(about.st_mode))
		return no_socket(path, _("there is something else"), err);
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	there = fd >= 0 ? connect(fd, (const struct sockaddr *)address, sizeof *address) : -1;
	why = errno;
	if (fd >= 0)
		close(fd);
	/* A daemon with too many at its door is there, too. */
	if (there == 0 || why != ECONNREFUSED)
		return no_socket(path, _("a daemon is there already"), err);
	unlink(path);
	return STATUS_OK;
}

static enum status listen_at(struct guests *guests, struct error *err)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	enum status status;

	if (strlen(guests->path) >= sizeof address.sun_path)
		return no_socket(guests->path, _("the path is too long"), err);
	memcpy(address.sun_path, guests->path, strlen(guests->path));
	status = make_room(guests->path, &address, err);
	if (status != STATUS_OK)
		return status;
	guests->fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	/* Everybody may ask: the kernel says who it is. */
	if (guests->fd < 0 || bind(guests->fd, (const struct sockaddr *)&address, sizeof address) != 0 || chmod(guests->path, 0666) != 0 || listen(guests->fd, GUESTS_MOST) != 0)
		return no_socket(guests->path, strerror(errno), err);
	loop_watch(guests->app->loop, guests->fd, LOOP_READ, on_connect, guests);
	return STATUS_OK;
}

enum status guests_open(struct app *app, struct journal *journal, const char *path, const char *keeper, struct guests **out, struct error *err)
{
	enum status status;

	*out = mem_alloc(sizeof **out);
	**out = (struct guests){ .app = app, .journal = journal, .path = path, .keeper = keeper, .fd = -1 };
	status = listen_at(*out, err);
	if (status != STATUS_OK) {
		if ((*out)->fd >= 0)
			close((*out)->fd);
		mem_free(*out);
		*out = NULL;
	}
	return status;
}

void guests_stop(struct guests *guests)
{
	if (!guests || guests->fd < 0)
		return;
	loop_watch(guests->app->loop, guests->fd, 0, NULL, NULL);
	close(guests->fd);
	guests->fd = -1;
	unlink(guests->path);
	for (size_t i = guests->all.count; i > 0; i--) {
		struct guest *guest = guests->all.at[i - 1];

		if (guest->process)
			process_tell(guest->process, SIGTERM);
		else
			guest_free(guest);
	}
}

size_t guests_at_work(const struct guests *guests)
{
	return guests ? guests->all.count : 0;
}

void guests_close(struct guests *guests)
{
	if (!guests)
		return;
	guests_stop(guests);
	while (guests->all.count)
		guest_free(guests->all.at[guests->all.count - 1]);
	vec_done(&guests->all);
	mem_free(guests);
}
