/*
 * Faults on demand, for tests and for who wants to see what a bad day looks like: KIND[:PERCENT][+N][@PART], of all calls or of those whose path holds PART; the N-th of them is
 * struck for sure. What is drawn is drawn from a fixed seed, so that a run can be repeated. The identity service is struck only where PART names it.
 */
#include "base/decimal.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "sandbox/box.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DRIP_MS = 50, MILLION = 1000000, CERTAIN_MAX = 1000000, LATE_MS = 100 * 1000 /* longer than any call's time-out (marketo-api 3) */ };

static const struct {
	const char *name;
	enum fault_kind kind;
	bool runs; /* the call is carried out, whatever is answered */
} names[] = {
	{ "cut-before", FAULT_CUT, false },
	{ "cut-after", FAULT_CUT, true },
	{ "half", FAULT_HALF, true },
	{ "drip", FAULT_DRIP, true },
	{ "garbage", FAULT_GARBAGE, true },
	{ "html", FAULT_HTML, false },
	{ "hang", FAULT_HANG, false },
	{ "hang-after", FAULT_HANG, true },
	{ "short", FAULT_SHORT, true },
	{ "late", FAULT_LATE, true },
	{ "close", FAULT_CLOSE, true },
	{ "stale", FAULT_STALE, true },
	{ "noise", FAULT_NOISE, false },
	{ "noise-after", FAULT_NOISE, true },
	{ "expire", FAULT_EXPIRE, true },
};

/* Refused before they are counted (marketo-api 2). */
static const char uncounted[] = " 601 602 604 605 608 611 ";

static bool is_number(const char *text, size_t length, int low, int high)
{
	char digits[8];
	long long number;

	if (length >= sizeof digits)
		return false;
	snprintf(digits, sizeof digits, "%.*s", (int)length, text);
	return text_to_i64(digits, low, high, &number);
}

/* A number of Marketo's tables: HTTP statuses, codes of a whole response, codes of one record (marketo-api 2). */
static const struct {
	const char *prefix;
	enum fault_kind kind;
	int low, high;
} numbered[] = {
	{ "http-", FAULT_HTTP, 400, 599 },
	{ "record-", FAULT_RECORD, 1000, 1099 },
	{ "", FAULT_CODE, 500, 799 },
	{ "", FAULT_CODE, 1000, 1099 },
};

/* "604", "604-after", "http-502", "http-502-after", "record-1003". */
static bool parse_number(const char *text, size_t length, size_t row, struct fault *fault)
{
	static const char after[] = "-after";
	size_t prefix = strlen(numbered[row].prefix);

	if (length < prefix || strncmp(text, numbered[row].prefix, prefix) != 0)
		return false;
	text += prefix;
	length -= prefix;
	fault->kind = numbered[row].kind;
	fault->runs = fault->kind == FAULT_RECORD;
	if (!fault->runs && length > sizeof after - 1 && strncmp(text + length - (sizeof after - 1), after, sizeof after - 1) == 0) {
		fault->runs = true;
		length -= sizeof after - 1;
	}
	snprintf(fault->code, sizeof fault->code, "%.*s", (int)length, text);
	return is_number(text, length, numbered[row].low, numbered[row].high);
}

static bool parse_kind(const char *text, size_t length, struct fault *fault)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strlen(names[i].name) != length || strncmp(text, names[i].name, length) != 0)
			continue;
		fault->kind = names[i].kind;
		fault->runs = names[i].runs;
		return true;
	}
	for (size_t row = 0; row < sizeof numbered / sizeof *numbered; row++)
		if (parse_number(text, length, row, fault))
			return true;
	return false;
}

/* Percent with up to four places, as parts of a million. */
static bool parse_share(const char *text, size_t length, int *share)
{
	char number[16];
	double percent;

	if (length == 0 || length >= sizeof number)
		return false;
	snprintf(number, sizeof number, "%.*s", (int)length, text);
	if (!decimal_read(number, &percent) || percent <= 0 || percent > 100)
		return false;
	*share = (int)(percent * MILLION / 100 + 0.5);
	return true;
}

/* "+3": the third call is struck for sure. Nothing else is struck where no percentage stands beside it. */
static bool parse_certain(const char *text, size_t length, struct fault *fault)
{
	long long certain;
	char digits[16];

	if (length >= sizeof digits)
		return false;
	snprintf(digits, sizeof digits, "%.*s", (int)length, text);
	if (!text_to_i64(digits, 1, CERTAIN_MAX, &certain))
		return false;
	fault->certain = certain;
	return true;
}

static bool parse(const char *spec, size_t length, struct fault *fault)
{
	const char *end = spec + length, *plus = memchr(spec, '+', length), *shared = plus ? plus : end, *colon = memchr(spec, ':', (size_t)(shared - spec));

	size_t kind = (size_t)((colon ? colon : shared) - spec);

	fault->share = plus && !colon ? 0 : MILLION;
	snprintf(fault->name, sizeof fault->name, "%.*s", (int)kind, spec);
	return parse_kind(spec, kind, fault) && (!plus || parse_certain(plus + 1, (size_t)(end - plus - 1), fault)) &&
		(!colon || parse_share(colon + 1, (size_t)(shared - colon - 1), &fault->share));
}

