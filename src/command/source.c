/* source check */
#include "app/sources.h"
#include "base/i18n.h"
#include "command/command.h"
#include "command/table.h"

#include <inttypes.h>

static void put_bad_lines(struct json_out *w, const struct source_report *report)
{
	json_name(w, "bad_lines");
	json_array(w);
	for (size_t i = 0; i < report->bad.count; i++) {
		json_object(w);
		json_pair_i64(w, "position", report->bad.at[i].position);
		json_pair_string(w, "reason", report->bad.at[i].reason);
		json_object_end(w);
	}
	json_array_end(w);
}

static void put_audiences(struct json_out *w, const struct source_report *report)
{
	json_name(w, "audiences");
	json_array(w);
	for (size_t i = 0; i < report->audiences.count; i++) {
		const struct source_audience *audience = &report->audiences.at[i];

		json_object(w);
		json_pair_string(w, "id", audience->id);
		json_pair_string(w, "name", audience->name);
		json_pair_string(w, "group", audience->group);
		json_pair_i64(w, "realized", audience->realized);
		json_pair_i64(w, "existing", audience->existing);
		json_pair_i64(w, "exited", audience->exited);
		json_pair_i64(w, "unknown", audience->unknown);
		json_object_end(w);
	}
	json_array_end(w);
}

static void put_attributes(struct json_out *w, const struct source_report *report)
{
	json_name(w, "attributes");
	json_array(w);
	for (size_t i = 0; i < report->attributes.count; i++) {
		json_object(w);
		json_pair_string(w, "path", report->attributes.at[i].path);
		json_pair_i64(w, "filled", report->attributes.at[i].filled);
		json_pair_string(w, "example", report->attributes.at[i].example);
		json_object_end(w);
	}
	json_array_end(w);
}

static void tell(struct session *session, const struct source_report *report)
{
	struct json_out *w = &session->w;

	answer_begin(session);
	json_name(w, "source");
	json_object(w);
	json_pair_string(w, "format", report->format);
	json_pair_i64(w, "profiles", report->profiles);
	json_pair_i64(w, "bad_count", report->bad_count);
	json_pair_bool(w, "truncated", report->truncated);
	put_bad_lines(w, report);
	put_audiences(w, report);
	put_attributes(w, report);
	json_object_end(w);
	answer_end(session);
}

static void print_audiences(struct session *session, const struct source_report *report)
{
	struct table table;

	table_init(&table, _("AUDIENCE"), _("NAME"), _("REALIZED"), _("EXISTING"), _("EXITED"), NULL);
	for (size_t i = 0; i < report->audiences.count; i++) {
		const struct source_audience *audience = &report->audiences.at[i];

		table_text(&table, audience->id);
		table_text(&table, audience->name);
		table_number(&table, audience->realized);
		table_number(&table, audience->existing);
		table_number(&table, audience->exited);
	}
	table_end(&table, &session->out, 0);
}

static void print_attributes(struct session *session, const struct source_report *report)
{
	struct table table;

	table_init(&table, _("ATTRIBUTE"), _("FILLED"), _("PART"), _("EXAMPLE"), NULL);
	for (size_t i = 0; i < report->attributes.count; i++) {
		const struct source_attribute *attribute = &report->attributes.at[i];

		table_text(&table, attribute->path);
		table_number(&table, attribute->filled);
		table_format(&table, "%3.0f %%", report->profiles ? 100.0 * (double)attribute->filled / (double)report->profiles : 0.0);
		table_text(&table, attribute->example);
	}
	table_end(&table, &session->out, 0);
}

static void print_bad_lines(struct session *session, const struct source_report *report)
{
	enum { SHOWN = 20 };
	struct table table;

	if (!report->bad_count)
		return;
	table_init(&table, _("LINE"), _("WHAT IS WRONG WITH IT"), NULL);
	for (size_t i = 0; i < report->bad.count && i < SHOWN; i++) {
		table_number(&table, report->bad.at[i].position);
		table_text(&table, report->bad.at[i].reason);
	}
	str_add_char(&session->out, '\n');
	table_end(&table, &session->out, 0);
	if (report->bad_count > SHOWN)
		say(session, _(".. and %" PRId64 " more"), report->bad_count - SHOWN);
}

static void print(struct session *session, const struct source_report *report)
{
	str_add_format(&session->out, _("format %s, %" PRId64 " profiles, %" PRId64 " bad lines\n\n"), report->format, report->profiles,
		report->bad_count);
	print_audiences(session, report);
	str_add_char(&session->out, '\n');
	print_attributes(session, report);
	print_bad_lines(session, report);
	if (report->truncated)
		say(session, _("there are more audiences or attributes than are told apart here"));
}

static enum status check(struct session *session, const struct args *args, struct error *err)
{
	struct source_report report = { 0 };
	enum status status = app_source_check(session->app, arg_operand(args, 0), &report, err);

	if (status == STATUS_OK && session->json)
		tell(session, &report);
	else if (status == STATUS_OK)
		print(session, &report);
	source_report_done(&report);
	return status;
}

const struct command source_commands[] = {
	{ .use = USE_SOURCE_CHECK, .least = 1, .most = 1, .operands = WORD_SOURCE, .run = check },
	{ 0 },
};
