#include "model/v1.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "model/namespace.h"

#include <string.h>

enum { DEPTH_MOST = 6 };

const char *const v1_fields[V1_FIELDS] = { "firstName", "lastName", "companyName" };

void v1_flow_init(struct v1_flow *flow)
{
	*flow = (struct v1_flow){ .guess = V1_NOT };
	mapping_init(&flow->mapping);
}

static void audience_done(struct v1_audience *audience)
{
	mem_free(audience->id);
	mem_free(audience->name);
	mem_free(audience->mapping_id);
}

#define FREE_TEXTS(list)                                                                                                           \
	do {                                                                                                                       \
		for (size_t free_at = 0; free_at < (list)->count; free_at++)                                                       \
			mem_free((list)->at[free_at]);                                                                             \
		vec_done(list);                                                                                                    \
	} while (0)

void v1_flow_done(struct v1_flow *flow)
{
	for (size_t i = 0; i < flow->audiences.count; i++)
		audience_done(&flow->audiences.at[i]);
	vec_done(&flow->audiences);
	FREE_TEXTS(&flow->ignored);
	FREE_TEXTS(&flow->unknown);
	FREE_TEXTS(&flow->paths);
	mapping_done(&flow->mapping);
	mem_free(flow->id);
	mem_free(flow->name);
	mem_free(flow->state);
	mem_free(flow->spec);
	mem_free(flow->flow_spec);
	mem_free(flow->connection);
	v1_flow_init(flow);
}

/* The trimmed, sanitised text of a member; a number counts as its text; NULL: absent or blank. */
static char *scalar_text(const struct json *value)
{
	const char *text = json_kind(value) == JSON_NUMBER ? json_number_text(value) : json_string(value);
	char *clean = text_clean_dup(text);

	if (clean && *text_trim(clean))
		return clean;
	mem_free(clean);
	return NULL;
}

static char *member_text(const struct json *object, const char *key)
{
	return scalar_text(json_get(object, key));
}

static const struct json *first_of(const struct json *object, const char *key)
{
	return json_first(json_get(object, key));
}

/* --- Members nobody told us of --- */

static const char *const known_flow[] = { "id", "createdAt", "updatedAt", "createdBy", "updatedBy", "createdClient", "updatedClient", "sandboxId", "sandboxName", "imsOrgId",
	"name", "description", "flowSpec", "state", "version", "etag", "sourceConnectionIds", "targetConnectionIds", "inheritedAttributes", "transformations", "lastRunDetails",
	"lastOperation", "runs", "scheduleParams", "options", NULL };
static const char *const known_params[] = { "profileSelectors", "segmentSelectors", "mandatoryFields", "primaryFields", "profileMapping", NULL };
static const char *const known_selector[] = { "type", "value", NULL };
static const char *const known_value[] = { "id", "name", "description", "createTime", "updateTime", "namespace", "systemSegmentId", "schedule", "startDate", "endDate", "startTime",
	"endTime", "frequency", "triggerType", "filenameTemplate", "exportMode", "type", NULL };

static bool is_among(const char *const *words, const char *word)
{
	for (; *words; words++)
		if (strcmp(*words, word) == 0)
			return true;
	return false;
}

static void add_unknown(struct v1_flow *flow, const char *where, const char *key)
{
	char *path = mem_printf("%s%s%s", where, *where ? "." : "", key), *clean = text_clean_dup(path);

	mem_free(path);
	for (size_t i = 0; i < flow->unknown.count; i++)
		if (strcmp(flow->unknown.at[i], clean) == 0) {
			mem_free(clean);
			return;
		}
	if (flow->unknown.count < V1_UNKNOWN_MOST)
		vec_push(&flow->unknown, clean);
	else
		mem_free(clean);
}

static void note_unknown(struct v1_flow *flow, const struct json *object, const char *const *known, const char *where)
{
	for (const struct json *child = json_first(object); child; child = json_next(child))
		if (json_key(child) && !is_among(known, json_key(child)))
			add_unknown(flow, where, json_key(child));
}

/* --- The mapping ID --- */

