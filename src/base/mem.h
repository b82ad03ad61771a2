/*
 * Memory for our own small things: these functions never return NULL. When the system has no memory left they call the
 * hook that main/ registered (it puts the terminal right and says so) and abort. For sizes that come from outside (files,
 * network, database) use the `mem_try_` functions, which return NULL and leave the caller to report it.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stdarg.h>
#include <stddef.h>

typedef void (*mem_fatal_hook)(const char *what);

/* Registers the hook called before the process aborts for lack of memory. NULL takes it away. */
void mem_on_fatal(mem_fatal_hook hook);

void *mem_alloc(size_t size);               /* zeroed; size 0 gives a valid pointer */
void *mem_array(size_t count, size_t size); /* zeroed; the product is checked */
void *mem_realloc(void *old, size_t size);  /* like realloc, new bytes are not zeroed */
char *mem_strdup(const char *text);         /* NULL gives NULL */
char *mem_strndup(const char *text, size_t length);
char *mem_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *mem_vprintf(const char *format, va_list arguments);
void *mem_try_alloc(size_t size);           /* zeroed, NULL when there is none */
void *mem_try_realloc(void *old, size_t size);
void mem_free(void *block);                 /* NULL is allowed */
void mem_wipe_free(void *block, size_t size); /* overwrites before freeing: for secrets */

/* Frees *slot and stores a copy of text (NULL allowed) there. */
void mem_replace(char **slot, const char *text);

#endif
