/*
 * Sources that others than whom the store belongs to may name lie in certain folders, and must not lead out of them: a link put there would show this user's files to whoever put it.
 * Process-wide, set before any source is opened.
 */
#ifndef SOURCE_LIMIT_H
#define SOURCE_LIMIT_H

#include <stdbool.h>
#include <stddef.h>

/* What is named below one of these (paths, from / on) must be below one of them in truth. The texts stay the caller's. */
void source_keep_within(const char *const *folders, size_t count);
/* A source that somebody else has named, by the files it means: each of them, or what is below it, has to be that in truth, whatever the folders are now. Until the next one is told;
 * the texts are copied. */
void source_keep_to(const char *const *paths, size_t count);
/* The same of a folder that is open. */
bool source_is_within(const char *path, int fd);
/* fd was opened under this name: may it be read? Else errno is EACCES and fd closed: returns -1; a negative fd is given back as it is. */
int source_within(const char *path, int fd);

/* Somebody's own file that they have opened for us: is read when a source of exactly this name is opened. The descriptor stays the caller's. */
void source_hand_over(const char *path, int fd);
bool source_is_handed(const char *path);
/* A copy of its descriptor, at its beginning; -1: the path is none of those. */
int source_handed(const char *path);

#endif
