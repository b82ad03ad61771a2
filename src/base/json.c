/*
 * Reading JSON. json_scan has looked at every byte before cJSON sees a copy in which numbers stand as marked strings, so cJSON never
 * converts a number, and what it builds is known to be sound. A value is a cJSON node under another name.
 */
#include "base/json.h"

#include "base/i18n.h"
#include "base/json_scan.h"
#include "base/mem.h"

#include <cjson/cJSON.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

/* Memory of a reader's document: taken by moving a mark, given back all at once. */
struct chunk {
	struct chunk *next;
	size_t size; /* of data */
	alignas(cJSON) char data[];
};

enum {
	CHUNK_FIRST = 32 * 1024,
	ARENA_KEEP = 1024 * 1024,       /* what stays with the reader between documents */
	ARENA_MAX = 128 * 1024 * 1024,  /* what one document may take: 1 MiB of "1,1,1,.." takes 45 MiB */
	COPY_KEEP = 1024 * 1024,
	FEW_NAMES = 16,                 /* up to here comparing each with each is the fastest */
};

struct arena {
	struct chunk *chunks; /* the newest first */
	size_t used;          /* of the newest */
	size_t total;         /* of all */
};

struct json_reader {
	struct arena arena;
	char *copy;
	size_t copy_size;
};

/* Set only while a reader's document is parsed on this thread. */
static _Thread_local struct arena *active;

static bool arena_grow(struct arena *arena, size_t size)
{
	size_t want = arena->total ? arena->total : CHUNK_FIRST; /* doubles */
	struct chunk *chunk;

	if (want < size)
		want = size;
	if (want > ARENA_MAX - arena->total)
		want = ARENA_MAX - arena->total;
	if (want < size)
		return false;
	chunk = mem_try_realloc(NULL, sizeof *chunk + want);
	if (!chunk)
		return false;
	chunk->next = arena->chunks;
	chunk->size = want;
	arena->chunks = chunk;
	arena->total += want;
	arena->used = 0;
	return true;
}

static void arena_done(struct arena *arena)
{
	while (arena->chunks) {
		struct chunk *next = arena->chunks->next;

		mem_free(arena->chunks);
		arena->chunks = next;
	}
	*arena = (struct arena){ 0 };
}

/* The address sanitizer sees who keeps a value for too long only when its memory is really given back. */
#if defined(__SANITIZE_ADDRESS__)
#define ARENA_GIVES_BACK true
#elif defined(__has_feature)
#define ARENA_GIVES_BACK __has_feature(address_sanitizer)
#else
#define ARENA_GIVES_BACK false
#endif

/* Forgets the document. Several chunks become one of their size, so that the next document like it finds room at once. */
static void arena_reset(struct arena *arena)
{
	size_t total = arena->total;

	arena->used = 0;
	if (!ARENA_GIVES_BACK && (!arena->chunks || !arena->chunks->next))
		return;
	arena_done(arena);
	if (!ARENA_GIVES_BACK && total <= ARENA_KEEP)
		arena_grow(arena, total);
}

static void *arena_take(struct arena *arena, size_t size)
{
	void *block;

	if (size > ARENA_MAX)
		return NULL;
	size = (size + alignof(cJSON) - 1) / alignof(cJSON) * alignof(cJSON);
	if ((!arena->chunks || size > arena->chunks->size - arena->used) && !arena_grow(arena, size))
		return NULL;
	block = arena->chunks->data + arena->used;
	arena->used += size;
	return block;
}

static void *hook_malloc(size_t size)
{
	return active ? arena_take(active, size) : mem_try_realloc(NULL, size);
}

static void hook_free(void *block)
{
	if (!active)
		mem_free(block);
}

/* Before main: cJSON's hooks are global, and threads may parse. */
__attribute__((constructor)) static void json_start(void)
{
	cJSON_Hooks hooks = { .malloc_fn = hook_malloc, .free_fn = hook_free };

	cJSON_InitHooks(&hooks);
}

static const cJSON *node_of(const struct json *value)
{
	return (const cJSON *)value;
}

