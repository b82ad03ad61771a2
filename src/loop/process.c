/* Programs on the loop. Between fork and exec the child calls only what POSIX allows there: other threads may hold any lock. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* pipe2, P_PIDFD */
#endif
#include "loop/process.h"

#include "base/i18n.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum {
	CHUNK = 64 * 1024,
	TURN_CHUNKS = 4,  /* read at most so much in one turn: keys are served in between */
	END_CHUNKS = 32,  /* at the end: more than a pipe holds, so that a child of the program that goes on writing cannot hold us */
	LINES_FD = 3,
};

struct process {
	struct loop *loop;
	pid_t pid;
	int pidfd;
	int output, errors, lines; /* our ends; -1: closed */
	struct str output_bytes, errors_bytes, line;
	bool output_cut, line_cut;
	bool busy; /* inside a call to the owner: freed when that returns */
	bool gone; /* nobody listens any more */
	process_line_fn on_line;
	process_end_fn on_end;
	void *self;
};

/* Our ends and the program's ends of its pipes. */
struct pipes {
	int output[2], errors[2], lines[2];
	int input; /* the program's end; ours was written to and closed */
};

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void close_watched(struct process *process, int *fd)
{
	loop_watch(process->loop, *fd, 0, NULL, NULL);
	close_fd(fd);
}

static void pipes_done(struct pipes *pipes)
{
	for (int i = 0; i < 2; i++) {
		close_fd(&pipes->output[i]);
		close_fd(&pipes->errors[i]);
		close_fd(&pipes->lines[i]);
	}
	close_fd(&pipes->input);
}

/* A new pipe holds it all, whoever reads it when. */
static bool input_make(struct pipes *pipes, const char *text)
{
	size_t length = text ? strlen(text) : 0;
	int ends[2];
	bool done;

	if (!text)
		return true;
	if (length > PROCESS_INPUT || pipe2(ends, O_CLOEXEC) != 0)
		return false;
	done = write(ends[1], text, length) == (ssize_t)length;
	close(ends[1]);
	pipes->input = ends[0];
	return done;
}

static bool pipes_make(struct pipes *pipes, const struct process_options *options)
{
	const char *input = options->input;
	bool lines = options->line != NULL;

	*pipes = (struct pipes){ { -1, -1 }, { -1, -1 }, { -1, -1 }, -1 };
	if (options->descriptors)
		return options->descriptor_count <= PROCESS_DESCRIPTORS;
	if (input_make(pipes, input) && pipe2(pipes->output, O_CLOEXEC) == 0 && pipe2(pipes->errors, O_CLOEXEC) == 0 && (!lines || pipe2(pipes->lines, O_CLOEXEC) == 0)) {
		/* Only our ends: the program may expect its own to block. */
		fcntl(pipes->output[0], F_SETFL, O_NONBLOCK);
		fcntl(pipes->errors[0], F_SETFL, O_NONBLOCK);
		if (lines)
			fcntl(pipes->lines[0], F_SETFL, O_NONBLOCK);
		return true;
	}
	pipes_done(pipes);
	return false;
}

