#include "engine/leavers.h"

#include <string.h>

enum status leavers_begin(struct leavers *leavers, struct ledger *ledger, int64_t list, struct error *err)
{
	*leavers = (struct leavers){.ledger = ledger, .list = list, .over = list <= 0};
	return leavers->over ? STATUS_OK : ledger_member_count(ledger, list, &leavers->members, err);
}

void leavers_stays(struct leavers *leavers, const unsigned char key[KEY_HASH])
{
	int i;

	/* The next number: keys are as good as numbers in big endian. */
	memcpy(leavers->from, key, KEY_HASH);
	for (i = KEY_HASH - 1; i >= 0 && ++leavers->from[i] == 0; i--)
		;
	leavers->over = leavers->over || i < 0;
}

enum status leavers_next(struct leavers *leavers, const unsigned char *before, unsigned char key[KEY_HASH], bool *found, struct error *err)
{
	enum status status;

	*found = false;
	if (leavers->over)
		return STATUS_OK;
	status = ledger_member_from(leavers->ledger, leavers->list, leavers->from, key, found, err);
	if (status != STATUS_OK)
		return status;
	if (!*found) {
		leavers->over = true;
		return STATUS_OK;
	}
	if (before && memcmp(key, before, KEY_HASH) >= 0) {
		*found = false;
		return STATUS_OK;
	}
	leavers_stays(leavers, key);
	leavers->count++;
	return STATUS_OK;
}
