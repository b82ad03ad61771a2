#include "marketo/catalogue.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/vec.h"
#include "marketo/client.h"

#include <string.h>

enum {
	TIMEOUT_MS = 35 * 1000, /* the server gives up after 30 s (marketo-api 3) */
	FIELDS_MAX = 20000,
	NAME_MAX_BYTES = 255,
	LENGTH_MAX = 1000000,
};

static const char read_only_lead[] = N_("Read-Only Lead"), what_fields[] = N_("fetching the fields");

/* Where describe2 is refused these are known to be searchable on every instance. */
static const char *const always_searchable[] = { "email", "id" };

struct fields_call {
	struct marketo *m;
	struct catalogue *catalogue;
	marketo_done done;
	void *self;
};

static void call_get(struct marketo *m, enum run_call kind, const char *path, const char *permission, const char *what, marketo_done done, void *self)
{
	struct marketo_request request = {
		.kind = kind, .method = "GET", .path = path, .timeout_ms = TIMEOUT_MS, .permission = permission, .what = what
	};

	marketo_call(m, &request, done, self);
}

/* One field of describe.json; without a `rest` object it cannot be used by us. */
static void read_field(struct catalogue *catalogue, const struct json *item)
{
	const struct json *rest = json_get(item, "rest");
	const char *name = json_get_string(rest, "name"), *label = json_get_string(item, "displayName"), *type = json_get_string(item, "dataType");
	struct field field = { 0 };
	int64_t length;

	if (!name || !*name || strlen(name) > NAME_MAX_BYTES || !text_is_ascii(name) || catalogue->fields.count >= FIELDS_MAX)
		return;
	field.name = text_clean_dup(name);
	field.label = text_clean_dup(label && *label ? label : name);
	field.type_name = text_clean_dup(type ? type : "");
	field.type = field_type_of(field.type_name);
	if (json_i64(json_get(item, "length"), &length) && length > 0)
		field.length = (int)(length < LENGTH_MAX ? length : LENGTH_MAX);
	field.updateable = !json_is_true(json_get(rest, "readOnly")) && field.type != FIELD_FORMULA;
	field.company = field_is_company(name);
	catalogue_add(catalogue, field);
}

static struct field *find_field(struct catalogue *catalogue, const char *name)
{
	return name ? (struct field *)catalogue_find(catalogue, name) : NULL;
}

static void set_searchable(struct catalogue *catalogue, const char *name)
{
	struct field *field = find_field(catalogue, name);

	if (field)
		field->searchable = true;
}

/* searchableFields is a list of lists; a list of several fields is a combination, which does not make its fields searchable alone. */
static void read_searchable(struct catalogue *catalogue, const struct json *lists)
{
	for (const struct json *list = json_first(lists); list; list = json_next(list)) {
		if (json_kind(list) == JSON_ARRAY && json_count(list) == 1)
			set_searchable(catalogue, json_string(json_first(list)));
		else
			set_searchable(catalogue, json_string(list));
	}
}

static void read_describe2(struct catalogue *catalogue, const struct marketo_answer *answer)
{
	for (const struct json *item = marketo_result_first(answer); item; item = marketo_result_next(answer, item)) {
		read_searchable(catalogue, json_get(item, "searchableFields"));
		for (const struct json *one = json_first(json_get(item, "fields")); one; one = json_next(one)) {
			struct field *field = find_field(catalogue, json_get_string(one, "name"));

			if (field && json_kind(json_get(one, "updateable")) == JSON_FALSE)
				field->updateable = false;
		}
	}
}

static void finish_fields(struct fields_call *call, const struct marketo_answer *answer)
{
	if (answer->outcome == OUTCOME_OK)
		call->catalogue->fetched_at = clock_wall_ms();
	call->done(call->self, answer);
	mem_free(call);
}

static void on_describe2(void *self, const struct marketo_answer *answer)
{
	struct fields_call *call = self;
	struct marketo_answer good = { .outcome = OUTCOME_OK, .milliseconds = answer->milliseconds, .connect_ms = -1, .tls_ms = -1 };

	if (answer->outcome == OUTCOME_OK) {
		read_describe2(call->catalogue, answer);
	} else if (answer->outcome == OUTCOME_REFUSED) {
		for (size_t i = 0; i < sizeof always_searchable / sizeof *always_searchable; i++)
			set_searchable(call->catalogue, always_searchable[i]);
		answer = &good;
	}
	finish_fields(call, answer);
}

static void on_describe(void *self, const struct marketo_answer *answer)
{
	struct fields_call *call = self;
	struct marketo_answer empty;

	if (answer->outcome != OUTCOME_OK) {
		finish_fields(call, answer);
		return;
	}
	catalogue_done(call->catalogue);
	catalogue_init(call->catalogue);
	for (const struct json *item = marketo_result_first(answer); item; item = marketo_result_next(answer, item))
		read_field(call->catalogue, item);
	catalogue_sort(call->catalogue);
	if (call->catalogue->fields.count) {
		call_get(call->m, CALL_DESCRIBE, "/v1/leads/describe2.json", read_only_lead, what_fields, on_describe2, call);
		return;
	}
	empty = *answer;
	empty.outcome = OUTCOME_REFUSED;
	error_set(&empty.error, STATUS_FAILED, "reply", _("%s: Marketo names no field that can be used"), _(what_fields));
	error_request(&empty.error, answer->request_id);
	finish_fields(call, &empty);
}