enum status faults_add(struct faults *faults, const char *spec, struct error *err)
{
	struct fault fault = { 0 };
	const char *part = strchr(spec, '@');

	if (!parse(spec, part ? (size_t)(part - spec) : strlen(spec), &fault)) {
		error_set(err, STATUS_USAGE, "usage", _("%s is no fault"), spec);
		error_hint(err, _("write KIND[:PERCENT][+N][@PART]: a code as 606 or 604-after, http-502, record-1003, cut-before, cut-after, half, drip, garbage, html, hang, hang-after, late, "
			"short, close, stale, noise, noise-after, expire"));
		return STATUS_USAGE;
	}
	fault.part = part ? mem_strdup(part + 1) : NULL;
	vec_push(&faults->list, fault);
	return STATUS_OK;
}

void faults_clear(struct faults *faults)
{
	for (size_t i = 0; i < faults->list.count; i++)
		mem_free(faults->list.at[i].part);
	vec_done(&faults->list);
	faults->drawn = 0;
}

/* A number below a million, of a sequence that is always the same (splitmix64). */
static int draw(struct faults *faults)
{
	uint64_t z = ++faults->drawn * 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return (int)((z ^ (z >> 31)) % MILLION);
}

const struct fault *faults_pick(struct faults *faults, const char *path, bool named)
{
	for (size_t i = 0; i < faults->list.count; i++) {
		struct fault *fault = &faults->list.at[i];
		bool drawn;

		if (fault->part ? !strstr(path, fault->part) : named)
			continue;
		drawn = fault->share && draw(faults) < fault->share;
		if (++fault->seen == fault->certain || drawn)
			return fault;
	}
	return NULL;
}

int fault_extra_ms(const struct fault *fault)
{
	return fault->kind == FAULT_LATE ? LATE_MS : 0;
}

const char *fault_of_record(const struct call *call, size_t index)
{
	return call->spoilt && call->fault.kind == FAULT_RECORD && index == 0 ? call->fault.code : NULL;
}

bool fault_is_uncounted(const struct fault *fault)
{
	return fault->kind == FAULT_CODE && !fault->runs && in_words(uncounted, fault->code);
}

/* The last result is missing, although all were carried out. */
static void shorten(struct str *body)
{
	struct json *whole = json_parse(str_text(body), body->length, NULL, NULL);
	struct str out = { 0 };
	struct json_out w;

	json_out_init(&w, &out);
	json_object(&w);
	for (const struct json *one = json_first(whole); one; one = json_next(one)) {
		json_name(&w, json_key(one));
		if (strcmp(json_key(one), "result") == 0 && json_count(one)) {
			json_array(&w);
			for (const struct json *row = json_first(one); json_next(row); row = json_next(row)) {
				struct str text = { 0 };

				json_write(&text, row);
				json_put_raw(&w, str_text(&text), text.length);
				str_done(&text);
			}
			json_array_end(&w);
		} else {
			struct str text = { 0 };

			json_write(&text, one);
			json_put_raw(&w, str_text(&text), text.length);
			str_done(&text);
		}
	}
	json_object_end(&w);
	json_free(whole);
	str_clear(body);
	str_add(body, str_text(&out));
	str_done(&out);
}

static void put_refusal(const struct fault *fault, struct str *body)
{
	str_clear(body);
	str_add_format(body, "{\"requestId\":\"fault\",\"success\":false,\"errors\":[{\"code\":\"%s\",\"message\":\"A fault that was asked for\"}]}", fault->code);
}

static void put_page(struct str *body)
{
	str_clear(body);
	str_add(body, "<html><body>The service is not available. {\"success\":true}</body></html>");
}

bool fault_spoil(const struct fault *fault, struct str *body, struct reply *reply)
{
	switch (fault->kind) {
	case FAULT_CODE:
		put_refusal(fault, body);
		break;
	case FAULT_HTTP:
		put_page(body);
		reply->status = (int)strtol(fault->code, NULL, 10);
		reply->content_type = "text/html";
		break;
	case FAULT_HTML:
		put_page(body);
		reply->content_type = "text/html";
		break;
	case FAULT_GARBAGE:
		str_clear(body);
		str_add(body, "\x01\xff{\"success\":true,\"result\":[{\"id\":");
		break;
	case FAULT_SHORT:
		shorten(body);
		break;
	case FAULT_HALF:
		reply->cut_at = body->length / 2 ? body->length / 2 : 1;
		break;
	case FAULT_DRIP:
		reply->drip_ms = DRIP_MS;
		break;
	case FAULT_CLOSE:
		reply->closes = true;
		return true;
	case FAULT_STALE:
		reply->deafens = true;
		return true;
	case FAULT_EXPIRE:
	case FAULT_LATE:
	case FAULT_RECORD:
		return true;
	case FAULT_CUT:
	case FAULT_HANG:
	case FAULT_NOISE:
		return false;
	}
	reply->body = str_text(body);
	reply->length = body->length;
	return true;
}
