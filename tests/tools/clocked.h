/* A clock that tests wind: a small file, mapped by every process that goes by it (clocked.c) and set by clock_main. */
#ifndef TESTS_CLOCKED_H
#define TESTS_CLOCKED_H

#include <stdint.h>

struct clocked {
	int64_t real;  /* ms of CLOCK_MONOTONIC when it showed `shown` */
	int64_t shown; /* ms since 1970-01-01 UTC; grows when the clock is put forward */
	int64_t speed; /* ms it goes in a real one */
};

#endif
