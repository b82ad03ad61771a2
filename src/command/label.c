/* label set | unset | show */
#include "app/labels.h"

#include "base/i18n.h"
#include "command/command.h"
#include "command/table.h"

static const struct option_row option_rows[] = {
	{ "audience", "A", N_("of an audience, by id or name, instead of a source path") },
	{ 0 },
};

/* Whose labels: the audience of the option, else the first operand, which is no label then. */
static size_t read_subject(const struct args *args, struct label_subject *subject)
{
	const char *audience = arg_text(args, "audience");

	*subject = (struct label_subject){ .target = audience ? LABEL_ON_AUDIENCE : LABEL_ON_FIELD, .name = audience ? audience : arg_operand(args, 0) };
	return audience ? 0 : 1;
}

static enum status require(const struct label_subject *subject, const struct args *args, size_t least, struct error *err)
{
	if (subject->name && args->operands.count >= least)
		return STATUS_OK;
	error_set(err, STATUS_USAGE, "usage", subject->name ? _("no label is given") : _("no source path is given"));
	error_hint(err, _("`penstock label set person.name.firstName C2`, or with --audience ID before the labels"));
	return STATUS_USAGE;
}

static void put_label(struct session *session, enum label_target target, const char *name, const char *label, const char *from)
{
	struct json_out *w = &session->w;

	json_object(w);
	json_pair_string(w, "target", label_target_text(target));
	json_pair_string(w, "name", name);
	json_pair_string(w, "label", label);
	json_pair_bool(w, "core", label_is_core(label));
	json_pair_string(w, "from", from);
	json_pair_string(w, "meaning", label_meaning(label));
	json_object_end(w);
}

static void begin_table(struct table *table)
{
	table_init(table, _("ON"), _("NAME"), _("LABEL"), _("FROM"), _("THE DATA"), NULL);
}

static void add_label(struct table *table, enum label_target target, const char *name, const char *label, const char *from)
{
	table_text(table, target == LABEL_ON_FIELD ? _("field") : _("audience"));
	table_text(table, name);
	table_text(table, label);
	table_text(table, from);
	table_text(table, label_meaning(label));
}

static void answer_view(struct session *session, const label_view *view)
{
	struct table table;

	if (session->json) {
		answer_begin(session);
		json_name(&session->w, "labels");
		json_array(&session->w);
		for (size_t i = 0; i < view->labels.count; i++)
			put_label(session, view->target, view->name, view->labels.at[i].label, view->labels.at[i].from);
		json_array_end(&session->w);
		answer_end(session);
		return;
	}
	if (!view->labels.count) {
		say(session, _("%s carries no label"), view->name);
		return;
	}
	begin_table(&table);
	for (size_t i = 0; i < view->labels.count; i++)
		add_label(&table, view->target, view->name, view->labels.at[i].label, view->labels.at[i].from);
	table_end(&table, &session->out, 0);
}

static void answer_all(struct session *session, const label_list *all)
{
	struct table table;

	if (session->json) {
		answer_begin(session);
		json_name(&session->w, "labels");
		json_array(&session->w);
		for (size_t i = 0; i < all->count; i++)
			put_label(session, all->at[i].target, all->at[i].name, all->at[i].label, all->at[i].name);
		json_array_end(&session->w);
		answer_end(session);
		return;
	}
	if (!all->count) {
		say(session, _("no labels yet"));
		return;
	}
	begin_table(&table);
	for (size_t i = 0; i < all->count; i++)
		add_label(&table, all->at[i].target, all->at[i].name, all->at[i].label, all->at[i].name);
	table_end(&table, &session->out, 0);
}

typedef enum status (*change_fn)(struct app *app, const struct label_subject *subject, const char *const *labels, size_t count, label_view *out, struct error *err);

static enum status change(struct session *session, const struct args *args, change_fn fn, size_t labels, struct error *err)
{
	struct label_subject subject;
	size_t first = read_subject(args, &subject);
	label_view view = { 0 };
	enum status status = require(&subject, args, first + labels, err);

	if (status == STATUS_OK)
		status = fn(session->app, &subject, args->operands.at + first, args->operands.count - first, &view, err);
	if (status == STATUS_OK)
		answer_view(session, &view);
	label_view_done(&view);
	return status;
}

static enum status set(struct session *session, const struct args *args, struct error *err)
{
	return change(session, args, app_label_set, 1, err);
}

static enum status unset(struct session *session, const struct args *args, struct error *err)
{
	return change(session, args, app_label_unset, 0, err);
}

static enum status show(struct session *session, const struct args *args, struct error *err)
{
	struct label_subject subject;
	label_view view = { 0 };
	label_list all = { 0 };
	enum status status;

	read_subject(args, &subject);
	status = subject.name ? app_label_show(session->app, &subject, &view, err) : app_label_list(session->app, &all, err);
	if (status == STATUS_OK && subject.name)
		answer_view(session, &view);
	else if (status == STATUS_OK)
		answer_all(session, &all);
	label_view_done(&view);
	label_list_done(&all);
	return status;
}

const struct command label_commands[] = {
	{ .use = USE_LABEL_SET, .options = { option_rows }, .least = 1, .most = -1, .run = set },
	{ .use = USE_LABEL_UNSET, .options = { option_rows }, .least = 0, .most = -1, .run = unset },
	{ .use = USE_LABEL_SHOW, .options = { option_rows }, .least = 0, .most = 1, .run = show },
	{ 0 },
};
