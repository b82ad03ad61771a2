/* Completion of a path, as shells do it. */
#ifndef SCREENS_COMPLETE_H
#define SCREENS_COMPLETE_H

/* The longest text that all entries beginning with `typed` share, "/" added after a directory that is the only one; `~/` is understood. NULL when nothing can be added.
 * Free with mem_free. */
char *complete_path(const char *typed);

#endif
