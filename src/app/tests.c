#include "app/tests.h"

#include "app/client.h"
#include "app/destinations.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "marketo/catalogue.h"
#include "marketo/leads.h"
#include "marketo/lists.h"

#include <inttypes.h>
#include <string.h>

static const char *const check_names[CHECKS] = { "connect", "tls", "token", "describe", "lists", "partitions", "write", "usage" };

/* One check at a time: what its answer says goes into `check`. */
struct probe {
	struct client_wait wait;
	const struct app *app;
	struct client *client;
	const struct account *account;
	const struct destination *destination; /* NULL: an account is tested */
	struct test_report *report;
	struct check *check;
	struct catalogue catalogue;
	enum status worst;
	struct error error; /* of the first check that failed */
	int begun, told;    /* how many checks the face knows to have begun, to have ended */
};

void test_report_done(struct test_report *report)
{
	for (int i = 0; i < CHECKS; i++) {
		mem_free(report->checks[i].detail);
		mem_free(report->checks[i].hint);
	}
	*report = (struct test_report){ 0 };
}

static void pass(struct check *check, const char *detail)
{
	check->ok = check->tried = true;
	mem_replace(&check->detail, detail);
}

/* The first failure decides the status: what follows from it is only said. */
static void fail(struct probe *probe, struct check *check, enum status status, const struct error *error)
{
	const char *hint = error->hint;

	check->ok = false;
	check->tried = true;
	mem_free(check->detail);
	check->detail = *hint ? mem_printf("%s: %s", error->message, hint) : mem_strdup(error->message);
	mem_replace(&check->hint, *hint ? hint : NULL);
	if (probe->worst != STATUS_OK)
		return;
	probe->worst = status;
	probe->error = *error;
	error_prefix(&probe->error, "%s", check->name);
}

static void fail_text(struct probe *probe, struct check *check, enum status status, const char *message, const char *hint)
{
	struct error error = { 0 };

	error_set(&error, status, "invalid", "%s", message);
	error_hint(&error, "%s", hint);
	fail(probe, check, status, &error);
}

static void skip(struct check *check, const char *because)
{
	check->ok = check->tried = false;
	mem_free(check->detail);
	check->detail = mem_printf(_("not tried: %s failed"), because);
}

static void skip_from(struct test_report *report, int first, const char *because)
{
	for (int i = first; i < CHECKS; i++)
		skip(&report->checks[i], because);
}

static bool uses_tls(const char *url)
{
	return url && strncmp(url, "http:", 5) != 0;
}

static void split_times(struct test_report *report, const struct marketo_answer *answer, bool tls)
{
	int64_t connect = answer->connect_ms > 0 ? answer->connect_ms : 0;
	int64_t secured = tls && answer->tls_ms > connect ? answer->tls_ms : connect;
	int64_t whole = answer->milliseconds > secured ? answer->milliseconds : secured;

	report->checks[CHECK_CONNECT].milliseconds = connect;
	report->checks[CHECK_TLS].milliseconds = secured - connect;
	report->checks[CHECK_TOKEN].milliseconds = whole - secured;
}

/* Which of the three steps of logging in an answer blames. */
static int step_of(const struct error *error)
{
	if (strcmp(error->code, "tls") == 0)
		return CHECK_TLS;
	if (strcmp(error->code, "dns") == 0 || strcmp(error->code, "connect") == 0 || strcmp(error->code, "network") == 0)
		return CHECK_CONNECT;
	return CHECK_TOKEN;
}

static void login_failed(struct probe *probe)
{
	struct test_report *report = probe->report;
	int step = step_of(&probe->wait.error);

	if (step > CHECK_CONNECT)
		pass(&report->checks[CHECK_CONNECT], probe->account->identity);
	if (step > CHECK_TLS)
		pass(&report->checks[CHECK_TLS], uses_tls(probe->account->identity) ? _("certificate valid") : _("not used on loopback"));
	fail(probe, &report->checks[step], probe->wait.status, &probe->wait.error);
	skip_from(report, step + 1, check_names[step]);
}

