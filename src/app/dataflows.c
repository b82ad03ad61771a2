#include "app/dataflows.h"

#include "app/changed.h"
#include "app/sources.h"
#include "app/v1.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"

#include <string.h>

static enum status parse_date(const char *text, const char *option, int64_t *out, struct error *err)
{
	bool has_time;

	*out = 0;
	if (!*text || clock_parse(text, out, &has_time))
		return STATUS_OK;
	error_set(err, STATUS_USAGE, "invalid", _("%s %s is no date"), option, text);
	error_hint(err, _("write it as YYYY-MM-DD"));
	return STATUS_USAGE;
}

static enum status set_audience_dates(struct flow_audience *audience, const char *start, const char *end, struct error *err)
{
	enum status status = start ? parse_date(start, "--start", &audience->start_ms, err) : STATUS_OK;

	if (status == STATUS_OK && end)
		status = parse_date(end, "--end", &audience->end_ms, err);
	if (status == STATUS_OK && audience->start_ms && audience->end_ms && audience->end_ms < audience->start_ms)
		status = error_set(err, STATUS_USAGE, "invalid", _("the end date lies before the start date"));
	return status;
}

static enum status set_dates(struct dataflow *dataflow, const struct dataflow_options *options, struct error *err)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; status == STATUS_OK && i < dataflow->audiences.count; i++)
		status = set_audience_dates(&dataflow->audiences.at[i], options->start, options->end, err);
	return status;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* What is known of an audience that stays, stays known: its dates, and its list unless another one was given. */
static void keep_known(struct flow_audience *audience, const struct dataflow *old)
{
	for (size_t i = 0; i < old->audiences.count; i++) {
		const struct flow_audience *known = &old->audiences.at[i];

		if (strcmp(known->audience, audience->audience) != 0)
			continue;
		audience->id = known->id;
		audience->start_ms = known->start_ms;
		audience->end_ms = known->end_ms;
		mem_replace(&audience->audience_id, known->audience_id);
		if (known->audience_name)
			mem_replace(&audience->audience_name, known->audience_name);
		if (same_text(known->list, audience->list)) {
			audience->list_id = known->list_id;
			mem_replace(&audience->list_name, known->list_name);
		}
		return;
	}
}

/* `A=LIST`: the last '=' separates, so an audience's name may hold one when a '=' follows it; of a list's address, which may hold some, the one before it. */
static char *list_mark(char *text)
{
	for (char *mark = strchr(text, '='); mark; mark = strchr(mark + 1, '='))
		if (list_is_address(mark + 1))
			return mark;
	return strrchr(text, '=');
}

static enum status parse_audience(const char *text, struct flow_audience *audience, struct error *err)
{
	char *copy = mem_strdup(text), *list = list_mark(copy);

	*audience = (struct flow_audience){ 0 };
	if (list) {
		*list++ = '\0';
		text_trim(list);
	}
	text_trim(copy);
	if (!*copy) {
		mem_free(copy);
		error_set(err, STATUS_USAGE, "invalid", _("--audience %s names no audience"), text);
		error_hint(err, _("write --audience AUDIENCE or --audience AUDIENCE=LIST"));
		return STATUS_USAGE;
	}
	audience->audience = mem_strdup(copy);
	if (list && *text_trim(list))
		audience->list = mem_strdup(text_trim(list));
	mem_free(copy);
	return STATUS_OK;
}

static enum status take_chosen(const struct audience_option *option, const struct dataflow *old, struct flow_audience *out, struct error *err)
{
	*out = (struct flow_audience){ .audience = mem_strdup(option->audience), .audience_name = mem_strdup(option->name),
		.list = option->list && *option->list ? mem_strdup(option->list) : NULL };
	keep_known(out, old);
	return set_audience_dates(out, option->start, option->end, err);
}

static enum status add_audience(struct dataflow *dataflow, const struct dataflow_options *options, size_t i, const struct dataflow *old, struct error *err)
{
	struct flow_audience audience;
	enum status status;

	if (options->chosen_count) {
		status = take_chosen(&options->chosen[i], old, &audience, err);
	} else {
		status = parse_audience(options->audiences[i], &audience, err);
		if (status == STATUS_OK)
			keep_known(&audience, old);
	}
	vec_push(&dataflow->audiences, audience);
	return status;
}

