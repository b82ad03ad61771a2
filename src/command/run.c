/* plan | run | stop | pause | resume | runs | run-show | failures | retry */
#include "app/runs.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "command/command.h"
#include "command/csv.h"
#include "command/table.h"
#include "command/tell_run.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>

enum { DELAY_MS = 10 * 1000 }; /* --max-delay */

static const struct option_row plan_rows[] = {
	{ "lookup", NULL, N_("ask Marketo who exists; else `new` means not in the ledger") },
	{ "sample", "N", N_("look N people of the plan up in Marketo, 300 at most: how many are there already") },
	{ "path", "PATH", N_("auto or sync") },
	{ "fail-if-busy", NULL, N_("fail when another penstock works on the account, instead of waiting for it") },
	{ 0 },
};

static const struct option_row run_rows[] = {
	{ "plan", "ID", N_("run exactly what this plan says") },
	{ "path", "PATH", N_("auto or sync") },
	{ "dry-run", NULL, N_("tell what would be done, change nothing") },
	{ "limit", "N", N_("send at most N records") },
	{ "stop-at-failures", "PERCENT", N_("stop when this part of the records fails") },
	{ "wait", NULL, N_("when the quota of the day is used up: stay, and go on when it is renewed") },
	{ "fail-if-busy", NULL, N_("fail when another penstock works on the account, instead of waiting for it") },
	{ "allow-removals", NULL, N_("let a snapshot remove more than a fifth of a list") },
	{ "follow", NULL, N_("go on with what comes, until stopped: of a growing file, or of a folder") },
	{ "no-receive", NULL, N_("with --follow: leave it to another process to take what is posted") },
	{ "max-delay", "DURATION", N_("with --follow: wait at most so long for more (10s)") },
	{ 0 },
};

static const struct option_row failure_rows[] = {
	{ "code", "C", N_("only this reason") },
	{ "limit", "N", N_("at most N of them") },
	{ "csv", "FILE", N_("write them to FILE as CSV; - is standard output") },
	{ 0 },
};

static enum status check_path(const struct args *args, struct error *err)
{
	const char *path = arg_text(args, "path");

	if (!path || strcmp(path, "auto") == 0 || strcmp(path, "sync") == 0)
		return STATUS_OK;
	error_set(err, STATUS_USAGE, "invalid", _("there is no path %s"), path);
	error_hint(err, _("choose auto or sync"));
	return STATUS_USAGE;
}

/* A run of it would ask for a word from the operator. */
static bool blocks(const struct plan *plan)
{
	for (size_t i = 0; i < plan->reasons.count; i++)
		if (strcmp(plan->reasons.at[i].code, "mass_removal") == 0)
			return true;
	return false;
}

static enum status make_plan(struct session *session, const struct args *args, bool keep, struct error *err)
{
	struct plan_options options = { .lookup = arg_flag(args, "lookup"), .keep = keep, .fail_if_busy = arg_flag(args, "fail-if-busy") };
	struct plan plan;
	long long sample = 0;
	enum status status = arg_number(args, "sample", 1, ENGINE_SAMPLE, &sample, err);

	if (status != STATUS_OK)
		return status;
	options.sample = (int)sample;
	status = app_plan(session->app, arg_operand(args, 0), &options, &plan, err);
	progress_clear(&session->progress);
	if (status == STATUS_OK && session->json) {
		answer_begin(session);
		json_name(&session->w, "plan");
		put_plan(session, &plan);
		if (!keep)
			json_pair_bool(&session->w, "dry_run", true);
		answer_end(session);
	} else if (status == STATUS_OK) {
		print_plan(session, &plan);
		if (keep && plan.id && blocks(&plan))
			say(session, _("`penstock run %s --plan %" PRId64 " --allow-removals` does exactly this"), arg_operand(args, 0), plan.id);
		else if (keep && plan.id)
			say(session, _("`penstock run %s --plan %" PRId64 "` does exactly this"), arg_operand(args, 0), plan.id);
	}
	plan_done(&plan);
	return status;
}

static enum status plan(struct session *session, const struct args *args, struct error *err)
{
	enum status status = check_path(args, err);

	return status == STATUS_OK ? make_plan(session, args, true, err) : status;
}

static enum status read_run_options(const struct args *args, struct run_options *options, struct error *err)
{
	long long id = 0, limit = 0, percent = 0;
	enum status status = check_path(args, err);

	if (status == STATUS_OK)
		status = arg_number(args, "plan", 1, LLONG_MAX, &id, err);
	if (status == STATUS_OK)
		status = arg_number(args, "limit", 1, LLONG_MAX, &limit, err);
	if (status == STATUS_OK)
		status = arg_number(args, "stop-at-failures", 0, 100, &percent, err);
	if (status == STATUS_OK && id && arg_flag(args, "dry-run"))
		status = error_set(err, STATUS_USAGE, "usage", _("--plan and --dry-run do not go together"));
	*options = (struct run_options){ .plan_id = id, .limit = limit, .stop_at_failures = (int)percent,
		.allow_removals = arg_flag(args, "allow-removals"), .wait = arg_flag(args, "wait"), .fail_if_busy = arg_flag(args, "fail-if-busy") };
	return status;
}

