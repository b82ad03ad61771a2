#include "engine/recipe.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/str.h"

#include <string.h>

static int dedupe_index(const struct destination *destination, const char *target)
{
	size_t i;

	for (i = 0; i < destination->dedupe_fields.count; i++)
		if (strcmp(destination->dedupe_fields.at[i], target) == 0)
			return (int)i;
	return -1;
}

static enum status add_row(const struct engine_job *job, struct ledger *ledger, const struct mapping_row *from, struct recipe *out, struct error *err)
{
	struct recipe_row row = {.clear = from->clear};

	row.field = catalogue_find(job->catalogue, from->target);
	if (!row.field)
		return error_set(err, STATUS_USAGE, "mapping", _("the mapping names the field %s, which this Marketo does not have"), from->target);
	if (ledger)
		row.number = ledger_field_number(ledger, from->target, err);
	if (ledger && !row.number)
		return STATUS_FAILED;
	row.dedupe = dedupe_index(job->destination, from->target);
	row.creating = from->create_only || row.field->company;
	row.path = path_parse(from->source, err);
	if (!row.path)
		return STATUS_USAGE;
	vec_push(&out->rows, row);
	return STATUS_OK;
}

static bool has_dedupe_row(const struct recipe *recipe)
{
	size_t i;

	for (i = 0; i < recipe->rows.count; i++)
		if (recipe->rows.at[i].dedupe >= 0)
			return true;
	return false;
}

static void begin(const struct engine_job *job, struct ledger *ledger, struct recipe *out)
{
	memset(out, 0, sizeof *out);
	out->ledger = ledger;
	out->dedupe_count = job->destination->dedupe_fields.count;
	out->people = destination_touches_people(job->destination);
	out->lists = destination_touches_lists(job->destination);
	out->creates = out->people && job->destination->person_creation == CREATION_MATCH_AND_CREATE;
}

static enum status add_dataflow(const struct dataflow *dataflow, struct recipe *out, struct error *err)
{
	if (dataflow->profile_key) {
		out->profile_key = path_parse(dataflow->profile_key, err);
		if (!out->profile_key)
			return STATUS_USAGE;
	}
	if (dataflow->consent) {
		out->consent = consent_parse(dataflow->consent, err);
		if (!out->consent)
			return STATUS_USAGE;
	}
	return STATUS_OK;
}

enum status recipe_make(const struct engine_job *job, struct ledger *ledger, struct recipe *out, struct error *err)
{
	enum status status = STATUS_OK;
	size_t i;

	begin(job, ledger, out);
	for (i = 0; status == STATUS_OK && i < job->mapping->rows.count; i++)
		status = add_row(job, ledger, &job->mapping->rows.at[i], out, err);
	if (status == STATUS_OK && !has_dedupe_row(out))
		status = error_set(err, STATUS_USAGE, "mapping", _("no row of the mapping fills a dedupe field of the destination"));
	if (status == STATUS_OK)
		status = add_dataflow(job->dataflow, out, err);
	if (status != STATUS_OK)
		recipe_done(out);
	return status;
}

enum status recipe_sketch(const struct engine_job *job, struct recipe *out, struct error *err)
{
	enum status status = STATUS_OK;
	size_t i;

	begin(job, NULL, out);
	for (i = 0; status == STATUS_OK && i < job->mapping->rows.count; i++)
		if (catalogue_find(job->catalogue, job->mapping->rows.at[i].target))
			status = add_row(job, NULL, &job->mapping->rows.at[i], out, err);
	if (status == STATUS_OK)
		status = add_dataflow(job->dataflow, out, err);
	if (status != STATUS_OK)
		recipe_done(out);
	return status;
}

static bool has_column(const char *const *names, size_t count, const char *name)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* target: what the mapping fills with it; NULL: it is the profile key. */
static enum status refuse_column(const struct engine_job *job, const struct path *path, const char *target, const char *const *names, size_t count, struct error *err)
{
	const char *flow = job->dataflow->name;
	struct str there = {0};
	size_t i;

	for (i = 0; i < count; i++)
		str_add_format(&there, "%s%s", i ? ", " : "", names[i]);
	error_set(err, STATUS_USAGE, "mapping", _("the source has no column \"%s\", and people are told apart by it"), path_column(path));
	if (target)
		error_hint(err, _("`penstock mapping unset %s %s`, then `penstock mapping set %s COLUMN=%s` with one of its columns: %s"), flow, target, flow, target, str_text(&there));
	else
		error_hint(err, _("`penstock dataflow update %s --profile-key COLUMN` with one of its columns: %s"), flow, str_text(&there));
	str_done(&there);
	return STATUS_USAGE;
}

/* Nobody can be sent without knowing who agrees. */
static enum status fit_consent(const struct engine_job *job, struct recipe *recipe, const char *const *names, size_t count, struct error *err)
{
	const char *column;

	if (!recipe->consent)
		return STATUS_OK;
	consent_be_column(recipe->consent);
	column = path_column(consent_path(recipe->consent));
	if (has_column(names, count, column))
		return STATUS_OK;
	error_set(err, STATUS_USAGE, "consent", _("the source has no column \"%s\", and it says who agrees"), column);
	error_hint(err, _("`penstock dataflow update %s --consent COLUMN` names another one"), job->dataflow->name);
	return STATUS_USAGE;
}

static void note_column(const struct engine_job *job, const struct recipe_row *row)
{
	char *line = mem_printf(_("the source has no column \"%s\": %s is not sent"), path_column(row->path), row->field->name);

	if (job->note)
		job->note(job->self, line);
	mem_free(line);
}

enum status recipe_fit_columns(const struct engine_job *job, struct recipe *recipe, const char *const *names, size_t count, struct error *err)
{
	size_t i;

	for (i = 0; i < recipe->rows.count; i++) {
		const struct recipe_row *row = &recipe->rows.at[i];

		path_be_column(row->path);
		if (has_column(names, count, path_column(row->path)))
			continue;
		if (row->dedupe >= 0)
			return refuse_column(job, row->path, row->field->name, names, count, err);
		note_column(job, row);
	}
	if (fit_consent(job, recipe, names, count, err) != STATUS_OK)
		return STATUS_USAGE;
	if (!recipe->profile_key)
		return STATUS_OK;
	path_be_column(recipe->profile_key);
	return has_column(names, count, path_column(recipe->profile_key)) ? STATUS_OK : refuse_column(job, recipe->profile_key, NULL, names, count, err);
}

void recipe_sketch_columns(struct recipe *recipe)
{
	size_t i;

	for (i = 0; i < recipe->rows.count; i++)
		path_be_column(recipe->rows.at[i].path);
	if (recipe->consent)
		consent_be_column(recipe->consent);
	if (recipe->profile_key)
		path_be_column(recipe->profile_key);
}

bool recipe_has(const struct recipe *recipe, unsigned number)
{
	size_t i;

	for (i = 0; i < recipe->rows.count; i++)
		if (recipe->rows.at[i].number == number)
			return true;
	return false;
}

void recipe_done(struct recipe *recipe)
{
	size_t i;

	for (i = 0; i < recipe->rows.count; i++)
		path_free(recipe->rows.at[i].path);
	vec_done(&recipe->rows);
	path_free(recipe->profile_key);
	consent_free(recipe->consent);
	memset(recipe, 0, sizeof *recipe);
}
