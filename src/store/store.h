/*
 * What penstock keeps: one SQLite file (0600, folders 0700) and, beside it or under systemd's credentials, a key file that seals what is
 * secret.
 * Every function that changes something is one transaction unless the caller has opened one (store_begin).
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;
struct db;

/* path: the database. The key file is `$CREDENTIALS_DIRECTORY/penstock.key` where that variable is set and the file is there, else
 * `penstock.key` in the database's folder; made (0600, 64 hexadecimal digits) together with a new database only. Missing with a database
 * that was opened before, not the right one, or open to others: STATUS_REFUSED, code "key", with what to do.
 * read_only: no change is possible (STATUS_REFUSED). */
enum status store_open(const char *path, bool read_only, struct store **out, struct error *err);
void store_close(struct store *store);
/* A number that is another one once another process has changed something in the store; 0: it cannot be told. Cheap: made to be asked many times a second. */
int64_t store_news(struct store *store);

struct db *store_db(struct store *store); /* for the files of this room */
const char *store_path(const struct store *store);
/* The key file of the database at path: what must be kept beside every copy of it. *given (may be NULL): it is a credential of systemd's. Free with mem_free. */
char *store_key_path(const char *path, bool *given);
/* Who we are: the real user of the system, not what an environment variable says. Free with mem_free. */
char *store_user_name(void);
/* From now on that is somebody else, for whom this process works: the text stays the caller's. */
void store_act_for(const char *name);

/* A whole copy of the database as it is now (db_backup): STATUS_USAGE, code "exists", when the file is there; STATUS_STOPPED when going_on said so. */
typedef bool (*store_going_on_fn)(void *self, int64_t done, int64_t total);
enum status store_backup(struct store *store, const char *path, store_going_on_fn going_on, void *self, struct error *err);

/* Nest (the inner ones are savepoints). A commit that fails has undone its changes and closed. After a full disk everything fails until the
 * outermost rollback. */
enum status store_begin(struct store *store, struct error *err);
enum status store_commit(struct store *store, struct error *err);
void store_rollback(struct store *store);

/* Sealing (XChaCha20-Poly1305; 24 random bytes of nonce in front). Both append to out; unseal fails with STATUS_REFUSED, out as it was,
 * when the key or the context is not the one or a byte was changed. `context` is bound in as associated data: it names what the value
 * belongs to, "account.secret:7", so that it opens nowhere else. */
void store_seal(struct store *store, const char *context, const void *bytes, size_t length, struct str *out);
enum status store_unseal(struct store *store, const char *context, const void *bytes, size_t length, struct str *out, struct error *err);

/* Keyed hashes: 128 bits for person keys, 64 for field values (SipHash-2-4, key derived from the key file). */
enum { KEY_HASH = 16 };
void store_key_hash(struct store *store, const void *bytes, size_t length, unsigned char out[KEY_HASH]);
uint64_t store_value_hash(struct store *store, const void *bytes, size_t length);

/* A scratch file in the database's folder: nameless (removed at once), its blocks encrypted with a key that only lives in this process. */
struct scratch;
enum status scratch_open(struct store *store, struct scratch **out, struct error *err);
void scratch_free(struct scratch *scratch);
/* Appends one block and tells its offset. */
enum status scratch_append(struct scratch *scratch, const void *bytes, size_t length, int64_t *offset, struct error *err);
/* Any range of what was appended. */
enum status scratch_read(struct scratch *scratch, int64_t offset, void *bytes, size_t length, struct error *err);

#endif