/* 500ms, 10s, 2m, 1h; a number alone is seconds. Anything from nothing to an hour. */
static enum status read_duration(const char *text, int64_t *ms, struct error *err)
{
	static const struct {
		const char *name;
		int64_t ms;
	} units[] = { { "ms", 1 }, { "s", 1000 }, { "m", 60 * 1000 }, { "h", 60 * 60 * 1000 }, { "", 1000 } };
	enum { MOST_MS = 60 * 60 * 1000 };
	size_t digits = strspn(text, "0123456789");
	char *number = mem_strndup(text, digits);
	long long value;
	bool good = text_to_i64(number, 0, MOST_MS, &value);

	mem_free(number);
	for (size_t i = 0; good && i < sizeof units / sizeof *units; i++) {
		if (strcmp(text + digits, units[i].name) != 0 || value > MOST_MS / units[i].ms)
			continue;
		*ms = value * units[i].ms;
		return STATUS_OK;
	}
	error_set(err, STATUS_USAGE, "invalid", _("--max-delay %s is no duration of at most an hour"), text);
	error_hint(err, _("give it like 10s, 500ms or 2m"));
	return STATUS_USAGE;
}

static enum status read_follow_options(const struct args *args, struct run_options *options, struct error *err)
{
	static const char *const others[] = { "plan", "dry-run", "limit", "allow-removals" };
	const char *delay = arg_text(args, "max-delay");
	enum status status = STATUS_OK;

	options->max_delay_ms = DELAY_MS;
	options->no_receive = arg_flag(args, "no-receive");
	if ((delay || options->no_receive) && !arg_flag(args, "follow"))
		status = error_set(err, STATUS_USAGE, "usage", _("--%s goes with --follow only"), delay ? "max-delay" : "no-receive");
	for (size_t i = 0; status == STATUS_OK && arg_flag(args, "follow") && i < sizeof others / sizeof *others; i++)
		if (arg_flag(args, others[i]) || arg_text(args, others[i]))
			status = error_set(err, STATUS_USAGE, "usage", _("--follow and --%s do not go together"), others[i]);
	return status == STATUS_OK && delay ? read_duration(delay, &options->max_delay_ms, err) : status;
}

static enum status run(struct session *session, const struct args *args, struct error *err)
{
	struct run_options options;
	struct run earlier, now;
	enum status status = read_run_options(args, &options, err);

	if (status == STATUS_OK)
		status = read_follow_options(args, &options, err);
	if (status != STATUS_OK)
		return status;
	if (arg_flag(args, "dry-run"))
		return make_plan(session, args, false, err);
	if (arg_flag(args, "follow")) {
		run_init(&earlier);
		status = app_follow(session->app, arg_operand(args, 0), &options, &now, err);
	} else {
		status = app_run(session->app, arg_operand(args, 0), &options, &earlier, &now, err);
	}
	progress_clear(&session->progress);
	answer_runs(session, &earlier, &now, status, err);
	run_done(&earlier);
	run_done(&now);
	return status;
}

/* What a run going on was told, as a script sees it: {"stop":{"dataflow","run"}}. False: it is a person who asks. */
static bool tell_told(struct session *session, const char *what, const char *dataflow, int64_t id)
{
	if (!session->json)
		return false;
	answer_begin(session);
	json_name(&session->w, what);
	json_object(&session->w);
	json_pair_string(&session->w, "dataflow", dataflow);
	json_pair_i64(&session->w, "run", id);
	json_object_end(&session->w);
	answer_end(session);
	return true;
}

static enum status stop(struct session *session, const struct args *args, struct error *err)
{
	int64_t id = 0;
	enum status status = app_stop(session->app, arg_operand(args, 0), &id, err);

	if (status == STATUS_OK && !tell_told(session, "stop", arg_operand(args, 0), id))
		say(session, _("run %" PRId64 " was told to stop; `penstock run %s` goes on with it later"), id, arg_operand(args, 0));
	return status;
}

static enum status halt(struct session *session, const struct args *args, struct error *err)
{
	int64_t id = 0;
	enum status status = app_run_pause(session->app, arg_operand(args, 0), &id, err);

	if (status == STATUS_OK && !tell_told(session, "pause", arg_operand(args, 0), id))
		say(session, _("run %" PRId64 " was told to pause; `penstock resume %s` lets it go on"), id, arg_operand(args, 0));
	return status;
}

