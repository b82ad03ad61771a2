#include "frames.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
	SETTLE_US = 10000,          /* a program that has read its input and sleeps this long has dealt with it... */
	SETTLE_PARTLY_US = 120000,  /* ...unless it waits for the rest of a key, which curses does for ESCDELAY */
	QUIET_US = 60000,           /* of a program that does not speak */
	QUIET_PARTLY_US = 150000,
	LOOK_US = 1000,             /* how often to look whether input was read: no descriptor tells */
	LINE_MAX_BYTES = 200,
};

int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void frames_init(struct frames *f)
{
	*f = (struct frames){ .fd = -1 };
}

void frames_done(struct frames *f)
{
	if (f->fd >= 0)
		close(f->fd);
	str_done(&f->line);
	str_done(&f->wrong);
	frames_init(f);
}

int frames_open(struct frames *f, bool speaks)
{
	int ends[2] = { -1, -1 };

	frames_done(f);
	f->speaks = speaks;
	f->settle = speaks ? SETTLE_US : QUIET_US;
	f->quiet_since = now_us();
	if (speaks && pipe2(ends, O_CLOEXEC) != 0)
		abort();
	f->fd = ends[0];
	if (f->fd >= 0)
		fcntl(f->fd, F_SETFL, O_NONBLOCK);
	return ends[1];
}

void frames_input(struct frames *f, enum input input)
{
	f->answer = ANSWER_NONE;
	f->input = input;
	f->unread = true;
	if (f->speaks)
		f->settle = input == INPUT_PARTLY ? SETTLE_PARTLY_US : SETTLE_US;
	else
		f->settle = input == INPUT_PARTLY ? QUIET_PARTLY_US : QUIET_US;
	f->quiet_since = now_us();
}

static void take_line(struct frames *f)
{
	char word[8], rest;

	if (sscanf(str_text(&f->line), "%llu %7s%c", &f->number, word, &rest) == 2 && (!strcmp(word, "idle") || !strcmp(word, "busy"))) {
		f->busy = !strcmp(word, "busy");
		f->answer = f->unread ? ANSWER_MAYBE : ANSWER_SURE;
	} else if (!f->wrong.length) {
		str_add(&f->wrong, str_text(&f->line));
	}
	str_clear(&f->line);
}

void frames_read(struct frames *f, bool all_read)
{
	char bytes[512];
	ssize_t got;

	while (f->fd >= 0 && (got = read(f->fd, bytes, sizeof bytes)) > 0) {
		f->quiet_since = now_us();
		for (ssize_t i = 0; i < got; i++) {
			if (bytes[i] == '\n' || f->line.length > LINE_MAX_BYTES)
				take_line(f);
			else
				str_add_char(&f->line, bytes[i]);
		}
	}
	/* Only now: the lines above may have been written before the last of the input was read. */
	if (all_read && f->input != INPUT_SIGNAL)
		f->unread = false;
}

/* Does its main thread wait for something? Where the system does not tell, silence must do. */
static bool asleep(pid_t program)
{
	char path[64], text[512];
	const char *state;
	size_t length;
	FILE *file;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)program);
	if (!(file = fopen(path, "re")))
		return true;
	length = fread(text, 1, sizeof text - 1, file);
	fclose(file);
	text[length] = '\0';
	state = strrchr(text, ')'); /* the name before it may hold anything */
	return !state || strlen(state) < 3 || state[2] == 'S' || state[2] == 'Z';
}

bool frames_settled(const struct frames *f, pid_t program, bool busy_too)
{
	if (f->speaks && (f->answer == ANSWER_NONE || (f->busy && !busy_too)))
		return false;
	if (f->speaks && f->answer == ANSWER_SURE)
		return true;
	return (!f->unread || f->input == INPUT_SIGNAL) && now_us() - f->quiet_since >= f->settle && asleep(program);
}

int64_t frames_patience(const struct frames *f)
{
	int64_t left = f->quiet_since + f->settle - now_us();

	if (f->unread && f->input != INPUT_SIGNAL)
		return LOOK_US;
	if (f->speaks && f->answer != ANSWER_MAYBE)
		return -1;
	return left > LOOK_US ? left : LOOK_US;
}
