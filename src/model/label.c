/* Labels: their names, and where they stand. */
#include "model/policy.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "model/profile.h"
#include "model/word.h"

#include <string.h>

static const char IDENTITIES[] = "identityMap";

static const struct {
	const char *name, *meaning;
} core[] = {
	{ "C1", N_("leaves only aggregated, without anything that identifies a person or a device") },
	{ "C2", N_("may not be exported to a third party") },
	{ "C3", N_("may not be combined with directly identifiable data") },
	{ "C4", N_("may not be used to target ads or content, on the own site or across sites") },
	{ "C5", N_("may not be used for interest-based targeting across sites") },
	{ "C6", N_("may not be used to target ads on the own site") },
	{ "C7", N_("may not be used to target content on the own site") },
	{ "C8", N_("may not be used to measure the own sites or apps") },
	{ "C9", N_("may not be used in data science") },
	{ "C10", N_("may not be activated with stitched identities") },
	{ "C11", N_("may not be shared through Segment Match") },
	{ "C12", N_("may not be exported in any way") },
	{ "I1", N_("identifies a person directly") },
	{ "I2", N_("identifies a person together with other data") },
	{ "S1", N_("tells a precise place, by latitude and longitude") },
	{ "S2", N_("tells a broad area") },
	{ "PSPD", N_("is sensitive personal data") },
	{ "RHD", N_("is regulated health data") },
};

static const char *const targets[] = {
	[LABEL_ON_FIELD] = "field",
	[LABEL_ON_AUDIENCE] = "audience",
};

void word_list_done(word_list *words)
{
	for (size_t i = 0; i < words->count; i++)
		mem_free(words->at[i]);
	vec_done(words);
}

bool word_list_has(const word_list *words, const char *word)
{
	for (size_t i = 0; i < words->count; i++)
		if (strcmp(words->at[i], word) == 0)
			return true;
	return false;
}

void word_list_add(word_list *words, const char *word)
{
	if (!word_list_has(words, word))
		vec_push(words, mem_strdup(word));
}

void word_list_write(const word_list *words, struct str *out)
{
	for (size_t i = 0; i < words->count; i++)
		str_add_format(out, "%s%s", i ? ", " : "", words->at[i]);
}

size_t label_core_count(void)
{
	return sizeof core / sizeof *core;
}

const char *label_core(size_t index)
{
	return core[index].name;
}

const char *label_meaning(const char *label)
{
	for (size_t i = 0; i < label_core_count(); i++)
		if (strcmp(core[i].name, label) == 0)
			return _(core[i].meaning);
	return NULL;
}

bool label_is_core(const char *label)
{
	return label_meaning(label) != NULL;
}

static enum status refuse(struct error *err, const char *text, const char *why)
{
	error_set(err, STATUS_USAGE, "label", _("not a label: %s (%s)"), text, why);
	error_hint(err, _("Core labels are C1 to C12, I1, I2, S1, S2, PSPD and RHD; a label of your own is one word of letters, digits, '_', '-' and '.'."));
	return STATUS_USAGE;
}

/* Letters of any script; what could hide or move text, and what an expression is made of, is none. */
static bool is_word(const char *text)
{
	size_t length = strlen(text), step;
	uint32_t point;

	for (size_t at = 0; at < length; at += step) {
		step = text_next(text + at, length - at, &point);
		if (step == 0 || text_is_unsafe(point))
			return false;
		if (point < 0x80 && !strchr("_-.", (int)point) && !(point >= '0' && point <= '9') && !(point >= 'A' && point <= 'Z') &&
			!(point >= 'a' && point <= 'z'))
			return false;
	}
	return length > 0;
}

static enum status check(const char *label, struct error *err)
{
	static const char *const reserved[] = { "and", "or", "not" };

	if (strlen(label) > LABEL_BYTES)
		return refuse(err, label, _("too long"));
	if (!is_word(label))
		return refuse(err, label, _("not one word"));
	for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
		if (text_case_eq(label, reserved[i]))
			return refuse(err, label, _("a word of expressions"));
	if (label_is_core(label))
		return STATUS_OK;
	for (size_t i = 0; i < label_core_count(); i++) {
		if (!text_case_eq(label, core[i].name))
			continue;
		error_set(err, STATUS_USAGE, "label", _("not a label: %s (labels compare with their case)"), label);
		error_hint(err, _("did you mean %s?"), core[i].name);
		return STATUS_USAGE;
	}
	return STATUS_OK;
}

enum status label_parse(const char *text, char **out, struct error *err)
{
	static const char *const owners[] = { "core/", "custom/" };
	char *copy = text_trim(mem_strdup(text)), *label = copy;
	enum status status;

