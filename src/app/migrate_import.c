#include "app/migrate.h"

#include "base/file.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/tables.h"

#include <string.h>

enum { FILE_MOST = 64 * 1024 * 1024, NAMES_MOST = 100000 };

/* One dataflow of the replies, with its JSON. */
struct entry {
	struct v1_flow flow;
	char *exported;
};

struct import {
	const struct import_options *options;
	struct import_report *report;
	VEC(struct entry) entries;
	VEC(const char *) specs; /* recognised as V1's by content */
	struct account account;
	int64_t made_account;
	int64_t imported, doubts, bad;
};

void import_report_done(struct import_report *report)
{
	for (size_t i = 0; i < report->rows.count; i++) {
		mem_free(report->rows.at[i].flow_id);
		mem_free(report->rows.at[i].name);
		mem_free(report->rows.at[i].message);
	}
	for (size_t i = 0; i < report->problems.count; i++) {
		mem_free(report->problems.at[i].file);
		mem_free(report->problems.at[i].message);
	}
	vec_done(&report->rows);
	vec_done(&report->problems);
	mem_free(report->next);
	mem_free(report->account);
	*report = (struct import_report){ 0 };
}

static void import_done(struct import *import)
{
	for (size_t i = 0; i < import->entries.count; i++) {
		v1_flow_done(&import->entries.at[i].flow);
		mem_free(import->entries.at[i].exported);
	}
	vec_done(&import->entries);
	vec_done(&import->specs);
	account_done(&import->account);
}

static void add_row(struct import *import, const struct v1_flow *flow, const char *verdict, const char *message)
{
	struct import_row row = { .flow_id = mem_strdup(flow->id), .name = mem_strdup(flow->name), .verdict = verdict, .message = mem_strdup(message) };

	vec_push(&import->report->rows, row);
}

/* --- Reading --- */

/* A flow that stands in two pages (the list moved while it was read) counts once: the later one. */
static void keep_entry(struct import *import, struct entry *entry)
{
	for (size_t i = 0; i < import->entries.count; i++)
		if (strcmp(import->entries.at[i].flow.id, entry->flow.id) == 0) {
			v1_flow_done(&import->entries.at[i].flow);
			mem_free(import->entries.at[i].exported);
			import->entries.at[i] = *entry;
			return;
		}
	vec_push(&import->entries, *entry);
}

static void take_flow(void *self, const struct json *json)
{
	struct import *import = self;
	struct entry entry = { 0 };
	struct str text = { 0 };
	struct error err = { 0 };

	if (v1_flow_read(json, &import->options->v1, &entry.flow, &err) != STATUS_OK) {
		add_row(import, &entry.flow, "bad_flow", err.message);
		import->bad++;
		v1_flow_done(&entry.flow);
		return;
	}
	json_write(&text, json);
	entry.exported = str_take(&text);
	keep_entry(import, &entry);
}

static void add_problem(struct import *import, const char *file, const char *message)
{
	struct import_problem problem = { .file = mem_strdup(file), .message = mem_strdup(message) };

	vec_push(&import->report->problems, problem);
}

static void read_reply(struct import *import, const char *file, const struct str *text)
{
	const char *why = NULL;
	size_t offset = 0;
	struct json *reply = json_parse(str_text(text), text->length, &why, &offset);
	char *next = NULL;

	if (!reply) {
		char *message = mem_printf(_("this is no JSON: %s, at byte %zu"), _(why), offset);

		add_problem(import, file, message);
		mem_free(message);
	} else if (!v1_each_flow(reply, take_flow, import, &next)) {
		add_problem(import, file, _("this is no reply of GET /flows: it has no items"));
	} else if (next) {
		mem_free(import->report->next);
		import->report->next = text_clean_dup(next);
	} else {
		import->report->complete = true; /* the last page, in whatever order they come */
	}
	mem_free(next);
	json_free(reply);
}

static enum status read_files(struct import *import, struct error *err)
{
	const struct import_options *options = import->options;
	struct error first = { 0 };

