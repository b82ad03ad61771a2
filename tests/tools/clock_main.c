/* Winds the clock in a file, for penstock_clocked: clock_main FILE TIME SPEED makes one that shows TIME (RFC 3339) and runs SPEED times as fast;
 * clock_main FILE TIME puts it forward to TIME; clock_main FILE prints what it shows. */
#include "tests/tools/clocked.h"

#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int64_t real_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "clock_main: %s\n", what);
	exit(2);
}

static struct clocked look(const char *path)
{
	struct clocked clock;
	FILE *file = fopen(path, "rb");

	if (!file || fread(&clock, sizeof clock, 1, file) != 1)
		die("no such clock");
	fclose(file);
	return clock;
}

/* In place: it is mapped by others. */
static void wind(const char *path, const char *mode, const struct clocked *clock)
{
	FILE *file = fopen(path, mode);

	if (!file || fwrite(clock, sizeof *clock, 1, file) != 1 || fclose(file) != 0)
		die("the clock cannot be written");
}

static int64_t shown_ms(const struct clocked *clock)
{
	return clock->shown + (real_ms() - clock->real) * clock->speed;
}

int main(int count, char **arguments)
{
	int64_t wanted, shown;
	struct clocked clock;
	char text[CLOCK_TEXT];

	if (count == 2) {
		clock = look(arguments[1]);
		puts(clock_format(shown_ms(&clock), text));
		return 0;
	}
	if (count < 3 || count > 4 || !clock_parse(arguments[2], &wanted, NULL))
		die("FILE [TIME [SPEED]]");
	if (count == 4) {
		clock = (struct clocked){ .real = real_ms(), .shown = wanted, .speed = atoll(arguments[3]) };
		if (clock.speed < 1)
			die("a clock does not stand still or run backwards");
		wind(arguments[1], "wb", &clock);
		return 0;
	}
	clock = look(arguments[1]);
	shown = shown_ms(&clock);
	if (wanted > shown)
		clock.shown += wanted - shown;
	wind(arguments[1], "r+b", &clock);
	return 0;
}
