/* A growing byte string, always ended by a NUL that is not counted. Embedded: str_init / str_done, or `struct str s = {0}`. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct str {
	char *text;      /* NULL while empty and never written to: use str_text to print */
	size_t length;   /* bytes, without the NUL */
	size_t capacity; /* bytes allocated */
};

void str_init(struct str *s);
void str_done(struct str *s);
void str_clear(struct str *s);               /* length 0, keeps the memory */
const char *str_text(const struct str *s);   /* never NULL */
char *str_take(struct str *s);               /* hands the text over (never NULL, free with mem_free) and empties s */
void str_reserve(struct str *s, size_t more);
void str_add(struct str *s, const char *text);
void str_add_bytes(struct str *s, const void *bytes, size_t length);
void str_add_char(struct str *s, char c);
void str_add_format(struct str *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
void str_add_vformat(struct str *s, const char *format, va_list arguments);
/* Percent-encodes everything but the unreserved characters of RFC 3986. */
void str_add_url(struct str *s, const char *text);
/* One word for a shell: as it is where that is safe, else in single quotes. */
void str_add_shell(struct str *s, const char *text);
/* The same for the first operand of a command: behind `-- ` where it looks like an option. Only operands follow it then. */
void str_add_operand(struct str *s, const char *text);
/* As str_add_vformat, for words that tell what to type: within `penstock ..` each value is one word for a shell, or a part of what stands in double quotes there. What
 * stands right behind `penstock ` does not count, it is the command itself. Operands that begin with a dash are put behind ` -- ` at the command's end; what follows an
 * option counts as its value, so a format has its flags behind the operands. */
void str_add_told(struct str *s, const char *format, va_list arguments);

/* Adds bytes from outside; false (nothing added) when the length would pass `limit` or there is no memory. */
bool str_try_add(struct str *s, const void *bytes, size_t length, size_t limit);

#endif
