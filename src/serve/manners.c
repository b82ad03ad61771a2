#include "serve/manners.h"

#include "base/clock.h"
#include "base/mem.h"

#include <string.h>
#include <sys/socket.h>

struct manners {
	struct manners *previous, *next;
	struct MHD_Connection *connection;
	int64_t since; /* we wait for it (clock_mono_ms); 0: it waits for us */
	bool deaf;
};

void manners_notify(struct manners **first, struct MHD_Connection *connection, void **slot, enum MHD_ConnectionNotificationCode what)
{
	struct manners *manners = *slot;

	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		manners = mem_alloc(sizeof *manners);
		*manners = (struct manners){ .next = *first, .connection = connection, .since = clock_mono_ms() };
		if (*first)
			(*first)->previous = manners;
		*first = *slot = manners;
		return;
	}
	if (!manners)
		return;
	*(manners->previous ? &manners->previous->next : first) = manners->next;
	if (manners->next)
		manners->next->previous = manners->previous;
	mem_free(manners);
	*slot = NULL;
}

static struct manners *manners_of(const struct MHD_Connection *connection)
{
	/* The library's questions take no const, and change nothing. */
	const union MHD_ConnectionInfo *info = MHD_get_connection_info((struct MHD_Connection *)connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info ? info->socket_context : NULL;
}

static int socket_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

	return info ? info->connect_fd : -1;
}

void manners_deafen(struct MHD_Connection *connection)
{
	struct manners *manners = manners_of(connection);

	if (manners)
		manners->deaf = true;
}

bool manners_is_deaf(const struct MHD_Connection *connection)
{
	const struct manners *manners = manners_of(connection);

	return manners && manners->deaf;
}

void manners_wait(struct MHD_Connection *connection, bool waits)
{
	struct manners *manners = manners_of(connection);

	if (manners)
		manners->since = waits ? 0 : clock_mono_ms();
}

void manners_hurry(const struct manners *first, int64_t before_ms)
{
	for (const struct manners *manners = first; manners; manners = manners->next)
		if (manners->since && manners->since < before_ms)
			manners_close(manners->connection);
}

int manners_waited_for(const struct manners *first)
{
	int count = 0;

	for (const struct manners *manners = first; manners; manners = manners->next)
		count += manners->since != 0;
	return count;
}

void manners_close(struct MHD_Connection *connection)
{
	shutdown(socket_of(connection), SHUT_RDWR);
}

void manners_noise(struct MHD_Connection *connection)
{
	static const char noise[] = "\x15\x03\xff\xffThis is neither HTTP nor TLS.\r\n\r\n";

	/* What does not fit is lost: it is noise. */
	(void)!send(socket_of(connection), noise, sizeof noise - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
	manners_close(connection);
}
