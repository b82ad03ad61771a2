/* The lines of the mapping step: what is mapped (identities first), then what the source has besides, each with its problem or suggestion. */
#include "base/i18n.h"
#include "base/mem.h"
#include "screens/wizard.h"

#include <inttypes.h>
#include <string.h>

struct mapping_line *mapping_line_at(const struct wizard *wizard, size_t row)
{
	return row < wizard->rows.count ? &wizard->lines.at[wizard->rows.at[row]] : NULL;
}

struct mapping_line *mapping_focused(const struct wizard *wizard)
{
	return mapping_line_at(wizard, wizard->cursor.at);
}

void mapping_lines_clear(struct wizard *wizard)
{
	for (size_t i = 0; i < wizard->lines.count; i++) {
		struct mapping_line *line = &wizard->lines.at[i];

		mem_free(line->source);
		mem_free(line->target);
		mem_free(line->problem);
		mem_free(line->example);
		mem_free(line->labels);
	}
	wizard->lines.count = 0;
}

/* Worked out once for a source and a catalogue: names are compared with names, which takes its time with thousands of fields. */
static void suggest(struct wizard *wizard)
{
	struct mapping nothing;
	VEC(char *) paths = { 0 };

	if (wizard->suggested || !wizard->catalogue_of || !wizard->report_of)
		return;
	mapping_init(&nothing);
	suggestion_list_done(&wizard->suggestions);
	for (size_t i = 0; i < wizard->report.attributes.count; i++)
		vec_push(&paths, wizard->report.attributes.at[i].path);
	mapping_suggest(&nothing, &wizard->catalogue, paths.at, paths.count, &wizard->suggestions);
	vec_done(&paths);
	mapping_done(&nothing);
	wizard->suggested = true;
}

static const struct source_attribute *attribute_of(const struct wizard *wizard, const char *path)
{
	for (size_t i = 0; i < wizard->report.attributes.count; i++)
		if (strcmp(wizard->report.attributes.at[i].path, path) == 0)
			return &wizard->report.attributes.at[i];
	return NULL;
}

static void add_row(struct wizard *wizard, const struct mapping_row *row, bool identity)
{
	const struct source_attribute *attribute = attribute_of(wizard, row->source);
	struct mapping_line line = { .source = mem_strdup(row->source), .target = mem_strdup(row->target), .identity = identity, .create_only = row->create_only,
		.clear = row->clear, .filled = attribute ? attribute->filled : -1, .bad = -1, .example = attribute ? mem_strdup(attribute->example) : NULL };

	vec_push(&wizard->lines, line);
}

static bool is_mapped(const struct mapping *mapping, const char *source)
{
	for (size_t i = 0; i < mapping->rows.count; i++)
		if (strcmp(mapping->rows.at[i].source, source) == 0)
			return true;
	return false;
}

static const struct suggestion *suggestion_for(const struct wizard *wizard, const char *source)
{
	for (size_t i = 0; i < wizard->suggestions.count; i++) {
		const struct suggestion *one = &wizard->suggestions.at[i];

		if (strcmp(one->source, source) == 0 && !mapping_target(&wizard->draft.mapping, one->target))
			return one;
	}
	return NULL;
}

static void add_rest(struct wizard *wizard, bool suggested)
{
	for (size_t i = 0; i < wizard->report.attributes.count; i++) {
		const struct source_attribute *attribute = &wizard->report.attributes.at[i];
		const struct suggestion *suggestion = suggestion_for(wizard, attribute->path);

		if (is_mapped(&wizard->draft.mapping, attribute->path) || (suggestion != NULL) != suggested)
			continue;
		struct mapping_line line = { .source = mem_strdup(attribute->path), .suggested = suggestion, .filled = attribute->filled, .bad = -1,
			.identity = strncmp(attribute->path, "identityMap.", 12) == 0, .example = mem_strdup(attribute->example) };

		vec_push(&wizard->lines, line);
	}
}

static struct mapping_line *line_of(struct wizard *wizard, const char *source, const char *target)
{
	for (size_t i = 0; i < wizard->lines.count; i++) {
		struct mapping_line *line = &wizard->lines.at[i];

		if (line->target && (!target || strcmp(line->target, target) == 0) && (!source || strcmp(line->source, source) == 0))
			return line;
	}
	return NULL;
}

