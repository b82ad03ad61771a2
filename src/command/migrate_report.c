/* migrate report: what was, what is, why they differ, who did what when. Markdown for people, CSV for sheets, JSON for programs. */
#include "command/migrate.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "command/csv.h"
#include "command/markdown.h"

#include <inttypes.h>
#include <string.h>

const struct option_row migrate_report_rows[] = {
	{ "markdown", "FILE", N_("write the report into FILE, which is replaced; - is standard output") },
	{ "csv", "FILE", N_("write every difference into FILE, one a row, which is replaced; - is standard output") },
	{ 0 },
};

static const char *or_dash(const char *text)
{
	return text && *text ? text : "-";
}

static void add_text(struct str *out, const char *text)
{
	markdown_text(out, or_dash(text));
}

static void add_cell(struct str *out, const char *text)
{
	markdown_cell(out, or_dash(text));
}

static void add_row(struct str *out, const char *a, const char *b, const char *c)
{
	markdown_row(out, (const char *const[]){ or_dash(a), or_dash(b), or_dash(c) }, 3);
}

static void add_head(struct str *out, const char *a, const char *b, const char *c)
{
	markdown_head(out, (const char *const[]){ a, b, c }, 3);
}

static const char *v2_source(const struct migration_story *story, const char *target)
{
	const struct mapping_row *row = mapping_target(&story->v2_mapping, target);

	return row ? row->source : NULL;
}

static void add_field(struct str *out, const char *what, const struct migration_story *story, const struct v1_flow *v1, const char *v1_target, const char *v2_target, const char *note)
{
	const struct mapping_row *row = mapping_target(&v1->mapping, v1_target);
	const char *source = v2_source(story, v2_target);
	char *was = row ? mem_printf("%s → %s", row->source, v1_target) : NULL, *is = source ? mem_printf("%s → %s%s", source, v2_target, note) : NULL;

	if (was || is)
		add_row(out, what, was, is);
	mem_free(was);
	mem_free(is);
}

static bool is_v1_target(const char *target)
{
	static const char *const targets[] = { "email", "firstName", "lastName", "company" };

	for (size_t i = 0; i < sizeof targets / sizeof *targets; i++)
		if (strcmp(target, targets[i]) == 0)
			return true;
	return false;
}

static void add_fields(struct str *out, const struct migration_story *story, const struct v1_flow *v1)
{
	const struct mapping_row *ecid = mapping_target(&v1->mapping, "ECID");
	bool creates = story->destination.person_creation == CREATION_MATCH_AND_CREATE;

	add_field(out, _("Identity"), story, v1, "email", "email", "");
	if (ecid)
		add_row(out, _("Identity"), "ECID", NULL);
	add_field(out, _("Field"), story, v1, "firstName", "firstName", "");
	add_field(out, _("Field"), story, v1, "lastName", "lastName", "");
	add_field(out, _("Field"), story, v1, "companyName", "company", creates ? _(" (on creation only)") : _(" (never sent: nobody is created)"));
	for (size_t i = 0; i < story->v2_mapping.rows.count; i++) {
		const struct mapping_row *row = &story->v2_mapping.rows.at[i];
		char *is = mem_printf("%s → %s", row->source, row->target);

		if (!is_v1_target(row->target))
			add_row(out, _("Field"), NULL, is);
		mem_free(is);
	}
}

static void add_audiences(struct str *out, const struct migration_story *story, const struct v1_flow *v1)
{
	for (size_t i = 0; i < v1->audiences.count; i++) {
		const struct v1_audience *audience = &v1->audiences.at[i];
		char *what = mem_printf(_("List of %s"), audience->name ? audience->name : audience->id), *is = NULL;

		for (size_t k = 0; k < story->v2.audiences.count; k++)
			if (strcmp(story->v2.audiences.at[k].audience, audience->id) == 0 && story->v2.audiences.at[k].list_id)
				is = mem_printf("%" PRId64 " %s", story->v2.audiences.at[k].list_id, story->v2.audiences.at[k].list_name ? story->v2.audiences.at[k].list_name : "");
		add_row(out, what, audience->mapping_id, is);
		mem_free(what);
		mem_free(is);
	}
}

static void add_settings(struct str *out, const struct migration_story *story)
{
	const struct migration *migration = &story->migration;
	bool made = story->v2.id != 0;
	struct v1_flow v1;

	migration_exported(migration, &v1, NULL);
	add_head(out, _("What"), _("V1, as it was"), _("V2, as it is"));
	add_row(out, _("Dataflow"), migration->name, migration->v2_name);
	add_row(out, _("Platform id"), migration->flow_id, NULL);
	add_row(out, _("Account"), migration->account, made ? story->destination.account_name : NULL);
	add_row(out, _("State"), migration->v1_enabled ? _("enabled") : _("disabled"), !made ? NULL : story->v2.enabled ? _("enabled") : _("disabled"));
	add_row(out, _("Source"), _("the Platform"), story->v2.source);
	add_row(out, _("Person creation"), _("not offered"), made ? person_creation_text(story->destination.person_creation) : NULL);
	add_row(out, _("Sync type"), _("not offered"), made ? sync_type_text(destination_sync_type(&story->destination)) : NULL);
	add_fields(out, story, &v1);
	add_audiences(out, story, &v1);
	v1_flow_done(&v1);
}

