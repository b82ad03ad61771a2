/* A practice Marketo on the test's loop, a token for it, and calls that check their answers. */
#ifndef TESTS_BOXED_H
#define TESTS_BOXED_H

#include "sandbox/sandbox.h"
#include "talk.h"

struct boxed {
	struct talk talk;
	struct sandbox *box;
};

#define JSON_TYPE "application/json"
#define FORM_TYPE "application/x-www-form-urlencoded"
#define TOKEN_PATH "/identity/oauth/token?grant_type=client_credentials&client_id=test-id&client_secret=test-secret"

static inline void boxed_token(struct boxed *boxed)
{
	struct answer answer;
	struct json *reply;

	boxed->talk.authorization[0] = '\0';
	talk_ask(&boxed->talk, &answer, "GET", TOKEN_PATH, NULL, NULL);
	assert_int_equal(answer.status, 200);
	reply = answer_json(&answer);
	snprintf(boxed->talk.authorization, sizeof boxed->talk.authorization, "Bearer %s", json_get_string(reply, "access_token"));
	json_free(reply);
	answer_done(&answer);
}

static inline void boxed_init(struct boxed *boxed, const struct sandbox_options *wanted)
{
	struct sandbox_options options = *wanted;
	struct error err;

	memset(boxed, 0, sizeof *boxed);
	talk_init(&boxed->talk);
	options.client_id = "test-id";
	options.client_secret = "test-secret";
	boxed->box = sandbox_new(boxed->talk.loop, &options, &err);
	assert_non_null(boxed->box);
	snprintf(boxed->talk.url, sizeof boxed->talk.url, "%s", sandbox_url(boxed->box));
	boxed_token(boxed);
}

static inline void boxed_done(struct boxed *boxed)
{
	sandbox_free(boxed->box);
	talk_done(&boxed->talk);
}

/* The answer's body as JSON, status 200 expected. Free with json_free. */
static inline struct json *boxed_ask(struct boxed *boxed, const char *method, const char *path, const char *type, const char *body)
{
	struct answer answer;
	struct json *reply;

	talk_ask(&boxed->talk, &answer, method, path, type, body);
	if (answer.status != 200)
		fail_msg("%s %s: HTTP %ld %.200s", method, path, answer.status, str_text(&answer.body));
	reply = answer_json(&answer);
	answer_done(&answer);
	return reply;
}

static inline struct json *boxed_get(struct boxed *boxed, const char *path)
{
	return boxed_ask(boxed, "GET", path, NULL, NULL);
}

static inline struct json *boxed_post(struct boxed *boxed, const char *path, const char *body)
{
	return boxed_ask(boxed, "POST", path, JSON_TYPE, body);
}

/* Marketo's first error code, "" when it succeeded. */
static inline const char *reply_code(const struct json *reply)
{
	const char *code = json_get_string(json_first(json_get(reply, "errors")), "code");

	return json_is_true(json_get(reply, "success")) ? "" : code ? code : "?";
}

static inline const struct json *reply_at(const struct json *reply, size_t index)
{
	const struct json *item = json_first(json_get(reply, "result"));

	while (item && index--)
		item = json_next(item);
	return item;
}

/* "created", "updated", .. or the code of the reason of a skipped record. */
static inline const char *reply_word(const struct json *reply, size_t index)
{
	const struct json *item = reply_at(reply, index);
	const char *status = json_get_string(item, "status");

	if (!status)
		return "?";
	return strcmp(status, "skipped") == 0 ? json_get_string(json_first(json_get(item, "reasons")), "code") : status;
}

static inline int64_t number_of(const struct json *object, const char *name)
{
	int64_t number = -1;

	return json_i64(json_get(object, name), &number) ? number : -1;
}

static inline int64_t reply_id(const struct json *reply, size_t index)
{
	return number_of(reply_at(reply, index), "id");
}

/* A number of /_sandbox/state. */
static inline int64_t state_number(struct boxed *boxed, const char *name)
{
	struct json *state = boxed_get(boxed, "/_sandbox/state");
	int64_t number = number_of(state, name);

	json_free(state);
	return number;
}

/* The last request in the log. */
static inline struct json *last_logged(struct boxed *boxed)
{
	return boxed_get(boxed, "/_sandbox/log?last=1");
}

static inline void settings(struct boxed *boxed, const char *json)
{
	json_free(boxed_post(boxed, "/_sandbox/settings", json));
}

/* A row of a table of calls: what is sent, what must come. */
struct row {
	const char *method, *path, *type, *body;
	const char *code; /* Marketo's; "": success */
	const char *has;  /* in the answer's text; may be NULL */
	const char *rule; /* in the log's rule; may be NULL */
};

static inline void expect_row(struct boxed *boxed, const struct row *row)
{
	struct answer answer;
	struct json *reply, *log;
	const char *rule;

	talk_ask(&boxed->talk, &answer, row->method, row->path, row->type, row->body);
	reply = answer_json(&answer);
	if (answer.status != 200 || strcmp(reply_code(reply), row->code) != 0 || (row->has && !strstr(str_text(&answer.body), row->has)))
		fail_msg("%s %s %s: wanted '%s' with %s, got HTTP %ld %.400s", row->method, row->path, row->body ? row->body : "", row->code,
			row->has ? row->has : "anything", answer.status, str_text(&answer.body));
	assert_true(json_get_string(reply, "requestId") != NULL);
	log = last_logged(boxed);
	rule = json_get_string(json_first(log), "rule");
	if (row->rule && (!rule || !strstr(rule, row->rule)))
		fail_msg("%s %s: wanted the rule '%s' in the log, it is '%s'", row->method, row->path, row->rule, rule ? rule : "none");
	if (row->code[0] && !rule)
		fail_msg("%s %s: refused, but the log names no rule", row->method, row->path);
	json_free(log);
	json_free(reply);
	answer_done(&answer);
}

static inline void expect_rows(struct boxed *boxed, const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		expect_row(boxed, &rows[i]);
}

#define EXPECT_ROWS(boxed, rows) expect_rows(boxed, rows, sizeof(rows) / sizeof *(rows))

#endif
