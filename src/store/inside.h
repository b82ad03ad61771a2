/* What the files of store/ share. Nobody else includes it. */
#ifndef STORE_INSIDE_H
#define STORE_INSIDE_H

#include "base/error.h"
#include "base/str.h"
#include "db/db.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

/* Keys derived from the key file, in guarded memory. The check may be told: the others do not follow from it. */
enum { MASTER_KEY = 32, SEAL_KEY = 32, SIP_KEY = 16, KEY_CHECK = 32 };
struct keys {
	unsigned char seal[SEAL_KEY], person[SIP_KEY], value[SIP_KEY], check[KEY_CHECK];
};

struct store {
	struct db *db;
	char *path;
	bool read_only;
	struct keys *keys;
	struct str work; /* sealed bytes of the row being written */
};

/* Reads the key file of the database at path (`made` false), or makes it when there is none (`make`). *out is for keys_free. */
enum status keys_load(const char *path, bool make, struct keys **out, struct error *err);
void keys_free(struct keys *keys);
/* Loads the keys of a store whose database is open, and holds them against it; a new database is given its key unless it is only read. */
enum status keys_open(struct store *store, struct error *err);
/* Registers with libsodium; may be called again. */
enum status keys_start(struct error *err);

/* Refuses in a read-only store. */
enum status store_may_write(struct store *store, struct error *err);
/* Ends what store_begin began: commits when status is STATUS_OK, else undoes; returns what came of it. */
enum status store_end(struct store *store, enum status status, struct error *err);
/* A value in the file that this program never writes. */
enum status store_bad_value(struct store *store, struct error *err);
/* Prepared statement with one or two whole numbers bound. NULL with err. */
struct query *store_query(struct store *store, const char *sql, int64_t first, struct error *err);
/* Runs a statement with one number bound. */
enum status store_run(struct store *store, const char *sql, int64_t first, struct error *err);
/* Opens every sealed value of these and counts; an error is not about one value. */
struct sealed_count {
	int64_t good, bad;
	struct str who; /* of accounts: whose secret cannot be opened, cleaned */
};
enum status account_secrets_check(struct store *store, struct sealed_count *count, struct error *err);
enum status failures_check(struct store *store, struct sealed_count *count, struct error *err);
enum status changes_check(struct store *store, struct sealed_count *count, struct error *err);
/* Does it open? The plain text is wiped at once. */
void sealed_look(struct store *store, struct query *query, int column, const char *context, struct sealed_count *count);
/* The sanitised text of a column, or NULL. */
char *column_clean(struct query *query, int index);

/* Inside the caller's change: notes what was edited since the draft's text was `before`, after the newest edit in force; what was undone then is gone. */
struct draft;
enum status edit_note(struct store *store, const struct draft *draft, const char *before, struct error *err);

/* Values of `meta`, as decimal text (meta.c). *out stays as it is where there is none; one over `most` is no value of this store. */
enum status meta_number(struct store *store, const char *name, int64_t most, int64_t *out, struct error *err);
enum status meta_number_save(struct store *store, const char *name, int64_t number, struct error *err);

/* The sentences and statements about names of one table (names.c). */
struct named {
	const char *all;     /* SELECT name, all of them */
	const char *taken;   /* SELECT 1 where name ?1 belongs to another id than ?2 */
	const char *missing; /* "there is no .. "%s"", translated when shown */
	const char *lost;    /* the same for a number, %lld */
	const char *exists;  /* "there is already .. "%s"" */
};
extern const struct named named_account, named_destination, named_dataflow;
/* STATUS_USAGE, not_found, with the nearest name as a hint. */
enum status name_missing(struct store *store, const struct named *named, const char *name, struct error *err);
enum status name_lost(const struct named *named, int64_t id, struct error *err);
/* STATUS_USAGE, exists, when the name belongs to another row than id. */
enum status name_free(struct store *store, const struct named *named, const char *name, int64_t id, struct error *err);
/* STATUS_USAGE, in_use, when users (SELECT name for the number ?1) finds any; format: translated, one %s for their names. */
enum status name_unused(struct store *store, const char *users, int64_t id, const char *format, struct error *err);

#endif
