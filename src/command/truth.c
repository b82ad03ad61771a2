/* verify */
#include "app/truth.h"

#include "base/i18n.h"
#include "command/command.h"
#include "command/table.h"

#include <inttypes.h>

static void put_audience(struct json_out *w, const struct verify_audience *audience)
{
	json_object(w);
	json_pair_string(w, "name", audience->name);
	json_name(w, "list_id");
	if (audience->list_id)
		json_put_i64(w, audience->list_id);
	else
		json_put_null(w);
	json_pair_i64(w, "in_list", audience->in_list);
	json_pair_i64(w, "in_ledger", audience->in_ledger);
	json_pair_i64(w, "missing", audience->missing);
	json_pair_i64(w, "extra", audience->extra);
	if (audience->gone)
		json_pair_bool(w, "gone", true);
	json_object_end(w);
}

static void tell_verification(struct session *session, const struct verification *found, enum status status, const struct error *err)
{
	struct json_out *w = &session->w;

	answer_begin(session);
	json_pair_bool(w, "ok", status == STATUS_OK && found->ok);
	json_name(w, "audiences");
	json_array(w);
	for (size_t i = 0; i < found->audiences.count; i++)
		put_audience(w, &found->audiences.at[i]);
	json_array_end(w);
	if (status != STATUS_OK)
		answer_error(w, err);
	answer_end(session);
}

static void print_verification(struct session *session, const struct verification *found)
{
	struct table table;

	table_init(&table, _("AUDIENCE"), _("LIST"), _("IN LIST"), _("IN LEDGER"), _("MISSING"), _("EXTRA"), NULL);
	for (size_t i = 0; i < found->audiences.count; i++) {
		const struct verify_audience *audience = &found->audiences.at[i];

		table_text(&table, audience->name);
		if (audience->list_id)
			table_number(&table, audience->list_id);
		else
			table_text(&table, NULL);
		if (audience->gone)
			table_text(&table, _("gone"));
		else
			table_number(&table, audience->in_list);
		table_number(&table, audience->in_ledger);
		table_number(&table, audience->missing);
		table_number(&table, audience->extra);
	}
	table_end(&table, &session->out, 0);
}

static enum status verify(struct session *session, const struct args *args, struct error *err)
{
	struct verification found;
	enum status status = app_verify(session->app, arg_operand(args, 0), &found, err);

	progress_clear(&session->progress);
	if (found.audiences.count && session->json)
		tell_verification(session, &found, status, err);
	else if (found.audiences.count)
		print_verification(session, &found);
	verification_done(&found);
	return status;
}

const struct command truth_commands[] = {
	{ .use = USE_VERIFY, .least = 1, .most = 1, .run = verify },
	{ 0 },
};
