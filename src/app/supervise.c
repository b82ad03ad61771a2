#include "app/supervise.h"

#include "app/operators.h"
#include "app/receive.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "store/tables.h"

#include <signal.h>
#include <string.h>

enum {
	BACKOFF_MS = 5000,         /* after the first failure; doubled with each */
	BACKOFF_MOST_MS = 600000,
	STUCK_MS = 60000,          /* a run ends within five seconds of being told to: one that is there after this does not hear */
	STEADY_MS = 60000,         /* who follows and went on for so long begins anew with the back-off; others may need minutes to give up calling */
};

static struct member *find(struct crew *crew, int64_t dataflow_id)
{
	for (size_t i = 0; i < crew->members.count; i++)
		if (crew->members.at[i]->dataflow_id == dataflow_id)
			return crew->members.at[i];
	return NULL;
}

/* Is any audience within its dates? */
static bool is_open(const struct dataflow *dataflow, int64_t now_ms)
{
	for (size_t i = 0; i < dataflow->audiences.count; i++)
		if (!flow_audience_refusal(&dataflow->audiences.at[i], now_ms))
			return true;
	return false;
}

static int64_t account_of_destination(const destination_list *destinations, int64_t id)
{
	for (size_t i = 0; i < destinations->count; i++)
		if (destinations->at[i].id == id)
			return destinations->at[i].account_id;
	return 0;
}

static void stop(struct member *member)
{
	if (!member->process || member->told)
		return;
	member->told = true;
	member->told_ms = clock_mono_ms();
	process_tell(member->process, SIGTERM);
	journal_begin(member->crew->journal, "info", "stopping");
	journal_text(member->crew->journal, "dataflow", member->name);
	journal_end(member->crew->journal);
}

/* A run can be killed at any instant: the next one goes on from there. */
static void end_stuck(struct member *member)
{
	if (!member->process || !member->told || clock_mono_ms() - member->told_ms < STUCK_MS)
		return;
	member->told_ms = clock_mono_ms();
	process_tell(member->process, SIGKILL);
	journal_begin(member->crew->journal, "warning", "killed");
	journal_text(member->crew->journal, "dataflow", member->name);
	journal_end(member->crew->journal);
}

static bool same_schedule(const struct schedule *a, const struct schedule *b)
{
	return a->every_ms == b->every_ms && a->at_minute == b->at_minute;
}

static void on_trouble(void *self, const char *code, const char *message)
{
	struct member *member = self;

	(void)message; /* the code only, as in tell_end */
	journal_begin(member->crew->journal, "warning", "receiver");
	journal_text(member->crew->journal, "dataflow", member->name);
	journal_text(member->crew->journal, "code", code);
	journal_end(member->crew->journal);
}

/* Somebody receives as long as the dataflow is wanted, whatever becomes of its runs. */
static void attend(struct member *member)
{
	const char *source = member->wanted && member->schedule.every_ms == SCHEDULE_ALWAYS ? member->source : NULL;

	if (!attendant_suits(member->attendant, source)) {
		attendant_free(member->attendant);
		member->attendant = NULL;
	}
	if (!member->attendant)
		member->attendant = attendant_new(member->crew->app, member->name, source, on_trouble, member);
}

/* A start that is yet to come: the clock has been set back since. It counts as one of now, once, or nothing would be due until the clock is there again. */
static void note_start(struct member *member, int64_t started_ms, int64_t now_ms)
{
	if (member->last_ms > now_ms)
		member->last_ms = now_ms;
	if (started_ms > now_ms)
		started_ms = member->last_ms ? 0 : now_ms;
	if (started_ms > member->last_ms)
		member->last_ms = started_ms;
}

static enum status take_row(struct crew *crew, const struct dataflow *row, int64_t account_id, struct error *err)
{
	struct member *member = find(crew, row->id);
	int64_t started_ms = 0, unfinished = 0;
	enum status status = run_last_start(crew->app->store, row->id, &started_ms, err);

	if (status == STATUS_OK)
		status = run_unfinished(crew->app->store, row->id, &unfinished, err);
	if (status != STATUS_OK)
		return status;
	if (!member) {
		member = mem_alloc(sizeof *member);
		*member = (struct member){ .crew = crew, .dataflow_id = row->id, .schedule = row->schedule, .seen_ms = clock_wall_ms() };
		vec_push(&crew->members, member);
	}
	if (!same_schedule(&member->schedule, &row->schedule)) {
		member->schedule = row->schedule;
		member->seen_ms = clock_wall_ms();
		member->not_before_ms = member->failures = 0;
		member->again = false;
		/* What went on all the time is another thing than what comes and goes. */
		stop(member);
	}
	/* A run that follows stays with the source it has begun with. */
	if (member->source && row->source && strcmp(member->source, row->source) != 0 && row->schedule.every_ms == SCHEDULE_ALWAYS)
		stop(member);
	mem_replace(&member->source, row->source);
	mem_replace(&member->name, row->name);
	member->account_id = account_id;
	member->unfinished = unfinished != 0;
	note_start(member, started_ms, clock_wall_ms());
	member->wanted = row->enabled && row->schedule.every_ms != SCHEDULE_NEVER && is_open(row, clock_wall_ms());
	attend(member);
	return STATUS_OK;
}