static enum status set_audiences(struct dataflow *dataflow, const struct dataflow_options *options, struct error *err)
{
	size_t count = options->chosen_count ? options->chosen_count : options->audience_count;
	struct dataflow old = *dataflow;
	enum status status = STATUS_OK;

	if (!count)
		return STATUS_OK;
	memset(&dataflow->audiences, 0, sizeof dataflow->audiences);
	for (size_t i = 0; status == STATUS_OK && i < count; i++)
		status = add_audience(dataflow, options, i, &old, err);
	for (size_t i = 0; i < old.audiences.count; i++)
		flow_audience_done(&old.audiences.at[i]);
	vec_done(&old.audiences);
	return status;
}

static enum status set_source(struct app *app, struct dataflow *dataflow, const char *source, struct error *err)
{
	char *settled;
	enum status status;

	if (!source)
		return STATUS_OK;
	status = source_settle(app, source, &settled, err);
	if (status == STATUS_OK)
		source_give(app, dataflow, settled);
	mem_free(settled);
	return status;
}

static enum status set_identity(struct dataflow *dataflow, const struct dataflow_options *options, struct error *err)
{
	if (options->profile_key)
		mem_replace(&dataflow->profile_key, *options->profile_key ? options->profile_key : NULL);
	if (options->consent)
		mem_replace(&dataflow->consent, *options->consent ? options->consent : NULL);
	if (!options->identity || identity_choice_parse(options->identity, &dataflow->identity))
		return STATUS_OK;
	error_set(err, STATUS_USAGE, "invalid", _("%s is no choice of identities"), options->identity);
	error_hint(err, _("choose all, primary or first"));
	return STATUS_USAGE;
}

static enum status set_destination(struct app *app, struct dataflow *dataflow, const char *name, struct error *err)
{
	struct destination destination;
	enum status status;

	if (!name)
		return STATUS_OK;
	destination_init(&destination);
	status = destination_find(app->store, name, &destination, err);
	if (status == STATUS_OK)
		status = v1_refuse_destination(&destination, err);
	if (status == STATUS_OK) {
		dataflow->destination_id = destination.id;
		dataflow->version = destination.version;
		mem_replace(&dataflow->destination_name, destination.name);
	}
	destination_done(&destination);
	return status;
}

enum status dataflow_set(struct app *app, struct dataflow *dataflow, const struct dataflow_options *options, struct error *err)
{
	enum status status = set_destination(app, dataflow, options->destination, err);

	if (status == STATUS_OK)
		status = set_identity(dataflow, options, err);
	if (status == STATUS_OK)
		status = set_audiences(dataflow, options, err);
	if (status == STATUS_OK)
		status = set_dates(dataflow, options, err);
	if (status == STATUS_OK)
		status = schedule_set(&dataflow->schedule, options->every, options->at, err);
	if (status == STATUS_OK)
		status = set_source(app, dataflow, options->source, err);
	return status;
}

static enum status require(const char *value, const char *option, struct error *err)
{
	if (value && *value)
		return STATUS_OK;
	error_set(err, STATUS_USAGE, "usage", _("a dataflow needs %s"), option);
	error_hint(err, _("`penstock dataflow create --help` shows how"));
	return STATUS_USAGE;
}

static enum status require_all(const struct dataflow_options *options, struct error *err)
{
	enum status status = require(options->destination, "--destination", err);

	if (status == STATUS_OK)
		status = require(options->source, "--source", err);
	return status == STATUS_OK ? require(options->audience_count ? options->audiences[0] : NULL, "--audience", err) : status;
}

enum status app_dataflow_create(struct app *app, const char *name, const struct dataflow_options *options, struct dataflow *out, struct error *err)
{
	enum status status;

	dataflow_init(out);
	mem_replace(&out->name, name);
	out->enabled = true;
	status = app_enter(app, USE_DATAFLOW_CREATE, err);
	if (status == STATUS_OK)
		status = require_all(options, err);
	if (status == STATUS_OK)
		status = dataflow_set(app, out, options, err);
	if (status == STATUS_OK)
		status = dataflow_check(out, err);
	if (status == STATUS_OK)
		status = source_suits(app, out, err);
	if (status == STATUS_OK)
		status = app_begin(app, err);
	if (status != STATUS_OK)
		return status;
	status = dataflow_insert(app->store, out, err);
	return app_end(app, status, USE_DATAFLOW_CREATE, name, out->destination_name, err);
}

