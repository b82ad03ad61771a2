/*
 * flock holds, the content only tells: "PID START SINCE ABOUT USER", where START (when the process began, as the system counts it) tells a living holder from a later
 * process with the same number. Whoever merely asks looks at that first: to ask flock itself one must take the lock for a moment.
 */
#include "base/lockfile.h"

#include "base/alive.h"
#include "base/clock.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { TRIES = 20, TRY_MS = 5, CONTENT = 192 /* bytes: four numbers and a name fit */ };

/* The next of the numbers, which blanks separate. */
static bool take_number(char **rest, int64_t *out)
{
	const char *word = strsep(rest, " \n");
	long long number;

	if (!word || !text_to_i64(word, 0, INT64_MAX, &number))
		return false;
	*out = number;
	return true;
}

/* True: the content names a process that lives. */
static bool read_holder(int fd, struct lockfile_holder *out)
{
	char text[256];
	ssize_t length = pread(fd, text, sizeof text - 1, 0);
	char *rest = text;
	const char *user;
	int64_t pid, start;
	uint64_t now;

	*out = (struct lockfile_holder){ 0 };
	text[length > 0 ? length : 0] = '\0';
	if (!take_number(&rest, &pid) || !take_number(&rest, &start) || !take_number(&rest, &out->since_ms) || !take_number(&rest, &out->about) || pid <= 0)
		return false;
	user = strsep(&rest, " \n");
	snprintf(out->user, sizeof out->user, "%s", user ? user : "");
	now = alive_since((pid_t)pid);
	if (!now || now != (uint64_t)start)
		return false;
	out->pid = (pid_t)pid;
	return true;
}

/* All of it at once and always of one length, so that who reads meanwhile finds one or the other. */
static void write_holder(int fd, const char *user, int64_t since_ms, int64_t about)
{
	char text[CONTENT + 1];
	int length = snprintf(text, sizeof text, "%ld %" PRIu64 " %" PRId64 " %" PRId64 " %.63s", (long)getpid(), alive_since(getpid()), since_ms, about, user);

	memset(text + length, ' ', (size_t)(CONTENT - length));
	text[CONTENT - 1] = '\n';
	/* What cannot be written is only told to nobody: the lock is held all the same. */
	if (pwrite(fd, text, CONTENT, 0) != CONTENT)
		(void)!ftruncate(fd, 0);
}

void lockfile_about(int fd, int64_t about)
{
	struct lockfile_holder holder;

	if (read_holder(fd, &holder))
		write_holder(fd, holder.user, holder.since_ms, about);
}

/* Somebody who only asks holds the lock for a moment: that is waited out, a holder who is written down is not. */
static enum lockfile_answer hold(int fd, struct lockfile_holder *holder)
{
	for (int i = 0; i < TRIES; i++) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return LOCKFILE_OURS;
		if (errno != EWOULDBLOCK && errno != EINTR)
			return LOCKFILE_FAILED;
		if (read_holder(fd, holder))
			return LOCKFILE_HELD;
		poll(NULL, 0, TRY_MS);
	}
	return LOCKFILE_HELD;
}

enum lockfile_answer lockfile_take(const char *path, const char *user, int *fd, struct lockfile_holder *holder)
{
	struct lockfile_holder ignored;
	enum lockfile_answer answer;
	int saved;

	*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (*fd < 0)
		return LOCKFILE_FAILED;
	answer = hold(*fd, holder ? holder : &ignored);
	if (answer == LOCKFILE_OURS) {
		write_holder(*fd, user, clock_wall_ms(), 0);
		return answer;
	}
	saved = errno;
	close(*fd);
	*fd = -1;
	errno = saved;
	return answer;
}

void lockfile_drop(int fd)
{
	if (fd < 0)
		return;
	(void)!ftruncate(fd, 0);
	close(fd);
}

bool lockfile_is_held(const char *path, struct lockfile_holder *holder)
{
	struct lockfile_holder ignored;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	bool held;

	holder = holder ? holder : &ignored;
	*holder = (struct lockfile_holder){ 0 };
	if (fd < 0)
		return false;
	held = read_holder(fd, holder);
	/* Nobody we can see; a process of another container could still hold it. */
	if (!held)
		held = flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
	close(fd);
	return held;
}