static void login_answered(void *self, const struct marketo_answer *answer, const char *scope, int64_t expires_in)
{
	struct probe *probe = self;
	struct test_report *report = probe->report;
	bool tls = uses_tls(probe->account->identity);

	client_answered(&probe->wait, answer);
	split_times(report, answer, tls);
	if (probe->wait.status != STATUS_OK) {
		login_failed(probe);
		return;
	}
	pass(&report->checks[CHECK_CONNECT], probe->account->identity);
	pass(&report->checks[CHECK_TLS], tls ? _("certificate valid") : _("not used on loopback"));
	report->checks[CHECK_TOKEN].ok = true;
	report->checks[CHECK_TOKEN].detail =
		mem_printf(_("API user %s, valid for %" PRId64 " s"), scope && *scope ? scope : _("unknown"), expires_in);
}

/* The common part of every later answer; true when it was a good one. */
static bool answered(struct probe *probe, const struct marketo_answer *answer)
{
	client_answered(&probe->wait, answer);
	probe->check->milliseconds = answer->milliseconds;
	if (probe->wait.status == STATUS_OK)
		return true;
	fail(probe, probe->check, probe->wait.status, &probe->wait.error);
	return false;
}

static void describe_answered(void *self, const struct marketo_answer *answer)
{
	struct probe *probe = self;

	if (!answered(probe, answer))
		return;
	probe->check->ok = probe->check->tried = true;
	probe->check->detail = mem_printf(_("%zu fields"), probe->catalogue.fields.count);
	for (size_t i = 0; probe->destination && i < probe->destination->dedupe_fields.count; i++) {
		const char *name = probe->destination->dedupe_fields.at[i];
		const struct field *field = catalogue_find(&probe->catalogue, name);
		char *message;

		if (field && field->searchable)
			continue;
		message = mem_printf(_("Marketo cannot find people by the field %s"), name);
		fail_text(probe, probe->check, STATUS_USAGE, message, _("choose another --dedupe-field"));
		mem_free(message);
	}
}

static void lists_answered(void *self, const struct marketo_answer *answer, const struct list_info *lists, size_t count, const char *next_page)
{
	struct probe *probe = self;

	(void)lists;
	if (!answered(probe, answer))
		return;
	probe->check->ok = probe->check->tried = true;
	probe->check->detail = next_page ? mem_printf(_("more than %zu static lists"), count) : mem_printf(_("%zu static lists"), count);
}

static bool has_partition(const struct partition_info *partitions, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (partitions[i].name && strcmp(partitions[i].name, name) == 0)
			return true;
	return false;
}

static void partitions_answered(void *self, const struct marketo_answer *answer, const struct partition_info *partitions, size_t count)
{
	struct probe *probe = self;
	const char *wanted = probe->destination ? probe->destination->partition : NULL;
	char *message;

	if (!answered(probe, answer))
		return;
	probe->check->ok = probe->check->tried = true;
	probe->check->detail = mem_printf(_("%zu lead partitions"), count);
	if (!wanted || has_partition(partitions, count, wanted))
		return;
	message = mem_printf(_("there is no lead partition %s"), wanted);
	fail_text(probe, probe->check, STATUS_USAGE, message, _("`penstock partitions` lists them"));
	mem_free(message);
}

static void write_answered(void *self, const struct marketo_answer *answer)
{
	struct probe *probe = self;

	if (answered(probe, answer))
		pass(probe->check, _("allowed; nothing was changed"));
}

static void usage_answered(void *self, const struct marketo_answer *answer, int64_t total)
{
	struct probe *probe = self;

	if (!answered(probe, answer))
		return;
	probe->check->ok = probe->check->tried = true;
	probe->check->detail = mem_printf(_("%" PRId64 " of %d calls used today"), total, probe->account->daily_calls);
}

static void begin(struct probe *probe, int check)
{
	const struct app *app = probe->app;

	if (probe->begun > check)
		return;
	probe->begun = check + 1;
	if (app->checking)
		app->checking(app->self, check_names[check]);
}

/* Every check before `end` has ended. Logging in is one call, so that three of them end at once. */
static void tell_until(struct probe *probe, int end)
{
	const struct app *app = probe->app;

	for (; probe->told < end; probe->told++) {
		begin(probe, probe->told);
		if (app->checked)
			app->checked(app->self, &probe->report->checks[probe->told]);
	}
}

