#include "screens/words.h"

#include "base/i18n.h"
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

void reading_text(int64_t ms, int64_t done, int64_t total, struct str *out)
{
	enum { COUNTED_MS = 2000, GUESSED_MS = 10000, IN_MINUTES = 120 };
	int64_t left;

	if (total <= 0 || done <= 0 || done > total || ms < COUNTED_MS)
		return;
	str_add_format(out, _(": %.1f of %.1f MB"), (double)done / 1e6, (double)total / 1e6);
	if (ms < GUESSED_MS)
		return;
	left = (int64_t)((double)ms / 1000.0 * (double)(total - done) / (double)done);
	str_add_format(out, left >= IN_MINUTES ? _(", about %" PRId64 " min left") : _(", about %" PRId64 " s left"), left >= IN_MINUTES ? left / 60 : left);
}

void names_each(const char *names, void (*add)(void *self, const char *name), void *self)
{
	char *copy = mem_strdup(names), *rest = copy;

	for (char *name = strsep(&rest, ","); name; name = strsep(&rest, ","))
		if (*name)
			add(self, name);
	mem_free(copy);
}
