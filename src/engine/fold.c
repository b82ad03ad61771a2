#include "engine/fold.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

/*
 * An item in memory and on disk: key (KEY_HASH), length (4 bytes, native: the file never outlives the process), bytes. Runs are sorted in memory, written in blocks of
 * whole items, and merged through a heap. Order within a key needs no number: an earlier run holds earlier items, and the sort within a run breaks ties by place.
 */
enum { HEADER = KEY_HASH + 4 };

struct spot {
	uint64_t prefix; /* the key's first 8 bytes, big endian: most comparisons end here */
	uint32_t offset; /* in the arena; also the order of arrival */
};

struct block {
	int64_t offset;
	uint32_t length;
};

struct run {
	VEC(struct block) blocks;
	size_t next_block;
	unsigned char *bytes; /* the current block */
	size_t length, position, capacity;
};

struct fold {
	struct store *store;
	struct scratch *scratch;
	size_t memory;
	unsigned char *arena;
	size_t used;
	VEC(struct spot) spots;
	size_t next_spot; /* when all fits in memory */
	VEC(struct run) runs;
	VEC(size_t) heap; /* indexes of runs, smallest item first */
	bool advance;     /* the run on top of the heap was handed out: move on before looking again */
};

struct fold *fold_new(struct store *store, size_t memory)
{
	struct fold *fold = mem_alloc(sizeof *fold);

	fold->store = store;
	fold->memory = memory ? memory : FOLD_MEMORY;
	return fold;
}

void fold_free(struct fold *fold)
{
	size_t i;

	if (!fold)
		return;
	for (i = 0; i < fold->runs.count; i++) {
		vec_done(&fold->runs.at[i].blocks);
		mem_free(fold->runs.at[i].bytes);
	}
	vec_done(&fold->runs);
	vec_done(&fold->heap);
	vec_done(&fold->spots);
	scratch_free(fold->scratch);
	mem_free(fold->arena);
	mem_free(fold);
}

static uint64_t key_prefix(const unsigned char *key)
{
	uint64_t prefix = 0;
	int i;

	for (i = 0; i < 8; i++)
		prefix = prefix << 8 | key[i];
	return prefix;
}

static uint32_t item_length(const unsigned char *item)
{
	uint32_t length;

	memcpy(&length, item + KEY_HASH, sizeof length);
	return length;
}

static int compare_spots(const void *left, const void *right, void *self)
{
	const struct fold *fold = self;
	const struct spot *a = left, *b = right;
	int order;

	if (a->prefix != b->prefix)
		return a->prefix < b->prefix ? -1 : 1;
	order = memcmp(fold->arena + a->offset, fold->arena + b->offset, KEY_HASH);
	if (order)
		return order;
	return a->offset < b->offset ? -1 : a->offset > b->offset;
}

static enum status write_block(struct fold *fold, struct run *run, const struct str *bytes, struct error *err)
{
	struct block block = {.length = (uint32_t)bytes->length};
	enum status status = scratch_append(fold->scratch, bytes->text, bytes->length, &block.offset, err);

	if (status == STATUS_OK)
		vec_push(&run->blocks, block);
	return status;
}

/* Writes what the arena holds as one sorted run and empties it. */
static enum status spill(struct fold *fold, struct error *err)
{
	struct run run = {0};
	struct str bytes = {0};
	enum status status = fold->scratch ? STATUS_OK : scratch_open(fold->store, &fold->scratch, err);
	size_t i;

	qsort_r(fold->spots.at, fold->spots.count, sizeof *fold->spots.at, compare_spots, fold);
	for (i = 0; status == STATUS_OK && i < fold->spots.count; i++) {
		const unsigned char *item = fold->arena + fold->spots.at[i].offset;
		size_t length = HEADER + item_length(item);

		if (bytes.length && bytes.length + length > FOLD_BLOCK) {
			status = write_block(fold, &run, &bytes, err);
			str_clear(&bytes);
		}
		str_add_bytes(&bytes, item, length);
	}
	if (status == STATUS_OK && bytes.length)
		status = write_block(fold, &run, &bytes, err);
	str_done(&bytes);
	vec_push(&fold->runs, run);
	fold->spots.count = 0;
	fold->used = 0;
	return status;
}

enum status fold_add(struct fold *fold, const unsigned char key[KEY_HASH], const void *bytes, size_t length, struct error *err)
{
	uint32_t length32 = (uint32_t)length;
	struct spot spot;