static void blame(struct wizard *wizard, const struct mapping_problem *problem)
{
	struct mapping_line *line = problem->source || problem->target ? line_of(wizard, problem->source, problem->target) : NULL;

	if (!line) {
		if (!wizard->mapping_problem || (problem->error && !wizard->mapping_error)) {
			mem_replace(&wizard->mapping_problem, problem->message);
			wizard->mapping_error = problem->error;
		}
	} else if (!line->problem || (problem->error && !line->error)) {
		mem_replace(&line->problem, problem->message);
		line->error = problem->error;
	}
}

static void push_name(void *self, const char *name)
{
	VEC(char *) *names = self;

	vec_push(names, mem_strdup(name));
}

static void add_problems(struct wizard *wizard)
{
	VEC(char *) dedupe = { 0 };
	mapping_problems problems = { 0 };

	names_each(draft_get(&wizard->draft, DRAFT_DEDUPE), push_name, &dedupe);
	mapping_check(&wizard->draft.mapping, wizard->catalogue_of ? &wizard->catalogue : NULL, dedupe.at, dedupe.count,
		strcmp(draft_get(&wizard->draft, DRAFT_PERSON_CREATION), "match-and-create") == 0, &problems);
	for (size_t i = 0; i < problems.count; i++)
		blame(wizard, &problems.at[i]);
	mapping_problems_done(&problems);
	for (size_t i = 0; i < dedupe.count; i++)
		mem_free(dedupe.at[i]);
	vec_done(&dedupe);
}

/* How many real values would fail, where the source was surveyed. */
static void add_survey(struct wizard *wizard)
{
	for (size_t i = 0; i < wizard->survey.rows.count; i++) {
		const struct survey_row *row = &wizard->survey.rows.at[i];
		struct mapping_line *line = line_of(wizard, row->source, row->target);
		char bad[32], filled[32];

		if (!line)
			continue;
		line->filled = row->filled;
		line->bad = row->bad;
		if (row->bad <= 0 || line->problem)
			continue;
		line->problem = mem_printf(_("%s of %s values would be left out: %s%s%s%s"), number_text(row->bad, bad), number_text(row->filled, filled),
			row->message ? row->message : row->code, row->example ? " (" : "", row->example ? row->example : "", row->example ? ")" : "");
	}
}

static bool is_denied(const struct wizard *wizard, const struct mapping_line *line)
{
	for (size_t i = 0; line->target && i < wizard->rules.violations.count; i++) {
		const struct violation *violation = &wizard->rules.violations.at[i];

		for (size_t k = 0; k < violation->carriers.count; k++)
			if (violation->carriers.at[k].target == LABEL_ON_FIELD && strcmp(violation->carriers.at[k].name, line->source) == 0)
				return true;
	}
	return false;
}

/* What the fields carry, mapped or not, so that it shows before they are taken. */
static void add_labels(struct wizard *wizard)
{
	wizard_look_at_rules(wizard);
	for (size_t i = 0; wizard->rules.labels.count && i < wizard->lines.count; i++) {
		struct mapping_line *line = &wizard->lines.at[i];
		word_list labels = { 0 };
		struct str text = { 0 };

		data_field_labels(&wizard->rules.labels, line->source, &labels);
		word_list_write(&labels, &text);
		if (labels.count)
			line->labels = str_take(&text);
		line->denied = is_denied(wizard, line);
		str_done(&text);
		word_list_done(&labels);
	}
}

void mapping_lines_build(struct wizard *wizard)
{
	const struct mapping *mapping = &wizard->draft.mapping;

	suggest(wizard);
	mapping_lines_clear(wizard);
	mem_replace(&wizard->mapping_problem, NULL);
	for (int identity = 1; identity >= 0; identity--)
		for (size_t i = 0; i < mapping->rows.count; i++) {
			const struct mapping_row *row = &mapping->rows.at[i];
			bool is = strncmp(row->source, "identityMap.", 12) == 0 || strcmp(row->target, draft_get(&wizard->draft, DRAFT_DEDUPE)) == 0;

			if (is == (identity != 0))
				add_row(wizard, row, is);
		}
	add_rest(wizard, true);
	add_rest(wizard, false);
	add_problems(wizard);
	add_survey(wizard);
	add_labels(wizard);
}