static void reset_signals(void)
{
	struct sigaction action = { .sa_handler = SIG_DFL };
	sigset_t none;

	for (int i = 1; i < NSIG; i++)
		sigaction(i, &action, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Moves the descriptors to 0 .. 3. They are first brought above 3, so that none is overwritten before it has moved. */
static bool place_descriptors(const struct pipes *pipes)
{
	int input = pipes->input >= 0 ? pipes->input : open("/dev/null", O_RDONLY | O_CLOEXEC);
	int fds[] = { input, pipes->output[1], pipes->errors[1], pipes->lines[1] };

	for (int i = 0; i <= LINES_FD; i++)
		if (fds[i] >= 0 && (fds[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, LINES_FD + 1)) < 0)
			return false;
	for (int i = 0; i <= LINES_FD; i++)
		if (fds[i] >= 0 ? dup2(fds[i], i) < 0 : i != LINES_FD)
			return false;
	if (fds[LINES_FD] < 0)
		close(LINES_FD);
	/* Ours are close-on-exec already; this is for those of a library or of who started us. Old kernels do without. */
	syscall(SYS_close_range, LINES_FD + 1, UINT_MAX, 0);
	return true;
}

/* The same with descriptors of somebody else's. */
static bool place_given(const int *given, int count)
{
	int fds[PROCESS_DESCRIPTORS];

	for (int i = 0; i < count; i++)
		if ((fds[i] = fcntl(given[i], F_DUPFD_CLOEXEC, count)) < 0)
			return false;
	for (int i = 0; i < count; i++)
		if (dup2(fds[i], i) < 0)
			return false;
	syscall(SYS_close_range, count, UINT_MAX, 0);
	return true;
}

__attribute__((noreturn)) static void be_child(const struct process_options *options, const struct pipes *pipes, pid_t parent)
{
	/* Blocked since before the fork: no handler of ours may run here, it would write to the parent's signal pipe. */
	reset_signals();
	if (options->outlives || options->descriptors)
		setsid();
	if (!options->outlives)
		prctl(PR_SET_PDEATHSIG, options->descriptors ? SIGHUP : SIGKILL);
	/* Whoever died before the request was in place kills nobody. */
	if ((options->outlives || getppid() == parent) &&
		(options->descriptors ? place_given(options->descriptors, (int)options->descriptor_count) : place_descriptors(pipes)))
		execve(options->file, (char *const *)options->argv, options->environment ? options->environment : environ);
	_exit(PROCESS_NOT_STARTED);
}

static pid_t start_child(const struct process_options *options, const struct pipes *pipes)
{
	pid_t parent = getpid(), child;
	sigset_t all, before;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	child = fork();
	if (child == 0)
		be_child(options, pipes, parent);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return child;
}

static void process_free(struct process *process)
{
	close_watched(process, &process->output);
	close_watched(process, &process->errors);
	close_watched(process, &process->lines);
	close_watched(process, &process->pidfd);
	str_done(&process->output_bytes);
	str_done(&process->errors_bytes);
	str_done(&process->line);
	mem_free(process);
}

static void give_line(struct process *process)
{
	if (!process->line_cut && !process->gone)
		process->on_line(process->self, str_text(&process->line), process->line.length);
	str_clear(&process->line);
	process->line_cut = false;
}

static void take_lines(struct process *process, const char *bytes, size_t length)
{
	while (length && !process->gone) {
		const char *end = memchr(bytes, '\n', length);
		size_t part = end ? (size_t)(end - bytes) : length;

		if (!process->line_cut && !str_try_add(&process->line, bytes, part, PROCESS_LINE)) {
			process->line_cut = true;
			str_clear(&process->line);
		}
		if (!end)
			return;
		give_line(process);
		bytes += part + 1;
		length -= part + 1;
	}
}

/* As much as fits, and no word about the rest but *cut. */
static void keep(struct str *kept, const char *bytes, size_t length, size_t most, bool *cut)
{
	size_t room = most - kept->length;

	if (length > room || !str_try_add(kept, bytes, length, most)) {
		*cut = true;
		str_try_add(kept, bytes, length < room ? length : room, most);
	}
}

static void take(struct process *process, const int *fd, const char *bytes, size_t length)
{
	bool ignored;

	if (fd == &process->lines)
		take_lines(process, bytes, length);
	else if (fd == &process->output)
		keep(&process->output_bytes, bytes, length, PROCESS_OUTPUT, &process->output_cut);
	else
		keep(&process->errors_bytes, bytes, length, PROCESS_ERRORS, &ignored);
}

/* Reads what is there, at most `chunks` portions. */
static void drain(struct process *process, int *fd, int chunks)
{
	char bytes[CHUNK];

	while (*fd >= 0 && chunks-- > 0 && !process->gone) {
		ssize_t got = read(*fd, bytes, sizeof bytes);

		if (got > 0)
			take(process, fd, bytes, (size_t)got);
		else if (got < 0 && errno == EINTR)
			continue;
		else if (got < 0 && errno == EAGAIN)
			return;
		else
			close_watched(process, fd);
	}
}

static void on_readable(void *self, int fd, int events)
{
	struct process *process = self;
	int *slot = fd == process->lines ? &process->lines : fd == process->output ? &process->output : &process->errors;

	(void)events;
	process->busy = true;
	drain(process, slot, TURN_CHUNKS);
	process->busy = false;
	if (process->gone)
		process_free(process);
}

static void reap(int pidfd, siginfo_t *info)
{
	*info = (siginfo_t){ 0 };
	while (waitid(P_PIDFD, (id_t)pidfd, info, WEXITED) < 0 && errno == EINTR)
		;
}

static void tell_end(struct process *process)
{
	struct process_end end = { .output = &process->output_bytes, .errors = &process->errors_bytes, .output_cut = process->output_cut };
	siginfo_t info;

	reap(process->pidfd, &info);
	end.exit_status = info.si_code == CLD_EXITED ? info.si_status : -1;
	end.signal_number = info.si_code == CLD_EXITED ? 0 : info.si_status;
	/* From here on there is nobody left to kill or to wait for. */
	close_watched(process, &process->pidfd);
	process->on_end(process->self, &end);
}

static void on_ended(void *self, int fd, int events)
{
	struct process *process = self;

	(void)fd;
	(void)events;
	process->busy = true;
	drain(process, &process->lines, END_CHUNKS);
	drain(process, &process->output, END_CHUNKS);
	drain(process, &process->errors, END_CHUNKS);
	if (process->on_line && (process->line.length || process->line_cut))
		give_line(process);
	if (!process->gone)
		tell_end(process);
	process_free(process);
}

static void listen_to(struct process *process)
{
	loop_watch(process->loop, process->pidfd, LOOP_READ, on_ended, process);
	loop_watch(process->loop, process->output, LOOP_READ, on_readable, process);
	loop_watch(process->loop, process->errors, LOOP_READ, on_readable, process);
	loop_watch(process->loop, process->lines, LOOP_READ, on_readable, process);
}

static struct process *no_process(struct pipes *pipes, pid_t child, struct error *err)
{
	error_set(err, STATUS_FAILED, "system", _("cannot start a program: %s"), strerror(errno));
	if (child > 0) {
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
	pipes_done(pipes);
	return NULL;
}

struct process *process_start(struct loop *loop, const struct process_options *options, struct error *err)
{
	struct process *process;
	struct pipes pipes;
	pid_t child;
	int pidfd;

	if (!pipes_make(&pipes, options))
		return no_process(&pipes, -1, err);
	child = start_child(options, &pipes);
	pidfd = child > 0 ? (int)syscall(SYS_pidfd_open, child, 0) : -1;
	if (pidfd < 0)
		return no_process(&pipes, child, err);
	process = mem_alloc(sizeof *process);
	*process = (struct process){ .loop = loop, .pid = child, .pidfd = pidfd, .output = pipes.output[0], .errors = pipes.errors[0], .lines = pipes.lines[0],
		.on_line = options->line, .on_end = options->end, .self = options->self };
	pipes.output[0] = pipes.errors[0] = pipes.lines[0] = -1;
	pipes_done(&pipes);
	listen_to(process);
	return process;
}

/* Nobody is left who would hear of it: its entry in the system is taken away, no more. */
static void on_unheard_end(void *self, int fd, int events)
{
	siginfo_t info;

	(void)events;
	reap(fd, &info);
	loop_watch(self, fd, 0, NULL, NULL);
	close(fd);
}

static void leave(struct process *process)
{
	process->gone = true;
	if (process->pidfd >= 0)
		loop_watch(process->loop, process->pidfd, LOOP_READ, on_unheard_end, process->loop);
	process->pidfd = -1;
	if (!process->busy)
		process_free(process);
}

void process_kill(struct process *process)
{
	if (!process)
		return;
	/* Not reaped yet while there is a pidfd, so the number is still its own. */
	if (process->pidfd >= 0)
		kill(process->pid, SIGKILL);
	leave(process);
}

void process_tell(struct process *process, int signal_number)
{
	/* Not reaped yet while there is a pidfd, so the number is still its own. */
	if (process->pidfd >= 0)
		kill(process->pid, signal_number);
}

void process_let_go(struct process *process)
{
	if (process)
		leave(process);
}
