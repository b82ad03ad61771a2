#include "loop/signals.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

/* fd + 1, so that zeroed means none; atomic because the handler reads it at any moment. */
static atomic_int targets[SIGNALS_MAX + 1];

static void on_signal(int signal_number)
{
	unsigned char byte = (unsigned char)signal_number;
	int saved = errno, fd = atomic_load(&targets[signal_number]) - 1;
	ssize_t written;

	/* A full pipe holds thousands of signals nobody looked at yet: one more says nothing new. */
	if (fd >= 0) {
		written = write(fd, &byte, 1);
		(void)written;
	}
	errno = saved;
}

void signals_send_to(int signal_number, int fd)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };

	atomic_store(&targets[signal_number], fd + 1);
	sigfillset(&action.sa_mask);
	sigaction(signal_number, &action, NULL);
}

void signals_restore(int signal_number, int fd)
{
	struct sigaction action = { .sa_handler = SIG_DFL };

	if (atomic_load(&targets[signal_number]) != fd + 1)
		return;
	sigaction(signal_number, &action, NULL);
	atomic_store(&targets[signal_number], 0);
}
