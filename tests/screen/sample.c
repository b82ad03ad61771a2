/*
 * What the driver's own test looks at: a small program with curses that tells of its frames (frames.h).
 *
 *     sample [clean|raw|alternate|cursor|colour|mouse]     how it leaves the terminal at Q
 *     sample [stale|mute|wrong]                            how it tells of its frames
 *
 * Keys: Q leaves, B is busy until C, D dies by a signal, O writes to the clipboard, Ctrl-Z stops; any other is shown by its name.
 */
#include <locale.h>
#include <ncurses.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

enum { PASTE_BEGINS = KEY_MAX + 1, PASTE_ENDS };
enum { WORK_MS = 30 };

static const char *mode = "clean";
static int frames_fd = -1;
static unsigned long frame;
static bool busy, pasting, over;
static sigset_t none_blocked;
static char last[200] = "none", typed[200];

static void speak(void)
{
	if (!strcmp(mode, "wrong"))
		dprintf(frames_fd, "nonsense\n");
	else if (frames_fd >= 0 && strcmp(mode, "mute") != 0)
		dprintf(frames_fd, "%lu %s\n", ++frame, busy ? "busy" : "idle");
}

static void draw(void)
{
	erase();
	attron(A_BOLD);
	mvaddstr(0, 0, "Sample");
	attroff(A_BOLD);
	mvprintw(1, 0, "size %d x %d", LINES, COLS);
	mvprintw(2, 0, "key %s", last);
	mvprintw(3, 0, "typed %s", typed);
	mvaddstr(4, 0, "wide \u65e5\u672c, combined e\u0301, \u00fcber");
	attron(A_REVERSE);
	mvaddstr(5, 0, "reverse");
	attroff(A_REVERSE);
	attron(COLOR_PAIR(1) | A_UNDERLINE);
	mvaddstr(5, 10, "green");
	attroff(COLOR_PAIR(1) | A_UNDERLINE);
	if (busy)
		mvaddstr(6, 0, "busy");
	mvhline(7, 0, ACS_HLINE, COLS);
	mvhline(8, 0, '=', COLS);
	move(3, 6 + (int)strlen(typed));
	refresh();
}

static void raw_bytes(const char *bytes)
{
	refresh();
	if (write(STDOUT_FILENO, bytes, strlen(bytes)) < 0)
		abort();
}

/* Keeps the processor busy for a while, as the work for a key may. */
static void work(void)
{
	struct timespec t;
	long end;

	clock_gettime(CLOCK_MONOTONIC, &t);
	end = t.tv_sec * 1000 + t.tv_nsec / 1000000 + WORK_MS;
	do
		clock_gettime(CLOCK_MONOTONIC, &t);
	while (t.tv_sec * 1000 + t.tv_nsec / 1000000 < end);
}

static void name_key(int is_key, wint_t key)
{
	const char *name = is_key == KEY_CODE_YES ? keyname((int)key) : key < 0x80 ? unctrl(key) : NULL;

	if (name)
		snprintf(last, sizeof last, "%s", name);
	else
		snprintf(last, sizeof last, "%lc", key);
	if (name && is_key != KEY_CODE_YES && key > ' ' && key < 0x7f && strlen(typed) < sizeof typed - 1)
		strncat(typed, name, 1);
}

static void paste(wint_t key)
{
	if (key == PASTE_ENDS)
		pasting = false;
	else if (strlen(typed) < sizeof typed - 1)
		strcat(typed, (char[]){ key == '\r' ? '/' : (char)key, '\0' });
}

static void handle(int is_key, wint_t key)
{
	if (pasting)
		paste(key);
	else if (key == PASTE_BEGINS)
		pasting = true;
	else if (key == 'Q')
		over = true;
	else if (key == 'B' || key == 'C')
		busy = key == 'B';
	else if (key == 'D')
		abort();
	else if (key == 'O')
		raw_bytes("\033]52;c;aGVsbG8=\a");
	else if (key == KEY_RESIZE)
		snprintf(last, sizeof last, "resize");
	else if (key == ('Z' & 0x1f))
		raise(SIGTSTP);
	else
		name_key(is_key, key);
}

static void leave(void)
{
	static const char *const behind[][2] = { { "cursor", "\033[?25l" }, { "colour", "\033[31m" }, { "mouse", "\033[?1000h" } };

	if (!strcmp(mode, "raw"))
		raw_bytes("\033[?1l\033>\033[?2004l\033[?12l\033[?25h\033[?1049l");
	else if (!strcmp(mode, "alternate"))
		reset_shell_mode();
	else
		endwin();
	for (size_t i = 0; i < sizeof behind / sizeof *behind; i++)
		if (!strcmp(mode, behind[i][0]))
			printf("%s", behind[i][1]);
	if (strcmp(mode, "alternate") != 0)
		printf("\033[?2004l");
	printf("bye\n");
	fflush(stdout);
}

static void enter(void)
{
	sigset_t resize;

	sigemptyset(&none_blocked);
	sigemptyset(&resize);
	sigaddset(&resize, SIGWINCH);
	sigprocmask(SIG_BLOCK, &resize, NULL);
	setlocale(LC_ALL, "");
	initscr();
	if (!getenv("ESCDELAY"))
		set_escdelay(25);
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	start_color();
	use_default_colors();
	init_pair(1, COLOR_GREEN, -1);
	define_key("\033[200~", PASTE_BEGINS);
	define_key("\033[201~", PASTE_ENDS);
	raw_bytes("\033[?2004h");
}

/* All keys that are there; in mode stale a line is written that belongs to the frame before them. */
static void turn(void)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	wint_t key;
	int is_key;

	/* A change of size comes here or not at all: else it could come just before the wait, and be slept over. */
	ppoll(&input, 1, NULL, &none_blocked);
	if (!strcmp(mode, "stale")) {
		speak();
		work();
	}
	timeout(0);
	while ((is_key = get_wch(&key)) != ERR) {
		if (!strcmp(mode, "stale"))
			work();
		handle(is_key, key);
	}
}

int main(int count, char **arguments)
{
	const char *fd = getenv("PENSTOCK_SCREEN_FD");

	if (count > 1)
		mode = arguments[1];
	if (fd)
		frames_fd = (int)strtol(fd, NULL, 10);
	enter();
	while (!over) {
		draw();
		speak();
		turn();
	}
	leave();
	return 3;
}
