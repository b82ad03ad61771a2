#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* pipe2 */
#endif
#include "command/child.h"

#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "command/practice.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* The child's whole life. It leaves with _exit: what the parent has open is none of its business. */
static void serve(int out, pid_t parent)
{
	struct session session = { .json = true, .report = { .fd = -1 } };
	struct error err = { 0 };
	enum status status = STATUS_FAILED;

	/* Ctrl-C is for the parent, which ends us when it no longer needs us. */
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() == parent && dup2(out, STDOUT_FILENO) >= 0) {
		session.app = app_new(&(struct app_options){ 0 }, &err);
		if (session.app)
			status = practice_serve(&session, &(struct sandbox_options){ 0 }, &err);
		app_free(session.app);
	}
	if (status != STATUS_OK && *err.message)
		session_complain(&err);
	str_done(&session.out);
	_exit((int)status);
}

/* Reads the first line; false when the child ended before. */
static bool read_line(int fd, char *line, size_t size)
{
	size_t length = 0;

	while (length + 1 < size && !memchr(line, '\n', length)) {
		ssize_t got = read(fd, line + length, size - 1 - length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		length += (size_t)got;
	}
	line[length] = '\0';
	return memchr(line, '\n', length) != NULL;
}

static bool understand(struct child *child, const char *line)
{
	struct json *told = json_parse(line, strlen(line), NULL, NULL);

	child->url = mem_strdup(json_get_string(told, "url"));
	child->munchkin_id = mem_strdup(json_get_string(told, "munchkin_id"));
	child->client_id = mem_strdup(json_get_string(told, "client_id"));
	child->client_secret = mem_strdup(json_get_string(told, "client_secret"));
	json_free(told);
	return child->url && child->munchkin_id && child->client_id && child->client_secret;
}

enum status child_start(struct child *child, struct error *err)
{
	pid_t parent = getpid();
	char line[1024];
	int ends[2];
	bool good;

	*child = (struct child){ 0 };
	if (pipe2(ends, O_CLOEXEC) != 0)
		return error_set(err, STATUS_FAILED, "system", _("cannot make a pipe: %s"), strerror(errno));
	fflush(NULL);
	child->pid = fork();
	if (child->pid == 0)
		serve(ends[1], parent);
	close(ends[1]);
	good = child->pid > 0 && read_line(ends[0], line, sizeof line) && understand(child, line);
	close(ends[0]);
	if (child->pid < 0)
		child->pid = 0;
	if (good)
		return STATUS_OK;
	child_stop(child);
	return error_set(err, STATUS_FAILED, "system", _("the practice Marketo could not be started"));
}

void child_stop(struct child *child)
{
	if (child->pid) {
		kill(child->pid, SIGTERM);
		while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	mem_free(child->url);
	mem_free(child->munchkin_id);
	mem_free(child->client_id);
	mem_free(child->client_secret);
	*child = (struct child){ 0 };
}