	for (size_t i = 0; i < options->file_count; i++) {
		const char *file = options->files[i];
		struct error problem = { 0 };
		struct str text = { 0 };

		if (file_read_given(strcmp(file, "-") == 0 ? "/dev/stdin" : file, FILE_MOST, &text, &problem) == STATUS_OK) {
			read_reply(import, file, &text);
		} else {
			add_problem(import, file, problem.message);
			first = problem;
		}
		str_done(&text);
	}
	if (import->report->complete)
		mem_replace(&import->report->next, NULL);
	if (import->report->problems.count < options->file_count)
		return STATUS_OK;
	error_set(err, STATUS_USAGE, *first.code ? first.code : "json", "%s: %s", import->report->problems.at[0].file, import->report->problems.at[0].message);
	error_hint(err, _("give the reply of GET /flows as the Flow Service sent it"));
	return STATUS_USAGE;
}

/* --- Which are V1's --- */

static bool is_learnt(const struct import *import, const char *spec)
{
	for (size_t i = 0; spec && i < import->specs.count; i++)
		if (strcmp(import->specs.at[i], spec) == 0)
			return true;
	return false;
}

static void learn_specs(struct import *import)
{
	for (size_t i = 0; i < import->entries.count; i++) {
		const struct v1_flow *flow = &import->entries.at[i].flow;

		if (flow->guess == V1_IS && flow->spec && !is_learnt(import, flow->spec))
			vec_push(&import->specs, flow->spec);
	}
}

/* Several cards ask for a mapping ID: when two look like V1, content alone does not tell. */
static enum v1_guess judge(const struct import *import, const struct v1_flow *flow)
{
	if (import->options->v1.spec_count)
		return flow->guess;
	if (import->specs.count > 1 && flow->guess == V1_IS)
		return V1_DOUBT;
	return import->specs.count == 1 && is_learnt(import, flow->spec) ? V1_IS : flow->guess;
}

static void doubt(struct import *import, const struct v1_flow *flow)
{
	struct str text = { 0 };

	if (flow->paths.count) {
		str_add(&text, _("the mapping ID may stand in several places, name one with --mapping-id-path:"));
		for (size_t i = 0; i < flow->paths.count; i++)
			str_add_format(&text, " %s", flow->paths.at[i]);
	} else {
		str_add_format(&text, _("this may be a dataflow of V1 or of another destination; if it is V1's, say so with --v1-spec %s"), flow->spec ? flow->spec : "ID");
	}
	add_row(import, flow, "in_doubt", str_text(&text));
	import->doubts++;
	str_done(&text);
}

/* --- Writing --- */

static void fill_dataflow(const struct v1_flow *flow, struct dataflow *out)
{
	for (size_t i = 0; i < out->audiences.count; i++)
		flow_audience_done(&out->audiences.at[i]);
	out->audiences.count = 0;
	out->enabled = strcmp(flow->state, "disabled") != 0;
	for (size_t i = 0; i < flow->audiences.count; i++) {
		const struct v1_audience *from = &flow->audiences.at[i];
		struct flow_audience audience = { .audience = mem_strdup(from->id), .audience_name = mem_strdup(from->name), .list = mem_strdup(from->mapping_id),
			.start_ms = from->start_ms, .end_ms = from->end_ms };

		if (audience.list && !list_id_parse(audience.list, &audience.list_id))
			audience.list_id = 0;
		vec_push(&out->audiences, audience);
	}
}

/* The V1 destination of this Platform account; made when it is not there yet. */
static enum status find_destination(struct app *app, const struct import *import, const struct v1_flow *flow, struct destination *out, struct error *err)
{
	char *description = mem_printf("Flow Service %s", flow->connection ? flow->connection : "-");
	destination_list all = { 0 };
	enum status status = destination_all(app->store, &all, err);
	size_t same = 0;
	bool found = false;

	for (size_t i = 0; status == STATUS_OK && !found && i < all.count; i++) {
		if (all.at[i].version != 1)
			continue;
		same++;
		found = all.at[i].account_id == import->account.id && all.at[i].description && strcmp(all.at[i].description, description) == 0;
		if (found)
			status = destination_get(app->store, all.at[i].id, out, err);
	}
	if (status == STATUS_OK && !found) {
		out->version = 1;
		out->account_id = import->account.id;
		out->name = same ? mem_printf("%s V1 (%zu)", import->account.name, same + 1) : mem_printf("%s V1", import->account.name);
		out->description = mem_strdup(description);
		vec_push(&out->dedupe_fields, mem_strdup("email"));
		status = destination_insert(app->store, out, err);
	}
	destination_list_done(&all);
	mem_free(description);
	return status;
}

