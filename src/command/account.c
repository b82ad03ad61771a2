/* account create | list | show | test | update | delete */
#include "app/accounts.h"

#include "app/tests.h"
#include "base/i18n.h"
#include "command/check.h"
#include "command/command.h"
#include "command/secret.h"
#include "command/table.h"

#include <limits.h>

const struct option_row account_option_rows[] = {
	{ "munchkin-id", "M", N_("Munchkin ID (123-ABC-456), or a URL of the instance") },
	{ "client-id", "C", N_("client id of the LaunchPoint service") },
	{ "client-secret-file", "FILE", N_("read the client secret from FILE") },
	{ "client-secret-command", "COMMAND", N_("read it from the first line that COMMAND prints") },
	{ "endpoint", "URL", N_("REST endpoint, ends in /rest (default: from the Munchkin ID)") },
	{ "identity", "URL", N_("identity endpoint, ends in /identity (default: from the Munchkin ID)") },
	{ "ca-file", "FILE", N_("certificates to trust instead of the system's") },
	{ "environment", "LABEL", N_("what kind of instance this is: production, test ..") },
	{ "daily-calls", "N", N_("daily quota of the subscription (50000)") },
	{ "calls-per-20s", "N", N_("calls in any 20 seconds at most (90)") },
	{ "concurrent", "N", N_("calls at once at most (8)") },
	{ "quota-stop", "PERCENT", N_("stop at this part of the daily quota (90)") },
	{ "daily-cap", "N", N_("calls of ours a day at most, whatever the quota is; 0: no cap (0)") },
	{ 0 },
};

static enum status read_limit(const struct args *args, const char *name, long long high, int *out, struct error *err)
{
	long long number = 0;
	enum status status = arg_number(args, name, 1, high, &number, err);

	*out = (int)number;
	return status;
}

static enum status read_cap(const struct args *args, int *out, struct error *err)
{
	long long number = 0;
	enum status status = arg_number(args, "daily-cap", 0, INT_MAX, &number, err);

	*out = !arg_text(args, "daily-cap") ? 0 : number ? (int)number : ACCOUNT_NO_CAP;
	return status;
}

enum status account_options_read(const struct args *args, struct account_options *out, struct error *err)
{
	enum status status;

	*out = (struct account_options){
		.munchkin_id = arg_text(args, "munchkin-id"),
		.client_id = arg_text(args, "client-id"),
		.endpoint = arg_text(args, "endpoint"),
		.identity = arg_text(args, "identity"),
		.ca_file = arg_text(args, "ca-file"),
		.environment = arg_text(args, "environment"),
	};
	status = read_limit(args, "daily-calls", INT_MAX, &out->daily_calls, err);
	if (status == STATUS_OK)
		status = read_limit(args, "calls-per-20s", INT_MAX, &out->calls_per_20s, err);
	if (status == STATUS_OK)
		status = read_limit(args, "concurrent", INT_MAX, &out->concurrent, err);
	if (status == STATUS_OK)
		status = read_limit(args, "quota-stop", 100, &out->quota_stop, err);
	return status == STATUS_OK ? read_cap(args, &out->daily_cap, err) : status;
}

static void put_account(struct json_out *w, const struct account *account)
{
	json_object(w);
	json_pair_string(w, "name", account->name);
	json_pair_string(w, "munchkin_id", account->munchkin_id);
	json_pair_string(w, "endpoint", account->endpoint);
	json_pair_string(w, "identity", account->identity);
	json_pair_string(w, "client_id", account->client_id);
	json_pair_string(w, "environment", account->environment);
	json_pair_string(w, "ca_file", account->ca_file);
	json_pair_i64(w, "daily_calls", account->daily_calls);
	json_pair_i64(w, "calls_per_20s", account->calls_per_20s);
	json_pair_i64(w, "concurrent", account->concurrent);
	json_pair_i64(w, "quota_stop", account->quota_stop);
	json_name(w, "daily_cap");
	if (account->daily_cap)
		json_put_i64(w, account->daily_cap);
	else
		json_put_null(w);
	json_object_end(w);
}

static void tell_account(struct session *session, const struct account *account)
{
	answer_begin(session);
	json_name(&session->w, "account");
	put_account(&session->w, account);
	answer_end(session);
}

static void print_account(struct session *session, const struct account *account)
{
	struct table table;

	table_init_pairs(&table);
	table_pair(&table, _("name"), account->name);
	table_pair(&table, _("Munchkin ID"), account->munchkin_id);
	table_pair(&table, _("endpoint"), account->endpoint);
	table_pair(&table, _("identity"), account->identity);
	table_pair(&table, _("client id"), account->client_id);
	table_pair(&table, _("environment"), account->environment);
	if (account->ca_file)
		table_pair(&table, _("certificates"), account->ca_file);
	table_pair_number(&table, _("daily quota"), account->daily_calls);
	table_pair_number(&table, _("calls per 20 s"), account->calls_per_20s);
	table_pair_number(&table, _("calls at once"), account->concurrent);
	table_text(&table, _("stops at"));
	table_format(&table, _("%d %% of the quota"), account->quota_stop);
	if (account->daily_cap) {
		table_text(&table, _("own cap"));
		table_format(&table, _("%d calls a day"), account->daily_cap);
	}
	table_end(&table, &session->out, 0);
}

