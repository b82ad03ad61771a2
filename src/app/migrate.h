/*
 * Use cases: V1 dataflows become V2 dataflows. import -> plan -> apply -> (run V2) -> compare -> finish (V1 disabled) -> finish (V1 deleted). How far each has come stands in
 * the store, so that every step can be done again or gone on with; undo leads back as long as V1 is there. FLOW: the name of a V1 dataflow, or the Platform's id of it.
 */
#ifndef APP_MIGRATE_H
#define APP_MIGRATE_H

#include "app/accounts.h"
#include "app/app.h"
#include "app/destinations.h"
#include "base/error.h"
#include "base/vec.h"
#include "model/mapping.h"
#include "model/migration.h"
#include "model/run.h"
#include "model/v1.h"
#include "store/migrations.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Names of V1 dataflows; count 0: all of them. */
struct flow_names {
	const char *const *at;
	size_t count;
};

/* --- Import --- */

struct import_options {
	const char *const *files; /* "-": standard input */
	size_t file_count;
	struct v1_options v1;
	const char *account;              /* the account that V1 goes to; NULL: the only one there is, or .. */
	struct account_options reached_by; /* .. its Munchkin ID and client id: reused or made */
	const char *secret;
};
struct import_row {
	char *flow_id, *name;
	const char *verdict; /* imported, updated, unchanged, under_way, in_doubt, bad_flow */
	char *message;       /* may be NULL */
};
struct import_problem {
	char *file, *message;
};
struct import_report {
	VEC(struct import_row) rows;
	VEC(struct import_problem) problems; /* files that cannot be read */
	int64_t others;    /* dataflows of other destinations: passed over */
	bool complete;     /* the last page was among them */
	char *next;        /* where it goes on; NULL: nowhere */
	char *account;
};
void import_report_done(struct import_report *report);
/* STATUS_CONFIRM, code "in_doubt": some may be V1's or not (the others are imported). STATUS_PARTIAL: a file or a dataflow cannot be read, the others are imported.
 * STATUS_USAGE: no file can be read, or no account is known. */
enum status app_migrate_import(struct app *app, const struct import_options *options, struct import_report *out, struct error *err);

/* --- Plan and apply --- */

struct migrate_options {
	struct destination_options destination; /* of V2; its account NULL: V1's. Reached by account alone. */
	const char *list;       /* keep (V1's lists are taken over; the default) or new */
	const char *source;     /* NULL: none, V2 is made disabled */
	const char *email_from; /* source path of the e-mail address, where V1 maps none; NULL */
	bool enable;            /* also what V1 had disabled */
	bool accept;            /* the further rows suggested from Describe go into the mapping */
	bool dry_run;           /* apply: nothing is made; with a source, a run is planned */
};

enum plan_mark { MARK_SAME, MARK_NEW, MARK_CHANGED, MARK_DROPPED };
struct plan_line {
	enum plan_mark mark;
	char *what, *v1, *v2; /* translated; v1, v2 may be NULL */
};
struct plan_verdict {
	const struct verdict_row *row;
	char *about;  /* the fields, the audiences .. it is about, the first of them; may be NULL */
	size_t count; /* how many they are */
};
struct plan_audience {
	char *audience, *name, *mapping_id;
	int64_t v1_list;     /* 0: V1 brought it nowhere */
	bool keeps;          /* V2 takes that list over; else it gets one of its own */
	int64_t start_ms, end_ms;
};
struct migrate_plan {
	struct migration migration;
	struct destination_view view; /* of V2 as it would be, or is */
	bool account_made;            /* by the import; else it was there */
	char *v2_name, *source, *account_of_v1;
	struct mapping v1_mapping, mapping, suggested;
	struct dataflow v2;           /* as it would be */
	VEC(struct plan_audience) audiences;
	VEC(struct plan_line) lines;
	VEC(struct plan_verdict) verdicts;
	bool ready;   /* nothing blocks it */
	bool enabled; /* V2 would be */
	bool dried;   /* dry is filled */
	struct plan dry;
	enum status status; /* apply: what became of it */
	struct error error;
};
typedef VEC(struct migrate_plan) migrate_plan_list;
void migrate_plan_list_done(migrate_plan_list *list);
const char *plan_mark_text(enum plan_mark mark); /* "same", "new", "changed", "dropped" */

/* Asks Marketo for lists and fields, once an account. One flow's trouble is a verdict of it and stops no other. */
enum status app_migrate_plan(struct app *app, const struct flow_names *flows, const struct migrate_options *options, migrate_plan_list *out, struct error *err);
/* Makes what the plan says, all or nothing per flow. STATUS_PARTIAL: some could not be made (each row has its status); the status of the one where only one was asked for. */
enum status app_migrate_apply(struct app *app, const struct flow_names *flows, const struct migrate_options *options, migrate_plan_list *out, struct error *err);

/* --- Compare --- */

struct compared_audience {
	char *name;
	int64_t v1_list, v2_list; /* 0: none */
	bool v1_gone, v2_gone;
	struct migration_counts counts;
};
struct comparison {
	struct migration migration;
	VEC(struct compared_audience) audiences;
	migration_difference_list differences; /* the first COMPARED_SHOWN */
	bool clean;
	enum status status;
	struct error error;
};
typedef VEC(struct comparison) comparison_list;
void comparison_list_done(comparison_list *list);
enum { COMPARED_SHOWN = 1000 };
/* flows count 0: all that have been made. STATUS_CONFIRM, code "differences": some differ without a rule that explains it. */
enum status app_migrate_compare(struct app *app, const struct flow_names *flows, comparison_list *out, struct error *err);

/* --- The rest --- */

enum status app_migrate_list(struct app *app, migration_list *out, struct error *err);

struct finish_options {
	bool delete;          /* the second step: V1, disabled before, is deleted */
	const char *override; /* why a comparison that is not clean is accepted; audited; NULL: it is not */
};
struct finished {
	struct migration migration;
	int64_t put_in, taken_out; /* undo: people whom V2's runs put into V1's lists or took out of them. They stay so; the report tells them by id. */
	enum status status;
	struct error error;
};
typedef VEC(struct finished) finished_list;
void finished_list_done(finished_list *list);
/* flows count 0: all that the step is next for. STATUS_CONFIRM, code "not_compared", "not_clean" or "stale": a clean comparison comes first. */
enum status app_migrate_finish(struct app *app, const struct flow_names *flows, const struct finish_options *options, finished_list *out, struct error *err);
enum status app_migrate_undo(struct app *app, const struct flow_names *flows, finished_list *out, struct error *err);

/* All there is to tell of one migration. */
struct migration_story {
	struct migration migration;
	struct dataflow v1, v2;        /* id 0: gone, or not made */
	struct mapping v1_mapping, v2_mapping;
	struct destination destination; /* V2's */
	struct run last;                /* V2's newest; id 0: none */
	migration_step_list steps;
	migration_difference_list differences;
};
typedef VEC(struct migration_story) story_list;
void story_list_done(story_list *list);
enum status app_migrate_report(struct app *app, const struct flow_names *flows, story_list *out, struct error *err);

/* For the use cases here. Those that are named, or all; in the order of names. The store is open. */
enum status migrations_named(struct app *app, const struct flow_names *flows, migration_list *out, struct error *err);
/* The status of several: theirs where all are alike or there is one, else STATUS_PARTIAL. */
enum status migrations_status(enum status so_far, enum status next, bool first);

#endif
