#include "screens/words.h"

#include "base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *number_text(int64_t number, char out[32])
{
	char digits[32];
	int length = snprintf(digits, sizeof digits, "%" PRId64, number), at = 0;

	for (int i = 0; i < length && at < 30; i++) {
		if (i && (length - i) % 3 == 0 && digits[i - 1] != '-')
			out[at++] = ',';
		out[at++] = digits[i];
	}
	out[at] = '\0';
	return out;
}

void names_each(const char *names, void (*add)(void *self, const char *name), void *self)
{
	char *copy = mem_strdup(names), *rest = copy;

	for (char *name = strsep(&rest, ","); name; name = strsep(&rest, ","))
		if (*name)
			add(self, name);
	mem_free(copy);
}
