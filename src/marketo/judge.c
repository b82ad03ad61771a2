/* What a reply means. No I/O here: the table test over recorded replies goes through these functions. */
#include "marketo/judge.h"

#include "base/i18n.h"
#include "base/text.h"
#include "marketo/codes.h"

#include <stdio.h>
#include <string.h>

enum { TOKEN_LIFE_UNTOLD = 300, TOKEN_LIFE_MAX = 24 * 3600, TOKEN_LENGTH_MAX = 4096 };

static const enum code_verdict verdicts[] = {
	[CODE_RETRY] = VERDICT_RETRY,
	[CODE_RETRY_LIMITED] = VERDICT_RETRY_LIMITED,
	[CODE_WAIT_RATE] = VERDICT_RATE,
	[CODE_WAIT_QUOTA] = VERDICT_QUOTA,
	[CODE_REFRESH] = VERDICT_REFRESH,
	[CODE_SPLIT] = VERDICT_SPLIT,
	[CODE_ABORT] = VERDICT_ABORT,
	[CODE_RECORD] = VERDICT_ABORT,
	[CODE_EXISTING] = VERDICT_EXISTING,
};

void clean_into(char *out, size_t size, const char *text)
{
	struct str clean = { 0 };
	size_t length = text ? strlen(text) : 0;

	/* A replaced byte becomes three: what is cut here could never be shown anyway. */
	text_clean(&clean, text ? text : "", length < size ? length : size);
	snprintf(out, size, "%.*s", (int)text_cut(str_text(&clean), clean.length, size - 1), str_text(&clean));
	str_done(&clean);
}

void code_text(const struct json *value, char out[32])
{
	const char *text = json_kind(value) == JSON_NUMBER ? json_number_text(value) : json_string(value);

	clean_into(out, 32, text);
}

static void set_code(struct verdict *verdict, const char *code, const char *message)
{
	const struct code_row *row = code_find(code, false);

	verdict->kind = verdicts[row->action];
	verdict->unknown = row->unknown;
	verdict->counted = row->counted;
	snprintf(verdict->code, sizeof verdict->code, "%s", code);
	clean_into(verdict->message, sizeof verdict->message, message && *message ? message : _(row->meaning));
}

static void set_own(struct verdict *verdict, enum code_verdict kind, bool is_unknown, const char *code, const char *message)
{
	verdict->kind = kind;
	verdict->unknown = is_unknown;
	snprintf(verdict->code, sizeof verdict->code, "%s", code);
	clean_into(verdict->message, sizeof verdict->message, message);
}

/* success:false, or errors without a word of success: the first error decides. */
static void judge_errors(struct verdict *verdict, const struct json *body)
{
	const struct json *errors = json_get(body, "errors"), *first = json_kind(errors) == JSON_ARRAY ? json_first(errors) : errors;
	const char *message = json_get_string(first, "message"), *known;
	char code[32];

	code_text(json_get(first, "code"), code);
	known = code[0] ? code : code_of_text(message);
	if (known[0]) {
		set_code(verdict, known, message);
		return;
	}
	/* Refused without a number: certainly not executed, and nobody knows why. */
	set_own(verdict, VERDICT_RETRY_LIMITED, false, "reply", message ? message : _("Marketo refused the request without saying why"));
}

bool is_envelope(const struct json *body)
{
	const struct json *success = json_get(body, "success"), *errors = json_get(body, "errors");

	if (json_kind(success) == JSON_TRUE || json_kind(success) == JSON_FALSE)
		return true;
	return json_first(errors) != NULL;
}

/* HTTP statuses that mean the same as a code, where no Marketo reply tells more. */
static const struct {
	int status;
	const char *code;
} statuses[] = {
	{ 401, "601" }, { 403, "603" }, { 404, "610" }, { 405, "605" }, { 408, "604" }, { 413, "413" }, { 414, "414" }, { 415, "612" }, { 429, "606" },
	{ 500, "500" }, { 502, "502" }, { 503, "503" }, { 504, "504" },
};

static void judge_status(struct verdict *verdict, const struct net_reply *reply)
{
	char said[128];

	if (reply->http_status >= 200 && reply->http_status < 300) {
		snprintf(said, sizeof said, _("the reply is not one of Marketo's (HTTP %d, %.64s)"), reply->http_status,
			reply->content_type[0] ? reply->content_type : _("no content type"));
		set_own(verdict, VERDICT_RETRY, true, "reply", said);
		return;
	}
	snprintf(said, sizeof said, _("HTTP %d"), reply->http_status);
	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
		if (statuses[i].status != reply->http_status)
			continue;
		set_code(verdict, statuses[i].code, NULL);
		snprintf(verdict->message + strlen(verdict->message), sizeof verdict->message - strlen(verdict->message), " (%s)", said);
		return;
	}
	/* Another 5xx is trouble of a server and may pass; anything else says that this address does not speak Marketo's language. */
	if (reply->http_status >= 500)
		set_own(verdict, VERDICT_RETRY, true, "reply", said);
	else
		set_own(verdict, VERDICT_ABORT, false, "reply", said);
}