static enum status free_name(struct app *app, const char *wanted, char **out, struct error *err)
{
	*out = mem_strdup(wanted);
	for (int n = 2; n < NAMES_MOST; n++) {
		struct dataflow there;
		struct error sought = { 0 };
		enum status status = dataflow_find(app->store, *out, &there, &sought);

		dataflow_done(&there);
		if (status != STATUS_OK && strcmp(sought.code, "not_found") == 0)
			return STATUS_OK;
		if (status != STATUS_OK) {
			*err = sought;
			return status;
		}
		mem_free(*out);
		*out = mem_printf("%s (%d)", wanted, n);
	}
	return error_set(err, STATUS_FAILED, "exists", _("too many dataflows are called %s"), wanted);
}

static enum status save_flow(struct app *app, struct entry *entry, const char *mapping_id_path, struct dataflow *dataflow, struct migration *migration, struct error *err)
{
	enum status status = dataflow->id ? dataflow_save(app->store, dataflow, err) : dataflow_insert(app->store, dataflow, err);

	if (status == STATUS_OK)
		status = mapping_save(app->store, MAPPING_OF_DATAFLOW, dataflow->id, &entry->flow.mapping, err);
	migration->v1_id = dataflow->id;
	migration->v1_enabled = dataflow->enabled;
	mem_replace(&migration->exported, entry->exported);
	mem_replace(&migration->mapping_id_path, mapping_id_path);
	if (status == STATUS_OK)
		status = migration->id ? migration_save(app->store, migration, err) : migration_insert(app->store, migration, err);
	return status == STATUS_OK ? migration_step_add(app->store, migration->id, "import", entry->flow.state, err) : status;
}

/* migration: new, or of a dataflow that was taken off the list before it was begun. */
static enum status insert_flow(struct app *app, struct import *import, struct entry *entry, struct migration *migration, struct error *err)
{
	const char *path = import->options->v1.mapping_id_path;
	struct destination destination;
	struct dataflow dataflow;
	enum status status;

	destination_init(&destination);
	dataflow_init(&dataflow);
	status = find_destination(app, import, &entry->flow, &destination, err);
	if (status == STATUS_OK)
		status = free_name(app, entry->flow.name, &dataflow.name, err);
	if (status == STATUS_OK) {
		dataflow.destination_id = destination.id;
		fill_dataflow(&entry->flow, &dataflow);
		mem_replace(&migration->flow_id, entry->flow.id);
		mem_replace(&migration->name, dataflow.name);
		mem_replace(&migration->account, import->account.name);
		migration->made_account = import->made_account;
		status = save_flow(app, entry, path, &dataflow, migration, err);
	}
	if (status == STATUS_OK) {
		add_row(import, &entry->flow, "imported", strcmp(dataflow.name, entry->flow.name) == 0 ? NULL : dataflow.name);
		import->imported++;
	}
	destination_done(&destination);
	dataflow_done(&dataflow);
	return status;
}

/* Imported again: what was not begun yet becomes what the new export says. */
static enum status update_flow(struct app *app, struct import *import, struct entry *entry, struct migration *migration, struct error *err)
{
	const char *path = import->options->v1.mapping_id_path;
	struct dataflow dataflow;
	enum status status;

	if (strcmp(migration->exported, entry->exported) == 0 && (!path || (migration->mapping_id_path && strcmp(migration->mapping_id_path, path) == 0))) {
		add_row(import, &entry->flow, "unchanged", NULL);
		return STATUS_OK;
	}
	if (migration->state != MIGRATION_IMPORTED) {
		add_row(import, &entry->flow, "under_way", _("its migration is under way, and goes by what was imported before"));
		return STATUS_OK;
	}
	status = dataflow_get(app->store, migration->v1_id, &dataflow, err);
	if (status == STATUS_OK) {
		fill_dataflow(&entry->flow, &dataflow);
		status = save_flow(app, entry, path, &dataflow, migration, err);
	}
	if (status == STATUS_OK) {
		add_row(import, &entry->flow, "updated", NULL);
		import->imported++;
	}
	dataflow_done(&dataflow);
	return status;
}