static void member_free(struct member *member)
{
	process_kill(member->process);
	attendant_free(member->attendant);
	mem_free(member->source);
	mem_free(member->name);
	mem_free(member);
}

/* Of dataflows that are gone. */
static void drop_strangers(struct crew *crew, const dataflow_list *rows)
{
	size_t kept = 0;

	for (size_t i = 0; i < crew->members.count; i++) {
		struct member *member = crew->members.at[i];
		bool known = false;

		for (size_t k = 0; k < rows->count && !known; k++)
			known = rows->at[k].id == member->dataflow_id;
		if (!known) {
			member->wanted = false;
			attend(member);
		}
		if (known || member->process)
			crew->members.at[kept++] = member;
		else
			member_free(member);
	}
	crew->members.count = kept;
}

enum status crew_refresh(struct crew *crew, struct error *err)
{
	dataflow_list rows = { 0 };
	destination_list destinations = { 0 };
	enum status status = dataflow_all(crew->app->store, &rows, err);

	if (status == STATUS_OK)
		status = destination_all(crew->app->store, &destinations, err);
	for (size_t i = 0; status == STATUS_OK && i < rows.count; i++)
		status = take_row(crew, &rows.at[i], account_of_destination(&destinations, rows.at[i].destination_id), err);
	if (status == STATUS_OK) {
		drop_strangers(crew, &rows);
		for (size_t i = 0; i < crew->members.count; i++)
			if (!crew->members.at[i]->wanted)
				stop(crew->members.at[i]);
	}
	for (size_t i = 0; i < crew->members.count; i++)
		end_stuck(crew->members.at[i]);
	dataflow_list_done(&rows);
	destination_list_done(&destinations);
	return status;
}

/* Trying again soon helps: the network, Marketo, somebody else's run, a quota. What an operator has to put right waits for the next time. */
static bool passes_by_itself(const struct member *member, const struct process_end *end)
{
	if (member->schedule.every_ms == SCHEDULE_ALWAYS || end->signal_number)
		return true;
	return end->exit_status == STATUS_FAILED || end->exit_status == STATUS_STOPPED || end->exit_status == PROCESS_NOT_STARTED;
}

static void back_off(struct member *member, const struct process_end *end, int64_t now_ms)
{
	int64_t wait = BACKOFF_MS, steady = member->schedule.every_ms == SCHEDULE_ALWAYS ? STEADY_MS : BACKOFF_MOST_MS;
	bool well = !end->signal_number && (end->exit_status == STATUS_OK || end->exit_status == STATUS_PARTIAL);

	if (well || now_ms - member->started_ms >= steady)
		member->failures = 0;
	if (well || member->told)
		return;
	member->failures++;
	for (int i = 1; i < member->failures && wait < BACKOFF_MOST_MS; i++)
		wait *= 2;
	member->not_before_ms = now_ms + (wait < BACKOFF_MOST_MS ? wait : BACKOFF_MOST_MS);
	member->again = passes_by_itself(member, end);
}

static void tell_numbers(struct journal *journal, const struct json *run)
{
	static const char *const keys[] = { "id", "received", "activated", "excluded", "failed", "unchanged", "bad_lines", "calls" };
	int64_t number;

	journal_text(journal, "state", json_get_string(run, "state"));
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (json_i64(json_get(run, keys[i]), &number))
			journal_number(journal, i ? keys[i] : "run", number);
}

static void tell_end(struct member *member, const struct process_end *end, int64_t now_ms)
{
	struct journal *journal = member->crew->journal;
	struct json *answer = end->output_cut ? NULL : json_parse(str_text(end->output), end->output->length, NULL, NULL);
	bool well = member->told || (!end->signal_number && (end->exit_status == STATUS_OK || end->exit_status == STATUS_PARTIAL));

	journal_begin(journal, well ? "info" : "warning", "ended");
	journal_text(journal, "dataflow", member->name);
	if (end->signal_number)
		journal_number(journal, "signal", end->signal_number);
	else
		journal_number(journal, "status", end->exit_status);
	tell_numbers(journal, json_get(answer, "run"));
	/* The code only: the words may be about somebody. `penstock run-show` and `failures` have them for who may read them. */
	journal_text(journal, "code", json_get_string(json_get(answer, "error"), "code"));
	journal_text(journal, "request_id", json_get_string(json_get(answer, "error"), "request_id"));
	journal_number(journal, "seconds", (now_ms - member->started_ms) / 1000);
	if (member->not_before_ms > now_ms)
		journal_number(journal, "again_in", (member->not_before_ms - now_ms) / 1000);
	journal_end(journal);
	json_free(answer);
}

