#include "app/client.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "marketo/catalogue.h"
#include "store/alerts.h"
#include "store/tables.h"

#include <string.h>

static enum status give_secret(void *self, struct str *out, struct error *err)
{
	struct client *client = self;

	return account_secret(client->app->store, client->account.id, out, err);
}

static void trace(void *self, const char *line)
{
	struct app *app = self;

	fprintf(app->trace, "%s\n", line);
}

/* Once a process: the next client would say the same. */
static void count_alone(void *self, const char *why)
{
	struct app *app = self;

	if (!app->counts_alone)
		app_note(app, _("the limits are kept for this process alone, others that use the instance are not seen: %s"), why);
	app->counts_alone = true;
}

static void see_certificate(void *self, int64_t end_ms)
{
	struct client *client = self;

	if (!client->certificate_ms || end_ms < client->certificate_ms)
		client->certificate_ms = end_ms;
}

void client_remember(struct app *app)
{
	struct client *client = app->client;
	int64_t known = 0;
	enum status status;

	if (!client || !client->certificate_ms || !app->store || app->read_only)
		return;
	status = certificate_seen(app->store, client->account.id, &known, NULL);
	if (status == STATUS_OK && known != client->certificate_ms)
		status = certificate_seen_save(app->store, client->account.id, client->certificate_ms, NULL);
	if (status == STATUS_OK)
		client->certificate_ms = 0;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_account(const struct account *a, const struct account *b)
{
	return a->id == b->id && same_text(a->endpoint, b->endpoint) && same_text(a->identity, b->identity) && same_text(a->client_id, b->client_id) &&
		same_text(a->ca_file, b->ca_file) && a->daily_calls == b->daily_calls && a->calls_per_20s == b->calls_per_20s &&
		a->concurrent == b->concurrent && a->quota_stop == b->quota_stop && a->daily_cap == b->daily_cap;
}

/* What a client needs to know of its account; the limits are the gate's. */
static void copy_account(struct account *to, const struct account *from)
{
	account_init(to);
	to->id = from->id;
	to->daily_calls = from->daily_calls;
	to->calls_per_20s = from->calls_per_20s;
	to->concurrent = from->concurrent;
	to->quota_stop = from->quota_stop;
	to->daily_cap = from->daily_cap;
	mem_replace(&to->name, from->name);
	mem_replace(&to->munchkin_id, from->munchkin_id);
	mem_replace(&to->endpoint, from->endpoint);
	mem_replace(&to->identity, from->identity);
	mem_replace(&to->client_id, from->client_id);
	mem_replace(&to->ca_file, from->ca_file);
}

static struct client *make(struct app *app, const struct account *account, int attempts, struct error *err)
{
	struct client *client = mem_alloc(sizeof *client);
	struct net_options net = {
		.ca_file = account->ca_file,
		.connections = account->concurrent,
		.certificate = see_certificate,
		.certificate_self = client,
		.trace = app->trace ? trace : NULL,
		.trace_self = app,
	};
	struct marketo_options options = {
		.loop = app->loop,
		.account = &client->account,
		.secret = give_secret,
		.secret_self = client,
		.attempts = attempts,
		.shares = true,
		.alone = count_alone,
		.alone_self = app,
	};

	client->app = app;
	client->attempts = attempts;
	copy_account(&client->account, account);
	client->net = net_curl_new(app->loop, &net, err);
	if (!client->net) {
		client_free(client);
		return NULL;
	}
	options.net = client->net;
	client->marketo = marketo_new(&options);
	return client;
}

enum status client_open(struct app *app, const struct account *account, int attempts, struct client **out, struct error *err)
{
	struct error failure = { 0 };
	struct client *kept = app->client;

	*out = kept;
	app_catch_signals(app);
	if (kept && !kept->cancelled && kept->attempts == attempts && same_account(&kept->account, account))
		return STATUS_OK;
	client_free(kept);
	app->client = *out = make(app, account, attempts, &failure);
	if (app->client)
		return STATUS_OK;
	if (err)
		*err = failure;
	return failure.status != STATUS_OK ? failure.status : STATUS_FAILED;
}

void client_free(struct client *client)
{
	if (!client)
		return;
	if (client->marketo)
		marketo_free(client->marketo);
	if (client->net)
		net_free(client->net);
	account_done(&client->account);
	mem_free(client);
}

void client_forget(struct app *app)
{
	client_free(app->client);
	app->client = NULL;
}

void client_cancel(struct client *client)
{
	client->cancelled = true;
	marketo_stop(client->marketo);
	marketo_cancel_all(client->marketo);
}

enum status client_status(const struct marketo_answer *answer)
{
	switch (answer->outcome) {
	case OUTCOME_OK:
		return STATUS_OK;
	case OUTCOME_QUOTA:
	case OUTCOME_CANCELLED:
		return STATUS_STOPPED;
	default:
		return answer->error.status != STATUS_OK ? answer->error.status : STATUS_FAILED;
	}
}

void client_answered(struct client_wait *wait, const struct marketo_answer *answer)
{
	wait->status = client_status(answer);
	wait->error = answer->error;
	if (answer->outcome == OUTCOME_CANCELLED)
		error_set(&wait->error, STATUS_STOPPED, "stopped", _("stopped before Marketo had answered"));
	wait->error.status = wait->status;
	wait->done = true;
}

enum status client_wait(struct client *client, struct client_wait *wait, struct error *err)
{
	app_wait(client->app, &wait->done);
	if (!wait->done)
		client_cancel(client); /* answers at once, so that nobody writes to *wait later */
	if (!wait->done)
		return error_set(err, STATUS_STOPPED, "stopped", _("stopped before Marketo had answered"));
	if (wait->status != STATUS_OK && err)
		*err = wait->error;
	return wait->status;
}

static void fields_done(void *self, const struct marketo_answer *answer)
{
	client_answered(self, answer);
}

enum status client_fields(struct client *client, struct catalogue *out, struct error *err)
{
	struct client_wait wait = { 0 };
	enum status status;

	fields_fetch(client->marketo, out, fields_done, &wait);
	status = client_wait(client, &wait, err);
	if (status == STATUS_OK && !out->fetched_at)
		out->fetched_at = clock_wall_ms();
	if (status == STATUS_OK && !client->app->read_only)
		status = catalogue_save(client->app->store, client->account.id, out, err);
	return status;
}
