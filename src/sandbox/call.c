/* A call on its way: through the door (the checks every call passes, in Marketo's order), a time of latency, out with an answer. */
#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "loop/loop.h"
#include "sandbox/box.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *code, *message;
} messages[] = {
	{ "601", "Access token invalid" },
	{ "602", "Access token expired" },
	{ "603", "Access denied" },
	{ "605", "HTTP Method not supported" },
	{ "606", "Max rate limit '100' exceeded with in '20' secs" },
	{ "607", "Daily quota reached" },
	{ "609", "Invalid JSON" },
	{ "610", "Requested resource not found" },
	{ "611", "System error" },
	{ "612", "Invalid Content Type" },
	{ "615", "Concurrent access limit reached" },
};

static const char gateway_404[] = "<html><body><h1>404 Not Found</h1></body></html>";
static const char gateway_413[] = "<html><body><h1>413 Request Entity Too Large</h1></body></html>";
static const char gateway_414[] = "<html><body><h1>414 Request-URI Too Large</h1></body></html>";

static const struct {
	const char *text;
	enum verb verb;
} verbs[] = { { "GET", VERB_GET }, { "POST", VERB_POST }, { "DELETE", VERB_DELETE } };

static enum verb verb_of(const char *text)
{
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
		if (strcmp(verbs[i].text, text) == 0)
			return verbs[i].verb;
	}
	return 0;
}

bool in_words(const char *words, const char *word)
{
	size_t length = strlen(word);

	if (length == 0 || strchr(word, ' '))
		return false;
	for (const char *at = strstr(words, word); at; at = strstr(at + 1, word)) {
		if (at > words && at[-1] == ' ' && at[length] == ' ')
			return true;
	}
	return false;
}

/* --- refusals --- */

void call_note(struct call *call, const char *format, ...)
{
	va_list arguments;

	if (call->rule.length)
		str_add(&call->rule, "; ");
	va_start(arguments, format);
	str_add_vformat(&call->rule, format, arguments);
	va_end(arguments);
}

void call_refuse(struct call *call, const char *code, const char *message, const char *rule, ...)
{
	va_list arguments;

	if (call->code[0])
		return;
	snprintf(call->code, sizeof call->code, "%s", code);
	va_start(arguments, rule);
	if (call->rule.length)
		str_add(&call->rule, "; ");
	str_add_vformat(&call->rule, rule, arguments);
	va_end(arguments);
	for (size_t i = 0; !message && i < sizeof messages / sizeof *messages; i++) {
		if (strcmp(messages[i].code, code) == 0)
			message = messages[i].message;
	}
	call->message = mem_strdup(message ? message : str_text(&call->rule));
}

bool call_refused(const struct call *call)
{
	return call->code[0] != '\0';
}

void call_failed(struct call *call, const struct error *err)
{
	call_refuse(call, "611", NULL, "the sandbox itself failed: %s", err->message);
}

/* An answer of the gateway in front of Marketo: no envelope. */
static void call_gateway(struct call *call, int http, const char *html, const char *rule)
{
	call->http = http;
	call->content_type = "text/html";
	str_add(&call->raw, html);
	call_note(call, "%s", rule);
}

/* --- going out --- */

static void put_refusal(struct call *call, struct json_out *w)
{
	json_array(w);
	if (call_refused(call)) {
		json_object(w);
		json_pair_string(w, "code", call->code);
		json_pair_string(w, "message", call->message);
		json_object_end(w);
	}
	json_array_end(w);
}

static void put_result(struct call *call, struct json_out *w)
{
	if (call->no_result || call_refused(call))
		return;
	json_name(w, "result");
	json_put_raw(w, call->result.length ? str_text(&call->result) : "[]", call->result.length ? call->result.length : 2);
}

static void envelope_lead(struct call *call, struct json_out *w)
{
	json_pair_string(w, "requestId", call->id);
	put_result(call, w);
	if (call->token[0])
		json_pair_string(w, "nextPageToken", call->token);
	/* Not in the swagger's ResponseOfStaticList. */
	if (call->token[0] && call->route->run != answer_lists_get)
		json_pair_bool(w, "moreResult", true);
	json_pair_bool(w, "success", !call_refused(call));
	if (call_refused(call)) {
		json_name(w, "errors");
		put_refusal(call, w);
	}
}

static void envelope_asset(struct call *call, struct json_out *w)
{
	json_pair_bool(w, "success", !call_refused(call));
	json_name(w, "errors");
	put_refusal(call, w);
	json_pair_string(w, "requestId", call->id);
	json_name(w, "warnings");
	json_array(w);
	if (call->warning && !call_refused(call))
		json_put_string(w, call->warning);
	json_array_end(w);
	put_result(call, w);
}

