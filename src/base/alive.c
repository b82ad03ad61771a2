/* What /proc/PID/stat tells. Its 2nd value is a name that may hold anything, so the others are counted from the bracket that closes it. */
#include "base/alive.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STATE = 3, START = 22 /* places of the values */ };

/* The state's letter, and the start in *since; '\0' when there is no such process. */
static char look(pid_t pid, uint64_t *since)
{
	char path[64], text[1024], state;
	ssize_t length;
	char *at;
	int fd;

	*since = 0;
	snprintf(path, sizeof path, "/proc/%ld/stat", (long)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	length = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
	if (fd >= 0)
		close(fd);
	if (length <= 0)
		return '\0';
	text[length] = '\0';
	at = strrchr(text, ')');
	if (!at || at[1] != ' ')
		return '\0';
	state = at[2];
	for (int value = STATE - 1; at && value < START; value++)
		at = strchr(at + 1, ' ');
	*since = at ? strtoull(at + 1, NULL, 10) : 0;
	return state;
}

uint64_t alive_since(pid_t pid)
{
	uint64_t since;

	look(pid, &since);
	return since;
}

enum alive alive_look(pid_t pid, uint64_t since)
{
	uint64_t now;
	char state = pid > 0 ? look(pid, &now) : '\0';

	/* Z and X: it has ended, and only its parent has not looked yet. */
	if (!state || now != since || state == 'Z' || state == 'X')
		return ALIVE_GONE;
	return state == 'T' || state == 't' ? ALIVE_STOPPED : ALIVE_RUNS;
}