static const struct json *json_of(const cJSON *node)
{
	return (const struct json *)node;
}

struct named {
	const char *name;
	cJSON *node;
	size_t place;
};

static int by_name_and_place(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order ? order : (x->place > y->place) - (x->place < y->place);
}

/* A reader's nodes lie in its arena: taking them out of the list is all there is to do. */
static void drop(cJSON *object, cJSON *node, bool on_heap)
{
	cJSON_DetachItemViaPointer(object, node);
	if (on_heap)
		cJSON_Delete(node);
}

static bool unique_many(cJSON *object, size_t count, bool on_heap)
{
	struct named *all = mem_try_alloc(count * sizeof *all);
	size_t i = 0;

	if (!all)
		return false;
	for (cJSON *node = object->child; node; node = node->next, i++)
		all[i] = (struct named){ .name = node->string, .node = node, .place = i };
	qsort(all, count, sizeof *all, by_name_and_place);
	for (i = 1; i < count; i++)
		if (strcmp(all[i - 1].name, all[i].name) == 0)
			drop(object, all[i - 1].node, on_heap);
	mem_free(all);
	return true;
}

static bool is_doubled(const cJSON *node)
{
	for (const cJSON *later = node->next; later; later = later->next)
		if (node->string[0] == later->string[0] && strcmp(node->string, later->string) == 0)
			return true;
	return false;
}

static void unique_few(cJSON *object, bool on_heap)
{
	cJSON *next;

	for (cJSON *node = object->child; node; node = next) {
		next = node->next;
		if (is_doubled(node))
			drop(object, node, on_heap);
	}
}

/* Leaves only the last of members with one name, on all levels (json_scan bounds their number). False: no memory. */
static bool unique_names(cJSON *container, bool on_heap)
{
	size_t count = 0;

	for (cJSON *node = container->child; node; node = node->next, count++)
		if (node->child && !unique_names(node, on_heap))
			return false;
	if (!cJSON_IsObject(container) || count < 2)
		return true;
	if (count > FEW_NAMES)
		return unique_many(container, count, on_heap);
	unique_few(container, on_heap);
	return true;
}

static cJSON *parse_copy(const char *copy, size_t length, bool on_heap)
{
	cJSON *root = cJSON_ParseWithLengthOpts(copy, length, NULL, false);

	if (root && !unique_names(root, on_heap)) {
		if (on_heap)
			cJSON_Delete(root);
		return NULL;
	}
	return root;
}

struct json_reader *json_reader_new(void)
{
	return mem_alloc(sizeof(struct json_reader));
}

void json_reader_free(struct json_reader *reader)
{
	if (!reader)
		return;
	arena_done(&reader->arena);
	mem_free(reader->copy);
	mem_free(reader);
}

static bool reader_room(struct json_reader *reader, size_t need)
{
	if (reader->copy_size > COPY_KEEP && need <= COPY_KEEP) {
		mem_free(reader->copy);
		reader->copy = NULL;
		reader->copy_size = 0;
	}
	if (need && need <= reader->copy_size)
		return true;
	mem_free(reader->copy);
	reader->copy_size = need + need / 2;
	reader->copy = need ? mem_try_realloc(NULL, reader->copy_size) : NULL;
	if (!reader->copy)
		reader->copy_size = 0;
	return reader->copy != NULL;
}

static const char *no_memory(void)
{
	return N_("there is not enough memory for it");
}

const struct json *json_reader_parse(struct json_reader *reader, const char *bytes, size_t length, const char **why, size_t *offset)
{
	const char *ignored_why = NULL;
	size_t ignored_offset = 0, copied;
	cJSON *root;

	why = why ? why : &ignored_why;
	offset = offset ? offset : &ignored_offset;
	*why = NULL;
	*offset = 0;
	arena_reset(&reader->arena);
	if (!reader_room(reader, json_scan_room(length))) {
		*why = no_memory();
		return NULL;
	}
	if (!json_scan(bytes, length, reader->copy, &copied, why, offset))
		return NULL;
	active = &reader->arena;
	root = parse_copy(reader->copy, copied, false);
	active = NULL;
	if (!root)
		*why = no_memory();
	return json_of(root);
}

