#include "app/labels.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/tables.h"

#include <string.h>

enum { NAME_BYTES = 1024 };

void label_view_done(label_view *view)
{
	data_list list = { 0 };

	vec_push(&list, *view);
	data_list_done(&list);
	*view = (label_view){ 0 };
}

/* The name as the store keeps it. Free with mem_free. */
static enum status settle(const struct label_subject *subject, char **out, struct error *err)
{
	char *name;

	*out = NULL;
	if (subject->target == LABEL_ON_FIELD)
		return label_path_parse(subject->name, out, err);
	name = text_trim(mem_strdup(subject->name));
	if (*name && strlen(name) <= NAME_BYTES && text_is_utf8(name, strlen(name), NULL)) {
		*out = mem_strdup(name);
		mem_free(name);
		return STATUS_OK;
	}
	error_set(err, STATUS_USAGE, "usage", _("not an audience: %s"), name);
	mem_free(name);
	return STATUS_USAGE;
}

/* What a dataflow that has it would find. */
static enum status view(struct app *app, enum label_target target, const char *name, label_view *out, struct error *err)
{
	struct mapping_row row = { .source = (char *)name };
	struct mapping mapping = { .rows = { .at = &row, .count = 1 } };
	struct flow_audience audience = { .audience = (char *)name };
	struct dataflow dataflow = { .audiences = { .at = &audience, .count = 1 } };
	label_list labels = { 0 };
	data_list data = { 0 };
	enum status status = label_all(app->store, &labels, err);

	if (status == STATUS_OK && target == LABEL_ON_FIELD)
		data_add_mapping(&data, &labels, &mapping);
	else if (status == STATUS_OK)
		data_add_audiences(&data, &labels, &dataflow);
	if (data.count) {
		*out = data.at[0];
		data.count = 0;
	}
	data_list_done(&data);
	label_list_done(&labels);
	return status;
}

static void write_detail(const word_list *labels, const struct label_subject *subject, struct str *out)
{
	str_add_format(out, "%s: ", label_target_text(subject->target));
	word_list_write(labels, out);
}

static enum status parse_labels(const char *const *texts, size_t count, word_list *out, struct error *err)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; status == STATUS_OK && i < count; i++) {
		char *label;

		status = label_parse(texts[i], &label, err);
		if (status == STATUS_OK)
			word_list_add(out, label);
		mem_free(label);
	}
	return status;
}

/* What was put on the name itself. */
static enum status own_labels(struct app *app, enum label_target target, const char *name, word_list *out, struct error *err)
{
	label_list all = { 0 };
	enum status status = label_all(app->store, &all, err);

	for (size_t i = 0; i < all.count; i++)
		if (all.at[i].target == target && strcmp(all.at[i].name, name) == 0)
			word_list_add(out, all.at[i].label);
	label_list_done(&all);
	return status;
}

static enum status put_on(struct app *app, enum label_target target, const char *name, const char *label, struct error *err)
{
	return label_insert(app->store, &(struct label_row){ .target = target, .name = (char *)name, .label = (char *)label }, err);
}

static enum status take_off(struct app *app, enum label_target target, const char *name, const char *label, struct error *err)
{
	const struct label_row row = { .target = target, .name = (char *)name, .label = (char *)label };
	bool was;
	enum status status = label_delete(app->store, &row, &was, err);

	if (status != STATUS_OK || was)
		return status;
	error_set(err, STATUS_USAGE, "not_found", _("the label %s was not put on %s"), label, name);
	error_hint(err, _("`penstock label show` lists where labels stand"));
	return STATUS_USAGE;
}

/* Does one thing with each of the labels; without any, with all that were put on the subject. */
static enum status change(struct app *app, enum use_case use, const struct label_subject *subject, const char *const *labels, size_t count,
	enum status (*one)(struct app *app, enum label_target target, const char *name, const char *label, struct error *err), label_view *out, struct error *err)
{
	word_list words = { 0 };
	struct str detail = { 0 };
	char *name = NULL;
	enum status status = app_enter(app, use, err);

	*out = (label_view){ 0 };
	if (status == STATUS_OK)
		status = settle(subject, &name, err);
	if (status == STATUS_OK)
		status = count ? parse_labels(labels, count, &words, err) : own_labels(app, subject->target, name, &words, err);
	if (status == STATUS_OK)
		status = app_begin(app, err);
	if (status == STATUS_OK) {
		for (size_t i = 0; status == STATUS_OK && i < words.count; i++)
			status = one(app, subject->target, name, words.at[i], err);
		write_detail(&words, subject, &detail);
		status = app_end(app, status, use, name, str_text(&detail), err);
	}
	if (status == STATUS_OK)
		status = view(app, subject->target, name, out, err);
	word_list_done(&words);
	str_done(&detail);
	mem_free(name);
	return status;
}

enum status app_label_set(struct app *app, const struct label_subject *subject, const char *const *labels, size_t count, label_view *out, struct error *err)
{
	return change(app, USE_LABEL_SET, subject, labels, count, put_on, out, err);
}

enum status app_label_unset(struct app *app, const struct label_subject *subject, const char *const *labels, size_t count, label_view *out, struct error *err)
{
	return change(app, USE_LABEL_UNSET, subject, labels, count, take_off, out, err);
}

enum status app_label_show(struct app *app, const struct label_subject *subject, label_view *out, struct error *err)
{
	char *name = NULL;
	enum status status = app_enter(app, USE_LABEL_SHOW, err);

	*out = (label_view){ 0 };
	if (status == STATUS_OK)
		status = settle(subject, &name, err);
	if (status == STATUS_OK)
		status = view(app, subject->target, name, out, err);
	mem_free(name);
	return status;
}

enum status app_label_list(struct app *app, label_list *out, struct error *err)
{
	enum status status = app_enter(app, USE_LABEL_SHOW, err);

	return status == STATUS_OK ? label_all(app->store, out, err) : status;
}
