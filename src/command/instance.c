/* fields | folders | lists | partitions: what a Marketo instance has */
#include "app/fields.h"
#include "app/lists.h"
#include "base/i18n.h"
#include "base/text.h"
#include "command/command.h"
#include "command/table.h"

#include <inttypes.h>

static const struct option_row field_rows[] = {
	{ "refresh", NULL, N_("ask Marketo, although the fields fetched last are less than a day old") },
	{ "search", "TEXT", N_("only fields with TEXT in their name or label") },
	{ "searchable", NULL, N_("only fields that people can be found by") },
	{ 0 },
};

static const struct option_row list_rows[] = {
	{ "search", "TEXT", N_("only lists with TEXT in their name") },
	{ 0 },
};

static bool is_wanted(const struct field *field, const struct args *args)
{
	const char *search = arg_text(args, "search");

	if (arg_flag(args, "searchable") && !field->searchable)
		return false;
	return !search || text_case_has(field->name, search) || text_case_has(field->label ? field->label : "", search);
}

static void tell_fields(struct session *session, const struct args *args, const struct catalogue *catalogue)
{
	struct json_out *w = &session->w;

	answer_begin(session);
	json_name(w, "fields");
	json_array(w);
	for (size_t i = 0; i < catalogue->fields.count; i++) {
		const struct field *field = &catalogue->fields.at[i];

		if (!is_wanted(field, args))
			continue;
		json_object(w);
		json_pair_string(w, "name", field->name);
		json_pair_string(w, "label", field->label);
		json_pair_string(w, "type", field->type_name);
		answer_known(session, "length", field->length ? field->length : -1);
		json_pair_bool(w, "updateable", field->updateable);
		json_pair_bool(w, "searchable", field->searchable);
		json_object_end(w);
	}
	json_array_end(w);
	answer_time(session, "fetched_at", catalogue->fetched_at);
	answer_end(session);
}

static void print_fields(struct session *session, const struct args *args, const struct catalogue *catalogue)
{
	struct table table;

	table_init(&table, _("NAME"), _("LABEL"), _("TYPE"), _("LENGTH"), _("UPDATE"), _("SEARCH"), NULL);
	for (size_t i = 0; i < catalogue->fields.count; i++) {
		const struct field *field = &catalogue->fields.at[i];

		if (!is_wanted(field, args))
			continue;
		table_text(&table, field->name);
		table_text(&table, field->label);
		table_text(&table, field->type_name);
		if (field->length)
			table_number(&table, field->length);
		else
			table_text(&table, NULL);
		table_text(&table, field->updateable ? _("yes") : _("no"));
		table_text(&table, field->searchable ? _("yes") : _("no"));
	}
	table_end(&table, &session->out, 0);
}

static enum status fields(struct session *session, const struct args *args, struct error *err)
{
	struct catalogue catalogue;
	enum status status = app_fields(session->app, arg_operand(args, 0), arg_flag(args, "refresh"), &catalogue, err);

	if (status == STATUS_OK && session->json)
		tell_fields(session, args, &catalogue);
	else if (status == STATUS_OK)
		print_fields(session, args, &catalogue);
	catalogue_done(&catalogue);
	return status;
}

static enum status folders(struct session *session, const struct args *args, struct error *err)
{
	place_list places = { 0 };
	enum status status = app_folders(session->app, arg_operand(args, 0), &places, err);
	struct table table;

	if (status == STATUS_OK && session->json) {
		answer_begin(session);
		json_name(&session->w, "folders");
		json_array(&session->w);
		for (size_t i = 0; i < places.count; i++) {
			json_object(&session->w);
			json_pair_i64(&session->w, "id", places.at[i].id);
			json_pair_string(&session->w, "type", places.at[i].is_program ? "program" : "folder");
			json_pair_string(&session->w, "folder_type", places.at[i].folder_type);
			json_pair_string(&session->w, "name", places.at[i].name);
			json_pair_string(&session->w, "path", places.at[i].path);
			json_pair_string(&session->w, "workspace", places.at[i].workspace);
			json_object_end(&session->w);
		}
		json_array_end(&session->w);
		answer_end(session);
	} else if (status == STATUS_OK) {
		table_init(&table, _("FOLDER"), _("NAME"), _("PATH"), _("WORKSPACE"), NULL);
		for (size_t i = 0; i < places.count; i++) {
			/* As --list-folder takes it. */
			table_format(&table, "%s%" PRId64, places.at[i].is_program ? "program:" : "", places.at[i].id);
			table_text(&table, places.at[i].name);
			table_text(&table, places.at[i].path);
			table_text(&table, places.at[i].workspace);
		}
		table_end(&table, &session->out, 0);
	}
	place_list_done(&places);
	return status;
}

static enum status lists(struct session *session, const struct args *args, struct error *err)
{
	place_list places = { 0 };
	enum status status = app_lists(session->app, arg_operand(args, 0), arg_text(args, "search"), &places, err);
	struct table table;

	if (status == STATUS_OK && session->json) {
		answer_begin(session);
		json_name(&session->w, "lists");
		json_array(&session->w);
		for (size_t i = 0; i < places.count; i++) {
			json_object(&session->w);
			json_pair_i64(&session->w, "id", places.at[i].id);
			json_pair_string(&session->w, "name", places.at[i].name);
			json_pair_string(&session->w, "program", places.at[i].program);
			json_pair_string(&session->w, "workspace", places.at[i].workspace);
			json_pair_string(&session->w, "description", places.at[i].description);
			json_object_end(&session->w);
		}
		json_array_end(&session->w);
		answer_end(session);
	} else if (status == STATUS_OK) {
		table_init(&table, _("ID"), _("NAME"), _("PROGRAM"), _("WORKSPACE"), NULL);
		for (size_t i = 0; i < places.count; i++) {
			table_number(&table, places.at[i].id);
			table_text(&table, places.at[i].name);
			table_text(&table, places.at[i].program);
			table_text(&table, places.at[i].workspace);
		}
		table_end(&table, &session->out, 0);
	}
	place_list_done(&places);
	return status;
}

static enum status partitions(struct session *session, const struct args *args, struct error *err)
{
	place_list places = { 0 };
	enum status status = app_partitions(session->app, arg_operand(args, 0), &places, err);
	struct table table;

	if (status == STATUS_OK && session->json) {
		answer_begin(session);
		json_name(&session->w, "partitions");
		json_array(&session->w);
		for (size_t i = 0; i < places.count; i++) {
			json_object(&session->w);
			json_pair_i64(&session->w, "id", places.at[i].id);
			json_pair_string(&session->w, "name", places.at[i].name);
			json_pair_string(&session->w, "description", places.at[i].description);
			json_object_end(&session->w);
		}
		json_array_end(&session->w);
		answer_end(session);
	} else if (status == STATUS_OK) {
		table_init(&table, _("ID"), _("NAME"), _("DESCRIPTION"), NULL);
		for (size_t i = 0; i < places.count; i++) {
			table_number(&table, places.at[i].id);
			table_text(&table, places.at[i].name);
			table_text(&table, places.at[i].description);
		}
		table_end(&table, &session->out, 0);
	}
	place_list_done(&places);
	return status;
}

const struct command instance_commands[] = {
	{ .use = USE_FIELDS, .options = { field_rows }, .least = 1, .most = 1, .run = fields },
	{ .use = USE_FOLDERS, .least = 1, .most = 1, .run = folders },
	{ .use = USE_LISTS, .options = { list_rows }, .least = 1, .most = 1, .run = lists },
	{ .use = USE_PARTITIONS, .least = 1, .most = 1, .run = partitions },
	{ 0 },
};
