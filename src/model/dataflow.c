/* The dataflow's half of destination.h, and the forms in which a list may be named. */
#include "model/destination.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "model/consent.h"
#include "model/word.h"

#include <string.h>
#include <strings.h>

enum { LIST_NAME_LIMIT = 255 }; /* UTF-16 units that Marketo can search */

static const char *const choices[] = {
	[IDENTITY_ALL] = "all",
	[IDENTITY_PRIMARY] = "primary",
	[IDENTITY_FIRST] = "first",
};

void flow_audience_done(struct flow_audience *audience)
{
	mem_free(audience->audience);
	mem_free(audience->list);
	mem_free(audience->audience_id);
	mem_free(audience->audience_name);
	mem_free(audience->list_name);
	*audience = (struct flow_audience){ 0 };
}

const char *flow_audience_refusal(const struct flow_audience *audience, int64_t now_ms)
{
	enum { DAY_MS = 24 * 60 * 60 * 1000 };

	if (audience->start_ms && now_ms < audience->start_ms)
		return "not_started";
	if (audience->end_ms && now_ms >= audience->end_ms + DAY_MS)
		return "ended";
	return NULL;
}

void dataflow_init(struct dataflow *dataflow)
{
	*dataflow = (struct dataflow){ .identity = IDENTITY_ALL, .enabled = true, .schedule = { .at_minute = -1 } };
}

void dataflow_done(struct dataflow *dataflow)
{
	for (size_t i = 0; i < dataflow->audiences.count; i++)
		flow_audience_done(&dataflow->audiences.at[i]);
	vec_done(&dataflow->audiences);
	mem_free(dataflow->name);
	mem_free(dataflow->destination_name);
	mem_free(dataflow->source);
	mem_free(dataflow->source_by);
	mem_free(dataflow->profile_key);
	mem_free(dataflow->consent);
	dataflow_init(dataflow);
}

static bool is_blank(const char *text)
{
	return !text || text[strspn(text, " \t\r\n")] == '\0';
}

/* Are these the same list? */
static bool same_list(const char *a, const char *b)
{
	int64_t id_a, id_b;
	bool number_a = list_id_parse(a, &id_a);
	bool number_b = list_id_parse(b, &id_b);

	if (number_a || number_b)
		return number_a && number_b && id_a == id_b;
	return strcmp(a, b) == 0;
}

static enum status audience_check(const struct flow_audience *audience, struct error *err)
{
	int64_t id;

	if (is_blank(audience->audience))
		return error_set(err, STATUS_USAGE, "usage", _("an audience has no name"));
	if (audience->list && is_blank(audience->list)) {
		error_set(err, STATUS_USAGE, "usage", _("the audience %s has an empty list name"), audience->audience);
		error_hint(err, _("Leave the '=' out to use the list of the audience's name."));
		return STATUS_USAGE;
	}
	/* Nobody wants a list that is called like an address. */
	if (audience->list && list_is_address(audience->list) && !list_id_parse(audience->list, &id)) {
		error_set(err, STATUS_USAGE, "usage", _("the audience %s has an address that is not one of a static list: %s"), audience->audience, audience->list);
		error_hint(err, _("The address of a static list holds ST and its number, such as #ST1001A1."));
		return STATUS_USAGE;
	}
	if (audience->start_ms && audience->end_ms && audience->start_ms > audience->end_ms)
		return error_set(err, STATUS_USAGE, "usage", _("the audience %s ends before it starts"), audience->audience);
	return STATUS_OK;
}

static enum status pair_check(const struct flow_audience *a, const struct flow_audience *b, struct error *err)
{
	const char *list_a = a->list ? a->list : a->audience;
	const char *list_b = b->list ? b->list : b->audience;

	if (strcmp(a->audience, b->audience) == 0)
		return error_set(err, STATUS_USAGE, "usage", _("the audience %s stands twice"), a->audience);
	/* Who leaves one of two audiences would be taken out of the list although the other one still holds them. */
	if ((a->list || b->list) && same_list(list_a, list_b)) {
		error_set(err, STATUS_USAGE, "usage", _("the audiences %s and %s have the same list: %s"), a->audience, b->audience, list_a);
		error_hint(err, _("Give each audience a list of its own."));
		return STATUS_USAGE;
	}
	return STATUS_OK;
}

static enum status consent_check(const char *text, struct error *err)
{
	struct consent *consent = text ? consent_parse(text, err) : NULL;
	bool good = !text || consent;

	consent_free(consent);
	return good ? STATUS_OK : STATUS_USAGE;
}

enum status dataflow_check(const struct dataflow *dataflow, struct error *err)
{
	enum status status = STATUS_OK;

