#include "store/health.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/str.h"
#include "db/db.h"
#include "store/inside.h"
#include "store/schema.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* What is looked at, opened as far as it lets itself. */
struct patient {
	const char *path;
	int64_t bytes;
	struct store store;
	struct health *health;
};

static const char *const names[HEALTH_CHECKS] = {
	[HEALTH_FILE] = "file",
	[HEALTH_PERMISSIONS] = "permissions",
	[HEALTH_VERSION] = "version",
	[HEALTH_INTEGRITY] = "integrity",
	[HEALTH_REFERENCES] = "references",
	[HEALTH_KEY] = "key",
	[HEALTH_SEALED] = "sealed",
	[HEALTH_SPACE] = "space",
};

static const char restore_hint[] = N_("Restore a backup of the database (`penstock backup` makes them), and keep this one until that works.");

static void good(struct health_check *check, char *detail)
{
	check->ok = true;
	check->detail = detail;
}

static void bad(struct health_check *check, char *detail, const char *hint)
{
	check->detail = detail;
	check->hint = hint && *hint ? mem_strdup(hint) : NULL;
}

static void bad_error(struct health_check *check, const struct error *err)
{
	bad(check, mem_strdup(err->message), err->hint);
}

static void check_file(struct patient *patient, struct health_check *check)
{
	struct stat info;

	if (stat(patient->path, &info) < 0)
		bad(check, mem_printf("%s: %s", patient->path, strerror(errno)), _("Choose the right file with --db or PENSTOCK_DB, or restore a backup."));
	else if (!S_ISREG(info.st_mode))
		bad(check, mem_printf(_("%s is not a regular file"), patient->path), _("Choose the right file with --db or PENSTOCK_DB."));
	else
		good(check, mem_printf(_("%s, %lld bytes"), patient->path, (long long)info.st_size));
	patient->bytes = check->ok ? info.st_size : 0;
}

/* One file or folder that others can use, or that is not ours. */
static void look_at_mode(const char *path, mode_t open_to, struct str *found, struct str *commands)
{
	struct stat info;

	if (lstat(path, &info) < 0)
		return;
	if (info.st_uid != geteuid() && info.st_uid != 0) {
		str_add_format(found, _("%s%s belongs to another user"), found->length ? "; " : "", path);
	} else if (info.st_mode & open_to && !(S_ISDIR(info.st_mode) && info.st_mode & S_ISVTX)) {
		str_add_format(found, _("%s%s is open to other users (mode %03o)"), found->length ? "; " : "", path, (unsigned)info.st_mode & 0777);
		str_add_format(commands, "%schmod %s ", commands->length ? "; " : "", S_ISDIR(info.st_mode) ? "go-w" : "600");
		str_add_shell(commands, path);
	}
}

static void check_permissions(struct patient *patient, struct health_check *check)
{
	static const char *const beside[] = { "", "-wal", "-shm" };
	struct str found = { 0 }, commands = { 0 };
	const char *slash = strrchr(patient->path, '/');
	char *folder = slash ? mem_strndup(patient->path, (size_t)(slash - patient->path + 1)) : mem_strdup(".");
	bool given;
	char *key = store_key_path(patient->path, &given);

	for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
		char *name = mem_printf("%s%s", patient->path, beside[i]);
		look_at_mode(name, 077, &found, &commands);
		mem_free(name);
	}
	look_at_mode(folder, 022, &found, &commands);
	/* A credential's access list shows as the group's read bit (key.c judges it). */
	look_at_mode(key, given ? 037 : 077, &found, &commands);
	if (found.length) {
		char *hint = commands.length ? mem_printf(_("Run: %s"), str_text(&commands)) : NULL;
		bad(check, str_take(&found), hint);
		mem_free(hint);
	} else {
		good(check, mem_strdup(_("only their owner reads and writes the files")));
	}
	mem_free(key);
	mem_free(folder);
	str_done(&found);
	str_done(&commands);
}

static void check_version(struct patient *patient, struct health_check *check)
{
	struct error err = { 0 };
	int64_t version = 0;
	long long newest = store_migrations[store_migration_count - 1].version;

	if (db_open(patient->path, DB_READ_ONLY | DB_AS_IT_IS, NULL, 0, &patient->store.db, &err) != STATUS_OK ||
		db_version(patient->store.db, &version, &err) != STATUS_OK)
		bad_error(check, &err);
	else if (version > newest)
		bad(check, mem_printf(_("made by a newer penstock (version %lld, this one knows %lld)"), (long long)version, newest), _("Update penstock."));
	else if (version < 1)
		bad(check, mem_strdup(_("this is no database of penstock")), _("Choose the right file with --db or PENSTOCK_DB, or restore a backup."));
	else if (version < newest)
		good(check, mem_printf(_("version %lld; the next command that may write brings it to %lld"), (long long)version, newest));
	else
		good(check, mem_printf(_("version %lld, this penstock's"), (long long)version));
}

static void check_found(struct health_check *check, enum status status, struct str *found, const struct error *err, const char *none)
{
	if (status != STATUS_OK)
		bad_error(check, err);
	else if (found->length)
		bad(check, mem_strdup(str_text(found)), _(restore_hint));
	else
		good(check, mem_strdup(none));
	str_done(found);
}