static bool is_asset(const struct call *call)
{
	return strncmp(request_path(call->request), "/rest/asset/", 12) == 0;
}

/* A call that hangs stays where it is until its client goes, which nobody tells us: its place is given back at once. */
static void hang(struct call *call)
{
	if (call->holds_slot)
		limits_leave(&call->box->limits);
	call->holds_slot = false;
}

static void send_answer(struct call *call, struct str *body, struct reply *reply, bool logged)
{
	bool sent = !call->spoilt || fault_spoil(&call->fault, body, reply);

	if (logged)
		logbook_write(&call->box->log, call);
	if (!sent && call->fault.kind == FAULT_HANG) {
		hang(call);
		return;
	}
	if (call->spoilt && call->fault.kind == FAULT_EXPIRE)
		tokens_expire(&call->box->tokens);
	if (sent)
		request_reply(call->request, reply);
	else if (call->fault.kind == FAULT_NOISE)
		request_noise(call->request);
	else
		request_drop(call->request);
	call_free(call);
}

static void call_finish(struct call *call, bool logged)
{
	struct reply reply = { .status = call->http, .content_type = call->content_type };
	struct str whole = { 0 };
	struct json_out w;

	if (call->raw.length == 0) {
		json_out_init(&w, &whole);
		json_object(&w);
		(is_asset(call) ? envelope_asset : envelope_lead)(call, &w);
		json_object_end(&w);
		reply.body = str_text(&whole);
		reply.length = whole.length;
	} else {
		reply.body = str_text(&call->raw);
		reply.length = call->raw.length;
	}
	if (call_refused(call))
		limits_error(&call->box->limits, call->code);
	if (call->spoilt && call->raw.length)
		str_add(&whole, str_text(&call->raw));
	send_answer(call, &whole, &reply, logged);
	str_done(&whole);
}

void call_free(struct call *call)
{
	struct sandbox *box = call->box;

	if (call->holds_slot)
		limits_leave(&box->limits);
	if (box->hold.call == call)
		box->hold.call = NULL;
	loop_cancel(box->loop, call->timer);
	if (call->previous)
		call->previous->next = call->next;
	else
		box->calls = call->next;
	if (call->next)
		call->next->previous = call->previous;
	if (call->plan_free)
		call->plan_free(call->plan);
	json_free(call->body);
	vec_done(&call->parameters);
	mem_free(call->form);
	mem_free(call->message);
	str_done(&call->raw);
	str_done(&call->result);
	str_done(&call->rule);
	str_done(&call->detail);
	mem_free(call);
}

/* --- the door --- */

/* No charset among the parameters of a Content-Type, or UTF-8. */
static bool charset_fits(const char *parameters)
{
	static const char name[] = "charset=";

	while (*parameters == ';') {
		char one[64];
		const char *text;
		size_t length = strcspn(parameters + 1, ";");

		snprintf(one, sizeof one, "%.*s", (int)length, parameters + 1);
		text = text_trim(one);
		if (text_case_has(text, name) && !text_case_eq(text, "charset=utf-8") && !text_case_eq(text, "charset=\"utf-8\""))
			return false;
		parameters += 1 + length;
	}
	return true;
}

static bool content_is(const struct call *call, const char *wanted)
{
	const char *type = request_header(call->request, "Content-Type");
	char kind[64];
	size_t length;

	if (!type)
		return false;
	length = strcspn(type, ";");
	snprintf(kind, sizeof kind, "%.*s", (int)length, type);
	return text_case_eq(text_trim(kind), wanted) && charset_fits(type + length);
}

/* `_method` turns a POST into something else: in the query or in a form body, whose parameters then count as the query's (414's way out). */
static void take_parameters(struct call *call)
{
	const struct serve_pair *pairs = request_parameters(call->request);
	size_t count = request_parameter_count(call->request), form = 0;
	const char *method;

	for (size_t i = 0; i < count; i++)
		vec_push(&call->parameters, pairs[i]);
	if (strcmp(call->verb_text, "POST") != 0)
		return;
	if (content_is(call, "application/x-www-form-urlencoded")) {
		call->form = serve_parameters(request_body(call->request), request_body_kept(call->request), &form);
		if (!call->form)
			call_refuse(call, "609", "Invalid form body", "the form body is not well formed");
		for (size_t i = 0; i < form; i++)
			vec_push(&call->parameters, call->form[i]);
	}
	method = call_parameter(call, "_method");
	if (method) {
		call->by_method = true;
		call->verb_text = method;
	}
}

