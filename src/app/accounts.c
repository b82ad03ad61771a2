#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* realpath */
#endif
#include "app/accounts.h"

#include "app/changed.h"
#include "app/client.h"
#include "app/operators.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool account_options_given(const struct account_options *o)
{
	return o->munchkin_id || o->client_id || o->endpoint || o->identity || o->ca_file || o->environment || o->daily_calls ||
		o->calls_per_20s || o->concurrent || o->quota_stop || o->daily_cap;
}

static void set_text(char **slot, const char *text)
{
	if (text)
		mem_replace(slot, text);
}

static void set_number(int *slot, int number)
{
	if (number)
		*slot = number;
}

/* A relative path would mean another file in another folder. */
static enum status set_file(char **slot, const char *path, struct error *err)
{
	char *real;

	if (!path)
		return STATUS_OK;
	real = realpath(path, NULL);
	if (!real)
		return error_set(err, STATUS_USAGE, "file", _("cannot read %s: %s"), path, strerror(errno));
	mem_replace(slot, real);
	free(real);
	return STATUS_OK;
}

static void set_munchkin(struct account *account, const char *given, bool derived)
{
	char munchkin[MUNCHKIN_TEXT];

	if (!given)
		return;
	mem_replace(&account->munchkin_id, munchkin_parse(given, munchkin) ? munchkin : given);
	/* URLs that came from the old Munchkin ID follow the new one. */
	if (derived) {
		mem_replace(&account->endpoint, NULL);
		mem_replace(&account->identity, NULL);
	}
}

/* Do the URLs name the Munchkin ID, so that a new one moves them? */
static bool urls_are_derived(const struct account *account)
{
	return account->munchkin_id && account->endpoint && text_case_has(account->endpoint, account->munchkin_id);
}

static enum status apply(struct account *account, const struct account_options *options, struct error *err)
{
	set_munchkin(account, options->munchkin_id, urls_are_derived(account));
	set_text(&account->name, options->rename);
	set_text(&account->client_id, options->client_id);
	set_text(&account->endpoint, options->endpoint);
	set_text(&account->identity, options->identity);
	set_text(&account->environment, options->environment);
	set_number(&account->daily_calls, options->daily_calls);
	set_number(&account->calls_per_20s, options->calls_per_20s);
	set_number(&account->concurrent, options->concurrent);
	set_number(&account->quota_stop, options->quota_stop);
	if (options->daily_cap)
		account->daily_cap = options->daily_cap == ACCOUNT_NO_CAP ? 0 : options->daily_cap;
	return set_file(&account->ca_file, options->ca_file, err);
}

static void warn(struct app *app, const struct account *account)
{
	const char *warning = account_warning(account);

	if (warning)
		app_note(app, "%s", warning);
}

static enum status no_secret(struct error *err)
{
	error_set(err, STATUS_USAGE, "secret", _("there is no client secret"));
	error_hint(err, _("give it with --client-secret-file, --client-secret-command or PENSTOCK_CLIENT_SECRET"));
	return STATUS_USAGE;
}

static enum status fill_new(struct account *account, const char *name, const struct account_options *options, struct error *err)
{
	enum status status;

	account_init(account);
	mem_replace(&account->name, name);
	status = apply(account, options, err);
	return status == STATUS_OK ? account_check(account, err) : status;
}

/* Who sets up where the secret is sent to could have it sent to themselves. */
static enum status check_addresses(const struct app *app, const struct account_options *options, const char *secret, struct error *err)
{
	if (options->ca_file && operator_is_owner(app, "ca-file", err) != STATUS_OK)
		return STATUS_REFUSED;
	if (!app->operator || app->operator->owner || secret || !(options->endpoint || options->identity || options->munchkin_id))
		return STATUS_OK;
	error_set(err, STATUS_REFUSED, "secret", _("where an account's secret is sent to changes only together with the secret"));
	error_hint(err, _("give it anew with --client-secret-file"));
	return STATUS_REFUSED;
}