/* mappingId, mapping_id, "Mapping ID", listId, staticListId ..: what it may be called. */
static bool names_mapping_id(const char *key)
{
	static const char *const names[] = { "mappingid", "listid", "staticlistid", "marketolistid", "marketostaticlistid", NULL };
	char letters[32];
	size_t length = 0;

	for (; *key && length + 1 < sizeof letters; key++)
		if ((*key >= 'a' && *key <= 'z') || (*key >= 'A' && *key <= 'Z'))
			letters[length++] = *key;
	letters[length] = '\0';
	text_lower(letters);
	return !*key && is_among(names, letters);
}

struct hunt {
	const struct json *named, *shaped; /* found by its key, or by what it looks like */
	size_t shapes;
	char *named_path, *paths[4];
};

static bool looks_like_list(const struct json *value)
{
	char *text = scalar_text(value);
	int64_t id;
	bool looks = text && list_id_parse(text, &id);

	mem_free(text);
	return looks;
}

static void hunt_in(struct hunt *hunt, const struct json *object, const char *where, int depth)
{
	for (const struct json *child = json_first(object); child && depth < DEPTH_MOST; child = json_next(child)) {
		const char *key = json_key(child);
		char *path;

		if (!key)
			continue;
		path = mem_printf("%s%s%s", where, *where ? "." : "", key);
		if (json_kind(child) == JSON_OBJECT) {
			hunt_in(hunt, child, path, depth + 1);
		} else if (names_mapping_id(key) && !hunt->named) {
			hunt->named = child;
			hunt->named_path = mem_strdup(path);
		} else if (!is_among(known_value, key) && looks_like_list(child)) {
			hunt->shaped = child;
			if (hunt->shapes < sizeof hunt->paths / sizeof *hunt->paths)
				hunt->paths[hunt->shapes] = mem_strdup(path);
			hunt->shapes++;
		}
		mem_free(path);
	}
}

static const struct json *at_path(const struct json *object, const char *path)
{
	char *copy = mem_strdup(path), *rest = copy;

	for (char *key = strsep(&rest, "."); key && object; key = strsep(&rest, "."))
		object = json_get(object, key);
	mem_free(copy);
	return object;
}

static void add_paths(struct v1_flow *flow, const struct hunt *hunt)
{
	if (flow->paths.count)
		return;
	for (size_t i = 0; i < hunt->shapes && i < sizeof hunt->paths / sizeof *hunt->paths; i++)
		vec_push(&flow->paths, text_clean_dup(hunt->paths[i]));
}

/* A key whose name says so wins; else the only value that looks like a list's id. */
static char *find_mapping_id(struct v1_flow *flow, const struct json *selector, const struct v1_options *options)
{
	struct hunt hunt = { 0 };
	const struct json *found;

	if (options->mapping_id_path) {
		found = at_path(selector, options->mapping_id_path);
		flow->has_mapping_id = flow->has_mapping_id || found;
		return scalar_text(found);
	}
	hunt_in(&hunt, selector, "", 0);
	found = hunt.named ? hunt.named : hunt.shapes == 1 ? hunt.shaped : NULL;
	if (!found && hunt.shapes > 1)
		add_paths(flow, &hunt);
	flow->has_mapping_id = flow->has_mapping_id || found;
	for (size_t i = 0; i < sizeof hunt.paths / sizeof *hunt.paths; i++)
		mem_free(hunt.paths[i]);
	mem_free(hunt.named_path);
	return scalar_text(found);
}

/* --- Audiences --- */

static int64_t read_date(struct v1_flow *flow, const struct json *value, const char *day, const char *time)
{
	const struct json *schedule = json_get(value, "schedule");
	const char *const keys[] = { day, time };
	int64_t when = 0;
	char *text = NULL;

	for (size_t i = 0; !text && i < sizeof keys / sizeof *keys; i++) {
		text = member_text(value, keys[i]);
		if (!text)
			text = member_text(schedule, keys[i]);
	}
	if (text && !clock_parse(text, &when, NULL)) {
		flow->bad_date = true;
		when = 0;
	}
	mem_free(text);
	return when;
}

