#include "app/notify.h"

#include "base/text.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

void notify(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t length = path ? strlen(path) : 0;
	int fd;

	if (length < 2 || length >= sizeof address.sun_path || (*path != '/' && *path != '@'))
		return;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	memcpy(address.sun_path, path, length);
	/* "@name" is written for a name that begins with a NUL. */
	if (*path == '@')
		address.sun_path[0] = '\0';
	(void)!sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&address, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length));
	close(fd);
}

int64_t notify_watchdog_ms(void)
{
	const char *every = getenv("WATCHDOG_USEC"), *who = getenv("WATCHDOG_PID");
	long long micro, pid;

	if (!every || !text_to_i64(every, 1, INT64_MAX, &micro))
		return 0;
	if (who && (!text_to_i64(who, 1, INT64_MAX, &pid) || pid != getpid()))
		return 0;
	return micro < 2000 ? 1 : micro / 2000;
}
