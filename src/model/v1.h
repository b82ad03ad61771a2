/*
 * A dataflow of the first Marketo card ("V1") as the Flow Service tells it (platform-api 1.4, 9.4): three target fields, and a hand-typed mapping ID, the static list's id,
 * for each audience. Which spec is V1's and where the mapping ID stands is told nowhere, so both are recognised by content unless they are given.
 */
#ifndef MODEL_V1_H
#define MODEL_V1_H

#include "base/error.h"
#include "base/json.h"
#include "base/vec.h"
#include "model/destination.h"
#include "model/mapping.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct v1_audience {
	char *id, *name;    /* name NULL: not told */
	char *mapping_id;   /* as typed by hand; NULL: empty or absent */
	int64_t start_ms, end_ms; /* wall ms, 0: none */
};

enum v1_guess {
	V1_NOT,   /* another destination's */
	V1_DOUBT, /* may be: somebody has to say so */
	V1_IS,
};

struct v1_flow {
	char *id, *name, *state; /* state as told: enabled, disabled, or a short transitional one */
	char *spec;              /* the target connection's spec, or the flow's own where there is none; may be NULL */
	char *flow_spec;         /* may be NULL */
	char *connection;        /* the Platform's destination account; may be NULL */
	struct mapping mapping;  /* targets: email, ECID, firstName, lastName, companyName */
	VEC(struct v1_audience) audiences;
	VEC(char *) ignored;     /* targets V1 does not understand */
	VEC(char *) unknown;     /* members of the JSON nobody told us of, by path; at most V1_UNKNOWN_MOST */
	VEC(char *) paths;       /* where a mapping ID may stand, when several do and none says so by its name */
	bool has_mapping_id;     /* some selector has a place for it, be it empty */
	bool bad_date;
	enum v1_guess guess;     /* by this flow's content alone */
};

enum { V1_UNKNOWN_MOST = 20, V1_AUDIENCES_MOST = 2000, V1_FIELDS = 3 };

struct v1_options {
	const char *const *specs; /* spec ids that are V1's: then nothing else is */
	size_t spec_count;
	const char *mapping_id_path; /* where the mapping ID stands in a segment selector, dotted: value.mappingId; NULL: recognised */
};

/* V1's target fields. */
extern const char *const v1_fields[V1_FIELDS];

void v1_flow_init(struct v1_flow *flow);
void v1_flow_done(struct v1_flow *flow);
/* Reads one flow. STATUS_USAGE, code "bad_flow", when it is none: not an object, no id. Texts are sanitised here. */
enum status v1_flow_read(const struct json *json, const struct v1_options *options, struct v1_flow *out, struct error *err);

/* Calls `take` for each flow of a reply: {"items":[..]}, an array of such pages or of flows, or one flow. *next (may be NULL, free with mem_free): the reply says that it
 * goes on there and the next page is not in it. False: nothing like it. */
typedef void (*v1_take_fn)(void *self, const struct json *flow);
bool v1_each_flow(const struct json *reply, v1_take_fn take, void *self, char **next);

#endif