static void read_audience(struct v1_flow *flow, const struct json *selector, const struct v1_options *options)
{
	const struct json *value = json_get(selector, "value");
	struct v1_audience audience = { .id = member_text(value, "id"), .name = member_text(value, "name") };

	audience.mapping_id = find_mapping_id(flow, selector, options);
	audience.start_ms = read_date(flow, value, "startDate", "startDateTime");
	audience.end_ms = read_date(flow, value, "endDate", "endDateTime");
	note_unknown(flow, selector, known_selector, "segmentSelectors");
	for (const struct json *child = json_first(value); child; child = json_next(child))
		if (json_key(child) && !is_among(known_value, json_key(child)) && !names_mapping_id(json_key(child)))
			add_unknown(flow, "segmentSelectors.value", json_key(child));
	/* Without an id there is nothing the source could name; a name alone can be. */
	if (!audience.id && audience.name)
		audience.id = mem_strdup(audience.name);
	if (audience.id && flow->audiences.count < V1_AUDIENCES_MOST)
		vec_push(&flow->audiences, audience);
	else
		audience_done(&audience);
}

/* --- Fields --- */

static char *v1_target(const char *target)
{
	if (strncmp(target, "identityMap.", strlen("identityMap.")) == 0)
		target += strlen("identityMap.");
	if (namespace_is_email(target))
		return mem_strdup("email");
	if (namespace_is_ecid(target))
		return mem_strdup("ECID");
	for (int i = 0; i < V1_FIELDS; i++)
		if (text_case_eq(target, v1_fields[i]))
			return mem_strdup(v1_fields[i]);
	return NULL;
}

static void add_row(struct v1_flow *flow, const char *source, const char *target)
{
	char *known = v1_target(target), *text = known ? mem_printf("%s=%s", source, known) : NULL;
	struct mapping_row row = { 0 };

	if (text && mapping_row_parse(text, &row, NULL) != STATUS_OK)
		vec_push(&flow->ignored, mem_strdup(source));
	else if (!text)
		vec_push(&flow->ignored, mem_strdup(target));
	else if (mapping_target(&flow->mapping, known))
		mapping_row_done(&row); /* V1 has one source a field: the first */
	else
		mapping_put(&flow->mapping, &row);
	mem_free(known);
	mem_free(text);
}

/* A profile selector: {"value":{"path","mapping":{"source","destination","identity"},"identity":{"namespace"}}}. */
static void read_field(struct v1_flow *flow, const struct json *selector)
{
	const struct json *value = json_get(selector, "value"), *mapping = json_get(value, "mapping");
	char *source = member_text(mapping, "source"), *target = member_text(mapping, "destination"), *space = member_text(json_get(value, "identity"), "namespace");

	if (!source)
		source = member_text(mapping, "sourceAttribute");
	if (!source)
		source = member_text(value, "path");
	if (!target)
		target = member_text(mapping, "destinationXdmPath");
	if (space && !target) {
		target = mem_strdup(space);
		if (!source)
			source = mem_printf("identityMap.%s", space);
	}
	if (source && target)
		add_row(flow, source, target);
	mem_free(source);
	mem_free(target);
	mem_free(space);
}

/* An identity may stand among the primary fields alone: it comes from the identity map then. */
static void read_primary(struct v1_flow *flow, const struct json *field)
{
	char *space = member_text(field, "identityNamespace");
	char *known = space ? v1_target(space) : NULL, *source;

	if (known && !mapping_target(&flow->mapping, known)) {
		source = mem_printf("identityMap.%s", namespace_canonical(space));
		add_row(flow, source, space);
		mem_free(source);
	}
	mem_free(space);
	mem_free(known);
}

static bool read_transformation(struct v1_flow *flow, const struct json *transformation, const struct v1_options *options)
{
	const struct json *params = json_get(transformation, "params"), *one;

	for (one = first_of(json_get(params, "profileSelectors"), "selectors"); one; one = json_next(one))
		read_field(flow, one);
	for (one = first_of(params, "primaryFields"); one; one = json_next(one))
		read_primary(flow, one);
	for (one = first_of(json_get(params, "segmentSelectors"), "selectors"); one; one = json_next(one))
		read_audience(flow, one, options);
	note_unknown(flow, params, known_params, "params");
	return json_get(params, "segmentSelectors") != NULL;
}

