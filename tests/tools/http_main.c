/* Asks a server on loopback one thing and prints the body of the answer, for tests on machines without a tool for it: http_main METHOD URL [BODY]
 * Status 0 for an answer of 200 to 299, 1 else. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char prefix[] = "http://127.0.0.1:";

static void die(const char *what)
{
	fprintf(stderr, "http_main: %s\n", what);
	exit(2);
}

static int reach(int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((unsigned short)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
		die("cannot connect");
	return fd;
}

static void send_all(int fd, const char *text)
{
	for (size_t left = strlen(text); left;) {
		ssize_t sent = send(fd, text, left, MSG_NOSIGNAL);

		if (sent <= 0)
			die("cannot send");
		text += sent;
		left -= (size_t)sent;
	}
}

static char *receive(int fd)
{
	size_t length = 0, size = 65536;
	char *text = malloc(size);
	ssize_t got;

	while (text && (got = recv(fd, text + length, size - length - 1, 0)) > 0) {
		length += (size_t)got;
		if (length + 1 == size)
			text = realloc(text, size *= 2);
	}
	if (!text)
		die("no memory");
	text[length] = '\0';
	return text;
}

int main(int count, char **arguments)
{
	const char *body = count > 3 ? arguments[3] : "", *body_at;
	char *path, *text, head[2048];
	long port;
	int fd, status = 0;

	if (count < 3 || strncmp(arguments[2], prefix, sizeof prefix - 1) != 0)
		die("METHOD http://127.0.0.1:PORT/PATH [BODY]");
	port = strtol(arguments[2] + sizeof prefix - 1, &path, 10);
	fd = reach((int)port);
	/* 1.0: the answer is not in chunks and its end is the end of the connection. */
	snprintf(head, sizeof head, "%s %s HTTP/1.0\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n", arguments[1],
		*path ? path : "/", strlen(body));
	send_all(fd, head);
	send_all(fd, body);
	text = receive(fd);
	close(fd);
	body_at = strstr(text, "\r\n\r\n");
	if (sscanf(text, "HTTP/%*s %d", &status) != 1 || !body_at)
		die("no answer");
	printf("%s\n", body_at + 4);
	free(text);
	return status / 100 == 2 ? 0 : 1;
}
