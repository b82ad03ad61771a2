/* Shared by the files of this room only: the sandbox's parts and a call on its way through them. */
#ifndef SANDBOX_BOX_H
#define SANDBOX_BOX_H

#include "base/json.h"
#include "base/str.h"
#include "base/vec.h"
#include "sandbox/sandbox.h"
#include "serve/server.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct db;
struct call;

enum permission {
	PERM_NONE = 0,
	PERM_LEAD_READ = 1,
	PERM_LEAD_WRITE = 2,
	PERM_ASSET_READ = 4,
	PERM_ASSET_WRITE = 8,
};
enum { PERM_ALL = PERM_LEAD_READ | PERM_LEAD_WRITE | PERM_ASSET_READ | PERM_ASSET_WRITE };

/* --- limits.c: 100 calls in any 20 s, 10 at once, a daily quota --- */

enum {
	RATE_CALLS = 100,
	RATE_WINDOW_MS = 20000,
	CONCURRENT_CALLS = 10,
	DAILY_QUOTA = 50000,
	URI_MAX = 8000,     /* "8 KB" and "1 MB" as whoever takes them strictly reads them */
	BODY_MAX = 1000000,
	RECORDS_MAX = 300, /* a call */
	STATS_DAYS = 7,
	STATS_CODES = 64,
};

struct day {
	int64_t ends; /* wall ms of the reset that ends it */
	int64_t total;
	struct {
		char code[8];
		int64_t count;
	} errors[STATS_CODES];
	size_t error_count;
};

struct limits {
	bool off;
	int64_t daily_quota;
	VEC(int64_t) window; /* monotonic ms of counted calls, oldest at `first` */
	size_t first;
	int in_flight;
	struct day days[STATS_DAYS]; /* today first */
	int64_t counted, seen_606, seen_607, seen_615;
	int64_t most_in_window, most_at_once;
};

void limits_init(struct limits *limits, bool off, int64_t daily_quota);
void limits_done(struct limits *limits);
void limits_reset(struct limits *limits);
/* May one more call come in? NULL, or the code that refuses it (606, 607, 615). Does not count. */
const char *limits_refuse(struct limits *limits);
void limits_count(struct limits *limits);
int64_t limits_in_window(struct limits *limits);
void limits_enter(struct limits *limits);
void limits_leave(struct limits *limits);
struct day *limits_today(struct limits *limits);
void limits_error(struct limits *limits, const char *code); /* for the statistics of errors */

/* --- token.c --- */

enum { TOKEN_TEXT = 64, TOKENS_KEPT = 16 };

struct tokens {
	char *client_id, *client_secret;
	int64_t seconds;
	struct {
		char text[TOKEN_TEXT];
		int64_t ends; /* monotonic ms */
	} kept[TOKENS_KEPT]; /* newest first */
};

void tokens_init(struct tokens *tokens, const struct sandbox_options *options);
void tokens_done(struct tokens *tokens);
void tokens_expire(struct tokens *tokens);
/* NULL when the Authorization header carries a living token, else 601 or 602. */
const char *tokens_refuse(const struct tokens *tokens, const char *authorization);
void token_answer(struct call *call); /* GET and POST /identity/oauth/token */
void random_text(char *out, size_t length, const char *alphabet); /* length characters and a NUL */

/* --- log.c --- */

enum { LOG_KEPT = 1000 };

struct logbook {
	FILE *file;
	char *kept[LOG_KEPT];
	size_t next;
};

enum status logbook_open(struct logbook *log, const char *path, struct error *err);
void logbook_close(struct logbook *log);
void logbook_write(struct logbook *log, const struct call *call);
void logbook_last(const struct logbook *log, size_t count, struct json_out *w);

/* --- faults.c --- */

enum fault_kind {
	FAULT_CODE,
	FAULT_HTTP,
	FAULT_RECORD,
	FAULT_CUT,
	FAULT_HALF,
	FAULT_DRIP,
	FAULT_GARBAGE,
	FAULT_HTML,
	FAULT_HANG,
	FAULT_LATE,
	FAULT_SHORT,
	FAULT_CLOSE,  /* a good answer, then the connection ends unannounced */
	FAULT_STALE,  /* a good answer, then the connection takes the next request and ends */
	FAULT_NOISE,
	FAULT_EXPIRE, /* a good answer, and the token is none any more */
};

