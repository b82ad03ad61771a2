#include "command/tell_run.h"

#include "base/i18n.h"
#include "command/table.h"

#include <inttypes.h>

static void put_reasons(struct json_out *w, const struct run_reason *reasons, size_t count)
{
	json_name(w, "reasons");
	json_array(w);
	for (size_t i = 0; i < count; i++) {
		json_object(w);
		json_pair_string(w, "code", reasons[i].code);
		json_pair_string(w, "message", reasons[i].message);
		json_pair_i64(w, "count", reasons[i].count);
		json_pair_string(w, "severity", severity_text(reasons[i].severity));
		json_object_end(w);
	}
	json_array_end(w);
}

static void put_calls(struct json_out *w, const struct run *run)
{
	json_pair_i64(w, "calls", run_calls(run));
	json_name(w, "calls_by");
	json_object(w);
	for (int i = 0; i < CALL_KINDS; i++)
		if (run->calls[i])
			json_pair_i64(w, run_call_text((enum run_call)i), run->calls[i]);
	json_object_end(w);
}

static void put_audiences(struct json_out *w, const struct run *run)
{
	json_name(w, "audiences");
	json_array(w);
	for (size_t i = 0; i < run->audiences.count; i++) {
		const struct run_audience *audience = &run->audiences.at[i];

		json_object(w);
		json_pair_string(w, "name", audience->name);
		json_name(w, "list_id");
		if (audience->list_id)
			json_put_i64(w, audience->list_id);
		else
			json_put_null(w);
		json_pair_i64(w, "received", audience->received);
		json_pair_i64(w, "activated", audience->activated);
		json_pair_i64(w, "excluded", audience->excluded);
		json_pair_i64(w, "failed", audience->failed);
		json_pair_i64(w, "unchanged", audience->unchanged);
		json_pair_i64(w, "pending", audience->pending);
		json_object_end(w);
	}
	json_array_end(w);
}

void put_run(struct session *session, const struct run *run)
{
	put_run_state(session, run, false);
}

void put_run_state(struct session *session, const struct run *run, bool interrupted)
{
	struct json_out *w = &session->w;

	json_object(w);
	json_pair_i64(w, "id", run->id);
	json_pair_string(w, "dataflow", run->dataflow);
	json_pair_string(w, "state", run_state_text(run->state));
	if (interrupted)
		json_pair_bool(w, "interrupted", true);
	json_pair_i64(w, "received", run->received);
	json_pair_i64(w, "activated", run->activated);
	json_pair_i64(w, "excluded", run->excluded);
	json_pair_i64(w, "failed", run->failed);
	json_pair_i64(w, "unchanged", run->unchanged);
	json_pair_i64(w, "pending", run->pending);
	json_pair_i64(w, "bad_lines", run->bad_lines);
	answer_known(session, "created", run->created);
	answer_known(session, "updated", run->updated);
	json_pair_i64(w, "added", run->added);
	json_pair_i64(w, "removed", run->removed);
	put_calls(w, run);
	put_audiences(w, run);
	put_reasons(w, run->reasons.at, run->reasons.count);
	answer_time(session, "started_at", run->started_at);
	answer_time(session, "ended_at", run->ended_at);
	json_object_end(w);
}

static void put_sample(struct json_out *w, const struct plan *plan)
{
	if (plan->sample_people < 0)
		return;
	json_name(w, "sample");
	json_object(w);
	json_pair_i64(w, "people", plan->sample_people);
	json_pair_i64(w, "found", plan->sample_found);
	json_object_end(w);
}

void put_plan(struct session *session, const struct plan *plan)
{
	struct json_out *w = &session->w;

	json_object(w);
	answer_known(session, "id", plan->id ? plan->id : -1);
	json_pair_string(w, "dataflow", plan->dataflow);
	json_pair_string(w, "strategy", plan->strategy);
	json_pair_i64(w, "received", plan->received);
	json_pair_i64(w, "new", plan->fresh);
	json_pair_i64(w, "changed", plan->changed);
	json_pair_i64(w, "unchanged", plan->unchanged);
	json_pair_i64(w, "exited", plan->exited);
	json_pair_i64(w, "excluded", plan->excluded);
	json_pair_i64(w, "bad_lines", plan->bad_lines);
	json_pair_i64(w, "calls_estimate", plan->calls_estimate);
	answer_known(session, "seconds_estimate", plan->seconds_estimate);
	answer_known(session, "quota_used", plan->quota_used);
	answer_known(session, "quota_limit", plan->quota_limit);
	put_reasons(w, plan->reasons.at, plan->reasons.count);
	put_sample(w, plan);
	json_object_end(w);
}

static void print_reasons(struct session *session, const struct run_reason *reasons, size_t count)
{
	struct table table;

	if (!count)
		return;
	str_add_char(&session->out, '\n');
	table_init(&table, _("WHY"), _("CODE"), _("COUNT"), _("MEANING"), NULL);
	for (size_t i = 0; i < count; i++) {
		table_text(&table, severity_text(reasons[i].severity));
		table_text(&table, reasons[i].code);
		table_number(&table, reasons[i].count);
		table_text(&table, reasons[i].message);
	}
	table_end(&table, &session->out, 0);
}

