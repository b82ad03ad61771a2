/* Where whole lines end in a file that grows. Inside source/ only. */
#ifndef SOURCE_LINES_H
#define SOURCE_LINES_H

#include <stdint.h>

/* The offset behind the last newline of a batch from `from` on, in a file of so many bytes: FOLLOW_BYTES at most, or one line that is longer; `from`: there is none.
 * *scanned: there is no newline between from and there, which saves looking again; it is raised. */
int64_t lines_end(int fd, int64_t from, int64_t *scanned, int64_t size);

#endif