static enum status load(struct app *app, enum use_case use, const char *name, struct dataflow *out, struct error *err)
{
	enum status status;

	dataflow_init(out);
	status = app_enter(app, use, err);
	return status == STATUS_OK ? dataflow_find(app->store, name, out, err) : status;
}

static enum status save(struct app *app, enum use_case use, struct dataflow *dataflow, const char *detail, struct error *err)
{
	enum status status = app_begin(app, err);

	if (status != STATUS_OK)
		return status;
	status = dataflow_save(app->store, dataflow, err);
	return app_end(app, status, use, dataflow->name, detail, err);
}

static char *what_changed(const struct dataflow_options *options)
{
	const struct changed all[] = {
		{ .name = "destination", .text = options->destination },
		{ .name = "source", .text = options->source },
		{ .name = "identity", .text = options->identity },
		{ .name = "profile-key", .text = options->profile_key },
		{ .name = "consent", .text = options->consent },
		{ .name = "start", .text = options->start },
		{ .name = "end", .text = options->end },
		{ .name = "audience", .given = options->audience_count || options->chosen_count },
	};

	return changed_text(all, sizeof all / sizeof *all);
}

enum status app_dataflow_update(struct app *app, const char *name, const struct dataflow_options *options, struct dataflow *out, struct error *err)
{
	enum status status = STATUS_OK;
	char *changed;

	dataflow_init(out);
	/* Who comes to which list is no less told by a change than when the dataflow is made. */
	if (options->source || options->audience_count || options->chosen_count)
		status = app_allow_more(app, USE_DATAFLOW_UPDATE, PERMISSION_VIEW_SEGMENTS, err);
	if (status == STATUS_OK)
		status = load(app, USE_DATAFLOW_UPDATE, name, out, err);
	if (status == STATUS_OK)
		status = v1_refuse_dataflow(out, err);
	if (status == STATUS_OK)
		status = dataflow_set(app, out, options, err);
	if (status == STATUS_OK)
		status = dataflow_check(out, err);
	if (status == STATUS_OK)
		status = source_suits(app, out, err);
	if (status != STATUS_OK)
		return status;
	changed = what_changed(options);
	status = save(app, USE_DATAFLOW_UPDATE, out, changed, err);
	mem_free(changed);
	return status;
}

enum status app_dataflow_show(struct app *app, const char *name, struct dataflow *out, struct error *err)
{
	return load(app, USE_DATAFLOW_SHOW, name, out, err);
}

enum status app_dataflow_list(struct app *app, dataflow_list *out, struct error *err)
{
	enum status status = app_enter(app, USE_DATAFLOW_LIST, err);

	return status == STATUS_OK ? dataflow_all(app->store, out, err) : status;
}

enum status app_dataflow_enable(struct app *app, const char *name, bool enabled, struct dataflow *out, struct error *err)
{
	enum use_case use = enabled ? USE_DATAFLOW_ENABLE : USE_DATAFLOW_DISABLE;
	enum status status = load(app, use, name, out, err);

	if (status == STATUS_OK && enabled)
		status = source_require(out, err);
	if (status != STATUS_OK)
		return status;
	out->enabled = enabled;
	return save(app, use, out, NULL, err);
}

enum status app_dataflow_delete(struct app *app, const char *name, struct error *err)
{
	struct dataflow dataflow;
	enum status status = load(app, USE_DATAFLOW_DELETE, name, &dataflow, err);

	if (status == STATUS_OK)
		status = v1_refuse_delete(app, &dataflow, err);
	if (status == STATUS_OK)
		status = app_begin(app, err);
	if (status == STATUS_OK) {
		status = dataflow_delete(app->store, dataflow.id, err);
		status = app_end(app, status, USE_DATAFLOW_DELETE, name, NULL, err);
	}
	dataflow_done(&dataflow);
	return status;
}
