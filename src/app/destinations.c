#include "app/destinations.h"

#include "app/changed.h"
#include "app/policies.h"
#include "app/v1.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"

#include <string.h>

void destination_view_done(struct destination_view *view)
{
	destination_done(&view->destination);
	account_done(&view->account);
}

void destination_view_init(struct destination_view *view)
{
	destination_init(&view->destination);
	account_init(&view->account);
}

static void set_text(char **slot, const char *text)
{
	if (text)
		mem_replace(slot, *text ? text : NULL);
}

/* Adds the names in a list with commas. */
static void add_names(struct destination *destination, const char *list)
{
	char *copy = mem_strdup(list), *rest = copy;

	for (char *name = strsep(&rest, ","); name; name = strsep(&rest, ","))
		vec_push(&destination->dedupe_fields, mem_strdup(text_trim(name)));
	mem_free(copy);
}

static void set_dedupe(struct destination *destination, const struct destination_options *options)
{
	if (!options->dedupe_count)
		return;
	for (size_t i = 0; i < destination->dedupe_fields.count; i++)
		mem_free(destination->dedupe_fields.at[i]);
	destination->dedupe_fields.count = 0;
	for (size_t i = 0; i < options->dedupe_count; i++)
		add_names(destination, options->dedupe_fields[i]);
}

static void set_marketing(struct destination *destination, const struct destination_options *options)
{
	if (!options->marketing_count)
		return;
	for (size_t i = 0; i < destination->marketing_actions.count; i++)
		mem_free(destination->marketing_actions.at[i]);
	destination->marketing_actions.count = 0;
	for (size_t i = 0; i < options->marketing_count; i++)
		if (*options->marketing_actions[i])
			vec_push(&destination->marketing_actions, mem_strdup(options->marketing_actions[i]));
}

static enum status set_choices(struct destination *destination, const struct destination_options *options, struct error *err)
{
	if (options->person_creation && !person_creation_parse(options->person_creation, &destination->person_creation)) {
		error_set(err, STATUS_USAGE, "invalid", _("%s is no way to treat people who are not found"), options->person_creation);
		error_hint(err, _("choose match-only or match-and-create"));
		return STATUS_USAGE;
	}
	if (options->sync_type && !*options->sync_type) {
		destination->sync_type = SYNC_FOLLOWS_CREATION;
	} else if (options->sync_type && !sync_type_parse(options->sync_type, &destination->sync_type)) {
		error_set(err, STATUS_USAGE, "invalid", _("%s is no sync type"), options->sync_type);
		error_hint(err, _("choose audience-only, profile-only or audience-and-profile"));
		return STATUS_USAGE;
	}
	if (options->sign_off && !*options->sign_off) {
		destination->sign_off = false;
	} else if (options->sign_off && !sign_off_parse(options->sign_off, &destination->sign_off)) {
		error_set(err, STATUS_USAGE, "invalid", _("%s does not say whether mappings have to be signed"), options->sign_off);
		error_hint(err, _("choose required or none"));
		return STATUS_USAGE;
	}
	return STATUS_OK;
}

enum status destination_set(struct destination *destination, const struct destination_options *options, struct error *err)
{
	enum status status;

	set_text(&destination->description, options->description);
	set_text(&destination->partition, options->partition);
	set_text(&destination->workspace, options->workspace);
	set_text(&destination->list_folder, options->list_folder);
	set_dedupe(destination, options);
	set_marketing(destination, options);
	status = set_choices(destination, options, err);
	return status == STATUS_OK ? destination_check(destination, err) : status;
}

/* A field that cannot find people is refused here already where the catalogue is known. */
static enum status check_dedupe(struct app *app, const struct destination *destination, struct error *err)
{
	struct catalogue catalogue;
	enum status status;