struct tally {
	const char *reason;
	bool missing;
	int64_t count;
};

static void add_differences(struct str *out, const struct migration_story *story)
{
	const struct migration *migration = &story->migration;
	VEC(struct tally) tallies = { 0 };
	char when[CLOCK_TEXT];

	if (!migration->compared_at)
		str_add_format(out, "\n%s\n", story->differences.count ? _("The migration was undone. What V2's runs had changed in V1's lists stays:") : _("The lists were not compared."));
	else
		str_add_format(out, _("\nCompared %s: in both lists %" PRId64 ", missing in V2 %" PRId64 ", extra in V2 %" PRId64 ", without an explanation %" PRId64 ".\n"),
			clock_format(migration->compared_at, when), migration->both, migration->missing, migration->extra, migration->unexplained);
	for (size_t i = 0; i < story->differences.count; i++) {
		const struct migration_difference *one = &story->differences.at[i];
		size_t at = 0;

		while (at < tallies.count && (tallies.at[at].reason != one->reason || tallies.at[at].missing != one->missing))
			at++;
		if (at == tallies.count)
			vec_push(&tallies, ((struct tally){ .reason = one->reason, .missing = one->missing }));
		tallies.at[at].count++;
	}
	if (tallies.count) {
		str_add_char(out, '\n');
		add_head(out, _("People"), _("Difference"), _("Why"));
	}
	for (size_t i = 0; i < tallies.count; i++) {
		const struct difference_row *row = difference_find(tallies.at[i].reason);
		char *count = mem_printf("%" PRId64, tallies.at[i].count);
		char *what = mem_printf("%s, %s", tallies.at[i].missing ? _("missing") : _("extra"), row && row->explained ? _("explained") : _("not explained"));

		add_row(out, count, what, row ? _(row->message) : NULL);
		mem_free(count);
		mem_free(what);
	}
	if (migration->override) {
		struct str reason = { 0 };

		add_text(&reason, migration->override);
		str_add_format(out, _("\nAccepted all the same: %s\n"), str_text(&reason));
		str_done(&reason);
	}
	vec_done(&tallies);
}

static void add_steps(struct str *out, const struct migration_story *story)
{
	str_add_char(out, '\n');
	add_head(out, _("When"), _("Who"), _("Step"));
	for (size_t i = 0; i < story->steps.count; i++) {
		const struct migration_step *step = &story->steps.at[i];
		char when[CLOCK_TEXT], *what = mem_printf("%s%s%s", step->step, step->detail ? ": " : "", step->detail ? step->detail : "");

		add_row(out, clock_format(step->at, when), step->who, what);
		mem_free(what);
	}
}

/* All of them at a glance, before each is told. */
static void add_summary(struct str *out, const story_list *list)
{
	const char *const head[] = { _("Dataflow"), _("State"), "V2", _("In both"), _("Missing"), _("Extra"), _("Not explained"), _("Accepted because") };
	enum { COLUMNS = sizeof head / sizeof *head, COUNTS = 4 };

	str_add(out, "\n|");
	for (size_t i = 0; i < COLUMNS; i++)
		add_cell(out, head[i]);
	str_add(out, "\n|");
	for (size_t i = 0; i < COLUMNS; i++)
		str_add(out, i >= 3 && i < 3 + COUNTS ? " ---: |" : " --- |");
	for (size_t i = 0; i < list->count; i++) {
		const struct migration *migration = &list->at[i].migration;
		const int64_t counts[COUNTS] = { migration->both, migration->missing, migration->extra, migration->unexplained };

		str_add(out, "\n|");
		add_cell(out, migration->name);
		add_cell(out, migration_state_text(migration->state));
		add_cell(out, migration->v2_name);
		for (size_t k = 0; k < COUNTS; k++)
			if (migration->compared_at)
				str_add_format(out, " %" PRId64 " |", counts[k]);
			else
				add_cell(out, NULL);
		add_cell(out, migration->override);
	}
	str_add_char(out, '\n');
}