	if (is_blank(dataflow->name))
		return error_set(err, STATUS_USAGE, "usage", _("the dataflow has no name"));
	if (is_blank(dataflow->source)) {
		error_set(err, STATUS_USAGE, "usage", _("the dataflow has no source"));
		error_hint(err, _("Name a file of profile messages, or - for standard input."));
		return STATUS_USAGE;
	}
	if (dataflow->profile_key && is_blank(dataflow->profile_key))
		return error_set(err, STATUS_USAGE, "usage", _("the profile key is empty"));
	if (consent_check(dataflow->consent, err) != STATUS_OK)
		return STATUS_USAGE;
	if (dataflow->audiences.count == 0) {
		error_set(err, STATUS_USAGE, "usage", _("the dataflow has no audience"));
		error_hint(err, _("Add --audience NAME for each audience; `penstock source check SOURCE` lists them."));
		return STATUS_USAGE;
	}
	for (size_t i = 0; status == STATUS_OK && i < dataflow->audiences.count; i++) {
		status = audience_check(&dataflow->audiences.at[i], err);
		for (size_t k = 0; status == STATUS_OK && k < i; k++)
			status = pair_check(&dataflow->audiences.at[k], &dataflow->audiences.at[i], err);
	}
	return status;
}

const char *dataflow_others_hint(const struct dataflow *dataflow)
{
	return dataflow->audiences.count > 1 ? _(" (with an --audience for each of the others: those given replace all)") : "";
}

enum status dataflow_refuse_snapshot(const char *source, struct error *err)
{
	error_set(err, STATUS_USAGE, "one_audience", _("%s is a table, and all of its rows are one audience: the dataflow takes exactly one --audience"), source);
	error_hint(err, _("Make a dataflow for each audience, with a file of its own."));
	return STATUS_USAGE;
}

bool identity_choice_parse(const char *text, enum identity_choice *out)
{
	size_t index;

	if (!word_parse(WORDS(choices), text, &index))
		return false;
	*out = (enum identity_choice)index;
	return true;
}

const char *identity_choice_text(enum identity_choice value)
{
	return word_text(WORDS(choices), value);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool digits_to_id(const char *digits, size_t length, int64_t *id)
{
	char copy[24];
	long long value;

	if (length == 0 || length >= sizeof copy)
		return false;
	memcpy(copy, digits, length);
	copy[length] = '\0';
	if (!text_to_i64(copy, 1, INT64_MAX, &value))
		return false;
	*id = value;
	return true;
}

/* ST1001A1 and the like: ST, the list's id, a letter and a number (they tell the page). Returns what follows, NULL when text does not begin so. */
static const char *marketo_code(const char *text, int64_t *id)
{
	size_t digits = 0;
	const char *end;

	if ((text[0] != 'S' && text[0] != 's') || (text[1] != 'T' && text[1] != 't'))
		return NULL;
	while (is_digit(text[2 + digits]))
		digits++;
	end = text + 2 + digits;
	if (!is_word(*end) || !is_digit(end[1]) || !digits_to_id(text + 2, digits, id))
		return NULL;
	for (end++; is_digit(*end); end++)
		;
	return end;
}

bool list_id_parse(const char *text, int64_t *id)
{
	const char *end, *at;
	int64_t found;

	if (!text || !*text)
		return false;
	if (strspn(text, "0123456789") == strlen(text))
		return digits_to_id(text, strlen(text), id);
	at = strstr(text, "://");
	if (!at) {
		end = marketo_code(text, &found);
		if (end && !*end)
			*id = found;
		return end && !*end;
	}
	for (; *at; at++) {
		if (at > text && !is_word(at[-1]) && marketo_code(at, id))
			return true;
	}
	return false;
}

bool list_is_address(const char *text)
{
	while (*text == ' ')
		text++;
	return strncasecmp(text, "https://", 8) == 0 || strncasecmp(text, "http://", 7) == 0;
}

bool flow_audience_has_named_list(const struct flow_audience *audience)
{
	int64_t id;

	return !audience->list || !list_id_parse(audience->list, &id);
}

char *list_name_clean(const char *name)
{
	char *text = mem_strdup(name ? name : "");
	size_t units = 0, length = 0;

	for (char *at = text; *at; at++) {
		if (*at == ',' || (unsigned char)*at < 0x20 || *at == 0x7f)
			*at = ' ';
	}
	memmove(text, text + strspn(text, " "), strlen(text + strspn(text, " ")) + 1);
	while (text[length]) {
		unsigned char lead = (unsigned char)text[length];
		size_t bytes = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;

		units += bytes == 4 ? 2 : 1;
		if (units > LIST_NAME_LIMIT || strnlen(text + length, bytes) < bytes)
			break;
		length += bytes;
	}
	text[length] = '\0';
	return text_trim(text);
}