static enum status resume(struct session *session, const struct args *args, struct error *err)
{
	int64_t id = 0;
	enum status status = app_run_resume(session->app, arg_operand(args, 0), &id, err);

	if (status == STATUS_OK && !tell_told(session, "resume", arg_operand(args, 0), id))
		say(session, _("run %" PRId64 " of %s goes on"), id, arg_operand(args, 0));
	return status;
}

static void print_runs(struct session *session, const run_list *all)
{
	struct table table;
	bool pending = false;

	if (!all->count) {
		say(session, _("no runs yet"));
		return;
	}
	for (size_t i = 0; i < all->count; i++)
		pending = pending || all->at[i].pending;
	table_init(&table, _("ID"), _("DATAFLOW"), _("STATE"), _("STARTED"), _("RECEIVED"), _("ACTIVATED"), _("UNCHANGED"), _("EXCLUDED"), _("FAILED"),
		pending ? _("PENDING") : _("CALLS"), pending ? _("CALLS") : NULL, NULL);
	for (size_t i = 0; i < all->count; i++) {
		const struct run *one = &all->at[i];

		table_number(&table, one->id);
		table_text(&table, one->dataflow);
		table_text(&table, run_state_text(one->state));
		table_time(&table, one->started_at);
		table_number(&table, one->received);
		table_number(&table, one->activated);
		table_number(&table, one->unchanged);
		table_number(&table, one->excluded);
		table_number(&table, one->failed);
		if (pending)
			table_number(&table, one->pending);
		table_number(&table, run_calls(one));
	}
	table_end(&table, &session->out, 0);
}

static enum status runs(struct session *session, const struct args *args, struct error *err)
{
	run_list all = { 0 };
	enum status status = app_runs(session->app, arg_operand(args, 0), &all, err);

	if (status == STATUS_OK && session->json) {
		answer_begin(session);
		json_name(&session->w, "runs");
		json_array(&session->w);
		for (size_t i = 0; i < all.count; i++)
			put_run(session, &all.at[i]);
		json_array_end(&session->w);
		answer_end(session);
	} else if (status == STATUS_OK) {
		print_runs(session, &all);
	}
	run_list_done(&all);
	return status;
}

static void put_bad_lines(struct session *session, const bad_line_list *lines)
{
	json_name(&session->w, "bad_lines");
	json_array(&session->w);
	for (size_t i = 0; i < lines->count; i++) {
		json_object(&session->w);
		json_pair_i64(&session->w, "position", lines->at[i].position);
		json_pair_string(&session->w, "reason", lines->at[i].reason);
		json_object_end(&session->w);
	}
	json_array_end(&session->w);
}

static void print_bad_lines(struct session *session, const bad_line_list *lines)
{
	struct table table;

	if (!lines->count)
		return;
	str_add_char(&session->out, '\n');
	table_init(&table, _("LINE"), _("WHAT IS WRONG WITH IT"), NULL);
	for (size_t i = 0; i < lines->count; i++) {
		table_number(&table, lines->at[i].position);
		table_text(&table, lines->at[i].reason);
	}
	table_end(&table, &session->out, 0);
}

static enum status run_show(struct session *session, const struct args *args, struct error *err)
{
	bad_line_list lines = { 0 };
	struct run run_shown;
	struct error end = { 0 };
	long long id = 0;
	enum status status = arg_id(args, 0, &id, err);

	if (status != STATUS_OK)
		return status;
	status = app_run_show(session->app, id, &run_shown, err);
	if (status == STATUS_OK)
		status = app_run_bad_lines(session->app, id, &lines, err);
	if (status == STATUS_OK)
		status = app_run_end(session->app, id, &end, err);
	if (status == STATUS_OK && session->json) {
		answer_begin(session);
		json_name(&session->w, "run");
		put_run(session, &run_shown);
		put_bad_lines(session, &lines);
		if (*end.message)
			answer_error(&session->w, &end);
		answer_end(session);
	} else if (status == STATUS_OK) {
		print_run(session, &run_shown);
		if (*end.message)
			say(session, _("ended by: %s"), end.message);
		if (*end.hint)
			say(session, "  → %s", end.hint);
		print_bad_lines(session, &lines);
	}
	bad_line_list_done(&lines);
	run_done(&run_shown);
	return status;
}

static void tell_failures(struct session *session, const failure_list *list, int64_t total)
{
	struct json_out *w = &session->w;

	answer_begin(session);
	json_name(w, "failures");
	json_array(w);
	for (size_t i = 0; i < list->count; i++) {
		json_object(w);
		json_pair_string(w, "audience", list->at[i].audience);
		json_pair_string(w, "identity", list->at[i].identity);
		json_pair_string(w, "code", list->at[i].code);
		json_pair_string(w, "message", list->at[i].message);
		json_pair_string(w, "severity", severity_text(list->at[i].severity));
		json_pair_bool(w, "retryable", list->at[i].retryable);
		json_pair_bool(w, "open", !list->at[i].retried);
		json_name(w, "retried_by");
		if (list->at[i].retried)
			json_put_i64(w, list->at[i].retried);
		else
			json_put_null(w);
		json_object_end(w);
	}
	json_array_end(w);
	json_pair_i64(w, "total", total);
	answer_end(session);
}

