/*
 * Makes a program go by the clock in the file that PENSTOCK_TEST_CLOCK names. Linked with the program's own main it is penstock_clocked; the program that is
 * installed does not hold it, and cannot be fooled. PENSTOCK_TEST_CLOCK_NAME: letters and digits, under which processes share what they know of the limits,
 * as they do by the system's clock; without it each keeps it to itself. libcurl keeps the system's time: time-outs of calls are real ones, and none should be met here.
 */
#include "tests/tools/clocked.h"

#include "base/clock.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static const volatile struct clocked *face;

static int64_t shown_ms(void *self)
{
	struct timespec now;

	(void)self;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return face->shown + ((int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 - face->real) * face->speed;
}

static int64_t real_ms(void *self, int64_t ms)
{
	(void)self;
	return (ms + face->speed - 1) / face->speed;
}

__attribute__((constructor)) static void wind(void)
{
	static struct clock_source source = { .mono_ms = shown_ms, .wall_ms = shown_ms, .wait_ms = real_ms };
	const char *path = getenv("PENSTOCK_TEST_CLOCK");
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	void *at = fd >= 0 ? mmap(NULL, sizeof *face, PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;

	if (at == MAP_FAILED) {
		fprintf(stderr, "no clock: PENSTOCK_TEST_CLOCK must name a file of clock_main\n");
		_exit(99);
	}
	close(fd);
	face = at;
	source.name = getenv("PENSTOCK_TEST_CLOCK_NAME");
	clock_use(&source);
}
