#include "sandbox/sandbox.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "db/db.h"
#include "sandbox/box.h"
#include "sandbox/fields.h"
#include "sandbox/lists.h"

#include <string.h>

enum { FIRST_PERSON = 1001, FIRST_LIST = 1001 };

/* Every key a person can be found by is a row of `keys`: one index for all searchable fields. */
static const struct db_migration schema[] = {
	{ 1,
		"CREATE TABLE people (id INTEGER PRIMARY KEY, partition INTEGER NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL,"
		" fields TEXT NOT NULL) STRICT;"
		"CREATE TABLE keys (field INTEGER NOT NULL, value TEXT NOT NULL, person INTEGER NOT NULL,"
		" PRIMARY KEY (field, value, person)) STRICT, WITHOUT ROWID;"
		"CREATE TABLE lists (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, description TEXT, folder INTEGER NOT NULL,"
		" folder_type TEXT NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL) STRICT;"
		"CREATE TABLE members (list INTEGER NOT NULL, person INTEGER NOT NULL, PRIMARY KEY (list, person)) STRICT, WITHOUT ROWID;" },
};

static const struct {
	const char *name;
	unsigned permission;
} permission_names[] = {
	{ "read-only-lead", PERM_LEAD_READ },
	{ "read-write-lead", PERM_LEAD_WRITE },
	{ "read-only-assets", PERM_ASSET_READ },
	{ "read-write-assets", PERM_ASSET_WRITE },
};

enum status permissions_without(const char *deny, unsigned *left, struct error *err)
{
	const size_t count = sizeof permission_names / sizeof *permission_names;
	unsigned mask = PERM_ALL;

	for (const char *at = deny ? deny : ""; *at;) {
		size_t length = strcspn(at, ","), i = 0;

		while (i < count && (strlen(permission_names[i].name) != length || strncmp(at, permission_names[i].name, length) != 0))
			i++;
		if (i == count && length > 0)
			return error_set(err, STATUS_USAGE, "usage", _("no such permission: %.*s"), (int)length, at);
		if (i < count)
			mask &= ~permission_names[i].permission;
		at += length;
		at += *at == ',';
	}
	*left = mask;
	return STATUS_OK;
}

static enum status add_faults(struct sandbox *box, const struct sandbox_options *options, struct error *err)
{
	enum status status = STATUS_OK;

	for (const char *const *spec = options->faults; spec && *spec && status == STATUS_OK; spec++)
		status = faults_add(&box->faults, *spec, err);
	return status;
}

struct sandbox *sandbox_new(struct loop *loop, const struct sandbox_options *options, struct error *err)
{
	struct sandbox *box = mem_alloc(sizeof *box);
	struct serve_handler handler = call_handler;

	handler.self = box;
	box->loop = loop;
	box->latency_ms = options->latency_ms;
	box->records_max = RECORDS_MAX;
	box->munchkin_id = mem_strdup(options->munchkin_id ? options->munchkin_id : "123-ABC-456");
	box->next_person = FIRST_PERSON;
	box->next_list = FIRST_LIST;
	limits_init(&box->limits, options->no_limits, options->daily_quota);
	tokens_init(&box->tokens, options);
	if (logbook_open(&box->log, options->log_path, err) != STATUS_OK || permissions_without(options->deny, &box->permissions, err) != STATUS_OK ||
		add_faults(box, options, err) != STATUS_OK ||
		db_open(NULL, DB_MEMORY, schema, sizeof schema / sizeof *schema, &box->db, err) != STATUS_OK ||
		seed_all(box, options->seed_people, err) != STATUS_OK) {
		sandbox_free(box);
		return NULL;
	}
	box->server = serve_new(loop, options->port, NULL, &handler, err);
	if (!box->server || (options->tls && secure_open(box, options->tls, err) != STATUS_OK)) {
		sandbox_free(box);
		return NULL;
	}
	box->url = mem_printf("http://127.0.0.1:%d", serve_port(box->server));
	box->secure_url = box->secure ? mem_printf("https://127.0.0.1:%d", serve_port(box->secure)) : NULL;
	return box;
}

void sandbox_free(struct sandbox *box)
{
	if (!box)
		return;
	while (box->calls)
		call_free(box->calls);
	serve_free(box->server);
	secure_done(box);
	db_close(box->db);
	logbook_close(&box->log);
	faults_clear(&box->faults);
	tokens_done(&box->tokens);
	limits_done(&box->limits);
	fields_forget();
	folders_forget();
	mem_free(box->url);
	mem_free(box->secure_url);
	mem_free(box->munchkin_id);
	mem_free(box);
}

int sandbox_port(const struct sandbox *box)
{
	return serve_port(box->server);
}

const char *sandbox_url(const struct sandbox *box)
{
	return box->url;
}

const char *sandbox_secure_url(const struct sandbox *box)
{
	return box->secure_url;
}

const char *sandbox_munchkin_id(const struct sandbox *box)
{
	return box->munchkin_id;
}

const char *sandbox_client_id(const struct sandbox *box)
{
	return box->tokens.client_id;
}

const char *sandbox_client_secret(const struct sandbox *box)
{
	return box->tokens.client_secret;
}