enum status app_account_create(struct app *app, const char *name, const struct account_options *options, const char *secret, struct account *out,
	struct error *err)
{
	enum status status;

	account_init(out);
	status = app_enter(app, USE_ACCOUNT_CREATE, err);
	if (status == STATUS_OK)
		status = check_addresses(app, options, secret ? secret : "", err);
	if (status == STATUS_OK)
		status = fill_new(out, name, options, err);
	if (status == STATUS_OK && (!secret || !*secret))
		status = no_secret(err);
	if (status == STATUS_OK)
		status = app_begin(app, err);
	if (status != STATUS_OK)
		return status;
	status = account_insert(app->store, out, secret, err);
	status = app_end(app, status, USE_ACCOUNT_CREATE, out->name, out->munchkin_id, err);
	if (status == STATUS_OK)
		warn(app, out);
	return status;
}

static char *what_changed(const struct account_options *options, const char *secret)
{
	const struct changed all[] = {
		{ .name = "name", .text = options->rename },
		{ .name = "munchkin-id", .text = options->munchkin_id },
		{ .name = "client-id", .text = options->client_id },
		{ .name = "secret", .given = secret != NULL },
		{ .name = "endpoint", .text = options->endpoint },
		{ .name = "identity", .text = options->identity },
		{ .name = "ca-file", .text = options->ca_file },
		{ .name = "environment", .text = options->environment },
		{ .name = "daily-calls", .number = options->daily_calls },
		{ .name = "calls-per-20s", .number = options->calls_per_20s },
		{ .name = "concurrent", .number = options->concurrent },
		{ .name = "quota-stop", .number = options->quota_stop },
	};

	return changed_text(all, sizeof all / sizeof *all);
}

enum status app_account_update(struct app *app, const char *name, const struct account_options *options, const char *secret, struct account *out,
	struct error *err)
{
	enum status status;
	char *changed;

	account_init(out);
	status = app_enter(app, USE_ACCOUNT_UPDATE, err);
	if (status == STATUS_OK)
		status = check_addresses(app, options, secret, err);
	if (status == STATUS_OK)
		status = account_find(app->store, name, out, err);
	if (status == STATUS_OK)
		status = apply(out, options, err);
	if (status == STATUS_OK)
		status = account_check(out, err);
	if (status == STATUS_OK)
		status = app_begin(app, err);
	if (status != STATUS_OK)
		return status;
	status = account_save(app->store, out, err);
	if (status == STATUS_OK && secret)
		status = account_secret_save(app->store, out->id, secret, err);
	changed = what_changed(options, secret);
	status = app_end(app, status, USE_ACCOUNT_UPDATE, name, changed, err);
	mem_free(changed);
	client_forget(app);
	if (status == STATUS_OK)
		warn(app, out);
	return status;
}

enum status app_account_show(struct app *app, const char *name, struct account *out, struct error *err)
{
	enum status status;

	account_init(out);
	status = app_enter(app, USE_ACCOUNT_SHOW, err);
	return status == STATUS_OK ? account_find(app->store, name, out, err) : status;
}

enum status app_account_list(struct app *app, account_list *out, struct error *err)
{
	enum status status = app_enter(app, USE_ACCOUNT_LIST, err);

	return status == STATUS_OK ? account_all(app->store, out, err) : status;
}

enum status app_account_delete(struct app *app, const char *name, struct error *err)
{
	struct account account;
	enum status status;

