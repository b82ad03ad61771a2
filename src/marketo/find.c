/*
 * Looking people up by the values of a searchable field. The values are asked in ranges: first all that can stand in one list, then each one that
 * holds a comma by itself. A range that matches too many people (1003) is asked again in halves. Replies are joined by the field's value only.
 */
#include "marketo/leads.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/vec.h"
#include "marketo/client.h"

#include <stdlib.h>
#include <string.h>

enum {
	FIND_TIMEOUT_MS = 65 * 1000, /* the server gives up after 60 s (marketo-api 3) */
	EMPTY_PAGES_MAX = 32,        /* in a row */
	PEOPLE_MAX = 9600,           /* of one range: at most 1,000 match, however few of them stand on a page */
};

struct key {
	char *text; /* in lower case */
	size_t value; /* index of the caller's value */
};

struct range {
	size_t first, count; /* in `order` */
};

struct find {
	struct marketo *m;
	char *filter;
	struct str texts;          /* all values, each with its NUL */
	size_t *offsets;           /* by value, into texts */
	size_t *order;             /* values without a comma, then those with one */
	struct key *keys;          /* by text, to join */
	size_t count;
	bool is_email;             /* case tells no two of them apart */
	VEC(struct range) ranges;  /* still to ask; the last one is being asked */
	char *page;                /* of that one; NULL: the first */
	size_t people;             /* who came of that range .. */
	int empty_pages;           /* .. and how many pages without anybody since */
	size_t mark;               /* matches before that range */
	VEC(struct lead_match) matches;
	matches_done done;
	void *self;
};

static const char *value_text(const struct find *find, size_t value)
{
	return find->texts.text + find->offsets[value];
}

static int compare_keys(const void *a, const void *b)
{
	const struct key *left = a, *right = b;
	int order = strcmp(left->text, right->text);

	return order ? order : (left->value > right->value) - (left->value < right->value);
}

static void find_free(struct find *find)
{
	for (size_t i = 0; find->keys && i < find->count; i++)
		mem_free(find->keys[i].text);
	mem_free(find->filter);
	mem_free(find->offsets);
	mem_free(find->order);
	mem_free(find->keys);
	mem_free(find->page);
	str_done(&find->texts);
	vec_done(&find->ranges);
	vec_done(&find->matches);
	mem_free(find);
}

/* Who fits a value only but for case does not where somebody fits it to the letter. */
static void prefer_exact(struct find *find)
{
	bool *exactly = mem_array(find->count, sizeof *exactly);
	size_t kept = 0;

	for (size_t i = 0; i < find->matches.count; i++)
		exactly[find->matches.at[i].value] |= find->matches.at[i].exactly;
	for (size_t i = 0; i < find->matches.count; i++)
		if (find->matches.at[i].exactly || !exactly[find->matches.at[i].value])
			find->matches.at[kept++] = find->matches.at[i];
	find->matches.count = kept;
	mem_free(exactly);
}

static void finish(struct find *find, const struct marketo_answer *answer)
{
	prefer_exact(find);
	find->done(find->self, answer, find->matches.at, answer->outcome == OUTCOME_OK ? find->matches.count : 0);
	find_free(find);
}

/* The reply cannot be joined with what was asked, or never ends. */
static void finish_distrusting(struct find *find, const struct marketo_answer *answer, const char *why)
{
	struct marketo_answer bad = *answer;

	bad.outcome = OUTCOME_REFUSED;
	bad.envelope = bad.result = NULL;
	error_set(&bad.error, STATUS_FAILED, "reply", _("looking people up: %s"), why);
	error_request(&bad.error, answer->request_id);
	finish(find, &bad);
}

static const char *json_text(const struct json *value)
{
	return json_kind(value) == JSON_NUMBER ? json_number_text(value) : json_string(value);
}

static int64_t time_of(const struct json *lead, const char *name)
{
	const char *text = json_get_string(lead, name);
	int64_t ms = 0;

	return text && clock_parse(text, &ms, NULL) ? ms : 0;
}