	if (length > fold->memory / 2 || length > UINT32_MAX)
		return error_set(err, STATUS_FAILED, "memory", _("a profile is too large to be sorted"));
	if (!fold->arena) {
		fold->arena = mem_try_alloc(fold->memory);
		if (!fold->arena)
			return error_set(err, STATUS_FAILED, "memory", _("not enough memory to sort the profiles"));
	}
	if (fold->used + HEADER + length > fold->memory) {
		enum status status = spill(fold, err);

		if (status != STATUS_OK)
			return status;
	}
	spot.prefix = key_prefix(key);
	spot.offset = (uint32_t)fold->used;
	memcpy(fold->arena + fold->used, key, KEY_HASH);
	memcpy(fold->arena + fold->used + KEY_HASH, &length32, sizeof length32);
	memcpy(fold->arena + fold->used + HEADER, bytes, length);
	fold->used += HEADER + length;
	vec_push(&fold->spots, spot);
	return STATUS_OK;
}

/* Makes the run's current item readable; false at its end. */
static bool run_load(struct fold *fold, struct run *run, enum status *status, struct error *err)
{
	struct block block;

	*status = STATUS_OK;
	if (run->position < run->length)
		return true;
	if (run->next_block == run->blocks.count)
		return false;
	block = run->blocks.at[run->next_block++];
	if (block.length > run->capacity) {
		run->bytes = mem_realloc(run->bytes, block.length);
		run->capacity = block.length;
	}
	run->length = block.length;
	run->position = 0;
	*status = scratch_read(fold->scratch, block.offset, run->bytes, block.length, err);
	return *status == STATUS_OK;
}

static bool run_before(const struct fold *fold, size_t a, size_t b)
{
	const struct run *left = &fold->runs.at[a], *right = &fold->runs.at[b];
	int order = memcmp(left->bytes + left->position, right->bytes + right->position, KEY_HASH);

	return order ? order < 0 : a < b;
}

static void heap_down(struct fold *fold, size_t at)
{
	for (;;) {
		size_t child = 2 * at + 1, swap;

		if (child >= fold->heap.count)
			return;
		if (child + 1 < fold->heap.count && run_before(fold, fold->heap.at[child + 1], fold->heap.at[child]))
			child++;
		if (!run_before(fold, fold->heap.at[child], fold->heap.at[at]))
			return;
		swap = fold->heap.at[at];
		fold->heap.at[at] = fold->heap.at[child];
		fold->heap.at[child] = swap;
		at = child;
	}
}

enum status fold_sort(struct fold *fold, struct error *err)
{
	enum status status = STATUS_OK;
	size_t i;

	if (fold->runs.count == 0) {
		if (fold->spots.count)
			qsort_r(fold->spots.at, fold->spots.count, sizeof *fold->spots.at, compare_spots, fold);
		return STATUS_OK;
	}
	if (fold->spots.count)
		status = spill(fold, err);
	mem_free(fold->arena);
	fold->arena = NULL;
	vec_done(&fold->spots);
	for (i = 0; status == STATUS_OK && i < fold->runs.count; i++)
		if (run_load(fold, &fold->runs.at[i], &status, err))
			vec_push(&fold->heap, i);
	for (i = fold->heap.count / 2; status == STATUS_OK && i-- > 0;)
		heap_down(fold, i);
	return status;
}

static enum status advance_top(struct fold *fold, struct error *err)
{
	struct run *run = &fold->runs.at[fold->heap.at[0]];
	enum status status;

	run->position += HEADER + item_length(run->bytes + run->position);
	if (!run_load(fold, run, &status, err))
		fold->heap.at[0] = fold->heap.at[--fold->heap.count];
	if (status == STATUS_OK)
		heap_down(fold, 0);
	return status;
}

static void hand_out(const unsigned char *at, struct fold_item *item)
{
	item->key = at;
	item->length = item_length(at);
	item->bytes = at + HEADER;
}

enum status fold_next(struct fold *fold, struct fold_item *item, struct error *err)
{
	enum status status = STATUS_OK;

	memset(item, 0, sizeof *item);
	if (fold->runs.count == 0) {
		if (fold->next_spot < fold->spots.count)
			hand_out(fold->arena + fold->spots.at[fold->next_spot++].offset, item);
		return STATUS_OK;
	}
	if (fold->advance)
		status = advance_top(fold, err);
	fold->advance = fold->heap.count > 0;
	if (status == STATUS_OK && fold->heap.count)
		hand_out(fold->runs.at[fold->heap.at[0]].bytes + fold->runs.at[fold->heap.at[0]].position, item);
	return status;
}
