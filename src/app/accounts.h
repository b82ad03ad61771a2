/* Use cases: accounts. */
#ifndef APP_ACCOUNTS_H
#define APP_ACCOUNTS_H

#include "app/app.h"
#include "base/error.h"
#include "model/account.h"
#include "store/tables.h"

#include <stdbool.h>

enum { ACCOUNT_NO_CAP = -1 };
/* What an operator gives of an account. NULL, 0: not given (kept, or the default). */
struct account_options {
	const char *munchkin_id; /* or any URL of the instance */
	const char *client_id;
	const char *endpoint, *identity, *ca_file, *environment;
	const char *rename; /* with update: what it is called from now on */
	int daily_calls, calls_per_20s, concurrent, quota_stop;
	int daily_cap;      /* ACCOUNT_NO_CAP takes it away */
};
bool account_options_given(const struct account_options *options); /* any of them */

/* Neither makes a call. secret: copied sealed into the store; with update NULL keeps the one that is there. */
enum status app_account_create(struct app *app, const char *name, const struct account_options *options, const char *secret, struct account *out,
	struct error *err);
enum status app_account_update(struct app *app, const char *name, const struct account_options *options, const char *secret, struct account *out,
	struct error *err);
enum status app_account_show(struct app *app, const char *name, struct account *out, struct error *err);
enum status app_account_list(struct app *app, account_list *out, struct error *err);
enum status app_account_delete(struct app *app, const char *name, struct error *err);

/* For destinations: the account of this Munchkin ID and client id, or a new one (*made). Inside the caller's change. An option that
 * contradicts the account that is there: STATUS_USAGE. secret NULL: STATUS_USAGE where one is needed. */
enum status account_reuse_or_make(struct app *app, const struct account_options *options, const char *secret, struct account *out, bool *made,
	struct error *err);
/* Is there an account that account_reuse_or_make would take? Then no secret needs to be asked for. */
bool account_is_known(struct app *app, const struct account_options *options);

#endif
