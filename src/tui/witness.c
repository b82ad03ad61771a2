#include "tui/witness.h"

#include "base/text.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void witness_init(struct witness *witness)
{
	const char *text = getenv("PENSTOCK_SCREEN_FD");
	long long fd;
	int flags;

	*witness = (struct witness){ .fd = -1 };
	if (!text || !text_to_i64(text, STDERR_FILENO + 1, INT_MAX, &fd))
		return;
	flags = fcntl((int)fd, F_GETFD);
	if (flags < 0 || fcntl((int)fd, F_SETFD, flags | FD_CLOEXEC) != 0)
		return;
	witness->fd = (int)fd;
}

void witness_tell(struct witness *witness, bool news, bool busy)
{
	struct pollfd out = { .fd = witness->fd, .events = POLLOUT };
	char line[40];
	int length;

	if (witness->fd < 0 || (!news && witness->told && busy == witness->busy))
		return;
	witness->told = true;
	witness->busy = busy;
	length = snprintf(line, sizeof line, "%lu %s\n", ++witness->number, busy ? "busy" : "idle");
	/* A full pipe loses the line, a reader that has gone ends the telling. */
	if (poll(&out, 1, 0) <= 0)
		return;
	if ((out.revents & (POLLERR | POLLHUP | POLLNVAL)) || write(witness->fd, line, (size_t)length) < 0)
		witness->fd = -1;
}