static void check_integrity(struct patient *patient, struct health_check *check)
{
	struct error err = { 0 };
	struct str found = { 0 };
	enum status status = db_check_pages(patient->store.db, &found, &err);

	check_found(check, status, &found, &err, _("no damage found"));
}

static void check_references(struct patient *patient, struct health_check *check)
{
	struct error err = { 0 };
	struct str found = { 0 };
	enum status status = db_check_references(patient->store.db, &found, &err);

	check_found(check, status, &found, &err, _("every row belongs to something"));
}

static void check_key(struct patient *patient, struct health_check *check)
{
	struct error err = { 0 };
	char *key = store_key_path(patient->path, NULL);

	if (keys_start(&err) != STATUS_OK || keys_open(&patient->store, &err) != STATUS_OK)
		bad_error(check, &err);
	else
		good(check, mem_printf(_("%s fits; keep a copy of it apart from the database's"), key));
	mem_free(key);
}

void sealed_look(struct store *store, struct query *query, int column, const char *context, struct sealed_count *count)
{
	size_t length;
	const void *sealed = column_blob(query, column, &length);
	struct str plain = { 0 };

	if (!sealed)
		return;
	if (store_unseal(store, context, sealed, length, &plain, NULL) == STATUS_OK)
		count->good++;
	else
		count->bad++;
	mem_wipe_free(plain.text, plain.capacity);
}

static void check_sealed(struct patient *patient, struct health_check *check)
{
	struct sealed_count secrets = { 0 }, failures = { 0 }, changes = { 0 };
	struct error err = { 0 };
	struct store *store = &patient->store;

	if (account_secrets_check(store, &secrets, &err) != STATUS_OK || failures_check(store, &failures, &err) != STATUS_OK ||
		changes_check(store, &changes, &err) != STATUS_OK)
		bad_error(check, &err);
	else if (secrets.bad)
		bad(check, mem_printf(_("the client secret cannot be opened of: %s"), str_text(&secrets.who)),
			_("Give it anew: penstock account update NAME --client-secret-file FILE"));
	else if (changes.bad)
		bad(check, mem_printf(_("%lld parts of a change set cannot be opened"), (long long)changes.bad), _(restore_hint));
	else if (failures.bad)
		bad(check, mem_printf(_("%lld values of failed records cannot be opened"), (long long)failures.bad),
			_("They cannot be shown or retried any more; a later run whose source brings these people sends them."));
	else
		good(check, mem_printf(_("%lld values can be opened"), (long long)secrets.good + failures.good + changes.good));
	str_done(&secrets.who);
	str_done(&failures.who);
	str_done(&changes.who);
}

/* A run sorts its source beside the database, and a log may grow as large as what changes: less room than the database itself is little. */
static void check_space(struct patient *patient, struct health_check *check)
{
	enum { LEAST = 64 * 1024 * 1024 };
	struct statvfs info;

	if (statvfs(patient->path, &info) < 0) {
		bad(check, mem_strdup(strerror(errno)), NULL);
		return;
	}
	int64_t room = (int64_t)info.f_bavail * (int64_t)info.f_frsize, wanted = patient->bytes > LEAST ? patient->bytes : LEAST;
	char *detail = mem_printf(_("%lld MB are free"), (long long)(room / 1000000));
	if (room < wanted)
		bad(check, detail, _("Make room on its file system: a run needs some as large as what it reads."));
	else
		good(check, detail);
}

/* In order; `needs` must have passed. */
static const struct {
	void (*look)(struct patient *patient, struct health_check *check);
	int needs;
} steps[HEALTH_CHECKS] = {
	[HEALTH_FILE] = { check_file, -1 },
	[HEALTH_PERMISSIONS] = { check_permissions, HEALTH_FILE },
	[HEALTH_VERSION] = { check_version, HEALTH_FILE },
	[HEALTH_INTEGRITY] = { check_integrity, HEALTH_VERSION },
	[HEALTH_REFERENCES] = { check_references, HEALTH_INTEGRITY },
	[HEALTH_KEY] = { check_key, HEALTH_INTEGRITY },
	[HEALTH_SEALED] = { check_sealed, HEALTH_KEY },
	[HEALTH_SPACE] = { check_space, HEALTH_FILE },
};

void store_check(const char *path, struct health *out)
{
	struct patient patient = { .path = path, .health = out };

	*out = (struct health){ .ok = true };
	patient.store.path = mem_strdup(path);
	patient.store.read_only = true;
	for (int i = 0; i < HEALTH_CHECKS; i++) {
		struct health_check *check = &out->checks[i];
		int64_t began = clock_mono_ms();

		check->name = names[i];
		check->tried = steps[i].needs < 0 || out->checks[steps[i].needs].ok;
		if (!check->tried)
			continue;
		steps[i].look(&patient, check);
		check->milliseconds = clock_mono_ms() - began;
		if (!check->ok) {
			out->ok = false;
			out->troubles++;
		}
	}
	db_close(patient.store.db);
	keys_free(patient.store.keys);
	str_done(&patient.store.work);
	mem_free(patient.store.path);
}

void health_done(struct health *health)
{
	for (int i = 0; i < HEALTH_CHECKS; i++) {
		mem_free(health->checks[i].detail);
		mem_free(health->checks[i].hint);
	}
	*health = (struct health){ 0 };
}