static void ask_describe(struct probe *probe)
{
	fields_fetch(probe->client->marketo, &probe->catalogue, describe_answered, probe);
}

static void ask_lists(struct probe *probe)
{
	lists_page(probe->client->marketo, NULL, 0, NULL, lists_answered, probe);
}

static void ask_partitions(struct probe *probe)
{
	partitions_fetch(probe->client->marketo, partitions_answered, probe);
}

static void ask_write(struct probe *probe)
{
	leads_write_probe(probe->client->marketo, write_answered, probe);
}

static void ask_usage(struct probe *probe)
{
	usage_fetch(probe->client->marketo, usage_answered, probe);
}

static void (*const questions[CHECKS])(struct probe *) = {
	[CHECK_DESCRIBE] = ask_describe,
	[CHECK_LISTS] = ask_lists,
	[CHECK_PARTITIONS] = ask_partitions,
	[CHECK_WRITE] = ask_write,
	[CHECK_USAGE] = ask_usage,
};

static bool wait_for(struct probe *probe)
{
	return client_wait(probe->client, &probe->wait, NULL) == STATUS_OK;
}

static void run_checks(struct probe *probe)
{
	begin(probe, CHECK_CONNECT);
	login(probe->client->marketo, login_answered, probe);
	if (!wait_for(probe))
		return;
	tell_until(probe, CHECK_DESCRIBE);
	for (int i = CHECK_DESCRIBE; i < CHECKS; i++) {
		probe->check = &probe->report->checks[i];
		probe->wait = (struct client_wait){ 0 };
		begin(probe, i);
		questions[i](probe);
		/* A refusal concerns one kind of call; whoever cannot be reached, or was stopped, need not be asked again. */
		if (!wait_for(probe) && probe->wait.status != STATUS_REFUSED) {
			skip_from(probe->report, i + 1, check_names[i]);
			return;
		}
		tell_until(probe, i + 1);
	}
}

static enum status test(struct app *app, const struct account *account, const struct destination *destination, struct test_report *out,
	struct error *err)
{
	struct probe probe = { .app = app, .account = account, .destination = destination, .report = out };
	enum status status;

	for (int i = 0; i < CHECKS; i++)
		out->checks[i].name = check_names[i];
	status = client_open(app, account, ATTEMPTS_TEST, &probe.client, &probe.error);
	if (status == STATUS_OK) {
		catalogue_init(&probe.catalogue);
		run_checks(&probe);
		catalogue_done(&probe.catalogue);
	} else {
		/* Only a CA file that cannot be used keeps a client from being made. */
		struct error error = probe.error;

		skip(&out->checks[CHECK_CONNECT], check_names[CHECK_TLS]);
		fail(&probe, &out->checks[CHECK_TLS], status, &error);
		skip_from(out, CHECK_TLS + 1, check_names[CHECK_TLS]);
	}
	tell_until(&probe, CHECKS);
	out->ok = probe.worst == STATUS_OK;
	if (!out->ok && err)
		*err = probe.error;
	return probe.worst;
}

enum status app_account_test(struct app *app, const char *name, struct test_report *out, struct error *err)
{
	struct account account;
	enum status status;

	*out = (struct test_report){ 0 };
	account_init(&account);
	status = app_enter(app, USE_ACCOUNT_TEST, err);
	if (status == STATUS_OK)
		status = account_find(app->store, name, &account, err);
	if (status == STATUS_OK)
		status = test(app, &account, NULL, out, err);
	client_remember(app);
	account_done(&account);
	return status;
}

enum status app_destination_test(struct app *app, const char *name, struct test_report *out, struct error *err)
{
	struct destination_view view;
	enum status status;

	*out = (struct test_report){ 0 };
	destination_init(&view.destination);
	account_init(&view.account);
	status = app_enter(app, USE_DESTINATION_TEST, err);
	if (status == STATUS_OK)
		status = destination_find(app->store, name, &view.destination, err);
	if (status == STATUS_OK)
		status = account_get(app->store, view.destination.account_id, &view.account, err);
	if (status == STATUS_OK)
		status = test(app, &view.account, &view.destination, out, err);
	client_remember(app);
	destination_view_done(&view);
	return status;
}