static void print_audiences(struct session *session, const struct run *run)
{
	struct table table;

	str_add_char(&session->out, '\n');
	table_init(&table, _("AUDIENCE"), _("LIST"), _("RECEIVED"), _("ACTIVATED"), _("EXCLUDED"), _("FAILED"), _("UNCHANGED"), run->pending ? _("PENDING") : NULL, NULL);
	for (size_t i = 0; i < run->audiences.count; i++) {
		const struct run_audience *audience = &run->audiences.at[i];

		table_text(&table, audience->name);
		table_format(&table, "%" PRId64, audience->list_id);
		table_number(&table, audience->received);
		table_number(&table, audience->activated);
		table_number(&table, audience->excluded);
		table_number(&table, audience->failed);
		table_number(&table, audience->unchanged);
		if (run->pending)
			table_number(&table, audience->pending);
	}
	table_end(&table, &session->out, 0);
}

void print_run(struct session *session, const struct run *run)
{
	struct table table;

	table_init_pairs(&table);
	table_text(&table, _("run"));
	table_format(&table, "%" PRId64 ", %s: %s", run->id, run->dataflow ? run->dataflow : "", run_state_text(run->state));
	table_text(&table, _("started"));
	table_time(&table, run->started_at);
	table_text(&table, _("ended"));
	table_time(&table, run->ended_at);
	table_text(&table, _("records"));
	table_format(&table, _("%" PRId64 " received: %" PRId64 " activated, %" PRId64 " unchanged, %" PRId64 " excluded, %" PRId64 " failed"),
		run->received, run->activated, run->unchanged, run->excluded, run->failed);
	if (run->pending)
		table_pair_number(&table, _("pending"), run->pending);
	table_text(&table, _("in Marketo"));
	table_format(&table, _("%" PRId64 " created, %" PRId64 " updated; %" PRId64 " added to lists, %" PRId64 " removed"), run->created, run->updated,
		run->added, run->removed);
	table_pair_number(&table, _("bad lines"), run->bad_lines);
	table_pair_number(&table, _("calls"), run_calls(run));
	table_end(&table, &session->out, 0);
	print_audiences(session, run);
	print_reasons(session, run->reasons.at, run->reasons.count);
}

void print_plan(struct session *session, const struct plan *plan)
{
	struct table table;

	table_init_pairs(&table);
	if (plan->id)
		table_pair_number(&table, _("plan"), plan->id);
	table_pair(&table, _("dataflow"), plan->dataflow);
	table_text(&table, _("records"));
	table_format(&table, _("%" PRId64 " received: %" PRId64 " new, %" PRId64 " changed, %" PRId64 " exited, %" PRId64 " unchanged, %" PRId64 " excluded"),
		plan->received, plan->fresh, plan->changed, plan->exited, plan->unchanged, plan->excluded);
	table_pair_number(&table, _("bad lines"), plan->bad_lines);
	table_text(&table, _("way"));
	table_format(&table, _("%s, about %" PRId64 " calls in %" PRId64 " s"), plan->strategy ? plan->strategy : "-", plan->calls_estimate,
		plan->seconds_estimate > 0 ? plan->seconds_estimate : 0);
	table_text(&table, _("quota"));
	if (plan->quota_used >= 0)
		table_format(&table, _("%" PRId64 " of %" PRId64 " calls used today"), plan->quota_used, plan->quota_limit);
	else
		table_format(&table, _("%" PRId64 " calls a day"), plan->quota_limit);
	if (plan->sample_people >= 0) {
		table_text(&table, _("sample"));
		table_format(&table, _("%" PRId64 " of %" PRId64 " people looked up are in Marketo already"), plan->sample_found, plan->sample_people);
	}
	table_end(&table, &session->out, 0);
	print_reasons(session, plan->reasons.at, plan->reasons.count);
}

static void put_runs(struct session *session, const struct run *earlier, const struct run *shown)
{
	json_name(&session->w, "run");
	put_run(session, shown);
	if (earlier->id && shown != earlier) {
		json_name(&session->w, "earlier");
		put_run(session, earlier);
	}
}

void tell_runs(struct session *session, const struct run *earlier, const struct run *run)
{
	const struct run *shown = run->id ? run : earlier;

	if (!shown->id)
		return;
	if (session->json) {
		put_runs(session, earlier, shown);
		return;
	}
	if (earlier->id && shown == run) {
		say(session, _("An earlier run was finished first:"));
		print_run(session, earlier);
		str_add_char(&session->out, '\n');
	}
	print_run(session, shown);
	if (shown->excluded || shown->failed)
		say(session, _("`penstock failures %" PRId64 "` lists whom this concerns"), shown->id);
}

void answer_runs(struct session *session, const struct run *earlier, const struct run *run, enum status status, const struct error *err)
{
	if (!run->id && !earlier->id)
		return;
	if (!session->json) {
		tell_runs(session, earlier, run);
		return;
	}
	answer_begin(session);
	tell_runs(session, earlier, run);
	if (status != STATUS_OK && *err->message)
		answer_error(&session->w, err);
	answer_end(session);
}
