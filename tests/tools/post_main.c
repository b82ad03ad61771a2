#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* strcasestr */
#endif
/*
 * Posts to a server on loopback, for tests of what receives.
 *     post_main raw PORT < BYTES                   sends the bytes as they are, prints all that comes back until the server closes
 *     post_main there PORT                         status 0: somebody listens, 1: nobody does
 *     post_main many PORT COUNT                    holds so many connections with half a request each, says "held", until its standard input ends
 *     post_main lines PORT PATH TOKEN [again] < LINES
 * Each line is a body of its own, one after the other on a connection that is kept. Every line that was answered with 200 is printed, at once. `again`: a line is sent until it is;
 * without it a connection that breaks, or another answer, leaves the line out.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { ANSWER_MOST = 8192, PAUSE_NS = 20 * 1000 * 1000 };

static void die(const char *what)
{
	fprintf(stderr, "post_main: %s\n", what);
	exit(2);
}

/* -1: nobody listens. */
static int reach(long port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((unsigned short)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static bool send_all(int fd, const char *bytes, size_t length)
{
	while (length) {
		ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL);

		if (sent <= 0)
			return false;
		bytes += sent;
		length -= (size_t)sent;
	}
	return true;
}

static int raw(long port)
{
	char block[65536];
	size_t got;
	ssize_t back;
	int fd = reach(port);

	if (fd < 0)
		die("nobody listens");
	/* A server that has heard enough may have closed. */
	while ((got = fread(block, 1, sizeof block, stdin)) > 0 && send_all(fd, block, got))
		;
	while ((back = recv(fd, block, sizeof block, 0)) > 0)
		fwrite(block, 1, (size_t)back, stdout);
	close(fd);
	return 0;
}

static int many(long port, long count)
{
	static const char half[] = "POST /in HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{";

	for (long i = 0; i < count; i++) {
		int fd = reach(port);

		if (fd < 0 || !send_all(fd, half, sizeof half - 1 - (size_t)(i % 40)))
			die("no connection");
	}
	puts("held");
	fflush(stdout);
	while (getchar() != EOF)
		;
	return 0;
}

/* Reads one answer; its status, 0: the connection broke. */
static int read_answer(int fd)
{
	char text[ANSWER_MOST + 1];
	size_t length = 0, whole = 0;
	int status = 0;

	while (!whole || length < whole) {
		ssize_t got = length < ANSWER_MOST ? recv(fd, text + length, ANSWER_MOST - length, 0) : 0;
		const char *end, *body;

		if (got <= 0)
			return 0;
		length += (size_t)got;
		text[length] = '\0';
		end = strstr(text, "\r\n\r\n");
		body = end ? strcasestr(text, "\r\nContent-Length:") : NULL;
		if (end && !body)
			die("an answer without its length");
		if (end)
			whole = (size_t)(end - text) + 4 + strtoul(body + 17, NULL, 10);
	}
	return sscanf(text, "HTTP/1.1 %d", &status) == 1 ? status : 0;
}

static int post(long port, int *fd, const char *path, const char *token, const char *line, size_t length)
{
	char head[1024];
	int status = 0, size = snprintf(head, sizeof head, "POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
		path, token, length);

	if (*fd < 0)
		*fd = reach(port);
	if (*fd >= 0 && send_all(*fd, head, (size_t)size) && send_all(*fd, line, length))
		status = read_answer(*fd);
	if (status != 200 && *fd >= 0) {
		close(*fd);
		*fd = -1;
	}
	return status;
}

static int lines(long port, const char *path, const char *token, bool again)
{
	const struct timespec pause = { .tv_nsec = PAUSE_NS };
	char *line = NULL;
	size_t size = 0;
	ssize_t length;
	int fd = -1;

	while ((length = getline(&line, &size, stdin)) > 0) {
		bool good = post(port, &fd, path, token, line, (size_t)length) == 200;

		while (!good && again) {
			nanosleep(&pause, NULL);
			good = post(port, &fd, path, token, line, (size_t)length) == 200;
		}
		if (good && (fwrite(line, 1, (size_t)length, stdout) != (size_t)length || fflush(stdout) != 0))
			die("cannot write");
		if (!good)
			nanosleep(&pause, NULL);
	}
	free(line);
	return 0;
}

int main(int count, char **arguments)
{
	if (count == 3 && strcmp(arguments[1], "raw") == 0)
		return raw(strtol(arguments[2], NULL, 10));
	if (count == 3 && strcmp(arguments[1], "there") == 0)
		return reach(strtol(arguments[2], NULL, 10)) < 0;
	if (count == 4 && strcmp(arguments[1], "many") == 0)
		return many(strtol(arguments[2], NULL, 10), strtol(arguments[3], NULL, 10));
	if ((count == 5 || count == 6) && strcmp(arguments[1], "lines") == 0)
		return lines(strtol(arguments[2], NULL, 10), arguments[3], arguments[4], count == 6);
	die("raw PORT | there PORT | many PORT COUNT | lines PORT PATH TOKEN [again]");
}
