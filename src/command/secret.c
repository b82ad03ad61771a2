#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* pipe2, explicit_bzero */
#endif
#include "command/secret.h"

#include "base/file.h"
#include "base/i18n.h"
#include "base/str.h"
#include "command/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

void secret_wipe(struct secret *secret)
{
	explicit_bzero(secret, sizeof *secret);
}

const char *secret_text(const struct secret *secret)
{
	return *secret->text ? secret->text : NULL;
}

/* Keeps the first line (whole: what comes behind it would be cut silently, so it is refused). */
static enum status keep(const char *bytes, size_t length, bool first_line, const char *where, struct secret *out, struct error *err)
{
	const char *newline = memchr(bytes, '\n', length);

	if (newline && first_line)
		length = (size_t)(newline - bytes);
	while (length && (bytes[length - 1] == '\n' || bytes[length - 1] == '\r'))
		length--;
	if (!length)
		return error_set(err, STATUS_USAGE, "secret", _("%s gives no client secret"), where);
	if (length > SECRET_MAX || memchr(bytes, '\0', length) || memchr(bytes, '\n', length))
		return error_set(err, STATUS_USAGE, "secret", _("%s gives more than one line of at most %d bytes: this is no client secret"), where,
			SECRET_MAX);
	memcpy(out->text, bytes, length);
	out->text[length] = '\0';
	return STATUS_OK;
}

static enum status from_file(struct session *session, const char *path, struct secret *out, struct error *err)
{
	struct str bytes = { 0 };
	struct stat info;
	enum status status;

	str_reserve(&bytes, 2 * SECRET_MAX + 1); /* so that it does not move and leave copies */
	status = file_read_given(path, 2 * SECRET_MAX, &bytes, err);
	if (status == STATUS_OK)
		status = keep(str_text(&bytes), bytes.length, false, path, out, err);
	/* What was handed over lies elsewhere. */
	if (status == STATUS_OK && !file_is_given(path) && stat(path, &info) == 0 && (info.st_mode & 077)) {
		char note[512];

		snprintf(note, sizeof note, _("warning: others can read %.400s; chmod 600 keeps it to yourself"), path);
		session_note(session, note);
	}
	if (bytes.text)
		explicit_bzero(bytes.text, bytes.capacity);
	str_done(&bytes);
	return status;
}

/* Starts `sh -c command` with its output in a pipe; our ignored SIGPIPE is not handed on. Returns the reading end, -1 with errno. */
static int start(const char *command, pid_t *pid)
{
	char *const argv[] = { (char[]){ "sh" }, (char[]){ "-c" }, (char *)command, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t defaults;
	int ends[2], failed;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	failed = posix_spawn(pid, "/bin/sh", &actions, &attributes, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	close(ends[1]);
	if (!failed)
		return ends[0];
	close(ends[0]);
	errno = failed;
	return -1;
}

/* Reads what fits and throws the rest away, so that the command can end. */
static size_t read_output(int fd, char *bytes, size_t size)
{
	char rest[512];
	size_t length = 0;
	ssize_t got;

	for (;;) {
		bool room = length < size;

		got = room ? read(fd, bytes + length, size - length) : read(fd, rest, sizeof rest);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		if (room)
			length += (size_t)got;
	}
	explicit_bzero(rest, sizeof rest);
	return length;
}

static enum status from_command(const char *command, struct secret *out, struct error *err)
{
	char bytes[2 * SECRET_MAX];
	enum status status = STATUS_OK;
	size_t length;
	pid_t pid;
	int code = 0, fd = start(command, &pid);

	if (fd < 0)
		return error_set(err, STATUS_FAILED, "secret", _("cannot start the secret command: %s"), strerror(errno));
	length = read_output(fd, bytes, sizeof bytes);
	close(fd);
	while (waitpid(pid, &code, 0) < 0 && errno == EINTR)
		;
	if (!WIFEXITED(code) || WEXITSTATUS(code) != 0) {
		status = error_set(err, STATUS_USAGE, "secret", _("the secret command failed with status %d"),
			WIFEXITED(code) ? WEXITSTATUS(code) : 128 + WTERMSIG(code));
		error_hint(err, _("run it by hand to see why"));
	}
	if (status == STATUS_OK)
		status = keep(bytes, length, true, _("the secret command"), out, err);
	explicit_bzero(bytes, sizeof bytes);
	return status;
}

static enum status from_terminal(struct secret *out, struct error *err)
{
	char bytes[SECRET_MAX + 2];
	enum status status;
	ssize_t length;

	if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO)) {
		error_set(err, STATUS_USAGE, "secret", _("there is no client secret, and no terminal to ask for it"));
		error_hint(err, _("give it with --client-secret-file, --client-secret-command or PENSTOCK_CLIENT_SECRET"));
		return STATUS_USAGE;
	}
	length = terminal_ask_hidden(_("Client secret (it is not shown): "), bytes, sizeof bytes);
	if (length < 0)
		return error_set(err, STATUS_STOPPED, "stopped", _("stopped"));
	status = keep(bytes, (size_t)length, true, _("the terminal"), out, err);
	explicit_bzero(bytes, sizeof bytes);
	return status;
}

enum status secret_read(struct session *session, const struct args *args, bool needed, struct secret *out, struct error *err)
{
	const char *file = arg_text(args, "client-secret-file"), *command = arg_text(args, "client-secret-command");
	const char *variable = getenv("PENSTOCK_CLIENT_SECRET");

	out->text[0] = '\0';
	if (file && command)
		return error_set(err, STATUS_USAGE, "usage", _("give --client-secret-file or --client-secret-command, not both"));
	if (file)
		return from_file(session, file, out, err);
	if (command)
		return from_command(command, out, err);
	if (!needed)
		return STATUS_OK;
	if (variable && *variable)
		return keep(variable, strlen(variable), false, "PENSTOCK_CLIENT_SECRET", out, err);
	return from_terminal(out, err);
}