static enum status put_flow(struct app *app, struct import *import, struct entry *entry, struct error *err)
{
	struct migration migration;
	enum status status = migration_of_flow(app->store, entry->flow.id, &migration, err);

	if (status == STATUS_OK && migration.id && migration.v1_id)
		status = update_flow(app, import, entry, &migration, err);
	else if (status == STATUS_OK && migration.id && migration.state != MIGRATION_IMPORTED)
		add_row(import, &entry->flow, "under_way", _("its migration has ended"));
	else if (status == STATUS_OK)
		status = insert_flow(app, import, entry, &migration, err);
	migration_done(&migration);
	return status;
}

/* The export tells the Platform's account, not the Munchkin ID. */
static enum status choose_account(struct app *app, struct import *import, struct error *err)
{
	const struct import_options *options = import->options;
	account_list all = { 0 };
	enum status status;
	bool made = false;

	if (options->account)
		return account_find(app->store, options->account, &import->account, err);
	if (options->reached_by.munchkin_id || options->reached_by.client_id) {
		status = account_reuse_or_make(app, &options->reached_by, options->secret, &import->account, &made, err);
		import->made_account = made ? import->account.id : 0;
		return status;
	}
	status = account_all(app->store, &all, err);
	if (status == STATUS_OK && all.count == 1) {
		status = account_get(app->store, all.at[0].id, &import->account, err);
	} else if (status == STATUS_OK) {
		status = error_set(err, STATUS_USAGE, "usage", _("the export does not tell the Marketo instance: say which account its V1 dataflows go to"));
		error_hint(err, _("give --account NAME, or --munchkin-id with --client-id"));
	}
	account_list_done(&all);
	return status;
}

static enum status put_all(struct app *app, struct import *import, struct error *err)
{
	enum status status = choose_account(app, import, err);

	for (size_t i = 0; status == STATUS_OK && i < import->entries.count; i++) {
		struct entry *entry = &import->entries.at[i];
		enum v1_guess guess = judge(import, &entry->flow);

		if (guess == V1_IS)
			status = put_flow(app, import, entry, err);
		else if (guess == V1_DOUBT)
			doubt(import, &entry->flow);
		else
			import->report->others++;
	}
	import->report->account = mem_strdup(import->account.name);
	return status;
}

static enum status tell(const struct import *import, struct error *err)
{
	const struct import_report *report = import->report;

	if (import->doubts) {
		error_set(err, STATUS_CONFIRM, "in_doubt", _("%lld dataflows may be V1's or not, and were not imported"), (long long)import->doubts);
		error_hint(err, _("say which they are: --v1-spec ID, and where the mapping ID stands: --mapping-id-path PATH; then import again"));
		return STATUS_CONFIRM;
	}
	if (report->problems.count)
		return error_set(err, STATUS_PARTIAL, "file", "%s: %s", report->problems.at[0].file, report->problems.at[0].message);
	if (import->bad)
		return error_set(err, STATUS_PARTIAL, "bad_flow", _("%lld entries are no dataflows"), (long long)import->bad);
	return STATUS_OK;
}

enum status app_migrate_import(struct app *app, const struct import_options *options, struct import_report *out, struct error *err)
{
	struct import import = { .options = options, .report = out };
	enum status status = app_enter(app, USE_MIGRATE_IMPORT, err);
	char *detail;

	*out = (struct import_report){ 0 };
	account_init(&import.account);
	if (status == STATUS_OK)
		status = read_files(&import, err);
	if (status == STATUS_OK)
		status = app_begin(app, err);
	if (status == STATUS_OK) {
		learn_specs(&import);
		status = put_all(app, &import, err);
		detail = mem_printf("%lld dataflows of V1", (long long)import.imported);
		status = app_end(app, status, USE_MIGRATE_IMPORT, out->account, detail, err);
		mem_free(detail);
		if (status == STATUS_OK)
			status = tell(&import, err);
	}
	import_done(&import);
	return status;
}