/* Does path match, {} standing for digits? */
static bool path_matches(const char *pattern, const char *path, int64_t *number)
{
	const char *hole = strstr(pattern, "{}");
	size_t before = hole ? (size_t)(hole - pattern) : 0, digits;
	char text[20];
	long long value = 0;

	if (!hole)
		return strcmp(pattern, path) == 0;
	if (strncmp(pattern, path, before) != 0)
		return false;
	digits = strspn(path + before, "0123456789");
	if (digits == 0 || digits >= sizeof text || strcmp(path + before + digits, hole + 2) != 0)
		return false;
	snprintf(text, sizeof text, "%.*s", (int)digits, path + before);
	if (!text_to_i64(text, 0, INT64_MAX, &value))
		return false;
	*number = value;
	return true;
}

static void take_route(struct call *call)
{
	enum verb verb = verb_of(call->verb_text);
	bool known = false;
	size_t count;
	const struct route *table = routes(&count);

	for (size_t i = 0; i < count && !call->route; i++) {
		if (!path_matches(table[i].path, request_path(call->request), &call->number))
			continue;
		known = true;
		if (table[i].verb == verb)
			call->route = &table[i];
	}
	/* An unknown path (610) is counted, so it is refused behind the limits; a wrong method is not. */
	if (!call->route && known)
		call_refuse(call, "605", NULL, "%.20s is no method of this endpoint", call->verb_text);
}

/* Those of the swagger's collectionFormat "multi" may come again; name is one of several only where lists are asked for. */
static bool may_repeat(const struct call *call, const char *name)
{
	return in_words(" id filterValues fields programName workspaceName ", name) || (strcmp(name, "name") == 0 && call->route->shape == SHAPE_LEAD);
}

const char *call_doubled(const struct call *call)
{
	for (size_t i = 1; i < call->parameters.count; i++) {
		const char *name = call->parameters.at[i].name;

		for (size_t j = 0; j < i && !(call->route && may_repeat(call, name)); j++) {
			if (strcmp(call->parameters.at[j].name, name) == 0)
				return name;
		}
	}
	return NULL;
}

static void check_parameters(struct call *call)
{
	size_t of_query = request_parameter_count(call->request);
	bool form = call->route->body == BODY_FORM || call->route->body == BODY_FORM_OPTIONAL;

	for (size_t i = 0; i < call->parameters.count; i++) {
		const char *name = call->parameters.at[i].name;

		if (call->by_method && strcmp(name, "_method") == 0)
			continue;
		if (!in_words(call->route->parameters, name))
			call_refuse(call, "1003", NULL, "unknown parameter '%.60s'", name);
		else if (form && !call->by_method && i < of_query)
			call_refuse(call, "1003", NULL, "parameter '%.60s' belongs into the form body, not into the query", name);
		else if (strcmp(name, "listId") == 0 && strtoll(call->parameters.at[i].value, NULL, 10) != call->number)
			call_refuse(call, "1003", NULL, "listId is not the list of the path");
	}
	/* All names are known by now, so few are looked at before one comes again. */
	if (!call_refused(call) && call_doubled(call))
		call_refuse(call, "1003", NULL, "parameter '%.60s' came twice", call_doubled(call));
}

static void check_body(struct call *call)
{
	enum body_kind kind = call->route->body;
	bool json = kind == BODY_JSON || kind == BODY_JSON_OPTIONAL;
	size_t length = request_body_kept(call->request);

	if (call->form && (call->by_method || !json))
		return;
	if (length == 0 && (kind == BODY_NONE || kind == BODY_JSON_OPTIONAL || kind == BODY_FORM_OPTIONAL))
		return;
	if (kind == BODY_NONE) {
		call_refuse(call, "1003", NULL, "a body came where none is expected");
		return;
	}
	if (!content_is(call, json ? "application/json" : "application/x-www-form-urlencoded")) {
		call_refuse(call, "612", NULL, "Content-Type must be %s", json ? "application/json" : "application/x-www-form-urlencoded");
		return;
	}
	if (json)
		call->body = call_json(call, "the body", request_body(call->request), length);
}

/* What the gateway refuses before Marketo sees it. */
static bool gateway_refuses(struct call *call)
{
	if (request_target_length(call->request) > URI_MAX)
		call_gateway(call, 414, gateway_414, "URI over 8 KB");
	else if (request_body_length(call->request) > BODY_MAX)
		call_gateway(call, 413, gateway_413, "body over 1 MB");
	else if (strstr(request_raw_path(call->request), "//"))
		call_gateway(call, 404, gateway_404, "double slash in the path");
	return call->raw.length > 0;
}

