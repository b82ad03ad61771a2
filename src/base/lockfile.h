/* A file that one process at a time holds, and that says who: dropped by the system when the process ends, however it ends. */
#ifndef BASE_LOCKFILE_H
#define BASE_LOCKFILE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct lockfile_holder {
	pid_t pid;         /* 0: cannot be told */
	int64_t since_ms;  /* wall ms; 0: cannot be told */
	int64_t about;     /* what the holder says it is busy with; 0: nothing */
	char user[64];     /* "": cannot be told */
};

enum lockfile_answer { LOCKFILE_OURS, LOCKFILE_HELD, LOCKFILE_FAILED /* errno tells */ };

/* OURS: *fd is for lockfile_drop. HELD: *holder (may be NULL) is who. user: the name written down for others. */
enum lockfile_answer lockfile_take(const char *path, const char *user, int *fd, struct lockfile_holder *holder);
void lockfile_about(int fd, int64_t about); /* by the holder: tells others */
void lockfile_drop(int fd);                 /* negative: nothing */
/* Does somebody hold it now? *holder (may be NULL) is who. */
bool lockfile_is_held(const char *path, struct lockfile_holder *holder);

#endif