	account_init(&account);
	status = app_enter(app, USE_ACCOUNT_DELETE, err);
	if (status == STATUS_OK)
		status = account_find(app->store, name, &account, err);
	if (status == STATUS_OK)
		status = app_begin(app, err);
	if (status == STATUS_OK) {
		status = account_delete(app->store, account.id, err);
		status = app_end(app, status, USE_ACCOUNT_DELETE, name, NULL, err);
	}
	account_done(&account);
	return status;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_account(const struct account *a, const struct account *b)
{
	return same_text(a->endpoint, b->endpoint) && same_text(a->identity, b->identity) && same_text(a->ca_file, b->ca_file) &&
		same_text(a->environment, b->environment) && a->daily_calls == b->daily_calls && a->calls_per_20s == b->calls_per_20s &&
		a->concurrent == b->concurrent && a->quota_stop == b->quota_stop && a->daily_cap == b->daily_cap;
}

/* Would the options given make another account of the one that is there? */
static enum status check_reuse(struct app *app, const struct account *known, const struct account_options *options, struct error *err)
{
	struct account_options others = *options;
	struct account changed;
	enum status status;

	others.munchkin_id = others.client_id = NULL;
	account_init(&changed);
	status = account_get(app->store, known->id, &changed, err);
	if (status == STATUS_OK)
		status = apply(&changed, &others, err);
	if (status == STATUS_OK)
		status = account_check(&changed, err);
	if (status == STATUS_OK && !same_account(known, &changed)) {
		status = error_set(err, STATUS_USAGE, "exists", _("the account %s of this Munchkin ID and client id is set up otherwise"), known->name);
		error_hint(err, _("change it with `penstock account update %s`, or leave the account options out"), known->name);
	}
	account_done(&changed);
	return status;
}

static enum status find_known(struct app *app, const struct account_options *options, struct account *out, struct error *err)
{
	char munchkin[MUNCHKIN_TEXT];

	if (!munchkin_parse(options->munchkin_id ? options->munchkin_id : "", munchkin))
		return error_set(err, STATUS_USAGE, "not_found", "%s", "");
	return account_of(app->store, munchkin, options->client_id ? options->client_id : "", out, err);
}

bool account_is_known(struct app *app, const struct account_options *options)
{
	struct account account;
	bool known;

	account_init(&account);
	known = app->store && find_known(app, options, &account, NULL) == STATUS_OK;
	account_done(&account);
	return known;
}

/* The Munchkin ID, with a number behind it when another account has that name. Free with mem_free. */
static char *free_name(struct app *app, const char *munchkin)
{
	char *name = mem_strdup(munchkin);

	for (int n = 2;; n++) {
		struct account taken;
		enum status status;

		account_init(&taken);
		status = account_find(app->store, name, &taken, NULL);
		account_done(&taken);
		if (status != STATUS_OK)
			return name;
		mem_free(name);
		name = mem_printf("%s-%d", munchkin, n);
	}
}

static enum status make(struct app *app, const struct account_options *options, const char *secret, struct account *out, struct error *err)
{
	enum status status = fill_new(out, "-", options, err);
	char *name;

	if (status != STATUS_OK)
		return status;
	if (!secret || !*secret)
		return no_secret(err);
	name = free_name(app, out->munchkin_id);
	mem_replace(&out->name, name);
	mem_free(name);
	status = account_insert(app->store, out, secret, err);
	if (status == STATUS_OK)
		status = audit_insert(app->store, use_cases[USE_ACCOUNT_CREATE].name, out->name, out->munchkin_id, err);
	if (status == STATUS_OK)
		warn(app, out);
	return status;
}

enum status account_reuse_or_make(struct app *app, const struct account_options *options, const char *secret, struct account *out, bool *made,
	struct error *err)
{
	struct error sought = { 0 };
	enum status status;

	*made = false;
	if (options->ca_file && operator_is_owner(app, "ca-file", err) != STATUS_OK)
		return STATUS_REFUSED;
	status = find_known(app, options, out, &sought);
	if (status == STATUS_OK) {
		status = check_reuse(app, out, options, err);
		if (status == STATUS_OK && secret)
			status = account_secret_save(app->store, out->id, secret, err);
		return status;
	}
	if (strcmp(sought.code, "not_found") != 0) {
		if (err)
			*err = sought;
		return status;
	}
	*made = true;
	account_done(out);
	return make(app, options, secret, out, err);
}