static void print_failures(struct session *session, const failure_list *list, int64_t total)
{
	struct table table;

	if (!total) {
		say(session, _("nobody was excluded and nothing failed"));
		return;
	}
	table_init(&table, _("AUDIENCE"), _("IDENTITY"), _("WHY"), _("CODE"), _("RETRIED BY"), _("MEANING"), NULL);
	for (size_t i = 0; i < list->count; i++) {
		table_text(&table, list->at[i].audience);
		table_text(&table, list->at[i].identity);
		table_text(&table, severity_text(list->at[i].severity));
		table_text(&table, list->at[i].code);
		if (list->at[i].retried)
			table_number(&table, list->at[i].retried);
		else
			table_text(&table, NULL);
		table_text(&table, list->at[i].message);
	}
	table_end(&table, &session->out, 0);
	if (total > (int64_t)list->count)
		say(session, _("%zu of %" PRId64), list->count, total);
}

static enum status write_csv(struct session *session, const char *path, const failure_list *list, struct error *err)
{
	struct str out = { 0 };
	enum status status;

	csv_row(&out, (const char *const[]){ "audience", "identity", "severity", "code", "message", "retryable", "retried_by" }, 7);
	for (size_t i = 0; i < list->count; i++) {
		const struct failure *failure = &list->at[i];
		char *retried = failure->retried ? mem_printf("%" PRId64, failure->retried) : NULL;

		csv_row(&out, (const char *const[]){ failure->audience, failure->identity, severity_text(failure->severity), failure->code,
			failure->message, failure->retryable ? "yes" : "no", retried ? retried : "" }, 7);
		mem_free(retried);
	}
	status = session_write(session, path, &out, err);
	str_done(&out);
	return status;
}

static enum status failures(struct session *session, const struct args *args, struct error *err)
{
	failure_list list = { 0 };
	int64_t total = 0;
	long long id = 0, limit = 0;
	const char *csv = arg_text(args, "csv");
	enum status status = arg_id(args, 0, &id, err);

	if (status == STATUS_OK)
		status = arg_number(args, "limit", 1, LLONG_MAX, &limit, err);
	if (status == STATUS_OK)
		status = session_one_answer(session, csv, NULL, err);
	if (status == STATUS_OK)
		status = app_failures(session->app, id, arg_text(args, "code"), limit, &list, &total, err);
	if (status == STATUS_OK && csv)
		status = write_csv(session, csv, &list, err);
	if (status == STATUS_OK && session->json)
		tell_failures(session, &list, total);
	else if (status == STATUS_OK && csv && !session_is_answer(csv))
		say(session, _("%zu rows written to %s"), list.count, csv);
	else if (status == STATUS_OK && !csv)
		print_failures(session, &list, total);
	failure_list_done(&list);
	return status;
}

static enum status retry(struct session *session, const struct args *args, struct error *err)
{
	struct run earlier, now;
	long long id = 0;
	enum status status = arg_id(args, 0, &id, err);

	if (status != STATUS_OK)
		return status;
	status = app_retry(session->app, id, &earlier, &now, err);
	progress_clear(&session->progress);
	if (status == STATUS_OK && !now.id && session->json) {
		answer_begin(session);
		json_name(&session->w, "run");
		json_put_null(&session->w);
		answer_end(session);
	} else if (status == STATUS_OK && !now.id) {
		say(session, _("nothing of run %lld is left to be sent again"), id);
	} else {
		answer_runs(session, &earlier, &now, status, err);
	}
	run_done(&earlier);
	run_done(&now);
	return status;
}

const struct command run_commands[] = {
	{ .use = USE_PLAN, .options = { plan_rows }, .least = 1, .most = 1, .run = plan },
	{ .use = USE_RUN, .options = { run_rows }, .least = 1, .most = 1, .run = run },
	{ .use = USE_STOP, .least = 1, .most = 1, .run = stop },
	{ .use = USE_PAUSE, .least = 1, .most = 1, .run = halt },
	{ .use = USE_RESUME, .least = 1, .most = 1, .run = resume },
	{ .use = USE_RUNS, .most = 1, .run = runs },
	{ .use = USE_RUN_SHOW, .least = 1, .most = 1, .run = run_show },
	{ .use = USE_FAILURES, .options = { failure_rows }, .least = 1, .most = 1, .run = failures },
	{ .use = USE_RETRY, .least = 1, .most = 1, .run = retry },
	{ 0 },
};
