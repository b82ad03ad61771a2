/* Who has left an audience of which a snapshot shows every member: a member by the ledger whose key the snapshot has not. Both come in the order of keys. */
#ifndef ENGINE_LEAVERS_H
#define ENGINE_LEAVERS_H

#include "base/error.h"
#include "store/ledger.h"

#include <stdbool.h>
#include <stdint.h>

struct leavers {
	struct ledger *ledger;
	int64_t list;                 /* 0: nobody is asked for */
	unsigned char from[KEY_HASH]; /* below it all has been told */
	bool over;
	int64_t members;              /* of the list, by the ledger, before */
	int64_t count;                /* leavers told so far */
};

enum status leavers_begin(struct leavers *leavers, struct ledger *ledger, int64_t list, struct error *err);
/* The next leaver below `before`, the snapshot's next key (NULL: it has none left). */
enum status leavers_next(struct leavers *leavers, const unsigned char *before, unsigned char key[KEY_HASH], bool *found, struct error *err);
/* The snapshot has this key. */
void leavers_stays(struct leavers *leavers, const unsigned char key[KEY_HASH]);

#endif
