#include "app/client.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "marketo/catalogue.h"
#include "store/tables.h"

#include <string.h>

static enum status give_secret(void *self, struct str *out, struct error *err)
{
	struct client *client = self;

	return account_secret(client->app->store, client->account_id, out, err);
}

static void trace(void *self, const char *line)
{
	struct app *app = self;

	fprintf(app->trace, "%s\n", line);
}

enum status client_open(struct app *app, const struct account *account, bool probing, struct client **out, struct error *err)
{
	struct net_options net = { .ca_file = account->ca_file, .trace = app->trace ? trace : NULL, .trace_self = app };
	struct client *client = mem_alloc(sizeof *client);
	struct marketo_options options = {
		.loop = app->loop,
		.account = account,
		.secret = give_secret,
		.secret_self = client,
		.attempts = probing ? 1 : 0,
	};

	*out = NULL;
	client->app = app;
	client->account_id = account->id;
	net.connections = account->concurrent;
	client->net = net_curl_new(app->loop, &net, err);
	if (!client->net) {
		enum status status = err && err->status != STATUS_OK ? err->status : STATUS_FAILED;

		mem_free(client);
		return status;
	}
	options.net = client->net;
	client->marketo = marketo_new(&options);
	app->client = client;
	app_catch_signals(app);
	*out = client;
	return STATUS_OK;
}

void client_close(struct client *client)
{
	if (!client)
		return;
	if (client->app->client == client)
		client->app->client = NULL;
	marketo_free(client->marketo);
	net_free(client->net);
	mem_free(client);
}

void client_cancel(struct client *client)
{
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
		status = catalogue_save(client->app->store, client->account_id, out, err);
	return status;
}