static size_t first_key(const struct find *find, const char *text)
{
	size_t low = 0, high = find->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(find->keys[middle].text, text) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_asked(const struct find *find, size_t first, size_t end, const char *text)
{
	for (size_t i = first; i < end; i++)
		if (strcmp(value_text(find, find->keys[i].value), text) == 0)
			return true;
	return false;
}

/*
 * Whom this value of a person's field answers. The documentation does not tell whether Marketo looks at case: where it does not, what comes back is written as it is
 * kept there. So a value is taken for the one that was asked like that, letter by letter, and when none was, for those that differ in case only.
 */
static void match(struct find *find, struct lead_match match, const char *text)
{
	char *folded = mem_strdup(text);
	size_t first, end;
	bool exactly;

	text_lower(folded);
	for (first = end = first_key(find, folded); end < find->count && strcmp(find->keys[end].text, folded) == 0;)
		end++;
	exactly = !find->is_email && is_asked(find, first, end, text);
	for (size_t i = first; i < end; i++) {
		match.value = find->keys[i].value;
		match.exactly = exactly && strcmp(value_text(find, match.value), text) == 0;
		if (!exactly || match.exactly)
			vec_push(&find->matches, match);
	}
	mem_free(folded);
}

/* False: the person does not carry the field that was asked for, so nobody can say whom it matches. */
static bool join(struct find *find, const struct json *lead)
{
	const struct json *field = json_get(lead, find->filter);
	struct lead_match found = { .updated_at = time_of(lead, "updatedAt"), .created_at = time_of(lead, "createdAt") };
	const char *text = json_text(field);

	if (!field || !json_i64(json_get(lead, "id"), &found.id) || found.id <= 0)
		return false;
	if (text)
		match(find, found, text);
	return true;
}

static void ask(struct find *find);

static void next_range(struct find *find, const struct marketo_answer *answer)
{
	mem_free(find->page);
	find->page = NULL;
	find->people = 0;
	find->empty_pages = 0;
	find->mark = find->matches.count;
	if (find->ranges.count)
		ask(find);
	else
		finish(find, answer);
}

/* Too many people match, or the request was too long: in halves. A single value that matches too many matches nobody in particular. */
static void halve(struct find *find, const struct marketo_answer *answer)
{
	struct range range = find->ranges.at[--find->ranges.count];
	struct marketo_answer none = { .outcome = OUTCOME_OK, .milliseconds = answer->milliseconds, .connect_ms = -1, .tls_ms = -1 };

	find->matches.count = find->mark;
	memcpy(none.request_id, answer->request_id, sizeof none.request_id);
	if (range.count > 1) {
		struct range back = { .first = range.first + range.count / 2, .count = range.count - range.count / 2 };

		range.count /= 2;
		vec_push(&find->ranges, back);
		vec_push(&find->ranges, range);
	}
	next_range(find, &none);
}

/* Whether these pages lead nowhere. */
static bool is_endless(struct find *find, const struct marketo_answer *answer, const char *page)
{
	size_t count = marketo_result_count(answer);

	find->people += count;
	find->empty_pages = count ? 0 : find->empty_pages + 1;
	return find->people > PEOPLE_MAX || find->empty_pages >= EMPTY_PAGES_MAX || (find->page && strcmp(find->page, page) == 0);
}

static void on_page(void *self, const struct marketo_answer *answer)
{
	struct find *find = self;
	const char *page = marketo_next_page(answer);

	if (answer->outcome == OUTCOME_SPLIT || (answer->outcome == OUTCOME_REFUSED && strcmp(answer->error.code, "1003") == 0)) {
		halve(find, answer);
		return;
	}
	if (answer->outcome != OUTCOME_OK) {
		finish(find, answer);
		return;
	}
	for (const struct json *lead = marketo_result_first(answer); lead; lead = marketo_result_next(answer, lead)) {
		if (!join(find, lead)) {
			finish_distrusting(find, answer, _("Marketo's reply names people without the field that was asked for"));
			return;
		}
	}
	if (!page) {
		find->ranges.count--;
		next_range(find, answer);
	} else if (is_endless(find, answer, page)) {
		finish_distrusting(find, answer, _("Marketo's pages never end"));
	} else {
		mem_replace(&find->page, page);
		ask(find);
	}
}

static void render_query(const struct find *find, struct str *query)
{
	const struct range *range = &find->ranges.at[find->ranges.count - 1];

	str_add(query, "filterType=");
	str_add_url(query, find->filter);
	str_add(query, "&filterValues=");
	for (size_t i = 0; i < range->count; i++) {
		if (i)
			str_add_char(query, ',');
		str_add_url(query, value_text(find, find->order[range->first + i]));
	}
	str_add(query, "&fields=id,updatedAt,createdAt");
	if (strcmp(find->filter, "id") != 0) {
		str_add_char(query, ',');
		str_add_url(query, find->filter);
	}
	str_add_format(query, "&batchSize=%d", MARKETO_BATCH);
	if (find->page) {
		str_add(query, "&nextPageToken=");
		str_add_url(query, find->page);
	}
}

static void ask(struct find *find)
{
	struct str query = { 0 };
	struct marketo_request request = {
		.kind = CALL_LOOKUP,
		.method = "GET",
		.path = "/v1/leads.json",
		.timeout_ms = FIND_TIMEOUT_MS,
		.records = find->ranges.at[find->ranges.count - 1].count,
		.permission = N_("Read-Only Lead"),
		.what = N_("looking people up"),
	};

	render_query(find, &query);
	request.query = str_text(&query);
	marketo_call(find->m, &request, on_page, find);
	str_done(&query);
}

static void set_values(struct find *find, const char *const *values)
{
	size_t plain = 0, with_comma = find->count;

	for (size_t i = 0; i < find->count; i++) {
		find->offsets[i] = find->texts.length;
		str_add_bytes(&find->texts, values[i], strlen(values[i]) + 1);
		if (strchr(values[i], ','))
			find->order[--with_comma] = i;
		else
			find->order[plain++] = i;
	}
	for (size_t i = plain; i < find->count; i++)
		vec_push(&find->ranges, ((struct range){ .first = i, .count = 1 }));
	if (plain)
		vec_push(&find->ranges, ((struct range){ .first = 0, .count = plain }));
}

static void set_keys(struct find *find)
{
	for (size_t i = 0; i < find->count; i++) {
		find->keys[i] = (struct key){ .text = mem_strdup(value_text(find, i)), .value = i };
		text_lower(find->keys[i].text);
	}
	qsort(find->keys, find->count, sizeof *find->keys, compare_keys);
}

static void on_nothing(void *self, const struct marketo_answer *answer)
{
	finish(self, answer);
}

void leads_find(struct marketo *m, const char *filter_type, const char *const *values, size_t count, matches_done done, void *self)
{
	struct find *find = mem_alloc(sizeof *find);
	struct error err;

	find->m = m;
	find->filter = mem_strdup(filter_type);
	find->is_email = strcmp(filter_type, "email") == 0;
	find->done = done;
	find->self = self;
	if (count == 0 || count > MARKETO_BATCH) {
		error_set(&err, STATUS_FAILED, "usage", _("%s: a call takes 1 to %d records, not %zu"), _("looking people up"), MARKETO_BATCH, count);
		answer_later(m, OUTCOME_REFUSED, &err, on_nothing, find);
		return;
	}
	find->count = count;
	find->offsets = mem_array(count, sizeof *find->offsets);
	find->order = mem_array(count, sizeof *find->order);
	find->keys = mem_array(count, sizeof *find->keys);
	set_values(find, values);
	set_keys(find);
	ask(find);
}
