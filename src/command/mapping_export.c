#include "command/mapping_export.h"

#include "app/mappings.h"
#include "app/revisions.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "command/csv.h"
#include "command/markdown.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const struct option_row mapping_export_rows[] = {
	{ "csv", "FILE", N_("write the rows into FILE, which is replaced; - is standard output") },
	{ "markdown", "FILE", N_("write a table for a review into FILE, which is replaced; - is standard output") },
	{ 0 },
};

/* A mapping with what a reviewer asks of it. */
struct sheet {
	const char *name;
	struct mapping_view view;
	mapping_changes authors; /* of every target, since the empty mapping */
	revision_list revisions; /* the newest first */
};

enum { COLUMNS = 9 };

/* One row as texts. */
struct sheet_row {
	const char *cells[COLUMNS];
	char revision[24], at[CLOCK_TEXT];
};

static const char *yes_no(bool is)
{
	return is ? "yes" : "no";
}

static void fill(const struct sheet *sheet, const struct mapping_row *row, struct sheet_row *out)
{
	const struct field *field = catalogue_find(&sheet->view.catalogue, row->target);
	const struct mapping_change *change = NULL;

	for (size_t i = 0; i < sheet->authors.count && !change; i++)
		if (strcmp(sheet->authors.at[i].target, row->target) == 0)
			change = &sheet->authors.at[i];
	*out = (struct sheet_row){ .cells = { row->source, row->target, mapping_row_is_identity(row, sheet->view.dedupe.at, sheet->view.dedupe.count) ? "identity" : "attribute",
		field ? field->type_name : NULL, yes_no(row->clear), yes_no(row->create_only) } };
	if (!change || !change->revision)
		return;
	snprintf(out->revision, sizeof out->revision, "%" PRId64, change->revision);
	out->cells[6] = out->revision;
	out->cells[7] = change->who;
	out->cells[8] = clock_format(change->at, out->at);
}

static void write_csv(const struct sheet *sheet, struct str *out)
{
	csv_row(out, (const char *const[]){ "source", "target", "kind", "type", "clear", "create_only", "revision", "who", "at" }, COLUMNS);
	for (size_t i = 0; i < sheet->view.mapping.rows.count; i++) {
		struct sheet_row row;

		fill(sheet, &sheet->view.mapping.rows.at[i], &row);
		csv_row(out, row.cells, COLUMNS);
	}
}

/* Who has saved it, and who stands for it. */
static void add_signature(const struct sheet *sheet, struct str *out)
{
	const struct revision *newest = sheet->revisions.count ? &sheet->revisions.at[0] : NULL;
	struct str text = { 0 };
	char at[CLOCK_TEXT];

	if (!newest)
		return;
	str_add_format(&text, _("Saved by %s at %s."), newest->who ? newest->who : "-", clock_format(newest->saved_at, at));
	if (newest->signed_by)
		str_add_format(&text, _(" Signed by %s at %s%s%s."), newest->signed_by, clock_format(newest->signed_at, at), newest->note ? ": " : "", newest->note ? newest->note : "");
	else
		str_add(&text, _(" Nobody has signed it."));
	markdown_text(out, str_text(&text));
	str_add(out, "\n\n");
	str_done(&text);
}

static void write_markdown(const struct sheet *sheet, struct str *out)
{
	const char *const heads[COLUMNS] = { _("SOURCE"), _("TARGET"), _("KIND"), _("TYPE"), _("CLEARS"), _("CREATE ONLY"), _("REVISION"), _("BY"), _("SAVED") };
	char *title = mem_printf(_("Mapping of %s, revision %" PRId64), sheet->name, sheet->view.mapping.revision);

	str_add(out, "# ");
	markdown_text(out, title);
	str_add(out, "\n\n");
	mem_free(title);
	add_signature(sheet, out);
	markdown_head(out, heads, COLUMNS);
	for (size_t i = 0; i < sheet->view.mapping.rows.count; i++) {
		struct sheet_row row;

		fill(sheet, &sheet->view.mapping.rows.at[i], &row);
		markdown_row(out, row.cells, COLUMNS);
	}
}

static enum status write_sheet(struct session *session, const char *path, void (*write)(const struct sheet *sheet, struct str *out), const struct sheet *sheet, struct error *err)
{
	struct str text = { 0 };
	enum status status = STATUS_OK;

	if (!path)
		return STATUS_OK;
	write(sheet, &text);
	status = session_write(session, path, &text, err);
	str_done(&text);
	return status;
}

static enum status check_paths(const struct session *session, const char *csv, const char *markdown, struct error *err)
{
	if (!csv && !markdown) {
		error_set(err, STATUS_USAGE, "usage", _("say where to: --csv FILE or --markdown FILE"));
		error_hint(err, _("- is standard output"));
		return STATUS_USAGE;
	}
	return session_one_answer(session, csv, markdown, err);
}

static void answer(struct session *session, const struct sheet *sheet, const char *csv, const char *markdown)
{
	const char *const paths[] = { csv, markdown };

	if (session->json) {
		answer_begin(session);
		json_pair_i64(&session->w, "rows", (int64_t)sheet->view.mapping.rows.count);
		json_pair_i64(&session->w, "revision", sheet->view.mapping.revision);
		json_pair_string(&session->w, "csv", csv);
		json_pair_string(&session->w, "markdown", markdown);
		answer_end(session);
		return;
	}
	if (session_is_answer(csv) || session_is_answer(markdown))
		return;
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		if (paths[i])
			say(session, _("%zu rows written to %s"), sheet->view.mapping.rows.count, paths[i]);
}

static enum status load(struct session *session, struct sheet *sheet, struct error *err)
{
	int64_t from = 0, to = 0;
	enum status status = app_mapping_show(session->app, sheet->name, &sheet->view, err);

	to = sheet->view.mapping.revision;
	if (status == STATUS_OK && to)
		status = app_mapping_diff(session->app, sheet->name, &from, &to, &sheet->authors, err);
	return status == STATUS_OK ? app_mapping_revisions(session->app, sheet->name, &sheet->revisions, err) : status;
}

enum status mapping_export(struct session *session, const struct args *args, struct error *err)
{
	const char *csv = arg_text(args, "csv"), *markdown = arg_text(args, "markdown");
	struct sheet sheet = { .name = arg_operand(args, 0) };
	enum status status = check_paths(session, csv, markdown, err);

	mapping_view_init(&sheet.view);
	if (status == STATUS_OK)
		status = load(session, &sheet, err);
	if (status == STATUS_OK)
		status = write_sheet(session, csv, write_csv, &sheet, err);
	if (status == STATUS_OK)
		status = write_sheet(session, markdown, write_markdown, &sheet, err);
	if (status == STATUS_OK)
		answer(session, &sheet, csv, markdown);
	revision_list_done(&sheet.revisions);
	mapping_changes_done(&sheet.authors);
	mapping_view_done(&sheet.view);
	return status;
}
