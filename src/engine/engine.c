#include "engine/engine.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "engine/audiences.h"
#include "engine/estimate.h"
#include "engine/fold.h"
#include "engine/guard.h"
#include "engine/send.h"
#include "engine/wait.h"
#include "engine/work.h"
#include "marketo/catalogue.h"
#include "store/change.h"
#include "store/tables.h"

#include <string.h>

struct hello {
	bool done;
	enum outcome outcome;
	enum status status;
	struct error error;
};

static void take_usage(void *self, const struct marketo_answer *answer, int64_t total)
{
	struct hello *hello = self;

	(void)total;
	hello->outcome = answer->outcome;
	if (answer->outcome != OUTCOME_OK)
		hello->status = wait_refusal(answer, &hello->error);
	hello->done = true;
}

/* The first calls: wrong credentials, an unreachable server and an exhausted quota show before anything is read. A role that may not read the usage is no reason to stop. */
static enum status say_hello(struct work *w, struct error *err)
{
	struct hello hello = {0};

	usage_fetch(w->job->marketo, take_usage, &hello);
	w->resolve = resolve_begin(w->job);
	wait_until(w->job, &hello.done);
	resolve_wait(w->resolve);
	if (hello.outcome == OUTCOME_OK || (hello.outcome == OUTCOME_REFUSED && strcmp(hello.error.code, "603") == 0))
		return STATUS_OK;
	*err = hello.error;
	return hello.status;
}

enum status work_init(struct work *w, const struct engine_job *job, struct error *err)
{
	enum status status;

	memset(w, 0, sizeof *w);
	w->job = job;
	memcpy(w->calls_base, marketo_calls(job->marketo), sizeof w->calls_base);
	run_init(&w->run);
	status = lock_take(job->store, job->account->id, job->dataflow->id, &w->lock, err);
	if (status == STATUS_OK)
		status = ledger_open(job->store, job->account->id, &w->ledger, err);
	if (status == STATUS_OK)
		status = recipe_make(job, w->ledger, &w->recipe, err);
	if (status == STATUS_OK)
		status = say_hello(w, err);
	return status;
}

enum status work_find_lists(struct work *w, struct error *err)
{
	if (!w->resolve)
		w->resolve = resolve_begin(w->job);
	return resolve_find(w->resolve, err);
}

enum status work_lists(struct work *w, bool make, struct error *err)
{
	enum status status;

	if (!w->resolve)
		w->resolve = resolve_begin(w->job);
	status = make ? resolve_make(w->resolve, err) : resolve_find(w->resolve, err);
	resolve_free(w->resolve);
	w->resolve = NULL;
	return status;
}

enum status work_replace_lists(struct work *w, struct error *err)
{
	enum status status;

	if (!w->resolve)
		w->resolve = resolve_begin(w->job);
	status = resolve_replace(w->resolve, w->ledger, err);
	resolve_free(w->resolve);
	w->resolve = NULL;
	return status;
}

void work_done(struct work *w)
{
	resolve_free(w->resolve);
	recipe_done(&w->recipe);
	ledger_close(w->ledger);
	lock_drop(w->lock);
	merge_sums_done(&w->sums);
	bad_line_list_done(&w->reading.bad);
	run_done(&w->run);
}

static void phase(const struct engine_job *job, enum engine_phase which)
{
	struct engine_progress progress = {.phase = which, .total = -1, .seconds_left = -1};

	if (job->progress)
		job->progress(job->self, &progress);
}

static bool is_called(const struct flow_audience *audience, const char *name)
{
	return strcmp(audience->audience, name) == 0 || (audience->audience_id && strcmp(audience->audience_id, name) == 0) ||
		(audience->audience_name && strcmp(audience->audience_name, name) == 0);
}

