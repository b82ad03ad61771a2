#include "app/receive.h"

#include "app/admission.h"
#include "app/flow.h"
#include "app/operators.h"
#include "app/sources.h"
#include "base/certificate.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "loop/process.h"
#include "net/gate.h"
#include "source/http.h"
#include "source/receiver.h"
#include "store/tables.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { LOOK_MS = 1000, AGAIN_FIRST_MS = 1000, AGAIN_MOST_MS = 30 * 1000, STEADY_MS = 60 * 1000, PEM_MOST = 256 * 1024 };

/* --- one receiver --- */

struct door {
	struct app *app;
	struct admission *admission;
};

static bool admits(void *self, const struct receiver_letter *letter)
{
	struct door *door = self;

	return admission_fits(door->admission, letter->authorization, letter->signature, letter->body, letter->length, clock_wall_ms());
}

static void on_trouble(void *self, const struct error *err)
{
	app_note(((struct door *)self)->app, "%s", err->message);
}

static void tell_ready(const struct receive_options *options, const struct http_spec *spec, int port)
{
	char *url = mem_printf(strchr(spec->host, ':') ? "%s://[%s]:%d%s" : "%s://%s:%d%s", spec->tls ? "https" : "http", spec->host, port, spec->path);

	if (options->ready)
		options->ready(options->self, &(struct receiving){ .url = url, .spool = spec->settings[HTTP_SPOOL], .port = port });
	mem_free(url);
}

static enum status serve(struct app *app, const char *what, const struct http_spec *spec, const struct receive_options *options, struct error *err)
{
	struct door door = { .app = app };
	const struct receiver_options how = { .loop = app->loop, .spec = spec, .admits = admits, .trouble = on_trouble, .self = &door };
	struct receiver *receiver = NULL;
	enum status status = admission_open(spec->settings[HTTP_TOKEN_FILE], spec->settings[HTTP_HMAC_FILE], &door.admission, err);

	if (status == STATUS_OK && admission_open_file(door.admission))
		app_note(app, _("warning: others can read %.400s; chmod 600 keeps it to yourself"), admission_open_file(door.admission));
	if (status == STATUS_OK)
		status = receiver_open(&how, &receiver, err);
	if (status == STATUS_OK) {
		app_catch_signals(app);
		/* A store that is busy or full now keeps nobody from receiving. */
		flow_audit(app, USE_RECEIVE, what, "receives as process %lld", getpid(), NULL);
		tell_ready(options, spec, receiver_port(receiver));
		while (!app->stop && !receiver_is_broken(receiver))
			app_pause(app, LOOK_MS);
		if (receiver_is_broken(receiver))
			status = error_set(err, STATUS_FAILED, "listen", _("the port was lost while the certificate was renewed"));
	}
	receiver_close(receiver);
	admission_close(door.admission);
	return status;
}

/* The source of a dataflow of that name, or what is one itself. Free with mem_free. */
static enum status find_source(struct app *app, const char *what, char **out, struct error *err)
{
	struct dataflow dataflow;
	enum status status;

	*out = NULL;
	if (http_is(what))
		return source_settle(app, what, out, err);
	dataflow_init(&dataflow);
	status = dataflow_find(app->store, what, &dataflow, err);
	if (status == STATUS_OK && (!dataflow.source || !http_is(dataflow.source))) {
		status = error_set(err, STATUS_USAGE, "source", _("nothing can be posted to the source of %s"), what);
		error_hint(err, _("http:127.0.0.1:PORT/PATH,token-file=FILE is a source that can be posted to"));
	}
	if (status == STATUS_OK)
		*out = mem_strdup(dataflow.source);
	dataflow_done(&dataflow);
	return status;
}

enum status app_receive(struct app *app, const char *what, const struct receive_options *options, struct error *err)
{
	struct http_spec spec = { 0 };
	char *source = NULL;
	enum status status = app_enter(app, USE_RECEIVE, err);

	if (status == STATUS_OK)
		status = find_source(app, what, &source, err);
	if (status == STATUS_OK)
		status = http_parse(source, &spec, err);
	if (status == STATUS_OK)
		status = serve(app, what, &spec, options, err);
	http_done(&spec);
	mem_free(source);
	return status;
}

