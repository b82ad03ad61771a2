#include "base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static mem_fatal_hook fatal_hook;

void mem_on_fatal(mem_fatal_hook hook)
{
	fatal_hook = hook;
}

__attribute__((noreturn)) static void fatal(const char *what)
{
	mem_fatal_hook hook = fatal_hook;

	fatal_hook = NULL; /* a hook that runs out of memory itself must not come back here */
	if (hook)
		hook(what);
	abort();
}

void *mem_try_alloc(size_t size)
{
	return calloc(1, size ? size : 1);
}

void *mem_try_realloc(void *old, size_t size)
{
	return realloc(old, size ? size : 1);
}

void *mem_alloc(size_t size)
{
	void *block = mem_try_alloc(size);

	if (!block)
		fatal("out of memory");
	return block;
}

void *mem_array(size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		fatal("array too large");
	return mem_alloc(count * size);
}

void *mem_realloc(void *old, size_t size)
{
	void *block = mem_try_realloc(old, size);

	if (!block)
		fatal("out of memory");
	return block;
}

char *mem_strndup(const char *text, size_t length)
{
	char *copy;

	if (length == SIZE_MAX)
		fatal("text too large");
	copy = mem_alloc(length + 1);
	if (length)
		memcpy(copy, text, length);
	return copy;
}

char *mem_strdup(const char *text)
{
	return text ? mem_strndup(text, strlen(text)) : NULL;
}

char *mem_vprintf(const char *format, va_list arguments)
{
	va_list again;
	char *text;
	int length;

	va_copy(again, arguments);
	length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (length < 0)
		fatal("text cannot be formatted");
	text = mem_alloc((size_t)length + 1);
	vsnprintf(text, (size_t)length + 1, format, arguments);
	return text;
}

char *mem_printf(const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = mem_vprintf(format, arguments);
	va_end(arguments);
	return text;
}

void mem_free(void *block)
{
	free(block);
}

void mem_wipe_free(void *block, size_t size)
{
	if (!block)
		return;
	explicit_bzero(block, size);
	free(block);
}

void mem_replace(char **slot, const char *text)
{
	char *copy = mem_strdup(text); /* first: text may be part of what is freed */

	mem_free(*slot);
	*slot = copy;
}
