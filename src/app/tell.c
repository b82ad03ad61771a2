#include "app/tell.h"

#include "base/i18n.h"
#include "loop/process.h"
#include "net/net.h"

#include <string.h>
#include <syslog.h>

enum { PATIENCE_MS = 30000, WEBHOOK_MS = 10000, REPLY_BYTES = 64 * 1024 };

struct waiting {
	bool done, ended;
	int exit_status;
	int http_status;
	char detail[256];
};

static void on_late(void *self)
{
	((struct waiting *)self)->done = true;
}

static void on_end(void *self, const struct process_end *end)
{
	struct waiting *waiting = self;

	waiting->done = waiting->ended = true;
	waiting->exit_status = end->exit_status;
}

static enum status run_command(struct app *app, const char *command, const char *json, struct error *err)
{
	const char *words[] = { "sh", "-c", command, NULL };
	struct waiting waiting = { 0 };
	struct process_options how = { .file = "/bin/sh", .argv = words, .input = json, .end = on_end, .self = &waiting };
	struct process *process = process_start(app->loop, &how, err);
	uint64_t timer;

	if (!process)
		return STATUS_FAILED;
	timer = loop_after(app->loop, PATIENCE_MS, on_late, &waiting);
	app_wait(app, &waiting.done);
	loop_cancel(app->loop, timer);
	if (!waiting.ended) {
		process_kill(process);
		return error_set(err, STATUS_FAILED, "alert", _("the alert's command did not end in time"));
	}
	if (waiting.exit_status == 0)
		return STATUS_OK;
	return error_set(err, STATUS_FAILED, "alert", _("the alert's command ended with status %d"), waiting.exit_status);
}

static void on_reply(void *self, const struct net_reply *reply)
{
	struct waiting *waiting = self;

	waiting->done = waiting->ended = true;
	waiting->http_status = reply->result == NET_OK ? reply->http_status : 0;
	memcpy(waiting->detail, reply->detail, sizeof waiting->detail);
}

static enum status judge(const struct waiting *waiting, struct error *err)
{
	if (waiting->http_status >= 200 && waiting->http_status < 300)
		return STATUS_OK;
	if (waiting->http_status)
		return error_set(err, STATUS_FAILED, "alert", _("the webhook answered with HTTP status %d"), waiting->http_status);
	return error_set(err, STATUS_FAILED, "alert", _("the webhook cannot be reached: %s"), waiting->ended ? waiting->detail : _("stopped"));
}

static enum status post(struct app *app, const char *url, const char *json, struct error *err)
{
	const struct net_options options = { 0 };
	const struct net_request request = { .method = "POST", .url = url, .content_type = "application/json", .body = json, .body_length = strlen(json),
		.timeout_ms = WEBHOOK_MS, .reply_limit = REPLY_BYTES };
	struct net *net = net_curl_new(app->loop, &options, err);
	struct waiting waiting = { 0 };
	struct net_call *call;

	if (!net)
		return STATUS_FAILED;
	call = net->ops->send(net, &request, on_reply, &waiting);
	if (call)
		app_wait(app, &waiting.done);
	if (call && !waiting.ended)
		net->ops->cancel(net, call);
	net_free(net);
	return judge(&waiting, err);
}

enum status tell_alert(struct app *app, const struct alert *alert, const char *json, const char *line, struct error *err)
{
	switch (alert->way) {
	case ALERT_COMMAND:
		return run_command(app, alert->target, json, err);
	case ALERT_WEBHOOK:
		return post(app, alert->target, json, err);
	default:
		openlog("penstock", LOG_PID, LOG_DAEMON);
		syslog(LOG_WARNING, "%s", line);
		closelog();
		return STATUS_OK;
	}
}
