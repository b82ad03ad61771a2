/*
 * The fold: takes items in the order of the source, gives them back sorted by person key and, within a key, in the order they came. On disk past a bound of memory
 * (a scratch file, encrypted), so that ten million profiles need no more memory than ten thousand.
 */
#ifndef ENGINE_FOLD_H
#define ENGINE_FOLD_H

#include "base/error.h"
#include "store/store.h"

#include <stddef.h>
#include <stdint.h>

enum { FOLD_MEMORY = 12 * 1024 * 1024, FOLD_BLOCK = 32 * 1024 };

struct fold;
struct fold_item {
	const unsigned char *key; /* KEY_HASH bytes */
	const void *bytes;
	size_t length;
};

/* memory: bytes of items held before a run is written; 0: FOLD_MEMORY. */
struct fold *fold_new(struct store *store, size_t memory);
void fold_free(struct fold *fold);
enum status fold_add(struct fold *fold, const unsigned char key[KEY_HASH], const void *bytes, size_t length, struct error *err);
/* Ends the adding. */
enum status fold_sort(struct fold *fold, struct error *err);
/* The next item in order; item->key NULL at the end. It lives until the next call. */
enum status fold_next(struct fold *fold, struct fold_item *item, struct error *err);

#endif