/* --- The flow --- */

static void read_specs(struct v1_flow *flow, const struct json *json)
{
	const struct json *target = first_of(json_get(json, "inheritedAttributes"), "targetConnections");

	flow->flow_spec = member_text(json_get(json, "flowSpec"), "id");
	flow->spec = member_text(json_get(target, "connectionSpec"), "id");
	if (!flow->spec)
		flow->spec = mem_strdup(flow->flow_spec);
	flow->connection = member_text(json_get(target, "baseConnection"), "id");
}

static bool is_spec(const char *spec, const struct v1_options *options)
{
	for (size_t i = 0; spec && i < options->spec_count; i++)
		if (strcmp(spec, options->specs[i]) == 0)
			return true;
	return false;
}

/* What it is by its content: V1 maps nothing but its three fields, and has a mapping ID. */
static enum v1_guess guess(const struct v1_flow *flow, const struct json *json, bool has_audiences, const struct v1_options *options)
{
	const struct json *is_destination = json_get(json_get(json_get(json, "inheritedAttributes"), "properties"), "isDestinationFlow");

	if (options->spec_count)
		return is_spec(flow->spec, options) || is_spec(flow->flow_spec, options) ? V1_IS : V1_NOT;
	if (!has_audiences || json_kind(is_destination) == JSON_FALSE)
		return V1_NOT;
	if (flow->has_mapping_id && !flow->ignored.count)
		return V1_IS;
	return flow->has_mapping_id || flow->paths.count || !flow->ignored.count ? V1_DOUBT : V1_NOT;
}

enum status v1_flow_read(const struct json *json, const struct v1_options *options, struct v1_flow *out, struct error *err)
{
	bool has_audiences = false;

	v1_flow_init(out);
	if (json_kind(json) != JSON_OBJECT)
		return error_set(err, STATUS_USAGE, "bad_flow", _("this is no dataflow: it is not a JSON object"));
	out->id = member_text(json, "id");
	if (!out->id)
		return error_set(err, STATUS_USAGE, "bad_flow", _("this is no dataflow: it has no id"));
	out->name = member_text(json, "name");
	if (!out->name)
		out->name = mem_strdup(out->id);
	out->state = member_text(json, "state");
	if (!out->state)
		out->state = mem_strdup("enabled");
	read_specs(out, json);
	for (const struct json *one = first_of(json, "transformations"); one; one = json_next(one))
		has_audiences = read_transformation(out, one, options) || has_audiences;
	note_unknown(out, json, known_flow, "");
	out->guess = guess(out, json, has_audiences, options);
	return STATUS_OK;
}

/* --- Replies --- */

static bool is_flow(const struct json *json)
{
	return json_get(json, "transformations") || json_get(json, "flowSpec");
}

static void take_items(const struct json *page, v1_take_fn take, void *self, char **next)
{
	char *href = member_text(json_get(json_get(page, "_links"), "next"), "href");

	for (const struct json *one = first_of(page, "items"); one; one = json_next(one))
		take(self, one);
	/* The last page of several has none. */
	if (next) {
		mem_free(*next);
		*next = href;
	} else {
		mem_free(href);
	}
}

bool v1_each_flow(const struct json *reply, v1_take_fn take, void *self, char **next)
{
	if (next)
		*next = NULL;
	if (json_kind(json_get(reply, "items")) == JSON_ARRAY) {
		take_items(reply, take, self, next);
		return true;
	}
	if (json_kind(reply) == JSON_OBJECT && is_flow(reply)) {
		take(self, reply);
		return true;
	}
	if (json_kind(reply) != JSON_ARRAY)
		return false;
	for (const struct json *one = json_first(reply); one; one = json_next(one)) {
		if (json_kind(json_get(one, "items")) == JSON_ARRAY)
			take_items(one, take, self, next);
		else
			take(self, one);
	}
	return true;
}
