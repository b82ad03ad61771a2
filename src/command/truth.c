/* verify [--repair] | resync | adopt */
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

static const struct option_row adopt_rows[] = {
	{ "audience", "A", N_("only this audience's list") },
	{ 0 },
};

static void put_list_id(struct json_out *w, int64_t id)
{
	json_name(w, "list_id");
	if (id)
		json_put_i64(w, id);
	else
		json_put_null(w);
}

static void table_list_id(struct table *table, int64_t id)
{
	if (id)
		table_number(table, id);
	else
		table_text(table, NULL);
}

static void put_audience(struct json_out *w, const struct verify_audience *audience)
{
	json_object(w);
	json_pair_string(w, "name", audience->name);
	put_list_id(w, audience->list_id);
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
		table_list_id(&table, audience->list_id);
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
	} else if (session->json) {
		answer_runs(session, &earlier, &run, status, err); /* a policy has blocked it before anybody looked */
	} else {
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

static void put_adopted(struct json_out *w, const struct adopt_audience *audience)
{
	json_object(w);
	json_pair_string(w, "name", audience->name);
	put_list_id(w, audience->list_id);
	json_pair_i64(w, "in_list", audience->in_list);
	json_pair_i64(w, "adopted", audience->adopted);
	json_pair_i64(w, "known", audience->known);
	json_pair_i64(w, "unidentified", audience->unidentified);
	json_pair_i64(w, "doubled", audience->doubled);
	json_object_end(w);
}

static void tell_adoption(struct session *session, const struct adoption *adoption)
{
	answer_begin(session);
	json_name(&session->w, "audiences");
	json_array(&session->w);
	for (size_t i = 0; i < adoption->audiences.count; i++)
		put_adopted(&session->w, &adoption->audiences.at[i]);
	json_array_end(&session->w);
	answer_end(session);
}

static void print_adoption(struct session *session, const struct adoption *adoption)
{
	int64_t unidentified = 0;
	struct table table;

	table_init(&table, _("AUDIENCE"), _("LIST"), _("IN LIST"), _("ADOPTED"), _("KNOWN"), _("UNIDENTIFIED"), _("DOUBLED"), NULL);
	for (size_t i = 0; i < adoption->audiences.count; i++) {
		const struct adopt_audience *audience = &adoption->audiences.at[i];

		table_text(&table, audience->name);
		table_list_id(&table, audience->list_id);
		table_number(&table, audience->in_list);
		table_number(&table, audience->adopted);
		table_number(&table, audience->known);
		table_number(&table, audience->unidentified);
		table_number(&table, audience->doubled);
		unidentified += audience->unidentified;
	}
	table_end(&table, &session->out, 0);
	if (unidentified)
		say(session, _("%" PRId64 " people have no value in the fields that people are matched by: penstock cannot remove them"), unidentified);
}

static enum status adopt(struct session *session, const struct args *args, struct error *err)
{
	struct adoption adoption;
	enum status status = app_adopt(session->app, arg_operand(args, 0), arg_text(args, "audience"), &adoption, err);

	progress_clear(&session->progress);
	if (status == STATUS_OK && session->json)
		tell_adoption(session, &adoption);
	else if (status == STATUS_OK)
		print_adoption(session, &adoption);
	adoption_done(&adoption);
	return status;
}

const struct command truth_commands[] = {
	{ .use = USE_VERIFY, .options = { verify_rows }, .least = 1, .most = 1, .run = verify },
	{ .use = USE_RESYNC, .least = 1, .most = 1, .run = resync },
	{ .use = USE_ADOPT, .options = { adopt_rows }, .least = 1, .most = 1, .run = adopt },
	{ 0 },
};
