/* verify [--repair] | resync */
#include "app/runs.h"
#include "app/truth.h"

#include "base/i18n.h"
#include "command/command.h"
#include "command/table.h"
#include "command/tell_run.h"

#include <inttypes.h>

static const struct option_row verify_rows[] = {
	{ "repair", NULL, N_("add those who are missing from the lists again") },
	{ 0 },
};

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

static void put_audiences(struct json_out *w, const struct verification *found)
{
	json_name(w, "audiences");
	json_array(w);
	for (size_t i = 0; i < found->audiences.count; i++)
		put_audience(w, &found->audiences.at[i]);
	json_array_end(w);
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

/* An answer there is once the lists were looked at, or once there was a run. */
static void tell_verification(struct session *session, const struct verification *found, const struct run *earlier, const struct run *run, enum status status,
	const struct error *err)
{
	answer_begin(session);
	json_pair_bool(&session->w, "ok", status == STATUS_OK);
	put_audiences(&session->w, found);
	tell_runs(session, earlier, run);
	if (status != STATUS_OK && *err->message)
		answer_error(&session->w, err);
	answer_end(session);
}

static enum status verify(struct session *session, const struct args *args, struct error *err)
{
	bool repair = arg_flag(args, "repair");
	struct verification found;
	struct run earlier, run;
	enum status status;

	run_init(&earlier);
	run_init(&run);
	status = repair ? app_repair(session->app, arg_operand(args, 0), &found, &earlier, &run, err) : app_verify(session->app, arg_operand(args, 0), &found, err);
	progress_clear(&session->progress);
	if (session->json && (found.audiences.count || earlier.id)) {
		tell_verification(session, &found, &earlier, &run, status, err);
	} else if (!session->json) {
		if (found.audiences.count)
			print_verification(session, &found);
		tell_runs(session, &earlier, &run);
	}
	verification_done(&found);
	run_done(&earlier);
	run_done(&run);
	return status;
}

static enum status resync(struct session *session, const struct args *args, struct error *err)
{
	struct run_options options = { .resync = true };
	struct run earlier, run;
	enum status status = app_run(session->app, arg_operand(args, 0), &options, &earlier, &run, err);

	progress_clear(&session->progress);
	answer_runs(session, &earlier, &run, status, err);
	run_done(&earlier);
	run_done(&run);
	return status;
}

const struct command truth_commands[] = {
	{ .use = USE_VERIFY, .options = { verify_rows }, .least = 1, .most = 1, .run = verify },
	{ .use = USE_RESYNC, .least = 1, .most = 1, .run = resync },
	{ 0 },
};
