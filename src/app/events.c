#include "app/events.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "marketo/codes.h"
#include "store/alerts.h"
#include "store/tables.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void event_list_done(event_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		mem_free(list->at[i].subject);
		mem_free(list->at[i].code);
	}
	vec_done(list);
}

static void add_run(event_list *out, const struct run *run)
{
	struct event event = { .at = run->started_at, .kind = EVENT_RUN_STARTED, .run_id = run->id, .state = run->state };

	event.subject = mem_strdup(run->dataflow);
	vec_push(out, event);
	if (run_state_is_going(run->state) || !run->ended_at)
		return;
	event.subject = mem_strdup(run->dataflow);
	event.kind = EVENT_RUN_ENDED;
	event.at = run->ended_at;
	event.failed = run->failed;
	vec_push(out, event);
}

static enum status add_runs(struct store *store, event_list *out, struct error *err)
{
	run_list runs = { 0 };
	enum status status = run_newest(store, EVENTS_MOST / 2, &runs, err);

	for (size_t i = 0; i < runs.count; i++)
		add_run(out, &runs.at[i]);
	run_list_done(&runs);
	return status;
}

static enum status add_alerts(struct store *store, event_list *out, struct error *err)
{
	incident_news_list news = { 0 };
	enum status status = incident_news_all(store, &news, err);

	for (size_t i = 0; i < news.count; i++) {
		const struct incident_news *one = &news.at[i];
		struct event event = { .at = one->over_at ? one->over_at : one->since, .kind = one->over_at ? EVENT_ALERT_OVER : EVENT_ALERT };

		event.subject = mem_strdup(one->subject);
		event.code = mem_strdup(one->alert);
		vec_push(out, event);
	}
	incident_news_list_done(&news);
	return status;
}

static void add_troubles(const struct account *account, const struct gate_state *gate, event_list *out)
{
	for (int i = 0; i < gate->troubles; i++) {
		const struct pulse_trouble *trouble = &gate->trouble[i];
		struct event event = { .at = trouble->at, .kind = EVENT_TROUBLE, .count = trouble->count };

		event.subject = mem_strdup(account->name);
		event.code = mem_strdup(trouble->code);
		vec_push(out, event);
	}
}

static int compare(const void *a, const void *b)
{
	const struct event *one = a, *other = b;

	if (one->at != other->at)
		return one->at > other->at ? -1 : 1;
	/* What ends has begun before, however short it was. */
	return (int)other->kind - (int)one->kind;
}

enum status events_collect(struct store *store, const struct account *accounts, const struct gate_state *gates, size_t count, event_list *out, struct error *err)
{
	enum status status = add_runs(store, out, err);

	if (status == STATUS_OK)
		status = add_alerts(store, out, err);
	for (size_t i = 0; i < count; i++)
		add_troubles(&accounts[i], &gates[i], out);
	if (out->count)
		qsort(out->at, out->count, sizeof *out->at, compare);
	while (out->count > EVENTS_MOST) {
		out->count--;
		mem_free(out->at[out->count].subject);
		mem_free(out->at[out->count].code);
	}
	return status;
}

const char *event_kind_text(enum event_kind kind)
{
	static const char *const texts[] = { [EVENT_RUN_STARTED] = "run_started", [EVENT_RUN_ENDED] = "run_ended", [EVENT_TROUBLE] = "trouble", [EVENT_ALERT] = "alert",
		[EVENT_ALERT_OVER] = "alert_over" };

	return texts[kind];
}

/* What a trouble means, of Marketo's codes and of the client's own. */
static const char *meaning(const char *code)
{
	static const struct {
		const char *code, *words;
	} own[] = {
		{ "network", N_("the connection was cut, or no answer came in time") },
		{ "dns", N_("the host was not found") },
	};

	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (strcmp(own[i].code, code) == 0)
			return _(own[i].words);
	return _(code_find(code, false)->meaning);
}

static void end_words(const struct event *event, struct str *out)
{
	if (event->state == RUN_WAITING)
		str_add_format(out, _("run %" PRId64 " waits for the quota of calls"), event->run_id);
	else if (event->failed)
		str_add_format(out, _("run %" PRId64 " ended: %s, %" PRId64 " failed"), event->run_id, run_state_text(event->state), event->failed);
	else
		str_add_format(out, _("run %" PRId64 " ended: %s"), event->run_id, run_state_text(event->state));
}

void event_words(const struct event *event, struct str *out)
{
	switch (event->kind) {
	case EVENT_RUN_STARTED:
		str_add_format(out, _("run %" PRId64 " started"), event->run_id);
		break;
	case EVENT_RUN_ENDED:
		end_words(event, out);
		break;
	case EVENT_TROUBLE:
		str_add_format(out, "%s: %s", event->code, meaning(event->code));
		if (event->count > 1)
			str_add_format(out, " x%" PRId64, event->count);
		break;
	case EVENT_ALERT:
		str_add_format(out, _("alert %s"), event->code);
		break;
	case EVENT_ALERT_OVER:
		str_add_format(out, _("alert %s is over"), event->code);
		break;
	}
}

bool event_is_trouble(const struct event *event, enum severity *out)
{
	bool ended_well = event->kind == EVENT_RUN_ENDED && event->state == RUN_SUCCESS;

	if (event->kind == EVENT_RUN_STARTED || event->kind == EVENT_ALERT_OVER || ended_well)
		return false;
	*out = event->kind == EVENT_RUN_ENDED && event->state == RUN_FAILED ? SEVERITY_FAILED : SEVERITY_WARNING;
	return true;
}
