/* sandbox: the practice Marketo */
#include "sandbox/sandbox.h"

#include "base/i18n.h"
#include "command/command.h"
#include "command/practice.h"

#include <limits.h>

static const struct option_row option_rows[] = {
	{ "port", "N", N_("listen on this port (default: a free one)") },
	{ "latency", "MS", N_("answer after so many milliseconds") },
	{ "no-limits", NULL, N_("no limits of rate, concurrency and quota") },
	{ "fault", "SPEC", N_("misbehave: KIND[:PERCENT][+N][@PART], as 606:5, 604-after, http-502, record-1003, cut-after:1, half, drip, garbage, html, hang, late, short, close, stale, "
			"noise, expire; may be repeated") },
	{ "tls", "CERTIFICATE,KEY", N_("listen with TLS, too: its address is tls_url in the first line; two files in PEM form") },
	{ "log", "FILE", N_("append a JSON line for every request, with the rule it broke") },
	{ 0 },
};

static void tell(struct session *session, const struct sandbox *sandbox)
{
	struct json_out *w = &session->w;

	answer_begin(session);
	json_pair_string(w, "url", sandbox_url(sandbox));
	if (sandbox_secure_url(sandbox))
		json_pair_string(w, "tls_url", sandbox_secure_url(sandbox));
	json_pair_string(w, "munchkin_id", sandbox_munchkin_id(sandbox));
	json_pair_string(w, "client_id", sandbox_client_id(sandbox));
	json_pair_string(w, "client_secret", sandbox_client_secret(sandbox));
	json_pair_i64(w, "port", sandbox_port(sandbox));
	answer_end(session);
}

enum status practice_serve(struct session *session, const struct sandbox_options *options, struct error *err)
{
	static const bool never;
	struct sandbox *sandbox = sandbox_new(session->app->loop, options, err);
	enum status status;

	if (!sandbox)
		return err->status != STATUS_OK ? err->status : STATUS_FAILED;
	app_catch_signals(session->app);
	tell(session, sandbox);
	status = session_flush(session, err);
	while (status == STATUS_OK && !session->app->stop)
		app_wait(session->app, &never);
	sandbox_free(sandbox);
	return status;
}

static enum status serve(struct session *session, const struct args *args, struct error *err)
{
	long long port = 0, latency = 0;
	text_list faults = { 0 };
	enum status status = arg_number(args, "port", 0, 65535, &port, err);

	if (status == STATUS_OK)
		status = arg_number(args, "latency", 0, INT_MAX, &latency, err);
	if (status != STATUS_OK)
		return status;
	arg_all(args, "fault", &faults);
	vec_push(&faults, NULL);
	status = practice_serve(session, &(struct sandbox_options){
		.port = (int)port,
		.latency_ms = (int)latency,
		.no_limits = arg_flag(args, "no-limits"),
		.faults = faults.at,
		.log_path = arg_text(args, "log"),
		.tls = arg_text(args, "tls"),
	}, err);
	vec_done(&faults);
	return status;
}

const struct command sandbox_commands[] = {
	{ .use = USE_CASES, .words = "sandbox", .arguments = "", .help = N_("run the practice Marketo on loopback until Ctrl-C"),
		.options = { option_rows }, .run = serve },
	{ 0 },
};
