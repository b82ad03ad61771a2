/* Destination (how people are matched and created in one account) and dataflow (source + mapping + audiences into static lists). */
#ifndef MODEL_DESTINATION_H
#define MODEL_DESTINATION_H

#include "base/error.h"
#include "base/vec.h"
#include "model/schedule.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum person_creation { CREATION_MATCH_ONLY, CREATION_MATCH_AND_CREATE };
enum sync_type { SYNC_FOLLOWS_CREATION, SYNC_AUDIENCE_ONLY, SYNC_PROFILE_ONLY, SYNC_AUDIENCE_AND_PROFILE };

struct destination {
	int64_t id, account_id;
	int version; /* 2; 1 for imported V1 destinations */
	char *name, *account_name, *description;
	enum person_creation person_creation;
	enum sync_type sync_type;                /* as chosen; destination_sync_type gives the one in force */
	VEC(char *) dedupe_fields;               /* in order; never empty once checked (email) */
	char *partition, *workspace;             /* NULL: not chosen */
	char *list_folder;                       /* as given: id, name or program:ID; NULL: none */
	VEC(char *) marketing_actions;
	bool sign_off; /* a dataflow launches only with a revision of its mapping that somebody has signed */
};

void destination_init(struct destination *destination);
void destination_done(struct destination *destination);
/* The sync type in force: match-only means audience-only, match-and-create audience-and-profile, unless chosen otherwise (engine.md, 3). */
enum sync_type destination_sync_type(const struct destination *destination);
bool destination_touches_people(const struct destination *destination);
bool destination_touches_lists(const struct destination *destination);
/* Names, contradictions (audience-only with match-and-create: STATUS_USAGE), dedupe fields not empty and not doubled ("id" is refused). Adds the default. */
enum status destination_check(struct destination *destination, struct error *err);

/* Words of cli.md <-> values; false/NULL for anything else. */
bool person_creation_parse(const char *text, enum person_creation *out);
const char *person_creation_text(enum person_creation value);
bool sync_type_parse(const char *text, enum sync_type *out);
const char *sync_type_text(enum sync_type value); /* of SYNC_FOLLOWS_CREATION: NULL */
bool sign_off_parse(const char *text, bool *required); /* required, none */
const char *sign_off_text(bool required);

struct flow_audience {
	int64_t id;
	char *audience;      /* id or name, as the operator gave it */
	char *list;          /* as given: an id, ST1001A1, a list URL, a name; NULL: the audience's name */
	char *audience_id;   /* learnt from the source; NULL before */
	char *audience_name; /* learnt from the source; may stay NULL */
	int64_t list_id;     /* Marketo's; 0 before it was found or made */
	char *list_name;
	int64_t start_ms, end_ms; /* wall ms; 0: no bound. The end day is still in. */
};
void flow_audience_done(struct flow_audience *audience);
/* Is it tied to its list by a name, its own or one the operator gave? A list tied by its id cannot be made again. */
bool flow_audience_has_named_list(const struct flow_audience *audience);
/* The code of the rule that keeps the audience from being sent at that time, or NULL. */
const char *flow_audience_refusal(const struct flow_audience *audience, int64_t now_ms);

enum identity_choice { IDENTITY_ALL, IDENTITY_PRIMARY, IDENTITY_FIRST };

struct dataflow {
	int64_t id, destination_id;
	int version; /* its destination's; 0: not read from the store */
	char *name, *destination_name, *source; /* source NULL: V1's is the Platform; of V2, not given yet */
	char *source_by;   /* the operator who named the source; NULL: whom the store belongs to */
	enum identity_choice identity;
	char *profile_key; /* NULL: the dedupe field's value */
	char *consent;     /* PATH or PATH=VALUE (consent.h); NULL: nobody is asked for any */
	bool enabled;
	struct schedule schedule;
	VEC(struct flow_audience) audiences;
};
void dataflow_init(struct dataflow *dataflow);
void dataflow_done(struct dataflow *dataflow);
enum status dataflow_check(const struct dataflow *dataflow, struct error *err);
/* What a hint that tells `dataflow update --audience A=LIST` of one audience has to say of the others; "" where there are none. Not to be freed. */
const char *dataflow_others_hint(const struct dataflow *dataflow);
/* What a dataflow is told that has several audiences and a source that is all of one. STATUS_USAGE. */
enum status dataflow_refuse_snapshot(const char *source, struct error *err);
bool identity_choice_parse(const char *text, enum identity_choice *out);
const char *identity_choice_text(enum identity_choice value);

/* `1001`, `ST1001A1`, or a URL that holds ST1001A1 -> the list id; false: it is a name. */
bool list_id_parse(const char *text, int64_t *id);
/* Is it a web address, whatever it leads to? */
bool list_is_address(const char *text);
/* A list's name as Marketo can search it: commas become spaces, at most 255 characters (cli.md). Free with mem_free. */
char *list_name_clean(const char *name);
/* `13`, `program:13` or a name. *is_program and *id are set for the first two (true); false: a name. */
bool folder_ref_parse(const char *text, bool *is_program, int64_t *id);

#endif
