#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

/* libvterm tells. */

static int on_damage(VTermRect rect, void *user)
{
	(void)rect;
	((struct terminal *)user)->changed = true;
	return 1;
}

static int on_move(VTermPos to, VTermPos from, int visible, void *user)
{
	(void)to;
	(void)from;
	(void)visible;
	((struct terminal *)user)->changed = true;
	return 1;
}

static int on_property(VTermProp property, VTermValue *value, void *user)
{
	struct terminal *t = user;

	if (property == VTERM_PROP_ALTSCREEN)
		t->alternate = value->boolean;
	else if (property == VTERM_PROP_CURSORVISIBLE)
		t->cursor_visible = value->boolean;
	else if (property == VTERM_PROP_MOUSE)
		t->mouse = value->number;
	return 1;
}

static void on_reply(const char *bytes, size_t length, void *user)
{
	terminal_send(user, bytes, length);
}

static void screen_open(struct terminal *t)
{
	static const VTermScreenCallbacks callbacks = { .damage = on_damage, .movecursor = on_move, .settermprop = on_property };

	if (t->vterm)
		vterm_free(t->vterm);
	t->vterm = vterm_new(t->rows, t->columns);
	if (!t->vterm)
		abort();
	vterm_set_utf8(t->vterm, 1);
	vterm_output_set_callback(t->vterm, on_reply, t);
	t->screen = vterm_obtain_screen(t->vterm);
	vterm_screen_enable_altscreen(t->screen, 1);
	t->alternate = false;
	t->cursor_visible = true;
	t->mouse = VTERM_PROP_MOUSE_NONE;
	/* Before the reset, which uses them. */
	vterm_screen_set_callbacks(t->screen, &callbacks, t);
	vterm_screen_reset(t->screen, 1);
}

/* The terminal. */

void terminal_init(struct terminal *t)
{
	sigset_t child;

	*t = (struct terminal){ .master = -1, .slave = -1 };
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	t->children = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
	frames_init(&t->frames);
}

static void pty_close(struct terminal *t)
{
	if (t->slave >= 0)
		close(t->slave);
	if (t->master >= 0)
		close(t->master);
	t->master = t->slave = -1;
}

void terminal_done(struct terminal *t)
{
	terminal_kill(t);
	pty_close(t);
	close(t->children);
	frames_done(&t->frames);
	str_done(&t->raw);
	str_done(&t->unsent);
	if (t->vterm)
		vterm_free(t->vterm);
	t->vterm = NULL;
}

/* The driver leads the session and keeps the slave open, as a shell would: when a session's leader ends, the kernel sets the terminal back to
 * its first settings, and nobody could see any more how the program left it. */
static bool pty_open(struct terminal *t)
{
	if (t->master >= 0)
		return true;
	if (openpty(&t->master, &t->slave, NULL, NULL, NULL) != 0)
		return false;
	fcntl(t->master, F_SETFD, FD_CLOEXEC);
	fcntl(t->slave, F_SETFD, FD_CLOEXEC);
	fcntl(t->master, F_SETFL, O_NONBLOCK);
	return ioctl(t->slave, TIOCSCTTY, 0) == 0 && tcgetattr(t->master, &t->before) == 0;
}

static void set_size(struct terminal *t, int rows, int columns)
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns };

	t->rows = rows;
	t->columns = columns;
	ioctl(t->master, TIOCSWINSZ, &size);
}

