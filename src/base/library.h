/*
 * Shared libraries that are loaded when they are first needed. libcurl and libmicrohttpd bring some thirty more with them, which took most of the time from the start
 * of the program to its first screen (ux 6 promises 50 ms), and most of what penstock does needs neither.
 */
#ifndef BASE_LIBRARY_H
#define BASE_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

struct library_function {
	const char *name;
	void *at; /* the pointer to the function, which is filled in */
};

/* Loads the library `soname` (it stays loaded) and finds `count` functions in it. False: it cannot be loaded or lacks one, and some are not filled in. */
bool library_load(const char *soname, const struct library_function *functions, size_t count);

/*
 * In a file that hands the functions of one library on under their own names: `real`, a struct with a pointer to each of them, and load(), which fills it in the first
 * time it is called and answers whether it is filled in. FUNCTIONS(X) is X(name) for each function, whose type is that in the library's header.
 */
#define LIBRARY_MEMBER(name) __typeof__(&(name))(name);
#define LIBRARY_ROW(name) { #name, &real.name },
#define LIBRARY(soname, FUNCTIONS) \
	static struct { \
		FUNCTIONS(LIBRARY_MEMBER) \
	} real; \
	static bool load(void) \
	{ \
		static const struct library_function functions[] = { FUNCTIONS(LIBRARY_ROW) }; \
		static bool loaded; \
\
		if (!loaded) \
			loaded = library_load(soname, functions, sizeof functions / sizeof *functions); \
		return loaded; \
	}

#endif
