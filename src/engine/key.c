#include "engine/key.h"

#include "base/text.h"

#include <string.h>

void person_key(struct store *store, const char *kind, const char *value, struct str *work, unsigned char key[KEY_HASH])
{
	str_clear(work);
	str_add(work, kind);
	str_add_char(work, '\0');
	str_add(work, value);
	text_lower(work->text + strlen(kind) + 1);
	store_key_hash(store, work->text, work->length, key);
}
