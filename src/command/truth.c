/* verify [--repair] | resync | adopt */
#include "app/runs.h"
#include "app/truth.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/vec.h"
#include "command/command.h"
#include "command/csv.h"
#include "command/table.h"
#include "command/tell_run.h"

#include <inttypes.h>

static const struct option_row verify_rows[] = {
	{ "repair", NULL, N_("add those who are missing from the lists again") },
	{ "csv", "FILE", N_("write who is missing or extra into FILE as CSV; - is standard output") },
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

enum { SHOWN = 10 };

/* Whom people see of one kind in one audience. */
struct shown {
	struct verify_person person;
	char *identity;
};
typedef VEC(struct shown) shown_list;

static enum status keep_person(void *self, const struct verify_person *person, struct error *err)
{
	shown_list *shown = self;

	(void)err;
	vec_push(shown, ((struct shown){ .person = *person, .identity = mem_strdup(person->identity) }));
	return STATUS_OK;
}

static char *lead_text(const struct verify_person *person)
{
	return person->lead_id ? mem_printf("%" PRId64, person->lead_id) : mem_strdup(person->masked ? "***" : NULL);
}

static const char *identity_text(const struct verify_person *person, const char *identity)
{
	return person->masked ? "***" : identity;
}

/* Those missing first. Returns how many there are. */
static int64_t add_shown(struct table *table, const shown_list *shown, size_t audience)
{
	int64_t rows = 0;

	for (int extra = 0; extra < 2; extra++) {
		for (size_t i = 0; i < shown->count && rows < SHOWN; i++) {
			const struct verify_person *person = &shown->at[i].person;
			char *lead;

			if (person->audience != audience || person->extra != (extra != 0))
				continue;
			lead = lead_text(person);
			table_text(table, extra ? _("extra") : _("missing"));
			table_text(table, lead);
			table_text(table, identity_text(person, shown->at[i].identity));
			mem_free(lead);
			rows++;
		}
	}
	return rows;
}

static void print_shown(struct session *session, const struct verification *found, const shown_list *shown)
{
	for (size_t i = 0; i < found->audiences.count; i++) {
		const struct verify_audience *audience = &found->audiences.at[i];
		int64_t more = audience->missing + audience->extra;
		struct table table;

		if (!more)
			continue;
		str_add_char(&session->out, '\n');
		say(session, _("Who differs of %s:"), audience->name);
		table_init(&table, _("WHAT"), _("LEAD ID"), _("IDENTITY"), NULL);
		more -= add_shown(&table, shown, i);
		table_end(&table, &session->out, 2);
		if (more)
			say(session, _("  … and %" PRId64 " more: --csv FILE"), more);
	}
}

static void shown_done(shown_list *shown)
{
	for (size_t i = 0; i < shown->count; i++)
		mem_free(shown->at[i].identity);
	vec_done(shown);
}

/* The file of --csv, row by row. */
struct sheet {
	struct output output;
	const struct verification *found;
	struct str row;
	int64_t rows;
};

static enum status write_row(struct sheet *sheet, const char *const *cells, struct error *err)
{
	str_clear(&sheet->row);
	csv_row(&sheet->row, cells, 5);
	return output_add(&sheet->output, &sheet->row, err);
}

static enum status write_person(void *self, const struct verify_person *person, struct error *err)
{
	struct sheet *sheet = self;
	const struct verify_audience *audience = &sheet->found->audiences.at[person->audience];
	char *list = mem_printf("%" PRId64, audience->list_id), *lead = lead_text(person);
	enum status status = write_row(sheet,
		(const char *const[]){ audience->name, list, lead, person->extra ? "extra" : "missing", identity_text(person, person->identity) }, err);

	mem_free(list);
	mem_free(lead);
	sheet->rows++;
	return status;
}

static enum status verify_to_file(struct session *session, const char *dataflow, const char *csv, struct verification *found, int64_t *rows, struct error *err)
{
	struct sheet sheet = { .found = found };
	const struct verify_wish wish = { .take = write_person, .self = &sheet };
	enum status status = output_begin(&sheet.output, session, csv, err), ended;

	if (status != STATUS_OK)
		return status;
	status = write_row(&sheet, (const char *const[]){ "audience", "list_id", "lead_id", "what", "identity" }, err);
	if (status == STATUS_OK)
		status = app_verify(session->app, dataflow, &wish, found, err);
	/* Found to differ is told by the status, too: the file is whole once there is something found. */
	ended = output_end(&sheet.output, found->audiences.count, found->audiences.count ? err : NULL);
	str_done(&sheet.row);
	*rows = sheet.rows;
	return ended == STATUS_OK ? status : ended;
}

static enum status verify_with(struct session *session, const char *dataflow, const char *csv, struct error *err)
{
	shown_list shown = { 0 };
	const struct verify_wish wish = { .most = SHOWN, .take = keep_person, .self = &shown };
	struct verification found;
	int64_t rows = 0;
	enum status status;

	verification_init(&found);
	if (csv)
		status = verify_to_file(session, dataflow, csv, &found, &rows, err);
	else
		status = app_verify(session->app, dataflow, session->json ? NULL : &wish, &found, err);
	progress_clear(&session->progress);
	if (session->json && found.audiences.count) {
		struct run none;

		run_init(&none);
		tell_verification(session, &found, &none, &none, status, err);
	} else if (found.audiences.count && !session_is_answer(csv)) {
		print_verification(session, &found);
		if (csv)
			say(session, _("%" PRId64 " rows written to %s"), rows, csv);
		else
			print_shown(session, &found, &shown);
	}
	shown_done(&shown);
	verification_done(&found);
	return status;
}

static enum status repair(struct session *session, const char *dataflow, struct error *err)
{
	struct verification found;
	struct run earlier, run;
	enum status status = app_repair(session->app, dataflow, &found, &earlier, &run, err);

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

static enum status verify(struct session *session, const struct args *args, struct error *err)
{
	const char *csv = arg_text(args, "csv");
	enum status status = session_one_answer(session, csv, NULL, err);

	if (status == STATUS_OK && csv && arg_flag(args, "repair"))
		status = error_set(err, STATUS_USAGE, "usage", _("--%s and --%s do not go together"), "csv", "repair");
	if (status != STATUS_OK)
		return status;
	return arg_flag(args, "repair") ? repair(session, arg_operand(args, 0), err) : verify_with(session, arg_operand(args, 0), csv, err);
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