/* Endings without a reply. */
static const struct {
	enum net_result result;
	enum code_verdict kind;
	bool unknown;
	const char *code;
} endings[] = {
	{ NET_DNS, VERDICT_RETRY_LIMITED, false, "dns" },
	{ NET_CONNECT, VERDICT_RETRY, false, "network" },
	{ NET_TLS, VERDICT_ABORT, false, "tls" },
	{ NET_CUT, VERDICT_RETRY, true, "network" },
	{ NET_TIMEOUT, VERDICT_RETRY, true, "network" },
	{ NET_TOO_LARGE, VERDICT_RETRY_LIMITED, true, "reply" },
	{ NET_CANCELLED, VERDICT_RETRY, true, "network" },
};

static bool judge_ending(struct verdict *verdict, const struct net_reply *reply)
{
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		if (endings[i].result != reply->result)
			continue;
		set_own(verdict, endings[i].kind, endings[i].unknown, endings[i].code, reply->detail);
		return true;
	}
	return false;
}

struct verdict marketo_judge(const struct net_reply *reply, const struct json *body)
{
	struct verdict verdict = { .kind = VERDICT_OK, .counted = true };

	if (judge_ending(&verdict, reply))
		return verdict;
	clean_into(verdict.request_id, sizeof verdict.request_id, json_get_string(body, "requestId"));
	if (!is_envelope(body))
		judge_status(&verdict, reply);
	else if (!json_is_true(json_get(body, "success")))
		judge_errors(&verdict, body);
	else if (reply->http_status < 200 || reply->http_status >= 300)
		judge_status(&verdict, reply);
	return verdict;
}

/* A token goes into a header: nothing but visible ASCII may stand there. */
static bool is_token(const char *text)
{
	size_t length = text ? strlen(text) : 0;

	if (!length || length > TOKEN_LENGTH_MAX)
		return false;
	for (const char *at = text; *at; at++)
		if (*at <= ' ' || *at > '~')
			return false;
	return true;
}

/* A code that has no row of its own; "reply" stands for none at all. */
static bool is_undocumented(const char *code)
{
	return strcmp(code, "reply") != 0 && !code_find(code, false)->code[0];
}

static void judge_token_refusal(struct verdict *verdict, const struct net_reply *reply, const struct json *body)
{
	const char *said = json_get_string(body, "error_description");

	said = said ? said : json_get_string(body, "error");
	if (reply->http_status == 400 || reply->http_status == 401 || reply->http_status == 403 || (said && reply->http_status < 500)) {
		set_own(verdict, VERDICT_ABORT, false, "credentials", said ? said : _("the identity service refuses the client id and secret"));
		return;
	}
	if (!is_envelope(body)) {
		judge_status(verdict, reply);
		return;
	}
	if (json_is_true(json_get(body, "success"))) {
		set_own(verdict, VERDICT_RETRY_LIMITED, false, "reply", _("the identity service gave no token"));
		return;
	}
	judge_errors(verdict, body);
	/* There is no token to refresh here, and an error that is in no book is no passing trouble of a login. */
	if (verdict->kind == VERDICT_REFRESH)
		verdict->kind = VERDICT_RETRY_LIMITED;
	else if (verdict->kind == VERDICT_SPLIT || verdict->kind == VERDICT_EXISTING || verdict->kind == VERDICT_QUOTA || is_undocumented(verdict->code))
		verdict->kind = VERDICT_ABORT;
}

static int64_t life_of(const struct json *body)
{
	const struct json *value = json_get(body, "expires_in");
	int64_t seconds;
	double fraction;

	if (json_i64(value, &seconds))
		return seconds < TOKEN_LIFE_MAX ? seconds : TOKEN_LIFE_MAX;
	if (json_double(value, &fraction))
		return fraction < 1 ? 0 : fraction < TOKEN_LIFE_MAX ? (int64_t)fraction : TOKEN_LIFE_MAX;
	return TOKEN_LIFE_UNTOLD;
}

struct token_verdict marketo_judge_token(const struct net_reply *reply, const struct json *body)
{
	struct token_verdict verdict = { .verdict = { .kind = VERDICT_OK } };
	const char *token = json_get_string(body, "access_token");

	if (judge_ending(&verdict.verdict, reply))
		return verdict;
	clean_into(verdict.verdict.request_id, sizeof verdict.verdict.request_id, json_get_string(body, "requestId"));
	if (reply->http_status != 200 || !is_token(token)) {
		judge_token_refusal(&verdict.verdict, reply, body);
		return verdict;
	}
	verdict.expires_in = life_of(body);
	verdict.scope = json_get_string(body, "scope");
	if (verdict.expires_in > 0) {
		verdict.token = token;
		return verdict;
	}
	verdict.lifeless = token;
	set_own(&verdict.verdict, VERDICT_REFRESH, false, "reply", _("the token has no life left"));
	return verdict;
}