	for (size_t i = 0; i < sizeof owners / sizeof *owners; i++)
		if (label == copy && strncmp(copy, owners[i], strlen(owners[i])) == 0)
			label = copy + strlen(owners[i]);
	status = check(label, err);
	*out = status == STATUS_OK ? mem_strdup(label) : NULL;
	mem_free(copy);
	return status;
}

const char *label_target_text(enum label_target target)
{
	return word_text(WORDS(targets), target);
}

bool label_target_parse(const char *text, enum label_target *out)
{
	size_t index;

	if (!word_parse(WORDS(targets), text, &index))
		return false;
	*out = (enum label_target)index;
	return true;
}

void label_list_done(label_list *labels)
{
	for (size_t i = 0; i < labels->count; i++) {
		mem_free(labels->at[i].name);
		mem_free(labels->at[i].label);
	}
	vec_done(labels);
}

enum status label_path_parse(const char *text, char **out, struct error *err)
{
	struct path *path;

	*out = NULL;
	if (text_case_eq(text, IDENTITIES)) {
		*out = mem_strdup(IDENTITIES);
		return STATUS_OK;
	}
	path = path_parse(text, err);
	if (!path)
		return STATUS_USAGE;
	*out = mem_strdup(path_text(path));
	path_free(path);
	return STATUS_OK;
}

void data_list_done(data_list *data)
{
	for (size_t i = 0; i < data->count; i++) {
		struct datum *datum = &data->at[i];

		for (size_t k = 0; k < datum->labels.count; k++) {
			mem_free(datum->labels.at[k].label);
			mem_free(datum->labels.at[k].from);
		}
		vec_done(&datum->labels);
		mem_free(datum->name);
	}
	vec_done(data);
}

static void carry(struct datum *datum, const struct label_row *row)
{
	for (size_t i = 0; i < datum->labels.count; i++)
		if (strcmp(datum->labels.at[i].label, row->label) == 0)
			return;
	vec_push(&datum->labels, ((struct datum_label){ .label = mem_strdup(row->label), .from = mem_strdup(row->name) }));
}

/* Is `name` this path or one below it? A path is written in one form only, so that a part ends where a dot follows. Namespaces go without case. */
static bool is_below(const char *name, const char *path)
{
	size_t length = strlen(path), head = strlen(IDENTITIES);
	char *start;
	bool same;

	if (strncmp(name, IDENTITIES, head) == 0 && strncmp(path, IDENTITIES, head) == 0) {
		start = mem_strndup(name, strnlen(name, length));
		same = text_case_eq(start, path);
		mem_free(start);
	} else {
		same = strncmp(name, path, length) == 0;
	}
	return same && (name[length] == '\0' || name[length] == '.');
}

static bool has_datum(const data_list *data, enum label_target target, const char *name)
{
	for (size_t i = 0; i < data->count; i++)
		if (data->at[i].target == target && strcmp(data->at[i].name, name) == 0)
			return true;
	return false;
}

void data_add_mapping(data_list *data, const label_list *labels, const struct mapping *mapping)
{
	for (size_t i = 0; i < mapping->rows.count; i++) {
		struct datum datum = { .target = LABEL_ON_FIELD };
		const char *source = mapping->rows.at[i].source;

		if (has_datum(data, LABEL_ON_FIELD, source))
			continue;
		datum.name = mem_strdup(source);
		for (size_t k = 0; k < labels->count; k++)
			if (labels->at[k].target == LABEL_ON_FIELD && is_below(source, labels->at[k].name))
				carry(&datum, &labels->at[k]);
		vec_push(data, datum);
	}
}

void data_field_labels(const label_list *labels, const char *source, word_list *out)
{
	for (size_t i = 0; i < labels->count; i++)
		if (labels->at[i].target == LABEL_ON_FIELD && is_below(source, labels->at[i].name))
			word_list_add(out, labels->at[i].label);
}

static bool is_called(const struct flow_audience *audience, const char *name)
{
	return strcmp(audience->audience, name) == 0 || (audience->audience_id && strcmp(audience->audience_id, name) == 0) ||
		(audience->audience_name && strcmp(audience->audience_name, name) == 0);
}

void data_add_audiences(data_list *data, const label_list *labels, const struct dataflow *dataflow)
{
	for (size_t i = 0; i < dataflow->audiences.count; i++) {
		const struct flow_audience *audience = &dataflow->audiences.at[i];
		struct datum datum = { .target = LABEL_ON_AUDIENCE };

		datum.name = mem_strdup(audience->audience_name ? audience->audience_name : audience->audience);
		for (size_t k = 0; k < labels->count; k++)
			if (labels->at[k].target == LABEL_ON_AUDIENCE && is_called(audience, labels->at[k].name))
				carry(&datum, &labels->at[k]);
		vec_push(data, datum);
	}
}
