#include "base/library.h"

#include <dlfcn.h>
#include <string.h>

bool library_load(const char *soname, const struct library_function *functions, size_t count)
{
	void *library = dlopen(soname, RTLD_NOW | RTLD_LOCAL);

	if (!library)
		return false;
	for (size_t i = 0; i < count; i++) {
		void *function = dlsym(library, functions[i].name);

		if (!function)
			return false;
		/* POSIX lets a pointer to data hold one to a function, C has no cast for it. */
		memcpy(functions[i].at, &function, sizeof function);
	}
	return true;
}