static void on_end(void *self, const struct process_end *end)
{
	struct member *member = self;
	int64_t now_ms = clock_mono_ms();

	member->process = NULL;
	member->crew->running--;
	member->crew->ended++;
	member->unfinished = false;
	back_off(member, end, now_ms);
	tell_end(member, end, now_ms);
	member->told = false;
}

static void start(struct member *member, int64_t now_ms)
{
	struct app *app = member->crew->app;
	struct journal *journal = member->crew->journal;
	VEC(const char *) words = { 0 };
	struct process_options how = { .file = "/proc/self/exe", .end = on_end, .self = member };
	struct error err = { 0 };

	/* The one place that knows how a dataflow is run. */
	vec_push(&words, "penstock");
	if (member->crew->telling) {
		vec_push(&words, OPERATOR_WORD);
		vec_push(&words, member->crew->telling);
	}
	vec_push(&words, "--db");
	vec_push(&words, app->db);
	vec_push(&words, "--json");
	vec_push(&words, "--quiet");
	vec_push(&words, "run");
	if (member->schedule.every_ms == SCHEDULE_ALWAYS) {
		vec_push(&words, "--follow");
		vec_push(&words, "--no-receive");
	}
	vec_push(&words, "--");
	vec_push(&words, member->name);
	vec_push(&words, NULL);
	how.argv = words.at;
	member->process = process_start(app->loop, &how, &err);
	vec_done(&words);
	member->last_ms = now_ms;
	member->started_ms = clock_mono_ms();
	member->again = !member->process;
	if (member->process)
		member->crew->running++;
	else
		member->not_before_ms = member->started_ms + BACKOFF_MS;
	journal_begin(journal, member->process ? "info" : "error", member->process ? "started" : "not_started");
	journal_text(journal, "dataflow", member->name);
	journal_end(journal);
}

static bool account_is_busy(const struct crew *crew, const struct member *wanting)
{
	for (size_t i = 0; i < crew->members.count; i++) {
		const struct member *other = crew->members.at[i];

		if (other->process && other->account_id == wanting->account_id && other->schedule.every_ms != SCHEDULE_ALWAYS)
			return true;
	}
	/* Somebody else's, by hand, is waited for, or followed, by the run itself. */
	return false;
}

/* When it wants to start; INT64_MAX: not now. */
static int64_t due_at(const struct member *member, int64_t now_ms)
{
	int64_t due, from = member->last_ms || now_ms < member->seen_ms ? now_ms : member->seen_ms, soonest = now_ms + member->not_before_ms - clock_mono_ms();

	if (!member->wanted || member->process)
		return INT64_MAX;
	due = member->unfinished || member->again ? 0 : schedule_next(&member->schedule, member->last_ms, from);
	return soonest > now_ms && due < soonest ? soonest : due;
}

/* Who has waited longest comes first. */
static struct member *first_due(struct crew *crew, int64_t now_ms)
{
	struct member *first = NULL;
	int64_t first_at = INT64_MAX;

	for (size_t i = 0; i < crew->members.count; i++) {
		struct member *member = crew->members.at[i];
		int64_t at = due_at(member, now_ms);

		if (at > now_ms || at >= first_at)
			continue;
		if (member->schedule.every_ms != SCHEDULE_ALWAYS && account_is_busy(crew, member))
			continue;
		first = member;
		first_at = at;
	}
	return first;
}

void crew_start_due(struct crew *crew, int64_t now_ms)
{
	struct member *member;

	while ((member = first_due(crew, now_ms)))
		start(member, now_ms);
}

void crew_stop(struct crew *crew)
{
	for (size_t i = 0; i < crew->members.count; i++) {
		stop(crew->members.at[i]);
		attendant_stop(crew->members.at[i]->attendant);
	}
}

void crew_forgive(struct crew *crew)
{
	for (size_t i = 0; i < crew->members.count; i++)
		crew->members.at[i]->not_before_ms = crew->members.at[i]->failures = 0;
}

void crew_done(struct crew *crew)
{
	for (size_t i = 0; i < crew->members.count; i++)
		member_free(crew->members.at[i]);
	vec_done(&crew->members);
}
