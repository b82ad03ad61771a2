#include "source/receiver.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "base/vec.h"
#include "loop/loop.h"
#include "model/profile.h"
#include "serve/server.h"
#include "source/inbox.h"
#include "source/receiver_counts.h"
#include "source/source.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	BODY_MOST = 1000 * 1000,            /* platform-api 10: 1 MB */
	HELD_MOST = 32 * 1024 * 1024,       /* of bodies at once, whoever sends them */
	CONNECTIONS = 256,
	PATIENCE_SECONDS = 30,
	PEM_MOST = 256 * 1024,
	REASONS_MOST = 20,                  /* of an array's refused messages that are told */
	MEASURE_MS = 500,
	TURN_MS = 30 * 1000,
	TROUBLE_MS = 60 * 1000,
};

/* A request whose messages are not durable yet. */
struct caller {
	struct request *request;
	struct str answer;
	int status;
	int64_t good; /* messages of it that are to be kept */
};

struct receiver {
	struct receiver_options options;
	struct server *server;
	struct inbox_writer *writer;
	struct json_reader *reader;
	int lock;
	VEC(struct caller) callers;
	struct receiver_counts counts;
	int told;                            /* where the counts are told */
	uint64_t keeping, turning;           /* timers */
	int64_t waiting, measured_ms;        /* bytes in the spool, when that was looked at */
	int64_t trouble_ms;
	struct stat pem_about[2];
	bool broken;                         /* the port was lost */
};

/* --- answers --- */

static void answer(struct request *request, int status, const struct str *body)
{
	static const struct serve_pair later[] = { { "Retry-After", "10" }, { NULL, NULL } };
	static const struct serve_pair who[] = { { "WWW-Authenticate", "Bearer realm=\"penstock\"" }, { NULL, NULL } };
	static const struct serve_pair how[] = { { "Allow", "POST" }, { NULL, NULL } };
	const struct serve_pair *headers = status == 401 ? who : status == 405 ? how : status == 429 || status == 503 ? later : NULL;

	request_reply(request, &(struct reply){ .status = status, .body = str_text(body), .length = body->length, .headers = headers });
}

/* Senders are programs: what they are told is in English, like the protocol. */
static void refuse(struct receiver *r, struct request *request, int status, const char *why)
{
	struct json_out w;
	struct str body = { 0 };

	if (status == 401 || status == 429 || status == 503)
		r->counts.turned_away++;
	receiver_counts_tell(r->told, &r->counts);
	json_out_init(&w, &body);
	json_object(&w);
	json_pair_string(&w, "error", why);
	json_object_end(&w);
	answer(request, status, &body);
	str_done(&body);
}

/* --- keeping --- */

static void complain(struct receiver *r, const struct error *err)
{
	if (r->trouble_ms && clock_mono_ms() - r->trouble_ms < TROUBLE_MS)
		return;
	r->trouble_ms = clock_mono_ms();
	if (r->options.trouble)
		r->options.trouble(r->options.self, err);
}

/* All who came since the last time share one write and one wait for the disk. */
static void keep(struct receiver *r)
{
	struct error err = { 0 };
	int64_t bytes = (int64_t)inbox_added(r->writer);
	enum status status = inbox_keep(r->writer, &err);

	if (status == STATUS_OK)
		r->waiting += bytes;
	else
		complain(r, &err);
	for (size_t i = 0; status == STATUS_OK && i < r->callers.count; i++)
		r->counts.messages += r->callers.at[i].good;
	receiver_counts_tell(r->told, &r->counts); /* before the answers: who was answered finds itself counted */
	for (size_t i = 0; i < r->callers.count; i++) {
		struct caller *caller = &r->callers.at[i];

		if (status == STATUS_OK)
			answer(caller->request, caller->status, &caller->answer);
		else
			refuse(r, caller->request, 503, "the message cannot be stored now");
		str_done(&caller->answer);
	}
	r->callers.count = 0;
}

static void on_keep(void *self)
{
	struct receiver *r = self;

	r->keeping = 0;
	keep(r);
}

