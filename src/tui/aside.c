#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* memfd_create, F_ADD_SEALS */
#endif
#include "tui/aside.h"

#include "base/i18n.h"
#include "base/str.h"
#include "base/text.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
	KEPT = 64 * 1024, /* a file in memory that cannot grow: what comes later is lost, and harmless */
	SHOWN = 4 * 1024,
};

static int kept = -1, before = -1; /* the file, and where standard error went before */

static void give_up(void)
{
	if (kept >= 0)
		close(kept);
	if (before >= 0)
		close(before);
	kept = before = -1;
}

void aside_begin(void)
{
	if (!isatty(STDERR_FILENO))
		return;
	fflush(stderr);
	kept = memfd_create("penstock-stderr", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	before = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	if (kept < 0 || before < 0 || ftruncate(kept, KEPT) != 0 || fcntl(kept, F_ADD_SEALS, F_SEAL_GROW) != 0 || dup2(kept, STDERR_FILENO) < 0)
		give_up();
}

/* Standard error goes back; returns how much was kept. The descriptors share their place in the file. */
static off_t put_back(void)
{
	off_t length;

	if (kept < 0)
		return 0;
	length = lseek(kept, 0, SEEK_CUR);
	dup2(before, STDERR_FILENO);
	return length;
}

static void tell_lines(char *bytes)
{
	struct str clean = { 0 };
	char *rest = bytes, *line;

	while ((line = strsep(&rest, "\n"))) {
		if (!*line)
			continue;
		str_clear(&clean);
		text_clean(&clean, line, strlen(line));
		fprintf(stderr, "%s\n", str_text(&clean));
	}
	str_done(&clean);
}

void aside_end(void)
{
	char bytes[SHOWN + 1];
	ssize_t got;
	off_t length;

	fflush(stderr);
	length = put_back();
	got = length > 0 ? pread(kept, bytes, SHOWN, 0) : 0;
	if (got > 0) {
		got = got < length ? got : (ssize_t)length;
		bytes[got] = '\0';
		tell_lines(bytes);
		if (length > got)
			fprintf(stderr, _("(and %lld more bytes)\n"), (long long)(length - got));
	}
	give_up();
}

void aside_abandon(void)
{
	char bytes[SHOWN];
	off_t length = put_back(), from = length > SHOWN ? length - SHOWN : 0; /* the last words are the ones that count */
	ssize_t got = length > 0 ? pread(kept, bytes, sizeof bytes, from) : 0;

	if (got > length - from)
		got = (ssize_t)(length - from);
	for (ssize_t i = 0; i < got; i++)
		if (bytes[i] != '\n' && (bytes[i] < ' ' || bytes[i] > '~'))
			bytes[i] = '?';
	if (got > 0)
		(void)!write(STDERR_FILENO, bytes, (size_t)got);
	kept = before = -1; /* the process ends: nothing is closed */
}