struct json *json_parse(const char *bytes, size_t length, const char **why, size_t *offset)
{
	const char *ignored_why = NULL;
	size_t ignored_offset = 0, copied, room = json_scan_room(length);
	cJSON *root = NULL;
	char *copy;

	why = why ? why : &ignored_why;
	offset = offset ? offset : &ignored_offset;
	*why = no_memory();
	*offset = 0;
	copy = room ? mem_try_realloc(NULL, room) : NULL;
	if (copy && json_scan(bytes, length, copy, &copied, why, offset))
		root = parse_copy(copy, copied, true);
	mem_free(copy);
	if (root)
		*why = NULL;
	return (struct json *)root;
}

void json_free(struct json *document)
{
	cJSON_Delete((cJSON *)document);
}

static bool is_number(const cJSON *node)
{
	return cJSON_IsString(node) && node->valuestring[0] == JSON_NUMBER_MARK;
}

enum json_kind json_kind(const struct json *value)
{
	const cJSON *node = node_of(value);

	switch (node ? node->type & 0xff : cJSON_NULL) {
	case cJSON_False:
		return JSON_FALSE;
	case cJSON_True:
		return JSON_TRUE;
	case cJSON_String:
		return is_number(node) ? JSON_NUMBER : JSON_STRING;
	case cJSON_Array:
		return JSON_ARRAY;
	case cJSON_Object:
		return JSON_OBJECT;
	default:
		return JSON_NULL;
	}
}

bool json_is_true(const struct json *value)
{
	return cJSON_IsTrue(node_of(value));
}

const struct json *json_get(const struct json *object, const char *key)
{
	const cJSON *node = node_of(object);

	if (!cJSON_IsObject(node))
		return NULL;
	for (node = node->child; node; node = node->next)
		if (node->string[0] == key[0] && strcmp(node->string, key) == 0)
			return json_of(node);
	return NULL;
}

const struct json *json_first(const struct json *container)
{
	return container ? json_of(node_of(container)->child) : NULL;
}

const struct json *json_next(const struct json *child)
{
	return child ? json_of(node_of(child)->next) : NULL;
}

const char *json_key(const struct json *child)
{
	return child ? node_of(child)->string : NULL;
}

size_t json_count(const struct json *container)
{
	size_t count = 0;

	for (const struct json *child = json_first(container); child; child = json_next(child))
		count++;
	return count;
}

const char *json_string(const struct json *value)
{
	return json_kind(value) == JSON_STRING ? node_of(value)->valuestring : NULL;
}

const char *json_get_string(const struct json *object, const char *key)
{
	return json_string(json_get(object, key));
}

const char *json_number_text(const struct json *value)
{
	return json_kind(value) == JSON_NUMBER ? node_of(value)->valuestring + 1 : NULL;
}

static void write_value(struct json_out *w, const struct json *value);

static void write_members(struct json_out *w, const struct json *container)
{
	for (const struct json *child = json_first(container); child; child = json_next(child)) {
		if (json_key(child))
			json_name(w, json_key(child));
		write_value(w, child);
	}
}

static void write_value(struct json_out *w, const struct json *value)
{
	const char *text;

	switch (json_kind(value)) {
	case JSON_NULL:
		json_put_null(w);
		break;
	case JSON_FALSE:
	case JSON_TRUE:
		json_put_bool(w, json_is_true(value));
		break;
	case JSON_NUMBER:
		text = json_number_text(value);
		json_put_raw(w, text, strlen(text));
		break;
	case JSON_STRING:
		json_put_string(w, json_string(value));
		break;
	case JSON_ARRAY:
		json_array(w);
		write_members(w, value);
		json_array_end(w);
		break;
	case JSON_OBJECT:
		json_object(w);
		write_members(w, value);
		json_object_end(w);
		break;
	}
}

void json_write(struct str *out, const struct json *value)
{
	struct json_out w;

	json_out_init(&w, out);
	write_value(&w, value);
}