const struct flow_audience *work_flow_audience(const struct dataflow *flow, const struct run *run, size_t place)
{
	const struct run_audience *audience = &run->audiences.at[place];
	const struct flow_audience *found = NULL;
	size_t i;

	for (i = 0; audience->list_id && i < flow->audiences.count; i++)
		if (flow->audiences.at[i].list_id == audience->list_id)
			return &flow->audiences.at[i];
	if (place < flow->audiences.count && is_called(&flow->audiences.at[place], audience->name))
		return &flow->audiences.at[place];
	for (i = 0; i < flow->audiences.count; i++) {
		if (!is_called(&flow->audiences.at[i], audience->name))
			continue;
		if (found)
			return NULL;
		found = &flow->audiences.at[i];
	}
	return found;
}

bool work_has_its_audiences(const struct dataflow *flow, const struct run *run)
{
	size_t i;

	if (run->audiences.count != flow->audiences.count)
		return false;
	for (i = 0; i < run->audiences.count; i++)
		if (work_flow_audience(flow, run, i) != &flow->audiences.at[i])
			return false;
	return true;
}

bool work_has_its_lists(const struct dataflow *flow, const struct run *run)
{
	size_t i;

	if (!work_has_its_audiences(flow, run))
		return false;
	for (i = 0; i < run->audiences.count; i++) {
		int64_t list = run->audiences.at[i].list_id;

		if (list && list != flow->audiences.at[i].list_id)
			return false;
	}
	return true;
}

/* The run's audiences: names as the source knows them, lists as they were found. Those of a run that was begun earlier keep their places, which its change set goes by,
 * whatever has become of the dataflow's since. */
void work_name_audiences(struct work *w)
{
	const struct dataflow *flow = w->job->dataflow;
	bool fresh = w->run.audiences.count == 0;
	size_t i;

	for (i = 0; fresh && i < flow->audiences.count; i++) {
		const struct flow_audience *from = &flow->audiences.at[i];
		struct run_audience audience = {.name = mem_strdup(from->audience_name ? from->audience_name : from->audience), .list_id = from->list_id};

		vec_push(&w->run.audiences, audience);
	}
	for (i = 0; !fresh && i < w->run.audiences.count; i++) {
		const struct flow_audience *from = work_flow_audience(flow, &w->run, i);

		if (from && from->list_id)
			w->run.audiences.at[i].list_id = from->list_id;
	}
}

enum status work_begin_run(struct work *w, bool keep, struct error *err)
{
	enum status status;

	w->run.dataflow_id = w->job->dataflow->id;
	mem_replace(&w->run.dataflow, w->job->dataflow->name);
	w->run.state = RUN_PLANNED;
	w->run.bad_lines = w->reading.bad_lines;
	w->run.mapping_revision = w->job->mapping->revision;
	work_name_audiences(w);
	if (!keep)
		return STATUS_OK;
	status = change_forget_plans(w->job->store, w->job->dataflow->id, err);
	if (status == STATUS_OK)
		status = run_insert(w->job->store, &w->run, err);
	if (status == STATUS_OK)
		status = run_bad_lines_save(w->job->store, w->run.id, &w->reading.bad, err);
	return status;
}

void work_forget_run(struct work *w)
{
	if (w->run.id)
		change_forget_plans(w->job->store, w->job->dataflow->id, NULL);
	w->run.id = 0;
}

static enum status learn(struct work *w, struct audiences *audiences, bool keep, struct error *err)
{
	size_t i;

	/* Snapshots name no audience. */
	if (w->recipe.snapshot)
		return STATUS_OK;
	if (audiences_learn(audiences) && keep) {
		enum status status = dataflow_save(w->job->store, w->job->dataflow, err);

		if (status != STATUS_OK)
			return status;
	}
	for (i = 0; w->job->note && i < w->job->dataflow->audiences.count; i++) {
		const struct flow_audience *audience = &w->job->dataflow->audiences.at[i];
		char *line;

		if (audience->audience_id)
			continue;
		line = mem_printf(_("the source says nothing about the audience \"%s\""), audience->audience);
		w->job->note(w->job->self, line);
		mem_free(line);
	}
	return STATUS_OK;
}