	catalogue_init(&catalogue);
	status = catalogue_load(app->store, destination->account_id, &catalogue, err);
	for (size_t i = 0; status == STATUS_OK && catalogue.fetched_at && i < destination->dedupe_fields.count; i++) {
		const char *name = destination->dedupe_fields.at[i];
		const struct field *field = catalogue_find(&catalogue, name);
		const char *nearest = field ? NULL : catalogue_nearest(&catalogue, name);

		if (field && field->searchable)
			continue;
		status = error_set(err, STATUS_USAGE, "invalid",
			field ? _("Marketo cannot find people by the field %s") : _("the account has no field %s"), name);
		if (nearest)
			error_hint(err, _("did you mean %s?"), nearest);
		else
			error_hint(err, _("`penstock fields %s --searchable` lists what can be used"), destination->account_name);
	}
	catalogue_done(&catalogue);
	return status;
}

static enum status choose_account(struct app *app, const struct destination_options *options, struct account *account, bool *made, struct error *err)
{
	*made = false;
	if (options->account && (options->reached_by.munchkin_id || options->reached_by.client_id))
		return error_set(err, STATUS_USAGE, "usage", _("give an account or a Munchkin ID with a client id, not both"));
	if (options->account)
		return account_find(app->store, options->account, account, err);
	if (!options->reached_by.munchkin_id || !options->reached_by.client_id) {
		error_set(err, STATUS_USAGE, "usage", _("a destination needs an account"));
		error_hint(err, _("give --account NAME, or --munchkin-id with --client-id"));
		return STATUS_USAGE;
	}
	return account_reuse_or_make(app, &options->reached_by, options->secret, account, made, err);
}

static enum status give_account(struct app *app, const struct destination_options *options, struct destination_view *view, struct error *err)
{
	struct account account;
	bool made;
	enum status status;

	account_init(&account);
	status = choose_account(app, options, &account, &made, err);
	if (status != STATUS_OK) {
		account_done(&account);
		return status;
	}
	/* The options may name the account that the view has by now. */
	account_done(&view->account);
	view->account = account;
	view->destination.account_id = view->account.id;
	mem_replace(&view->destination.account_name, view->account.name);
	return STATUS_OK;
}

/* Where the account of a destination was changed by the destination's own options. */
static enum status move_account(struct app *app, const struct destination_options *options, struct destination_view *view, struct error *err)
{
	if (!options->account && !options->reached_by.munchkin_id && !options->reached_by.client_id) {
		if (!account_options_given(&options->reached_by) && !options->secret)
			return STATUS_OK;
		error_set(err, STATUS_USAGE, "usage", _("these options belong to the account %s"), view->account.name);
		error_hint(err, _("use `penstock account update %s`"), view->account.name);
		return STATUS_USAGE;
	}
	return give_account(app, options, view, err);
}

enum status destination_put(struct app *app, const struct destination_options *options, struct destination_view *view, struct error *err)
{
	bool is_new = view->destination.id == 0;
	enum status status = is_new ? give_account(app, options, view, err) : move_account(app, options, view, err);

	if (status == STATUS_OK)
		status = check_dedupe(app, &view->destination, err);
	if (status == STATUS_OK)
		status = actions_check(app, options->marketing_actions, options->marketing_count, err);
	if (status != STATUS_OK)
		return status;
	return is_new ? destination_insert(app->store, &view->destination, err) : destination_save(app->store, &view->destination, err);
}

enum status app_destination_create(struct app *app, const char *name, const struct destination_options *options, struct destination_view *out,
	struct error *err)
{
	enum status status;

	destination_view_init(out);
	mem_replace(&out->destination.name, name);
	status = app_enter(app, USE_DESTINATION_CREATE, err);
	if (status == STATUS_OK)
		status = destination_set(&out->destination, options, err);
	if (status == STATUS_OK)
		status = app_begin(app, err);
	if (status != STATUS_OK)
		return status;
	status = destination_put(app, options, out, err);
	return app_end(app, status, USE_DESTINATION_CREATE, name, out->account.name, err);
}