/* What a login would hand over: a group of its own in the foreground, all signals as they are by default. */
static void child_run(struct terminal *t, char **arguments, int frames)
{
	char number[16];
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setpgid(0, 0);
	signal(SIGTTOU, SIG_IGN); /* tcsetpgrp by one who is not in the foreground yet */
	tcsetpgrp(t->slave, getpid());
	for (int s = 1; s < NSIG; s++)
		signal(s, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (int fd = 0; fd < 3; fd++)
		dup2(t->slave, fd);
	if (frames >= 0) {
		fcntl(frames, F_SETFD, 0);
		snprintf(number, sizeof number, "%d", frames);
		setenv("PENSTOCK_SCREEN_FD", number, 1);
	}
	execvp(arguments[0], arguments);
	printf("cannot run %s: %s\n", arguments[0], strerror(errno));
	fflush(stdout);
	_exit(127);
}

const char *terminal_start(struct terminal *t, int rows, int columns, char **arguments, bool speaks)
{
	int frames;

	if (t->running)
		return "a program is running already";
	if (!pty_open(t))
		return "no terminal can be had";
	tcsetattr(t->master, TCSANOW, &t->before);
	set_size(t, rows, columns);
	screen_open(t);
	str_clear(&t->raw);
	t->counted = 0;
	str_clear(&t->unsent);
	frames = frames_open(&t->frames, speaks);
	t->input_at = now_us();
	t->changed_at = 0;
	t->changed = t->stopped = false;
	t->program = fork();
	if (t->program == 0)
		child_run(t, arguments, frames);
	if (frames >= 0)
		close(frames);
	if (t->program < 0)
		return "cannot fork";
	setpgid(t->program, t->program); /* whoever of the two comes first */
	t->running = true;
	return NULL;
}

const char *terminal_resize(struct terminal *t, int rows, int columns)
{
	if (t->master < 0)
		return "there is no terminal";
	if (rows == t->rows && columns == t->columns)
		return NULL; /* the kernel tells nobody of that, so there will be no new frame */
	terminal_input(t, INPUT_SIGNAL);
	vterm_set_size(t->vterm, rows, columns);
	set_size(t, rows, columns);
	return NULL;
}

void terminal_continue(struct terminal *t)
{
	terminal_input(t, INPUT_SIGNAL);
	t->stopped = false;
	tcsetpgrp(t->slave, t->program);
	kill(-t->program, SIGCONT);
}

void terminal_hang_up(struct terminal *t)
{
	pty_close(t);
	str_clear(&t->unsent);
	/* The kernel tells only the leader of the session, and a shell passes it on. */
	if (t->running)
		kill(-t->program, SIGHUP);
}

static void reap(struct terminal *t)
{
	struct signalfd_siginfo info;
	int status;

	while (read(t->children, &info, sizeof info) > 0)
		;
	while (t->running && waitpid(t->program, &status, WNOHANG | WUNTRACED | WCONTINUED) > 0) {
		t->stopped = WIFSTOPPED(status);
		t->running = !WIFEXITED(status) && !WIFSIGNALED(status);
		if (!t->running)
			t->status = status;
	}
}

void terminal_kill(struct terminal *t)
{
	int status;

	if (!t->running)
		return; /* its number may be somebody else's by now */
	kill(-t->program, SIGKILL);
	if (waitpid(t->program, &status, 0) == t->program)
		t->status = status;
	t->running = t->stopped = false;
}

/* To and fro. */

void terminal_input(struct terminal *t, enum input input)
{
	frames_input(&t->frames, input);
	t->input_at = now_us();
	t->changed_at = 0;
	t->changed = false;
}

static void flush_input(struct terminal *t)
{
	ssize_t sent = 1;

	while (t->unsent.length && t->master >= 0 && (sent = write(t->master, t->unsent.text, t->unsent.length)) > 0) {
		memmove(t->unsent.text, t->unsent.text + sent, t->unsent.length - (size_t)sent + 1);
		t->unsent.length -= (size_t)sent;
	}
}

void terminal_send(struct terminal *t, const char *bytes, size_t length)
{
	str_add_bytes(&t->unsent, bytes, length);
	flush_input(t);
}

/* poll, not read, finds out: it makes the kernel finish what is on its way. */
static bool can_read(int fd)
{
	struct pollfd one = { .fd = fd, .events = POLLIN };

	return fd >= 0 && poll(&one, 1, 0) > 0 && (one.revents & POLLIN);
}

/* Not for ever: a program that writes without end must not keep the deadline away. */
static void drain_output(struct terminal *t)
{
	char bytes[65536];
	ssize_t got;

	for (int i = 0; i < 64 && can_read(t->master) && (got = read(t->master, bytes, sizeof bytes)) > 0; i++) {
		str_add_bytes(&t->raw, bytes, (size_t)got);
		vterm_input_write(t->vterm, bytes, (size_t)got);
		t->frames.quiet_since = now_us();
	}
	if (t->vterm)
		vterm_screen_flush_damage(t->screen);
}

static int patience(const struct terminal *t, int64_t until)
{
	int64_t left = until - now_us(), sooner = t->running ? frames_patience(&t->frames) : -1;

	if (sooner >= 0 && sooner < left)
		left = sooner;
	return left <= 0 ? 0 : (int)((left + 999) / 1000);
}

static void catch_up(struct terminal *t)
{
	bool all_read;

	reap(t);
	flush_input(t);
	all_read = !t->unsent.length && !can_read(t->slave);
	frames_read(&t->frames, all_read);
	/* After the lines: the screen is then at least as new as the last of them. */
	drain_output(t);
	if (!t->changed_at && t->changed && (!t->frames.speaks || t->frames.answer != ANSWER_NONE))
		t->changed_at = now_us();
}

bool terminal_turn(struct terminal *t, int also, int64_t until)
{
	struct pollfd all[] = {
		{ .fd = also, .events = POLLIN },
		{ .fd = t->children, .events = POLLIN },
		{ .fd = t->frames.fd, .events = POLLIN },
		{ .fd = t->master, .events = (short)(POLLIN | (t->unsent.length ? POLLOUT : 0)) },
	};

	poll(all, sizeof all / sizeof *all, patience(t, until));
	/* All writers gone: there is nothing to wait for, and poll would return at once for ever. */
	if ((all[2].revents & (POLLHUP | POLLIN)) == POLLHUP) {
		close(t->frames.fd);
		t->frames.fd = -1;
	}
	catch_up(t);
	return all[0].revents != 0;
}

bool terminal_settled(struct terminal *t, bool busy_too)
{
	if (!t->running || t->stopped)
		return true;
	return frames_settled(&t->frames, t->program, busy_too);
}

/* How was it left? */

static void collect(const char *bytes, size_t length, void *user)
{
	str_add_bytes(user, bytes, length);
}

/* What a key or a paste would send tells the modes that libvterm does not. */
static void probe_modes(struct terminal *t, struct str *what)
{
	struct str paste = { 0 }, arrow = { 0 };

	vterm_output_set_callback(t->vterm, collect, &paste);
	vterm_keyboard_start_paste(t->vterm);
	vterm_output_set_callback(t->vterm, collect, &arrow);
	vterm_keyboard_key(t->vterm, VTERM_KEY_UP, VTERM_MOD_NONE);
	vterm_output_set_callback(t->vterm, on_reply, t);
	if (paste.length)
		str_add(what, ", pastes are bracketed");
	if (strcmp(str_text(&arrow), "\033[A") != 0)
		str_add(what, ", the arrow keys are in application mode");
	str_done(&paste);
	str_done(&arrow);
}

static void probe_pen(struct terminal *t, struct str *what)
{
	static const VTermAttr plain[] = { VTERM_ATTR_BOLD, VTERM_ATTR_UNDERLINE, VTERM_ATTR_ITALIC, VTERM_ATTR_BLINK, VTERM_ATTR_REVERSE };
	VTermState *state = vterm_obtain_state(t->vterm);
	VTermValue value;
	bool marked = false;

	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
		value.number = value.boolean = 0;
		if (vterm_state_get_penattr(state, plain[i], &value))
			marked |= vterm_get_attr_type(plain[i]) == VTERM_VALUETYPE_BOOL ? value.boolean : value.number;
	}
	if (vterm_state_get_penattr(state, VTERM_ATTR_FOREGROUND, &value))
		marked |= !VTERM_COLOR_IS_DEFAULT_FG(&value.color);
	if (vterm_state_get_penattr(state, VTERM_ATTR_BACKGROUND, &value))
		marked |= !VTERM_COLOR_IS_DEFAULT_BG(&value.color);
	if (marked)
		str_add(what, ", the next text would have attributes or a colour");
}