/* Source -> change set of w->run. make: lists that are not there are made. */
static enum status plan_source(struct work *w, bool make, bool keep, struct error *err)
{
	struct audiences *audiences = audiences_new(w->job->dataflow);
	struct fold *fold = fold_new(w->job->store, 0);
	enum status status = read_source(w->job, &w->recipe, audiences, fold, &w->reading, err);

	if (status == STATUS_OK)
		status = learn(w, audiences, keep, err);
	if (status == STATUS_OK && w->job->approve)
		status = w->job->approve(w->job->approver, w->job->dataflow, err);
	audiences_free(audiences);
	if (status == STATUS_OK)
		status = work_lists(w, make, err);
	if (status == STATUS_OK) {
		phase(w->job, ENGINE_SORTING);
		status = fold_sort(fold, err);
	}
	if (status == STATUS_OK)
		status = work_begin_run(w, keep, err);
	if (status == STATUS_OK) {
		phase(w->job, ENGINE_PLANNING);
		status = merge_changes(w->job, &w->recipe, w->ledger, fold, keep, &w->run, &w->sums, err);
	}
	fold_free(fold);
	if (status != STATUS_OK)
		work_forget_run(w);
	return status;
}

enum status engine_plan(const struct engine_job *job, bool keep, struct plan *out, struct error *err)
{
	struct work w;
	enum status status = work_init(&w, job, err);

	if (status == STATUS_OK)
		status = plan_source(&w, false, keep, err);
	if (status == STATUS_OK) {
		estimate(job, &w.recipe, &w.run, &w.sums, out);
		if (job->lookup && keep)
			status = estimate_lookup(job, &w.recipe, w.run.id, out, err);
		if (status == STATUS_OK && job->sample && keep)
			status = estimate_sample(job, w.run.id, out, err);
	}
	if (status == STATUS_OK && keep) {
		w.run.started_at = clock_wall_ms();
		status = run_save(job->store, &w.run, err);
	}
	work_done(&w);
	return status;
}

enum status work_send(struct work *w, bool resumed, struct error *err)
{
	enum status status;

	work_name_audiences(w);
	lock_about(w->lock, w->run.id);
	/* Planned is not started. */
	if (!w->run.started_at || !resumed || w->run.state == RUN_PLANNED)
		w->run.started_at = clock_wall_ms();
	w->run.state = RUN_RUNNING;
	w->run.ended_at = 0;
	status = run_save(w->job->store, &w->run, err);
	/* Who lets a paused run go on again wants no pause. */
	if (status == STATUS_OK)
		status = run_pause_save(w->job->store, w->run.id, false, err);
	return status == STATUS_OK ? send_changes(w->job, &w->recipe, w->ledger, &w->run, resumed, w->calls_base, err) : status;
}

/* Nothing is sent. The change set stays for the operator to confirm; whoever plans next takes it away. */
static enum status stand_blocked(struct work *w, struct error *err)
{
	const int64_t *calls = marketo_calls(w->job->marketo);
	struct error failed = {0};
	enum status status;
	int kind;

	w->run.state = RUN_BLOCKED;
	w->run.ended_at = clock_wall_ms();
	if (!w->run.started_at)
		w->run.started_at = w->run.ended_at;
	for (kind = 0; kind < CALL_KINDS; kind++)
		w->run.calls[kind] += calls[kind] - w->calls_base[kind];
	status = guard_check(&w->run, err);
	if (run_save(w->job->store, &w->run, &failed) == STATUS_OK)
		return status;
	*err = failed;
	return failed.status;
}

static bool is_blocked(const struct work *w)
{
	return !w->job->allow_removals && guard_check(&w->run, NULL) != STATUS_OK;
}

static void move_run(struct run *to, struct run *from)
{
	run_done(to);
	*to = *from;
	run_init(from);
}

void work_give_run(struct work *w, struct run *out)
{
	move_run(out, &w->run);
}

