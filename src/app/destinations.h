/* Use cases: destinations. */
#ifndef APP_DESTINATIONS_H
#define APP_DESTINATIONS_H

#include "app/accounts.h"
#include "app/app.h"
#include "base/error.h"
#include "model/account.h"
#include "model/destination.h"
#include "store/tables.h"

#include <stddef.h>

/* What an operator gives of a destination. NULL, 0: not given (kept, or the default). An empty text takes a value away. */
struct destination_options {
	const char *account;              /* name of an account that is there; or .. */
	struct account_options reached_by; /* .. its Munchkin ID and client id: reused or made */
	const char *secret;
	const char *description, *person_creation, *sync_type, *partition, *workspace, *list_folder, *sign_off;
	const char *const *dedupe_fields; /* each may hold several, by comma */
	size_t dedupe_count;
	const char *const *marketing_actions;
	size_t marketing_count;
};

/* A destination with the account it is in. */
struct destination_view {
	struct destination destination;
	struct account account;
};
void destination_view_init(struct destination_view *view);
void destination_view_done(struct destination_view *view);

/* For other use cases. What the options say about people and lists (not the account), then the rules. The store is not touched. */
enum status destination_set(struct destination *destination, const struct destination_options *options, struct error *err);
/* Inside the caller's change: stores view->destination, as a new one when its id is 0, in the account that the options name; view->account is filled. */
enum status destination_put(struct app *app, const struct destination_options *options, struct destination_view *view, struct error *err);

/* Neither makes a call. A dedupe field is checked against the field catalogue where one is in the store. */
enum status app_destination_create(struct app *app, const char *name, const struct destination_options *options, struct destination_view *out,
	struct error *err);
enum status app_destination_update(struct app *app, const char *name, const struct destination_options *options, struct destination_view *out,
	struct error *err);
enum status app_destination_show(struct app *app, const char *name, struct destination_view *out, struct error *err);
enum status app_destination_list(struct app *app, destination_list *out, struct error *err);
enum status app_destination_delete(struct app *app, const char *name, struct error *err);

/* The account behind a name that is a destination's or an account's (a destination first). `destination` may be NULL; its id is 0 for an account.
 * For the use cases that only need an instance: fields, folders, lists, partitions. The store is open. */
enum status instance_find(struct app *app, const char *name, struct account *account, struct destination *destination, struct error *err);

#endif