/* Is there more on the disk than there should be? Whoever follows has come to a halt. */
static bool is_full(struct receiver *r)
{
	const char *folder = r->options.spec->settings[HTTP_SPOOL];
	inbox_segments segments = { 0 };
	struct inbox_place taken;

	if (!r->measured_ms || clock_mono_ms() - r->measured_ms >= MEASURE_MS) {
		r->measured_ms = clock_mono_ms();
		inbox_taken(folder, &taken);
		if (inbox_list(folder, &segments, NULL) == STATUS_OK)
			r->waiting = inbox_waiting(&segments, &taken);
		vec_done(&segments);
	}
	return r->waiting + (int64_t)inbox_added(r->writer) > r->options.spec->limit;
}

/* --- what is posted --- */

/* NULL, or why it is not taken. */
static const char *take_message(struct receiver *r, const struct json *message)
{
	const char *why = profile_refusal(message);
	struct str line = { 0 };

	if (why)
		return why;
	json_write(&line, message);
	if (line.length > SOURCE_LINE_LIMIT)
		why = "the line is longer than 1 MiB";
	else
		inbox_add(r->writer, line.text, line.length);
	str_done(&line);
	return why;
}

static void put_refused(struct json_out *w, size_t index, const char *why)
{
	json_object(w);
	json_pair_i64(w, "index", (int64_t)index);
	json_pair_string(w, "reason", why);
	json_object_end(w);
}

/* The good ones of an array stay, whatever the others are: the answer says which were refused, and sending all of it again changes nothing. */
static void take(struct receiver *r, struct request *request, const struct json *document)
{
	bool many = json_kind(document) == JSON_ARRAY;
	struct caller caller = { .request = request, .status = 200 };
	size_t index = 0, good = 0, bad = 0;
	struct str reasons = { 0 };
	struct json_out w, list;

	json_out_init(&list, &reasons);
	json_array(&list);
	for (const struct json *at = many ? json_first(document) : document; at; at = many ? json_next(at) : NULL, index++) {
		const char *why = take_message(r, at);

		good += !why;
		bad += why != NULL;
		if (why && bad <= REASONS_MOST)
			put_refused(&list, index, why);
	}
	json_array_end(&list);
	json_out_init(&w, &caller.answer);
	json_object(&w);
	json_pair_i64(&w, "accepted", (int64_t)good);
	json_pair_i64(&w, "refused", (int64_t)bad);
	json_name(&w, "reasons");
	json_put_raw(&w, reasons.text, reasons.length);
	json_object_end(&w);
	str_done(&reasons);
	caller.status = bad ? 400 : 200;
	caller.good = (int64_t)good;
	r->counts.refused += (int64_t)bad;
	vec_push(&r->callers, caller);
	if (!r->keeping)
		r->keeping = loop_after(r->options.loop, 0, on_keep, r);
}

static bool is_json(const char *type)
{
	size_t length = type ? strcspn(type, "; \t") : 0;
	char *bare = mem_strndup(type ? type : "", length);
	bool good = text_case_eq(bare, "application/json");

	mem_free(bare);
	return good;
}

/* whole: with its body, else by what is known before that. */
static bool admits(const struct receiver *r, const struct request *request, bool whole)
{
	const struct receiver_letter letter = {
		.authorization = request_header(request, "Authorization"),
		.signature = request_header(request, "Penstock-Signature"),
		.body = whole ? request_body(request) : NULL,
		.length = whole ? request_body_kept(request) : 0,
	};

	return r->options.admits(r->options.self, &letter);
}