struct fault {
	char name[24]; /* as it was asked for: its KIND */
	enum fault_kind kind;
	bool runs;    /* the call is carried out all the same */
	char code[8]; /* of FAULT_CODE, FAULT_HTTP, FAULT_RECORD */
	int share;    /* of a million calls */
	int64_t certain, seen; /* this one of the calls it looks at is struck, whatever is drawn (0: none); how many it has looked at */
	char *part;   /* of the path; NULL: any */
};

struct faults {
	VEC(struct fault) list;
	uint64_t drawn;
};

enum status faults_add(struct faults *faults, const char *spec, struct error *err); /* STATUS_USAGE */
void faults_clear(struct faults *faults);
/* What happens to this call; NULL: nothing. named: only by a fault that names a part of its path. */
const struct fault *faults_pick(struct faults *faults, const char *path, bool named);
int fault_extra_ms(const struct fault *fault); /* what the call takes beyond the latency */
/* The code by which this record of the call is skipped, or NULL: the first one, where FAULT_RECORD strikes. */
const char *fault_of_record(const struct call *call, size_t index);
bool fault_is_uncounted(const struct fault *fault); /* refused before the limits look at it */
/* Spoils an answer: its body, how it is sent. False: it is not sent at all. */
bool fault_spoil(const struct fault *fault, struct str *body, struct reply *reply);

/* --- hold.c: a call that stays where it is until a test lets it go, told by /_sandbox/state, and those that come after it where all are to stay --- */

struct hold {
	int64_t left;      /* the call that comes when this many have come; 0: none */
	bool applied;      /* it is carried out before it is held, else when it is let go, as are all that came after it */
	bool all;          /* so that nothing goes on beside it */
	bool reached;      /* it has come */
	struct call *call; /* held now; NULL: none */
};

void hold_next(struct sandbox *box, int64_t calls, bool applied, bool all); /* lets go what is held, then holds the calls-th one from now (0: none) */
void hold_count(struct call *call);                                         /* a call has been let in */
bool hold_keeps(struct call *call);                                         /* its time is over: does it stay? */

/* --- secure.c: a second door, with TLS --- */

/* CERTIFICATE,KEY (PEM files); "old": the same ones, but a handshake that no client of today takes part in; or "off". The door keeps its port; whoever is
 * connected is cut. STATUS_USAGE, STATUS_FAILED. */
enum status secure_open(struct sandbox *box, const char *spec, struct error *err);
void secure_done(struct sandbox *box);

/* --- the whole --- */

struct sandbox {
	struct loop *loop;
	struct server *server;
	struct db *db;
	struct limits limits;
	struct tokens tokens;
	struct logbook log;
	struct faults faults;
	struct hold hold;
	struct call *calls; /* in flight */
	struct server *secure;
	char *certificate, *key; /* of secure.c, PEM; NULL before there were any */
	int secure_port;
	char *url, *secure_url, *munchkin_id;
	int latency_ms;
	int64_t records_max; /* a writing call; RECORDS_MAX, or fewer where a test wants many calls */
	unsigned permissions;
	int64_t next_person, next_list, requests;
};

/* "read-only-lead,.." to a mask of what is left. */
enum status permissions_without(const char *deny, unsigned *left, struct error *err);

/* --- a call --- */

enum verb { VERB_GET = 1, VERB_POST = 2, VERB_DELETE = 4 };
enum body_kind { BODY_NONE, BODY_JSON, BODY_JSON_OPTIONAL, BODY_FORM, BODY_FORM_OPTIONAL };
enum shape { SHAPE_LEAD, SHAPE_ASSET }; /* the two envelopes */

struct route {
	const char *path; /* {} stands for a number */
	const char *parameters; /* allowed ones, each between spaces */
	/* At arrival, optional: what the server looks at before the time it takes. */
	void (*arrive)(struct call *call);
	/* When the time is over: does it, writes call->result. */
	void (*run)(struct call *call);
	enum verb verb;
	enum shape shape;
	enum body_kind body;
	unsigned permissions; /* one of them is enough; 0: none needed */
};

struct call {
	struct sandbox *box;
	struct request *request;
	const struct route *route;
	struct fault fault; /* what happens to it, if `spoilt`; its part is not ours */
	bool spoilt;
	struct call *previous, *next;
	uint64_t timer;
	int64_t arrived_wall, arrived_mono, in_window;
	int at_once;
	bool counted, holds_slot, by_method; /* by_method: a POST that stands for something else by _method */
	bool held, behind, waits;            /* the one to be held; one that came after it; and stays for that */
	char id[40];
	const char *verb_text; /* what it stands for */
	int64_t number; /* of {} in the path */
	VEC(struct serve_pair) parameters; /* of the query and of a form body */
	struct serve_pair *form;
	struct json *body;
	void *plan; /* of arrive, freed by plan_free */
	void (*plan_free)(void *plan);

