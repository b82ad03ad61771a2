#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* memrchr */
#endif
#include "source/lines.h"

#include "source/follow.h"

#include <string.h>
#include <unistd.h>

enum { BLOCK = 64 * 1024 };

/* The last newline in [from, to), or -1. Looks from the end: it is near. */
static int64_t last_newline(int fd, int64_t from, int64_t to)
{
	char block[BLOCK];

	while (to > from) {
		int64_t begin = to - BLOCK > from ? to - BLOCK : from;
		ssize_t got = pread(fd, block, (size_t)(to - begin), begin);
		const char *newline = got > 0 ? memrchr(block, '\n', (size_t)got) : NULL;

		if (newline)
			return begin + (newline - block);
		to = begin;
	}
	return -1;
}

/* The first newline in [from, to), or -1. */
static int64_t first_newline(int fd, int64_t from, int64_t to)
{
	char block[BLOCK];
	ssize_t got;

	for (; from < to && (got = pread(fd, block, (size_t)(to - from < BLOCK ? to - from : BLOCK), from)) > 0; from += got) {
		const char *newline = memchr(block, '\n', (size_t)got);

		if (newline)
			return from + (newline - block);
	}
	return -1;
}

int64_t lines_end(int fd, int64_t from, int64_t *scanned, int64_t size)
{
	int64_t most = from + FOLLOW_BYTES < size ? from + FOLLOW_BYTES : size, newline = -1;

	if (*scanned < most)
		newline = last_newline(fd, *scanned, most);
	if (newline < 0)
		newline = first_newline(fd, *scanned > most ? *scanned : most, size);
	if (newline < 0)
		*scanned = size;
	return newline < 0 ? from : newline + 1;
}
