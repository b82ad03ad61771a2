#include "serve/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int listen_open(const char *host, int port)
{
	struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port) };
	bool is_four = inet_pton(AF_INET, host, &four.sin_addr) == 1;
	const struct sockaddr *address = is_four ? (const struct sockaddr *)&four : (const struct sockaddr *)&six;
	int fd, one = 1, failed;

	if (!is_four && inet_pton(AF_INET6, host, &six.sin6_addr) != 1) {
		errno = EADDRNOTAVAIL;
		return -1;
	}
	fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0 && bind(fd, address, is_four ? sizeof four : sizeof six) == 0 &&
		listen(fd, SOMAXCONN) == 0)
		return fd;
	failed = errno;
	if (fd >= 0)
		close(fd);
	errno = failed;
	return -1;
}

int listen_port(int fd)
{
	struct sockaddr_storage address = { 0 };
	struct sockaddr_in6 six;
	struct sockaddr_in four;
	socklen_t length = sizeof address;

	if (getsockname(fd, (struct sockaddr *)&address, &length) != 0)
		return 0;
	memcpy(&six, &address, sizeof six);
	memcpy(&four, &address, sizeof four);
	return ntohs(address.ss_family == AF_INET6 ? six.sin6_port : four.sin_port);
}