enum status work_finish_earlier(struct work *w, struct run *earlier, bool *go_on, struct error *err)
{
	int64_t id = 0;
	enum status status = run_unfinished(w->job->store, w->job->dataflow->id, &id, err);

	*go_on = status == STATUS_OK;
	if (status != STATUS_OK || id == 0)
		return status;
	status = run_get(w->job->store, id, &w->run, err);
	if (status == STATUS_OK)
		status = work_lists(w, true, err);
	if (status == STATUS_OK)
		status = work_send(w, true, err);
	*go_on = status == STATUS_OK || status == STATUS_PARTIAL;
	if (*go_on) {
		move_run(earlier, &w->run);
		memcpy(w->calls_base, marketo_calls(w->job->marketo), sizeof w->calls_base);
		error_clear(err);
	}
	return status;
}

/* What was read of it is what runs: a plan of another mapping, or of other audiences, is none any more. */
static bool is_void(const struct work *w)
{
	const struct run *run = &w->run;

	return (run->mapping_revision && run->mapping_revision != w->job->mapping->revision) || !work_has_its_audiences(w->job->dataflow, run);
}

static enum status tell_void(struct work *w, struct error *err)
{
	error_set(err, STATUS_USAGE, "plan_void", _("the mapping or the audiences of the dataflow %s were changed after the plan %lld was made"), w->job->dataflow->name,
		(long long)w->run.id);
	error_hint(err, _("`penstock plan %s` makes one anew"), w->job->dataflow->name);
	w->run.id = 0;
	return STATUS_USAGE;
}

/* A plan that was finished (what a killed process left half made has no time), or a run that was blocked and whose change set is still there. */
static enum status can_run(struct work *w, bool *can, struct error *err)
{
	int64_t chunks = 0, records;
	enum status status = STATUS_OK;

	if (w->run.state == RUN_BLOCKED)
		status = change_left(w->job->store, w->run.id, &chunks, &records, err);
	*can = w->run.dataflow_id == w->job->dataflow->id && ((w->run.state == RUN_PLANNED && w->run.started_at) || chunks > 0);
	return status;
}

static enum status run_planned(struct work *w, int64_t plan_id, struct error *err)
{
	enum status status = run_get(w->job->store, plan_id, &w->run, err);
	bool can = false;

	if (status == STATUS_OK)
		status = can_run(w, &can, err);
	if (status != STATUS_OK && status != STATUS_USAGE) /* a plan that is gone is no plan either */
		return status;
	if (!can) {
		w->run.id = 0;
		error_set(err, STATUS_USAGE, "not_found", _("%lld is no plan of the dataflow %s that could run"), (long long)plan_id, w->job->dataflow->name);
		error_hint(err, _("make one with `penstock plan %s`; a new plan takes the place of the one before"), w->job->dataflow->name);
		return STATUS_USAGE;
	}
	if (is_void(w))
		return tell_void(w, err);
	if (is_blocked(w))
		return stand_blocked(w, err);
	status = work_find_lists(w, err);
	/* What was weighed against one list says nothing of another one. */
	if (status == STATUS_OK && !work_has_its_lists(w->job->dataflow, &w->run))
		return tell_void(w, err);
	if (status == STATUS_OK)
		status = work_lists(w, true, err);
	if (status == STATUS_OK)
		return work_send(w, true, err);
	w->run.id = 0;
	return status;
}

enum status engine_run(const struct engine_job *job, int64_t plan_id, struct run *earlier, struct run *out, struct error *err)
{
	struct work w;
	enum status status = work_init(&w, job, err);
	bool go_on = false;

	if (status == STATUS_OK)
		status = work_finish_earlier(&w, earlier, &go_on, err);
	if (go_on && plan_id) {
		status = run_planned(&w, plan_id, err);
	} else if (go_on) {
		status = plan_source(&w, true, true, err);
		if (status == STATUS_OK)
			status = is_blocked(&w) ? stand_blocked(&w, err) : work_send(&w, false, err);
	}
	move_run(out, &w.run);
	work_done(&w);
	return status;
}