static enum status load(struct app *app, const char *name, struct destination_view *out, struct error *err)
{
	enum status status = destination_find(app->store, name, &out->destination, err);

	return status == STATUS_OK ? account_get(app->store, out->destination.account_id, &out->account, err) : status;
}

static char *what_changed(const struct destination_options *options)
{
	const struct changed all[] = {
		{ .name = "account", .text = options->account },
		{ .name = "account options", .given = account_options_given(&options->reached_by) },
		{ .name = "description", .text = options->description },
		{ .name = "person-creation", .text = options->person_creation },
		{ .name = "sync-type", .text = options->sync_type },
		{ .name = "dedupe-field", .given = options->dedupe_count > 0 },
		{ .name = "partition", .text = options->partition },
		{ .name = "workspace", .text = options->workspace },
		{ .name = "list-folder", .text = options->list_folder },
		{ .name = "sign-off", .text = options->sign_off },
		{ .name = "marketing-action", .given = options->marketing_count > 0 },
	};

	return changed_text(all, sizeof all / sizeof *all);
}

enum status app_destination_update(struct app *app, const char *name, const struct destination_options *options, struct destination_view *out,
	struct error *err)
{
	enum status status;
	char *changed;

	destination_view_init(out);
	status = app_enter(app, USE_DESTINATION_UPDATE, err);
	if (status == STATUS_OK)
		status = load(app, name, out, err);
	if (status == STATUS_OK)
		status = v1_refuse_destination(&out->destination, err);
	if (status == STATUS_OK)
		status = destination_set(&out->destination, options, err);
	if (status == STATUS_OK)
		status = app_begin(app, err);
	if (status != STATUS_OK)
		return status;
	status = destination_put(app, options, out, err);
	changed = what_changed(options);
	status = app_end(app, status, USE_DESTINATION_UPDATE, name, changed, err);
	mem_free(changed);
	return status;
}

enum status app_destination_show(struct app *app, const char *name, struct destination_view *out, struct error *err)
{
	enum status status;

	destination_view_init(out);
	status = app_enter(app, USE_DESTINATION_SHOW, err);
	return status == STATUS_OK ? load(app, name, out, err) : status;
}

enum status app_destination_list(struct app *app, destination_list *out, struct error *err)
{
	enum status status = app_enter(app, USE_DESTINATION_LIST, err);

	return status == STATUS_OK ? destination_all(app->store, out, err) : status;
}

enum status app_destination_delete(struct app *app, const char *name, struct error *err)
{
	struct destination destination;
	enum status status;

	destination_init(&destination);
	status = app_enter(app, USE_DESTINATION_DELETE, err);
	if (status == STATUS_OK)
		status = destination_find(app->store, name, &destination, err);
	if (status == STATUS_OK)
		status = app_begin(app, err);
	if (status == STATUS_OK) {
		status = destination_delete(app->store, destination.id, err);
		status = app_end(app, status, USE_DESTINATION_DELETE, name, NULL, err);
	}
	destination_done(&destination);
	return status;
}

enum status instance_find(struct app *app, const char *name, struct account *account, struct destination *destination, struct error *err)
{
	struct error sought = { 0 };
	struct destination found;
	enum status status;

	destination_init(&found);
	status = destination_find(app->store, name, &found, &sought);
	if (status == STATUS_OK) {
		status = account_get(app->store, found.account_id, account, &sought);
	} else if (strcmp(sought.code, "not_found") == 0) {
		status = account_find(app->store, name, account, &sought);
		if (status != STATUS_OK && strcmp(sought.code, "not_found") == 0) {
			error_set(err, status, "not_found", _("no destination and no account is called %s"), name);
			error_hint(err, "%s", sought.hint);
		}
	}
	if (status != STATUS_OK && strcmp(sought.code, "not_found") != 0 && err)
		*err = sought;
	if (destination && found.id) {
		destination_done(destination);
		*destination = found;
	} else {
		destination_done(&found);
	}
	return status;
}
