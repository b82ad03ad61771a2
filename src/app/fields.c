#include "app/fields.h"

#include "app/client.h"
#include "app/destinations.h"
#include "base/clock.h"
#include "store/tables.h"

enum { CATALOGUE_LIFE_MS = 24 * 60 * 60 * 1000 };

bool catalogue_is_fresh(const struct catalogue *catalogue)
{
	int64_t age = clock_wall_ms() - catalogue->fetched_at;

	return catalogue->fetched_at && age >= 0 && age < CATALOGUE_LIFE_MS;
}

static enum status fetch(struct app *app, const struct account *account, struct catalogue *out, struct error *err)
{
	struct client *client;
	enum status status = client_open(app, account, ATTEMPTS_ASK, &client, err);

	if (status != STATUS_OK)
		return status;
	catalogue_done(out);
	catalogue_init(out);
	status = client_fields(client, out, err);
	return status;
}

enum status catalogue_any(struct app *app, const struct account *account, struct catalogue *out, struct error *err)
{
	enum status status = catalogue_load(app->store, account->id, out, err);

	if (status == STATUS_OK && !out->fetched_at)
		status = fetch(app, account, out, err);
	return status;
}

/* The account of that name, or the one of the destination of that name, and the fields known of it. */
static enum status known(struct app *app, const char *name, struct account *account, struct catalogue *out, struct error *err)
{
	enum status status;

	catalogue_init(out);
	account_init(account);
	status = app_enter(app, USE_FIELDS, err);
	if (status == STATUS_OK)
		status = instance_find(app, name, account, NULL, err);
	return status == STATUS_OK ? catalogue_load(app->store, account->id, out, err) : status;
}

enum status app_fields_known(struct app *app, const char *name, struct catalogue *out, struct error *err)
{
	struct account account;
	enum status status = known(app, name, &account, out, err);

	account_done(&account);
	return status;
}

enum status app_fields(struct app *app, const char *name, bool refresh, struct catalogue *out, struct error *err)
{
	struct account account;
	enum status status = known(app, name, &account, out, err);

	if (status == STATUS_OK && (refresh || !catalogue_is_fresh(out)))
		status = fetch(app, &account, out, err);
	account_done(&account);
	return status;
}