int64_t receive_certificate_end(const char *source)
{
	struct http_spec spec = { 0 };
	struct str pem = { 0 };
	int64_t end_ms = 0;

	if (http_is(source) && http_parse(source, &spec, NULL) == STATUS_OK && spec.tls && file_read(spec.settings[HTTP_CERTIFICATE], PEM_MOST, &pem, NULL) == STATUS_OK &&
		!certificate_end(str_text(&pem), pem.length, &end_ms))
		end_ms = 0;
	http_done(&spec);
	str_done(&pem);
	return end_ms;
}

/* --- one who sees to it --- */

struct attendant {
	struct app *app;
	char *dataflow, *source, *folder;
	void (*trouble)(void *self, const char *code, const char *message);
	void *self;
	struct process *process;
	uint64_t timer, seed;
	int64_t started_ms, not_before_ms; /* clock_mono_ms */
	int failures;
	bool stopping;
};

static void on_end(void *self, const struct process_end *end)
{
	struct attendant *a = self;
	struct json *answer = json_parse(str_text(end->output), end->output->length, NULL, NULL);
	const char *code = json_get_string(json_get(answer, "error"), "code"), *message = json_get_string(json_get(answer, "error"), "message");
	int64_t now_ms = clock_mono_ms();

	a->process = NULL;
	if (!a->stopping) {
		a->failures = now_ms - a->started_ms >= STEADY_MS ? 1 : a->failures + 1;
		a->not_before_ms = now_ms + backoff_ms(a->failures, AGAIN_FIRST_MS, AGAIN_MOST_MS, &a->seed);
		/* Another one was quicker: all is well. */
		if (a->trouble && !(code && strcmp(code, "busy") == 0))
			a->trouble(a->self, code ? code : "receiver", message ? message : _("the process that receives has ended"));
	}
	json_free(answer);
}

static void start(struct attendant *a)
{
	const struct operator *who = a->app->operator;
	const char *words[] = { "penstock", OPERATOR_WORD, who ? who->told : NULL, "--db", a->app->db, "--json", "--quiet", "receive", "--", a->dataflow, NULL };
	/* Nobody else asks. */
	const char *const own[] = { "penstock", "--db", a->app->db, "--json", "--quiet", "receive", "--", a->dataflow, NULL };
	const struct process_options how = { .file = "/proc/self/exe", .argv = who ? words : own, .end = on_end, .self = a };
	struct error err = { 0 };

	a->started_ms = clock_mono_ms();
	a->process = process_start(a->app->loop, &how, &err);
	if (a->process)
		return;
	a->not_before_ms = a->started_ms + AGAIN_MOST_MS;
	if (a->trouble)
		a->trouble(a->self, err.code, err.message);
}

static void on_look(void *self)
{
	struct attendant *a = self;

	a->timer = 0;
	if (a->stopping)
		return;
	a->timer = loop_after(a->app->loop, LOOK_MS, on_look, a);
	if (!a->process && clock_mono_ms() >= a->not_before_ms && !receiver_is_there(a->folder, NULL))
		start(a);
}

struct attendant *attendant_new(struct app *app, const char *dataflow, const char *source, void (*trouble)(void *self, const char *code, const char *message), void *self)
{
	struct attendant *a = NULL;
	struct http_spec spec = { 0 };

	if (source && http_is(source) && http_parse(source, &spec, NULL) == STATUS_OK && spec.settings[HTTP_SPOOL]) {
		a = mem_alloc(sizeof *a);
		*a = (struct attendant){ .app = app, .dataflow = mem_strdup(dataflow), .source = mem_strdup(source), .folder = mem_strdup(spec.settings[HTTP_SPOOL]),
			.trouble = trouble, .self = self, .seed = (uint64_t)clock_wall_ms() };
		on_look(a);
	}
	http_done(&spec);
	return a;
}

bool attendant_suits(const struct attendant *a, const char *source)
{
	return a ? source && strcmp(a->source, source) == 0 : !source || !http_is(source);
}

void attendant_stop(struct attendant *a)
{
	if (!a || a->stopping)
		return;
	a->stopping = true;
	if (a->process)
		process_tell(a->process, SIGTERM);
}

bool attendant_is_there(const struct attendant *a)
{
	return a && a->process;
}

void attendant_free(struct attendant *a)
{
	if (!a)
		return;
	loop_cancel(a->app->loop, a->timer);
	process_kill(a->process);
	mem_free(a->dataflow);
	mem_free(a->source);
	mem_free(a->folder);
	mem_free(a);
}
