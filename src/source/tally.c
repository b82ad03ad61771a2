#include "source/tally.h"

#include "base/mem.h"

#include <stdint.h>
#include <string.h>

void tally_init(struct tally *tally, size_t most)
{
	*tally = (struct tally){ .most = most, .slot_count = 64 };
	while (tally->slot_count < most * 2)
		tally->slot_count *= 2;
	tally->slots = mem_array(tally->slot_count, sizeof *tally->slots);
	tally->texts = mem_array(most, sizeof *tally->texts);
}

void tally_done(struct tally *tally)
{
	for (size_t i = 0; i < tally->count; i++)
		mem_free(tally->texts[i]);
	mem_free(tally->texts);
	mem_free(tally->slots);
	*tally = (struct tally){ 0 };
}

/* FNV-1a. */
static size_t hash(const char *text)
{
	uint64_t value = 14695981039346656037U;

	for (; *text; text++)
		value = (value ^ (unsigned char)*text) * 1099511628211U;
	return (size_t)(value ^ value >> 32);
}

long tally_number(struct tally *tally, const char *text, bool *fresh)
{
	size_t slot = hash(text) & (tally->slot_count - 1);

	for (; tally->slots[slot]; slot = (slot + 1) & (tally->slot_count - 1)) {
		if (strcmp(tally->texts[tally->slots[slot] - 1], text) == 0) {
			if (fresh)
				*fresh = false;
			return (long)tally->slots[slot] - 1;
		}
	}
	if (tally->count == tally->most)
		return TALLY_FULL;
	tally->texts[tally->count] = mem_strdup(text);
	tally->slots[slot] = ++tally->count;
	if (fresh)
		*fresh = true;
	return (long)tally->count - 1;
}