/* The rules that need no look into the body. 0, or the status to refuse it with. */
static int judge(struct receiver *r, struct request *request, const char **why)
{
	static const char stranger[] = "the token or the signature is missing or wrong";
	const char *encoding = request_header(request, "Content-Encoding");
	bool whole = request_body_kept(request) == request_body_length(request);

	*why = "there is nothing here";
	if (strcmp(request_path(request), r->options.spec->path) != 0)
		return 404;
	*why = "messages are posted here";
	if (strcmp(request_method(request), "POST") != 0)
		return 405;
	*why = stranger;
	if (!admits(r, request, false))
		return 401;
	/* What is not there whole cannot have the right signature, so the sender is told of that first. */
	*why = "a request may have 1 MB";
	if (request_body_length(request) > BODY_MOST)
		return 413;
	*why = "too much is under way";
	if (request_is_starved(request) || !whole)
		return 429;
	*why = stranger;
	if (!admits(r, request, true))
		return 401;
	*why = "application/json is taken, not compressed";
	if (!is_json(request_header(request, "Content-Type")) || (encoding && !text_case_eq(encoding, "identity")))
		return 415;
	*why = "too much waits to be taken";
	return is_full(r) ? 429 : 0;
}

static void on_request(void *self, struct request *request)
{
	struct receiver *r = self;
	const struct json *document;
	const char *why;
	int status = judge(r, request, &why);

	if (status) {
		refuse(r, request, status, why);
		return;
	}
	document = json_reader_parse(r->reader, request_body(request), request_body_kept(request), &why, NULL);
	if (document) {
		take(r, request, document);
		return;
	}
	r->counts.refused++;
	refuse(r, request, 400, why);
}

static size_t on_limit(void *self, const char *method, const char *path)
{
	const struct receiver *r = self;

	return strcmp(method, "POST") == 0 && strcmp(path, r->options.spec->path) == 0 ? BODY_MOST : 0;
}

/* What will be refused is not kept until then: strangers have no part in what may be held. */
static bool on_headers(void *self, const struct request *request)
{
	const struct receiver *r = self;

	return strcmp(request_method(request), "POST") == 0 && strcmp(request_path(request), r->options.spec->path) == 0 && admits(r, request, false);
}

/* --- its life --- */

struct pem {
	struct str certificate, key;
	struct stat about[2]; /* of the files, when they were read */
};

static void pem_done(struct pem *pem)
{
	size_t length = pem->key.length;

	str_done(&pem->certificate);
	mem_wipe_free(str_take(&pem->key), length);
}

static enum status read_pem(const struct http_spec *spec, struct pem *pem, struct error *err)
{
	enum status status = STATUS_OK;

	*pem = (struct pem){ 0 };
	if (!spec->tls)
		return STATUS_OK;
	stat(spec->settings[HTTP_CERTIFICATE], &pem->about[0]);
	stat(spec->settings[HTTP_KEY], &pem->about[1]);
	status = file_read(spec->settings[HTTP_CERTIFICATE], PEM_MOST, &pem->certificate, err);
	return status == STATUS_OK ? file_read(spec->settings[HTTP_KEY], PEM_MOST, &pem->key, err) : status;
}

static struct server *serve(struct receiver *r, const char *host, int port, const struct pem *pem, struct error *err)
{
	const struct serve_handler handler = { .request = on_request, .body_limit = on_limit, .wants = on_headers, .self = r };
	const struct serve_tls tls = { .certificate = str_text(&pem->certificate), .key = str_text(&pem->key) };
	const struct serve_options options = { .host = host, .port = port, .tls = r->options.spec->tls ? &tls : NULL, .connections = CONNECTIONS,
		.seconds = PATIENCE_SECONDS, .held = HELD_MOST };

	return serve_open(r->options.loop, &options, &handler, err);
}

static enum status listen_to(struct receiver *r, struct error *err)
{
	struct pem pem;
	enum status status = read_pem(r->options.spec, &pem, err);

	if (status == STATUS_OK) {
		r->server = serve(r, r->options.spec->host, r->options.spec->port, &pem, err);
		status = r->server ? STATUS_OK : STATUS_FAILED;
	}
	memcpy(r->pem_about, pem.about, sizeof r->pem_about);
	pem_done(&pem);
	return status;
}

static void stop_listening(struct receiver *r)
{
	loop_cancel(r->options.loop, r->keeping);
	r->keeping = 0;
	if (r->writer)
		keep(r);
	serve_free(r->server);
	r->server = NULL;
}