static void write_markdown(const story_list *list, struct str *out)
{
	int64_t states[MIGRATION_STATES] = { 0 };
	char when[CLOCK_TEXT], *who = store_user_name();

	for (size_t i = 0; i < list->count; i++)
		states[list->at[i].migration.state]++;
	str_add_format(out, "# %s\n\n", _("Migration of Marketo V1 dataflows to V2"));
	str_add_format(out, _("Written %s by %s with penstock %s.\n\n"), clock_format(clock_wall_ms(), when), who, PACKAGE_VERSION);
	str_add_format(out, _("%zu dataflows: %" PRId64 " not begun, %" PRId64 " made, %" PRId64 " with V1 disabled, %" PRId64 " finished.\n"), list->count, states[MIGRATION_IMPORTED],
		states[MIGRATION_CREATED], states[MIGRATION_PAUSED], states[MIGRATION_FINISHED]);
	add_summary(out, list);
	for (size_t i = 0; i < list->count; i++) {
		struct str name = { 0 };

		add_text(&name, list->at[i].migration.name);
		str_add_format(out, "\n## %s (%s)\n\n", str_text(&name), migration_state_text(list->at[i].migration.state));
		str_done(&name);
		add_settings(out, &list->at[i]);
		add_differences(out, &list->at[i]);
		add_steps(out, &list->at[i]);
	}
	mem_free(who);
}

static void write_csv(const story_list *list, struct str *out)
{
	static const char *const head[] = { "flow", "flow_id", "state", "v2", "compared_at", "audience", "lead_id", "side", "reason", "code", "explained", "message" };

	csv_row(out, head, sizeof head / sizeof *head);
	for (size_t i = 0; i < list->count; i++) {
		const struct migration *migration = &list->at[i].migration;
		char when[CLOCK_TEXT] = "";
		const char *cells[sizeof head / sizeof *head] = { migration->name, migration->flow_id, migration_state_text(migration->state), migration->v2_name, when };

		if (migration->compared_at)
			clock_format(migration->compared_at, when);
		/* A dataflow without differences has a row, too: it was looked at. */
		if (!list->at[i].differences.count)
			csv_row(out, cells, sizeof cells / sizeof *cells);
		for (size_t k = 0; k < list->at[i].differences.count; k++) {
			const struct migration_difference *one = &list->at[i].differences.at[k];
			const struct difference_row *row = difference_find(one->reason);
			char *lead = one->lead_id ? mem_printf("%" PRId64, one->lead_id) : mem_strdup("***");

			cells[5] = one->audience;
			cells[6] = lead;
			cells[7] = one->missing ? "missing" : "extra";
			cells[8] = one->reason;
			cells[9] = one->code;
			cells[10] = row && row->explained ? "yes" : "no";
			cells[11] = one->message ? one->message : row ? _(row->message) : NULL;
			csv_row(out, cells, sizeof cells / sizeof *cells);
			mem_free(lead);
		}
	}
}

static void tell(struct session *session, const story_list *list)
{
	struct json_out *w = &session->w;

	answer_begin(session);
	json_name(w, "migrations");
	json_array(w);
	for (size_t i = 0; i < list->count; i++) {
		const struct migration_story *story = &list->at[i];

		json_object(w);
		put_migration(w, &story->migration);
		answer_time(session, "compared_at", story->migration.compared_at);
		json_pair_i64(w, "both", story->migration.both);
		json_pair_i64(w, "missing", story->migration.missing);
		json_pair_i64(w, "extra", story->migration.extra);
		json_pair_i64(w, "unexplained", story->migration.unexplained);
		json_pair_string(w, "override", story->migration.override);
		json_name(w, "exported");
		json_put_raw(w, story->migration.exported, strlen(story->migration.exported));
		json_name(w, "steps");
		json_array(w);
		for (size_t k = 0; k < story->steps.count; k++) {
			json_object(w);
			answer_time(session, "at", story->steps.at[k].at);
			json_pair_string(w, "who", story->steps.at[k].who);
			json_pair_string(w, "step", story->steps.at[k].step);
			json_pair_string(w, "detail", story->steps.at[k].detail);
			json_object_end(w);
		}
		json_array_end(w);
		json_object_end(w);
	}
	json_array_end(w);
	answer_end(session);
}

static enum status write_file(struct session *session, const char *path, void (*write)(const story_list *list, struct str *out), const story_list *list, struct error *err)
{
	struct str text = { 0 };
	enum status status;

	if (!path)
		return STATUS_OK;
	write(list, &text);
	status = session_write(session, path, &text, err);
	str_done(&text);
	return status;
}

enum status migrate_report(struct session *session, const struct args *args, struct error *err)
{
	const struct flow_names names = migrate_names(args);
	const char *markdown = arg_text(args, "markdown"), *csv = arg_text(args, "csv");
	story_list list = { 0 };
	enum status status = session_one_answer(session, csv, markdown, err);

	if (status == STATUS_OK)
		status = app_migrate_report(session->app, &names, &list, err);
	if (status == STATUS_OK)
		status = write_file(session, markdown, write_markdown, &list, err);
	if (status == STATUS_OK)
		status = write_file(session, csv, write_csv, &list, err);
	if (status == STATUS_OK && session->json)
		tell(session, &list);
	else if (status == STATUS_OK && !markdown && !csv)
		write_markdown(&list, &session->out);
	else if (status == STATUS_OK && !session_is_answer(csv) && !session_is_answer(markdown))
		say(session, _("the report on %zu dataflows is written"), list.count);
	story_list_done(&list);
	return status;
}
