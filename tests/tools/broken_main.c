/*
 * Stands between the client and the practice Marketo and spoils answers: broken_main PORT KIND [PART]
 * broken_main resolver: a name server that never answers.
 * Without PART the first answer to each kind of call is spoiled, with it every answer to an address that holds PART. First line: its own port.
 *   html, gateway, garbled, huge   the call does not reach Marketo
 *   hostile                        an error whose words command a terminal
 *   silent, drop                   nor does it with these: no answer comes at all, or the connection ends instead
 *   late, cut, empty               it does, and what it answers is replaced, cut in half, or has no results (writes only)
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CLASSES = 64, CLASS_LENGTH = 128, HUGE_PIECES = 8192 };

static const char page[] = "<html><body>Your session has expired. {\"success\": maybe}</body></html>";
static const char hostile[] = "{\"requestId\":\"1#\\u001b[2J\",\"success\":false,\"error\":\"\\u001b]0;title\\u0007\",\"error_description\":\"a\\u001b]52;c;eA==\\u0007b\","
	"\"errors\":[{\"code\":\"1\\u009b31m\",\"message\":\"words \\u001b[31m\\u001b]52;c;eA==\\u0007\\u202e\\u0007\\u001bP+q\\u001b\\\\ of others\"}]}";
static const char *kind, *part;
static int upstream;
static char (*classes)[CLASS_LENGTH]; /* shared by the processes, a row a kind of call */

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static struct sockaddr_in at(int port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons((unsigned short)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
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

/* Reads until the end of the stream, or, of a request, until its body is there. */
static char *receive(int fd, bool request, size_t *length)
{
	size_t size = 1 << 20;
	char *bytes = calloc(1, size + 1), *end, *told;
	ssize_t got;

	*length = 0;
	while (bytes && (got = recv(fd, bytes + *length, size - *length, 0)) > 0) {
		*length += (size_t)got;
		bytes[*length] = '\0';
		end = strstr(bytes, "\r\n\r\n");
		told = strcasestr(bytes, "\r\nContent-Length:");
		if (request && end && *length >= (size_t)(end + 4 - bytes) + (told && told < end ? strtoul(told + 17, NULL, 10) : 0))
			break;
		if (*length == size) {
			bytes = realloc(bytes, 2 * size + 1);
			size *= 2;
		}
	}
	return bytes;
}

/* Method and path without numbers: addresses that differ in an id are one kind of call. */
static void class_of(const char *request, char out[CLASS_LENGTH])
{
	size_t length = 0;

	for (; *request && *request != '?' && *request != '\r' && length + 1 < CLASS_LENGTH; request++)
		if (!isdigit((unsigned char)*request))
			out[length++] = *request;
	out[length] = '\0';
}

static bool is_first(const char *class)
{
	for (int i = 0; i < CLASSES; i++) {
		if (strcmp(classes[i], class) == 0)
			return false;
		if (!classes[i][0]) {
			strcpy(classes[i], class);
			return true;
		}
	}
	return false;
}

static bool is_chosen(const char *request)
{
	char class[CLASS_LENGTH], *line_end = strstr(request, "\r\n"), *found = part ? strstr(request, part) : NULL;

	if (strcmp(kind, "empty") == 0 && (strncmp(request, "GET", 3) == 0 || strstr(request, "_method=GET")))
		return false;
	if (part)
		return found && found < line_end;
	class_of(request, class);
	return is_first(class);
}

static void answer(int fd, const char *status, const char *type, const char *body)
{
	char head[256];

	snprintf(head, sizeof head, "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n", status, type, strlen(body));
	if (send_all(fd, head, strlen(head)))
		send_all(fd, body, strlen(body));
}

/* A gigabyte of one text, or as much of it as the client takes. */
static void answer_without_end(int fd)
{
	static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{\"requestId\":\"";
	static char piece[131072];

	memset(piece, 'x', sizeof piece);
	send_all(fd, head, sizeof head - 1);
	for (int i = 0; i < HUGE_PIECES && send_all(fd, piece, sizeof piece); i++)
		;
}

/* The request as it came, but as HTTP 1.0: the end of the answer is then the end of the connection. */
static char *forward(char *request, size_t length, size_t *got)
{
	struct sockaddr_in address = at(upstream);
	char *version = strstr(request, "HTTP/1.1\r\n"), *reply;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (version)
		version[7] = '0';
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0 || !send_all(fd, request, length))
		die("forward");
	reply = receive(fd, false, got);
	close(fd);
	return reply;
}

static void spoil(int fd, char *request, size_t length)
{
	size_t got = 0;
	char *reply;

	if (strcmp(kind, "html") == 0) {
		answer(fd, "200 OK", "text/html", page);
	} else if (strcmp(kind, "gateway") == 0) {
		answer(fd, "502 Bad Gateway", "text/html", page);
	} else if (strcmp(kind, "garbled") == 0) {
		answer(fd, "200 OK", "application/json", "{\"requestId\":\"1#1\",\"success\":true,\"result\":[{\"id\":");
	} else if (strcmp(kind, "huge") == 0) {
		answer_without_end(fd);
	} else if (strcmp(kind, "hostile") == 0) {
		answer(fd, "200 OK", "application/json", hostile);
	} else if (strcmp(kind, "silent") == 0) {
		free(receive(fd, false, &got)); /* until the client has enough of it */
	} else if (strcmp(kind, "drop") == 0) {
		return;
	} else {
		reply = forward(request, length, &got);
		if (strcmp(kind, "late") == 0)
			answer(fd, "200 OK", "text/html", page);
		else if (strcmp(kind, "empty") == 0)
			answer(fd, "200 OK", "application/json", "{\"requestId\":\"1#1\",\"success\":true}");
		else
			send_all(fd, reply, got - got / 3);
		free(reply);
	}
}

static void serve(int fd)
{
	size_t length, got = 0;
	char *request = receive(fd, true, &length), *reply;

	if (length && is_chosen(request)) {
		spoil(fd, request, length);
	} else if (length) {
		reply = forward(request, length, &got);
		send_all(fd, reply, got);
		free(reply);
	}
	free(request);
	shutdown(fd, SHUT_WR);
	close(fd);
}

static int open_door(int *port)
{
	struct sockaddr_in address = at(0);
	socklen_t size = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 64) != 0)
		die("listen");
	if (getsockname(fd, (struct sockaddr *)&address, &size) != 0)
		die("getsockname");
	*port = ntohs(address.sin_port);
	return fd;
}

/* A name server that never answers; in a network of the test's own, where the port is free. */
static int swallow_questions(void)
{
	struct sockaddr_in address = at(53);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char question[512];

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0)
		die("resolver");
	printf("53\n");
	fflush(stdout);
	while (recv(fd, question, sizeof question, 0) >= 0)
		;
	return 1;
}

int main(int count, char **arguments)
{
	int port, door = open_door(&port), fd;

	if (count == 2 && strcmp(arguments[1], "resolver") == 0)
		return swallow_questions();
	if (count < 3)
		return 2;
	upstream = atoi(arguments[1]);
	kind = arguments[2];
	part = count > 3 ? arguments[3] : NULL;
	classes = mmap(NULL, CLASSES * sizeof *classes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (classes == MAP_FAILED)
		die("mmap");
	signal(SIGCHLD, SIG_IGN);
	printf("%d\n", port);
	fflush(stdout);
	while ((fd = accept(door, NULL, NULL)) >= 0) {
		if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			close(door);
			serve(fd);
			_exit(0);
		}
		close(fd);
	}
	return 1;
}
