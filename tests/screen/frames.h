/*
 * When may a screen be judged? The program writes a line "N idle" or "N busy" to a pipe (its number is in PENSTOCK_SCREEN_FD) after each
 * update of the screen and after each input, also when nothing changed. A line that came before the last input says nothing. One that came
 * after it may still belong to a frame that was finished just before the program read the input, so it counts
 *   at once   when the terminal had been seen empty (all input read) before the line came;
 *   else      when the program then sleeps, with all read and nothing more said, for a short while.
 * A program that does not speak is judged when it sleeps and the terminal has been quiet for a while.
 */
#ifndef SCREEN_FRAMES_H
#define SCREEN_FRAMES_H

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

int64_t now_us(void); /* microseconds, never goes back */

/* Whole keys; bytes after which the program may wait for more of a key; a signal, which nobody sees being read. */
enum input { INPUT_WHOLE, INPUT_PARTLY, INPUT_SIGNAL };

struct frames {
	int fd; /* -1: none */
	bool speaks;
	struct str line;  /* begun */
	struct str wrong; /* a line that is none */
	unsigned long long number;
	bool busy;
	enum { ANSWER_NONE, ANSWER_MAYBE, ANSWER_SURE } answer; /* to the last input */
	enum input input;      /* the last one */
	bool unread;           /* it may still wait in the terminal */
	int64_t settle;        /* microseconds of sleep that an uncertain answer needs */
	int64_t quiet_since;   /* the last line, output or input */
};

void frames_init(struct frames *f);
void frames_done(struct frames *f);
/* A program begins. Its end of the pipe, -1 when it does not speak. */
int frames_open(struct frames *f, bool speaks);
void frames_input(struct frames *f, enum input input);
/* Reads the lines that are there. all_read: the terminal held no input before this call. */
void frames_read(struct frames *f, bool all_read);
bool frames_settled(const struct frames *f, pid_t program, bool busy_too);
/* Microseconds until something may have changed of which no descriptor tells; -1: none will. */
int64_t frames_patience(const struct frames *f);

#endif
