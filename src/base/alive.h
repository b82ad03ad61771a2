/* Other processes of this machine: whether one that was met before still lives. */
#ifndef BASE_ALIVE_H
#define BASE_ALIVE_H

#include <stdint.h>
#include <sys/types.h>

/* When the process began, as the system counts it: with the pid it names a process for good, which the pid alone does not. 0: there is no such process. */
uint64_t alive_since(pid_t pid);

enum alive { ALIVE_GONE, ALIVE_STOPPED /* by a signal or a debugger: it does nothing until it is let go on */, ALIVE_RUNS };
/* What has become of the process that began at `since`. */
enum alive alive_look(pid_t pid, uint64_t since);

#endif