static void compare_settings(struct terminal *t, struct str *what)
{
	struct termios now;

	if (tcgetattr(t->master, &now) != 0) {
		str_add(what, ", its settings cannot be read");
		return;
	}
	if (now.c_iflag != t->before.c_iflag)
		str_add_format(what, ", input flags %o were %o", now.c_iflag, t->before.c_iflag);
	if (now.c_oflag != t->before.c_oflag)
		str_add_format(what, ", output flags %o were %o", now.c_oflag, t->before.c_oflag);
	if (now.c_cflag != t->before.c_cflag)
		str_add_format(what, ", control flags %o were %o", now.c_cflag, t->before.c_cflag);
	if (now.c_lflag != t->before.c_lflag)
		str_add_format(what, ", local flags %o were %o%s%s", now.c_lflag, t->before.c_lflag, now.c_lflag & ECHO ? "" : ", no echo",
			now.c_lflag & ICANON ? "" : ", no line mode");
	if (memcmp(now.c_cc, t->before.c_cc, sizeof now.c_cc) != 0)
		str_add(what, ", other control characters");
}

/* libvterm takes the cursor's visibility back with a place that was saved; terminals do not. What was said of it last holds. */
static bool cursor_is_hidden(const struct terminal *t)
{
	static const char words[] = "\033[?25";
	enum { LENGTH = sizeof words };

	for (size_t at = t->raw.length; at >= LENGTH; at--) {
		const char *said = t->raw.text + at - LENGTH;

		if (memcmp(said, words, LENGTH - 1) == 0 && strchr("hl", said[LENGTH - 1]))
			return said[LENGTH - 1] == 'l';
	}
	return !t->cursor_visible;
}

const char *terminal_left(struct terminal *t, struct str *what)
{
	const char *text;

	str_clear(what);
	if (t->master < 0 || !t->vterm) {
		str_add(what, ", there is no terminal");
	} else {
		compare_settings(t, what);
		if (t->alternate)
			str_add(what, ", the alternate screen is on");
		if (cursor_is_hidden(t))
			str_add(what, ", the cursor is hidden");
		if (t->mouse)
			str_add(what, ", the mouse is on");
		probe_modes(t, what);
		probe_pen(t, what);
	}
	text = str_text(what);
	return *text ? text + 2 : text;
}