static void check_identity(struct call *call)
{
	const char *code = tokens_refuse(&call->box->tokens, request_header(call->request, "Authorization"));

	if (call_parameter(call, "access_token"))
		call_refuse(call, "601", NULL, "the access_token parameter was removed in 2026: send the Authorization header");
	else if (code)
		call_refuse(call, code, NULL, "%s", strcmp(code, "602") == 0 ? "the token has expired" : "no valid token in the Authorization header");
}

/* What the limits refuse is no code of those that count for nothing (marketo-api 2): who goes on calling stays locked out. */
static void check_limits(struct call *call)
{
	const char *code = limits_refuse(&call->box->limits);

	limits_count(&call->box->limits);
	call->counted = true;
	if (code) {
		call_refuse(call, code, NULL, "limit reached: %s",
			strcmp(code, "606") == 0 ? "100 calls in 20 s" : strcmp(code, "607") == 0 ? "daily quota" : "10 calls at once");
		return;
	}
	limits_enter(&call->box->limits);
	call->holds_slot = true;
}

static void check_call(struct call *call)
{
	if (!call->route)
		call_refuse(call, "610", NULL, "no such path");
	else if (call->route->permissions && !(call->route->permissions & call->box->permissions))
		call_refuse(call, "603", NULL, "the role of the API user lacks the permission for this call");
	if (!call_refused(call))
		check_body(call);
	if (!call_refused(call))
		check_parameters(call);
}

void call_execute(struct call *call)
{
	if (!call_refused(call) && (!call->spoilt || call->fault.runs))
		call->route->run(call);
}

void call_end(struct call *call)
{
	call_finish(call, true);
}

static void call_run(void *self)
{
	struct call *call = self;

	call->timer = 0;
	if (hold_keeps(call))
		return;
	call_execute(call);
	call_end(call);
}

static struct call *call_new(struct sandbox *box, struct request *request)
{
	struct call *call = mem_alloc(sizeof *call);

	call->box = box;
	call->request = request;
	call->http = 200;
	call->arrived_wall = clock_wall_ms();
	call->arrived_mono = clock_mono_ms();
	call->verb_text = request_method(request);
	snprintf(call->id, sizeof call->id, "%llx#%llx", (unsigned long long)box->requests++ + 0x1000, (unsigned long long)call->arrived_wall);
	call->next = box->calls;
	if (call->next)
		call->next->previous = call;
	box->calls = call;
	return call;
}

static bool meets_fault(struct call *call, bool named)
{
	const struct fault *fault = faults_pick(&call->box->faults, request_path(call->request), named);

	if (!fault)
		return false;
	call->fault = *fault;
	call->spoilt = true;
	call_note(call, "a fault was asked for");
	return true;
}

/* True when a fault refuses the call before the limits look at it. */
static bool take_fault(struct call *call)
{
	if (!meets_fault(call, false) || !fault_is_uncounted(&call->fault))
		return false;
	call->spoilt = false;
	call_refuse(call, call->fault.code, NULL, "as asked for");
	return true;
}

static void take_identity(struct call *call)
{
	meets_fault(call, true);
	if (!call->spoilt || call->fault.runs)
		token_answer(call);
}

/* True when the call was let in: then it takes its time, refused or not. */
static bool call_enter(struct call *call)
{
	if (gateway_refuses(call))
		return false;
	take_parameters(call);
	if (strcmp(request_path(call->request), "/identity/oauth/token") == 0) {
		take_identity(call);
		return false;
	}
	if (!call_refused(call))
		check_identity(call);
	if (!call_refused(call))
		take_route(call);
	if (!call_refused(call) && !take_fault(call))
		check_limits(call);
	if (call_refused(call))
		return false;
	check_call(call);
	if (!call_refused(call) && call->route->arrive)
		call->route->arrive(call);
	return true;
}

static void enter_or_answer(struct call *call)
{
	struct sandbox *box = call->box;
	bool entered = call_enter(call);
	int wait = entered ? box->latency_ms + (call->spoilt ? fault_extra_ms(&call->fault) : 0) : 0;

	call->at_once = box->limits.in_flight;
	call->in_window = limits_in_window(&box->limits);
	if (entered)
		hold_count(call);
	if (!entered)
		call_finish(call, true);
	else if (wait > 0)
		call->timer = loop_after(box->loop, wait, call_run, call);
	else
		call_run(call);
}

static void on_request(void *self, struct request *request)
{
	struct call *call = call_new(self, request);

	if (strncmp(request_path(request), "/_sandbox/", 10) != 0) {
		enter_or_answer(call);
		return;
	}
	take_parameters(call);
	hook_answer(call);
	call_finish(call, false);
}

static size_t on_body_limit(void *self, const char *method, const char *path)
{
	(void)self;
	(void)method;
	(void)path;
	return BODY_MAX;
}

const struct serve_handler call_handler = { .request = on_request, .body_limit = on_body_limit };