static enum status create(struct session *session, const struct args *args, struct error *err)
{
	struct account_options options;
	struct account account;
	struct secret secret;
	enum status status = account_options_read(args, &options, err);

	if (status == STATUS_OK && (!options.munchkin_id || !options.client_id)) {
		status = error_set(err, STATUS_USAGE, "usage", _("an account needs %s"), options.munchkin_id ? "--client-id" : "--munchkin-id");
		error_hint(err, _("both stand in Marketo under Admin, LaunchPoint and Web Services"));
	}
	if (status == STATUS_OK)
		status = secret_read(session, args, true, &secret, err);
	if (status != STATUS_OK)
		return status;
	status = app_account_create(session->app, arg_operand(args, 0), &options, secret_text(&secret), &account, err);
	secret_wipe(&secret);
	if (status == STATUS_OK && session->json)
		tell_account(session, &account);
	else if (status == STATUS_OK)
		say(session, _("account %s created; `penstock account test` tells whether it works"), account.name);
	account_done(&account);
	return status;
}

static enum status update(struct session *session, const struct args *args, struct error *err)
{
	struct account_options options;
	struct account account;
	struct secret secret;
	enum status status = account_options_read(args, &options, err);

	/* Another client has another secret. */
	if (status == STATUS_OK)
		status = secret_read(session, args, options.client_id != NULL, &secret, err);
	if (status != STATUS_OK)
		return status;
	status = app_account_update(session->app, arg_operand(args, 0), &options, secret_text(&secret), &account, err);
	secret_wipe(&secret);
	if (status == STATUS_OK && session->json)
		tell_account(session, &account);
	else if (status == STATUS_OK)
		say(session, _("account %s changed"), account.name);
	account_done(&account);
	return status;
}

static enum status show(struct session *session, const struct args *args, struct error *err)
{
	struct account account;
	enum status status = app_account_show(session->app, arg_operand(args, 0), &account, err);

	if (status == STATUS_OK && session->json)
		tell_account(session, &account);
	else if (status == STATUS_OK)
		print_account(session, &account);
	account_done(&account);
	return status;
}

static void tell_list(struct session *session, const account_list *list)
{
	answer_begin(session);
	json_name(&session->w, "accounts");
	json_array(&session->w);
	for (size_t i = 0; i < list->count; i++)
		put_account(&session->w, &list->at[i]);
	json_array_end(&session->w);
	answer_end(session);
}

static void print_list(struct session *session, const account_list *list)
{
	struct table table;

	if (!list->count) {
		say(session, _("no accounts yet"));
		return;
	}
	table_init(&table, _("NAME"), _("MUNCHKIN ID"), _("ENVIRONMENT"), _("ENDPOINT"), NULL);
	for (size_t i = 0; i < list->count; i++) {
		table_text(&table, list->at[i].name);
		table_text(&table, list->at[i].munchkin_id);
		table_text(&table, list->at[i].environment);
		table_text(&table, list->at[i].endpoint);
	}
	table_end(&table, &session->out, 0);
}

static enum status list(struct session *session, const struct args *args, struct error *err)
{
	account_list all = { 0 };
	enum status status = app_account_list(session->app, &all, err);

	(void)args;
	if (status == STATUS_OK && session->json)
		tell_list(session, &all);
	else if (status == STATUS_OK)
		print_list(session, &all);
	account_list_done(&all);
	return status;
}

static enum status test(struct session *session, const struct args *args, struct error *err)
{
	struct test_report report;
	enum status status = app_account_test(session->app, arg_operand(args, 0), &report, err);

	check_print(session, &report);
	test_report_done(&report);
	return status;
}

static enum status delete(struct session *session, const struct args *args, struct error *err)
{
	enum status status = app_account_delete(session->app, arg_operand(args, 0), err);

	if (status == STATUS_OK)
		answer_deleted(session, arg_operand(args, 0));
	return status;
}

const struct command account_commands[] = {
	{ .use = USE_ACCOUNT_CREATE, .options = { account_option_rows }, .least = 1, .most = 1, .run = create },
	{ .use = USE_ACCOUNT_LIST, .run = list },
	{ .use = USE_ACCOUNT_SHOW, .least = 1, .most = 1, .run = show },
	{ .use = USE_ACCOUNT_TEST, .least = 1, .most = 1, .run = test },
	{ .use = USE_ACCOUNT_UPDATE, .options = { account_option_rows }, .least = 1, .most = 1, .run = update },
	{ .use = USE_ACCOUNT_DELETE, .least = 1, .most = 1, .run = delete },
	{ 0 },
};