static bool is_other(const struct stat *a, const struct stat *b)
{
	return a->st_ino != b->st_ino || a->st_mtim.tv_sec != b->st_mtim.tv_sec || a->st_mtim.tv_nsec != b->st_mtim.tv_nsec;
}

/* A certificate lasts some weeks, this process longer. A new pair is tried at a port of its own first: while it cannot be used the old one stays. */
static void renew(struct receiver *r)
{
	int port = serve_port(r->server);
	struct error err = { 0 };
	struct server *trial;
	struct pem pem;
	bool good = read_pem(r->options.spec, &pem, &err) == STATUS_OK;

	if (good && (is_other(&pem.about[0], &r->pem_about[0]) || is_other(&pem.about[1], &r->pem_about[1]))) {
		trial = serve(r, "127.0.0.1", 0, &pem, &err);
		serve_free(trial);
		good = trial != NULL;
		if (good) {
			stop_listening(r);
			r->server = serve(r, r->options.spec->host, port, &pem, &err);
			memcpy(r->pem_about, pem.about, sizeof r->pem_about);
		}
	}
	pem_done(&pem);
	if (!good || !r->server)
		complain(r, &err);
	r->broken = !r->server;
}

static void on_turn(void *self)
{
	struct receiver *r = self;

	r->turning = loop_after(r->options.loop, TURN_MS, on_turn, r);
	inbox_turn(r->writer);
	if (r->options.spec->tls)
		renew(r);
}

static char *lock_path(const char *folder)
{
	return mem_printf("%s/receiver.lock", folder);
}

static enum status take_lock(struct receiver *r, struct error *err)
{
	const char *folder = r->options.spec->settings[HTTP_SPOOL];
	char *path = lock_path(folder);
	struct lockfile_holder holder = { 0 };
	enum status status = inbox_make(folder, err);
	enum lockfile_answer got = status == STATUS_OK ? lockfile_take(path, "", &r->lock, &holder) : LOCKFILE_OURS;

	if (got == LOCKFILE_HELD)
		status = error_set(err, STATUS_FAILED, "busy", _("process %ld receives for %s already"), (long)holder.pid, folder);
	if (got == LOCKFILE_FAILED)
		status = error_set(err, STATUS_FAILED, "spool", _("cannot open the lock file %s: %s"), path, strerror(errno));
	mem_free(path);
	return status;
}

enum status receiver_open(const struct receiver_options *options, struct receiver **out, struct error *err)
{
	struct receiver *r = mem_alloc(sizeof *r);
	enum status status;

	r->options = *options;
	r->lock = r->told = -1;
	r->reader = json_reader_new();
	status = take_lock(r, err);
	if (status == STATUS_OK)
		status = inbox_writer_open(options->spec->settings[HTTP_SPOOL], &r->writer, err);
	if (status == STATUS_OK)
		status = listen_to(r, err);
	if (status == STATUS_OK) {
		r->told = receiver_counts_open(options->spec->settings[HTTP_SPOOL]);
		receiver_counts_tell(r->told, &r->counts);
		lockfile_about(r->lock, serve_port(r->server));
		r->turning = loop_after(options->loop, TURN_MS, on_turn, r);
	} else {
		receiver_close(r);
		r = NULL;
	}
	*out = r;
	return status;
}

void receiver_close(struct receiver *r)
{
	if (!r)
		return;
	stop_listening(r);
	loop_cancel(r->options.loop, r->turning);
	inbox_writer_close(r->writer);
	json_reader_free(r->reader);
	vec_done(&r->callers);
	if (r->told >= 0)
		close(r->told);
	lockfile_drop(r->lock);
	mem_free(r);
}

bool receiver_is_broken(const struct receiver *r)
{
	return r->broken;
}

int receiver_port(const struct receiver *r)
{
	return serve_port(r->server);
}

struct receiver_counts receiver_counts(const struct receiver *r)
{
	return r->counts;
}

bool receiver_is_there(const char *folder, struct lockfile_holder *holder)
{
	char *path = lock_path(folder);
	bool held = lockfile_is_held(path, holder);

	mem_free(path);
	return held;
}