void fields_fetch(struct marketo *m, struct catalogue *catalogue, marketo_done done, void *self)
{
	struct fields_call *call = mem_alloc(sizeof *call);

	*call = (struct fields_call){ .m = m, .catalogue = catalogue, .done = done, .self = self };
	call_get(m, CALL_DESCRIBE, "/v1/leads/describe.json", read_only_lead, what_fields, on_describe, call);
}

struct partitions_call {
	partitions_done done;
	void *self;
};

static void on_partitions(void *self, const struct marketo_answer *answer)
{
	struct partitions_call *call = self;
	VEC(struct partition_info) found = { 0 };

	for (const struct json *item = answer->outcome == OUTCOME_OK ? marketo_result_first(answer) : NULL; item; item = marketo_result_next(answer, item)) {
		const char *name = json_get_string(item, "name");
		struct partition_info one;

		if (!name || !*name || !json_i64(json_get(item, "id"), &one.id))
			continue;
		one.name = text_clean_dup(name);
		one.description = text_clean_dup(json_get_string(item, "description"));
		vec_push(&found, one);
	}
	call->done(call->self, answer, found.at, found.count);
	for (size_t i = 0; i < found.count; i++) {
		mem_free((char *)found.at[i].name);
		mem_free((char *)found.at[i].description);
	}
	vec_done(&found);
	mem_free(call);
}

void partitions_fetch(struct marketo *m, partitions_done done, void *self)
{
	struct partitions_call *call = mem_alloc(sizeof *call);

	*call = (struct partitions_call){ .done = done, .self = self };
	call_get(m, CALL_OTHER, "/v1/leads/partitions.json", read_only_lead, N_("fetching the partitions"), on_partitions, call);
}

struct usage_call {
	struct marketo *m;
	usage_done done;
	void *self;
	int64_t asked_at; /* mono ms */
};

static void on_usage(void *self, const struct marketo_answer *answer)
{
	struct usage_call *call = self;
	int64_t total = 0;

	/* The first entry is today's; none at all: nobody has called yet. */
	if (answer->outcome == OUTCOME_OK) {
		if (!json_i64(json_get(marketo_result_first(answer), "total"), &total) || total < 0)
			total = 0;
		gate_usage(marketo_gate(call->m), total, call->asked_at);
	}
	call->done(call->self, answer, total);
	mem_free(call);
}

void usage_fetch(struct marketo *m, usage_done done, void *self)
{
	struct usage_call *call = mem_alloc(sizeof *call);

	*call = (struct usage_call){ .m = m, .done = done, .self = self, .asked_at = clock_mono_ms() };
	call_get(m, CALL_USAGE, "/v1/stats/usage.json", NULL, N_("reading today's usage"), on_usage, call);
}

struct login_call {
	struct marketo *m;
	struct token_waiter waiter;
	login_done done;
	void *self;
	int64_t asked_at;
};

/* What the identity service said, but for the token. */
static struct json *login_reply(const struct marketo *m)
{
	struct str text = { 0 };
	struct json_out w;
	struct json *reply;

	json_out_init(&w, &text);
	json_object(&w);
	json_pair_string(&w, "token_type", "bearer");
	json_pair_i64(&w, "expires_in", token_seconds_left(m));
	json_pair_string(&w, "scope", m->token.scope);
	json_object_end(&w);
	reply = json_parse(str_text(&text), text.length, NULL, NULL);
	str_done(&text);
	return reply;
}

static void on_login(void *self, const struct error *trouble)
{
	struct login_call *call = self;
	struct marketo *m = call->m;
	struct marketo_answer answer = { .outcome = OUTCOME_OK, .connect_ms = m->token.connect_ms, .tls_ms = m->token.tls_ms };
	struct json *reply = NULL;

	answer.milliseconds = clock_mono_ms() - call->asked_at;
	if (trouble) {
		answer.outcome = strcmp(trouble->code, "stopped") == 0 ? OUTCOME_CANCELLED : OUTCOME_OFFLINE;
		answer.error = *trouble;
	} else {
		answer.envelope = reply = login_reply(m);
	}
	call->done(call->self, &answer, m->token.scope, trouble ? 0 : token_seconds_left(m));
	json_free(reply);
	mem_free(call);
}

void login(struct marketo *m, login_done done, void *self)
{
	struct login_call *call = mem_alloc(sizeof *call);

	*call = (struct login_call){ .m = m, .done = done, .self = self, .asked_at = clock_mono_ms() };
	call->waiter = (struct token_waiter){ .fn = on_login, .self = call };
	token_want(m, &call->waiter);
}