	/* the answer */
	int http;
	const char *content_type;
	struct str raw;    /* the whole body, when it is no envelope */
	struct str result; /* a JSON array */
	bool no_result;
	const char *warning;
	char token[40];    /* nextPageToken, or empty */
	char code[16];
	char *message;

	/* for the log */
	struct str rule;   /* what it did against the documentation */
	struct str detail; /* members of the body's summary: ,"action":".." */
};

/* Refuses the whole call: Marketo's code and message. The rule that was broken is added to the log, and is the message when NULL. */
void call_refuse(struct call *call, const char *code, const char *message, const char *rule, ...) __attribute__((format(printf, 4, 5)));
bool call_refused(const struct call *call);
void call_note(struct call *call, const char *format, ...) __attribute__((format(printf, 2, 3))); /* to the log's rule */
void call_failed(struct call *call, const struct error *err); /* of the sandbox itself: 611 */

/* Parameters. The first of that name, or NULL. */
const char *call_parameter(const struct call *call, const char *name);
const char *call_doubled(const struct call *call); /* name of a parameter that came twice, but may not; NULL: none */
/* All values of the name, of repeated and comma-separated parameters, in order; on the heap (free with strings_done). */
typedef VEC(char *) strings;
strings call_values(const struct call *call, const char *name);
void strings_done(strings *list);
/* A number within low..high, fallback when absent; anything else refuses the call. */
int64_t call_number(struct call *call, const char *name, int64_t low, int64_t high, int64_t fallback);
/* Refuses the call (1002 of the lead database, 701 of assets) when it is missing or empty. */
const char *call_required(struct call *call, const char *name);
/* Ids of `id` parameters or of {"input":[{"id":1},..]}; false when refused. At most RECORDS_MAX. */
typedef VEC(int64_t) numbers;
bool call_ids(struct call *call, numbers *ids);
/* The JSON object that stands in bytes, each name in an object once (marketo-api 5); NULL when refused. what: where it stands, for the log. */
struct json *call_json(struct call *call, const char *what, const char *bytes, size_t length);
/* Checks the keys of a JSON object against those allowed (each between spaces); refuses the call at the first other one. */
bool call_keys(struct call *call, const struct json *object, const char *allowed);

/* Paging: a token belongs to its call and parameters. */
enum { PAGE_MAX = 300 };
bool call_page(struct call *call, int64_t *size, int64_t *after); /* batchSize, nextPageToken; after 0 without */
void call_more(struct call *call, int64_t last);                  /* there is a next page after `last` */

extern const struct serve_handler call_handler; /* of every server of the sandbox, which is its self: the door, see call.c */
void call_execute(struct call *call);           /* writes its result, unless it is refused */
void call_end(struct call *call);               /* answers it as it stands */
void call_free(struct call *call);
bool in_words(const char *words, const char *word); /* words: " a b c " */

const struct route *routes(size_t *count); /* routes.c */

/* Dates as the two APIs write them. */
char *lead_time(int64_t wall_ms, char out[40]);  /* 2021-11-23T22:57:08Z */
char *asset_time(int64_t wall_ms, char out[40]); /* 2021-11-23T22:57:24Z+0000 */

/* --- what routes lead to --- */

void answer_describe(struct call *call);
void answer_describe2(struct call *call);
void answer_partitions(struct call *call);
void answer_leads_by_filter(struct call *call);
void answer_lead_by_id(struct call *call);
void sync_arrive(struct call *call);
void sync_run(struct call *call);
void answer_lists_get(struct call *call);
void answer_list_by_id(struct call *call);
void answer_members_get(struct call *call);
void answer_members_add(struct call *call);
void answer_members_remove(struct call *call);
void answer_members_check(struct call *call);
void answer_asset_lists(struct call *call);
void answer_asset_list_by_name(struct call *call);
void answer_asset_list_by_id(struct call *call);
void answer_asset_list_create(struct call *call);
void answer_asset_list_update(struct call *call);
void answer_asset_list_delete(struct call *call);
void answer_folders_get(struct call *call);
void answer_folder_by_name(struct call *call);
void answer_folder_by_id(struct call *call);
void answer_stats_usage(struct call *call);
void answer_stats_usage_week(struct call *call);
void answer_stats_errors(struct call *call);
void answer_stats_errors_week(struct call *call);
void hook_answer(struct call *call); /* everything below /_sandbox/ */

enum status seed_all(struct sandbox *box, int64_t people, struct error *err);

#endif
