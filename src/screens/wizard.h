/*
 * The wizard: six steps as a table, over one draft. A step reads and writes the draft; what Marketo or the source say is kept here, so that steps share it. The draft is
 * saved whenever a field is left, so that any moment can be the last.
 */
#ifndef SCREENS_WIZARD_H
#define SCREENS_WIZARD_H

#include "app/ask.h"
#include "app/drafts.h"
#include "app/governance.h"
#include "app/lists.h"
#include "app/revisions.h"
#include "app/sources.h"
#include "base/vec.h"
#include "model/destination.h"
#include "model/draft.h"
#include "model/field.h"
#include "model/preview.h"
#include "model/suggestion.h"
#include "screens/console.h"
#include "screens/form.h"
#include "screens/popups.h"
#include "screens/words.h"
#include "tui/cursor.h"

#include <stdbool.h>
#include <stdint.h>

enum step { STEP_CONNECT, STEP_DETAILS, STEP_GOVERNANCE, STEP_AUDIENCES, STEP_MAPPING, STEP_REVIEW, STEPS };

struct wizard;

struct problem {
	enum step step;
	bool error;   /* else a warning */
	bool free;    /* it may be mended on another step, and keeps nobody on its own */
	int field;    /* of a form; 0: none */
	char *text;   /* what is wrong and what to do */
};
typedef VEC(struct problem) problem_list;
void problem_add(problem_list *list, enum step step, bool error, int field, const char *text);
void problem_list_done(problem_list *list);

struct step_kind {
	const char *title; /* N_() in the stepper */
	const char *long_title; /* N_() in the frame */
	unsigned where;
	void (*open)(struct wizard *wizard);
	void (*close)(struct wizard *wizard); /* what was typed goes to the draft; questions under way end */
	void (*draw)(struct wizard *wizard, struct area area);
	bool (*press)(struct wizard *wizard, const struct press *press);
	bool (*act)(struct wizard *wizard, enum action action);
	unsigned (*more_where)(const struct wizard *wizard);         /* may be NULL */
	bool (*typing)(const struct wizard *wizard);                 /* may be NULL */
	const char *(*why_not)(const struct wizard *wizard, enum action action); /* may be NULL */
	bool (*busy)(const struct wizard *wizard);                   /* may be NULL */
	void (*problems)(struct wizard *wizard, problem_list *out);  /* of the draft, as far as this step is concerned */
	void (*summary)(struct wizard *wizard, struct str *out);     /* one line for the review */
};
extern const struct step_kind step_connect, step_details, step_governance, step_audiences, step_mapping, step_review;

/* One question at a time of a kind: what is awaited, since when, and how it ended. */
struct question {
	struct ask *ask;
	int64_t since;      /* mono ms */
	int64_t done, total; /* of its progress; total 0: unknown */
	struct error error; /* of the last answer; status STATUS_OK: fine */
};

enum check_state { CHECK_WAITING, CHECK_RUNNING, CHECK_PASSED, CHECK_FAILED };
enum { TEST_CHECKS = 8 };
struct connection_test {
	struct question question;
	bool begun, ended, passed;
	struct {
		enum check_state state;
		char *detail, *hint; /* hint: what the detail ends with, where it tells what to do */
		int64_t milliseconds;
	} checks[TEST_CHECKS];
};

struct mapping_line {
	char *source, *target;   /* target NULL: not mapped */
	const struct suggestion *suggested; /* of the wizard's; NULL: none */
	char *problem;           /* NULL: none */
	bool error, identity, create_only, clear;
	char *labels;            /* what the field carries, "C2, I1"; NULL: nothing */
	bool denied;             /* an enabled policy keeps it from a chosen marketing action */
	int64_t filled, bad;     /* -1: not known */
	char *example;
};

struct plan_view {
	bool known;
	int64_t id, received, fresh, changed, unchanged, exited, excluded, bad_lines, calls, seconds, quota_used, quota_limit, sample, found;
	VEC(struct problem) reasons; /* warnings in words */
};

struct wizard {
	struct layer layer;
	struct draft draft;
	int lock;           /* -1: not held */
	enum step at;
	enum glyph signs[STEPS]; /* good, warning or bad, for the stepper, as of the last change of the step */
	struct form form;   /* of the step at hand */
	struct picker *picker; /* open, waiting for an answer; NULL: none */
	struct question places; /* folders, partitions or lists for the picker */
	int picking;        /* the field, or the row, the picker is for */

	struct connection_test test;

	struct draft_rules rules;   /* of the draft as it was when a step was opened or changed */

	struct catalogue catalogue; /* of the draft's account */
	char *catalogue_of;         /* that account's name; NULL: nothing fetched */
	struct question fields;

	struct source_report report;
	char *report_of;            /* the source it is about; NULL: none */
	bool source_changed;        /* the audiences were chosen from another source, and the report of this one has not come yet */
	struct question reading;

	struct survey survey;
	struct question surveying;
	bool survey_due;

	/* lists of the steps Governance, Audiences, Mapping, Review */
	struct cursor cursor;
	bool in_list;               /* Audiences: the table has the focus, not the form */
	struct editor filter;
	bool filtering;
	VEC(size_t) rows;           /* Audiences: places in the report that fit the filter */
	VEC(struct mapping_line) lines; /* Mapping: all of them; `rows` are the places of those that fit the filter */
	suggestion_list suggestions; /* for every source path, as if nothing were mapped */
	bool suggested;             /* they have been worked out for this source and catalogue */
	struct preview preview;     /* Mapping: what profiles would send by the mapping that was asked about last */
	struct question previewing;
	size_t previewed;           /* which of them is shown, from 1; 0: none */
	char *mapping_problem;      /* one that belongs to no line; NULL: none */
	bool mapping_error;         /* it is more than a warning */

	struct plan_view plan;
	struct question planning;
	struct sign_off sign_off;   /* Review: of the dataflow that the draft has become */
	problem_list problems;      /* Review */
};

/* From a draft that is locked already (taken over), or a new one. */
struct layer *wizard_new(struct console *console, struct draft *draft, int lock);

/* The mapping of a launched dataflow, alone: its draft is opened, or begun; an error is said. */
void mapping_edit_open(struct console *console, const char *dataflow);
bool wizard_edits(const struct wizard *wizard);    /* is it one of these? */
void mapping_edit_ask(struct wizard *wizard);      /* and saves it as a revision */
bool mapping_edit_forget(struct wizard *wizard);   /* where nothing was edited, the draft is gone */
void mapping_edit_keep(struct wizard *wizard);     /* the console ends */

/* For the steps. */
void mapping_lines_clear(struct wizard *wizard);
void mapping_lines_build(struct wizard *wizard); /* from the draft's mapping, the source and the catalogue */
struct mapping_line *mapping_line_at(const struct wizard *wizard, size_t row); /* of those that fit the filter; NULL: there is none */
struct mapping_line *mapping_focused(const struct wizard *wizard);
void mapping_draw(struct wizard *wizard, struct area area);
void review_draw(struct wizard *wizard, struct area area);
size_t review_errors(const struct wizard *wizard);
/* Mapping: what real profiles would send, beside the rows. Each press shows the next profile, then none. */
void mapping_preview_next(struct wizard *wizard);
void mapping_preview_end(struct wizard *wizard);
void mapping_preview_ask(struct wizard *wizard); /* the mapping is another one now; nothing while no profile is shown */
bool mapping_preview_on(const struct wizard *wizard);
void mapping_preview_head(const struct wizard *wizard, struct area area, int column);
void mapping_preview_cell(const struct wizard *wizard, const struct mapping_line *line, struct area list, int row, int column);
/* Who the profile is and, below, what the row with the focus sends; `rows` lines. */
void mapping_preview_detail(const struct wizard *wizard, const struct mapping_line *line, struct area area, int row, int rows);
/* Audiences: fields of its form, when the daemon runs the dataflow and where the source says who agrees. */
void flow_rules_add(struct wizard *wizard);
void flow_rules_show(struct wizard *wizard); /* what fits the source is known, or is something else now */
void flow_rules_copy(struct wizard *wizard); /* to the draft */
void flow_rules_changed(struct wizard *wizard, const struct form_field *field);
bool flow_rules_left(struct wizard *wizard, struct form_field *field); /* checks it; false: it is another one's field */
void flow_rules_problems(const struct wizard *wizard, problem_list *out);
void flow_rules_summary(const struct draft *draft, struct str *out);
bool flow_rules_repeat(const struct draft *draft); /* does the daemon run it? */
void flow_rules_command(const struct draft *draft, struct str *out); /* "penstock dataflow update .. && " that says the same; nothing where there is nothing to say */
void review_command(const struct wizard *wizard, struct str *out); /* what does the same as launching; or, before there is a plan, what makes one */
char *edit_words(const struct draft *before, const struct draft *now); /* what became of it; mem_free */
bool wizard_save(struct wizard *wizard); /* the draft, now; an error is said */
void wizard_left(struct wizard *wizard, const struct form_field *field); /* the end of every form's `left`: the field is where to come back to; saves */
void wizard_go(struct wizard *wizard, enum step step);
void wizard_look_at_rules(struct wizard *wizard); /* labels and policies in the store, and what the draft violates */
enum sync_type wizard_sync_type(const struct wizard *wizard); /* the one in force */
void wizard_news(struct wizard *wizard); /* what the steps share has changed: the step at hand looks at it */
/* Asks; the answer comes to `answer` with the wizard. A question under way is given up. */
bool question_ask(struct wizard *wizard, struct question *question, const char *const *words, ask_answer_fn answer, ask_progress_fn progress);
void question_give_up(struct question *question);
bool question_open(const struct question *question);
int64_t question_seconds(const struct question *question);
/* "reading the source", how long already, how far (ux 8), and how to stop it. */
void question_paint_reading(const struct question *reading, struct area area, int row);
/* The answer has come: the question is over, and there is something new to show. */
void question_end(struct wizard *wizard, struct question *question, const struct error *err);

/* The catalogue of the draft's account: from the store or, when that is not fresh, from Marketo. */
void wizard_want_fields(struct wizard *wizard);
/* From Marketo in any case; until the answer, what is known holds. */
void wizard_fetch_fields(struct wizard *wizard);
/* What is in the draft's source. */
void wizard_want_report(struct wizard *wizard);
/* Review: whether the mapping has to be signed and is; asks for a note and signs; why that cannot be done (NULL: it can). */
void sign_off_look(struct wizard *wizard);
bool sign_off_is_missing(const struct wizard *wizard);
void sign_off_ask(struct wizard *wizard);
const char *sign_off_why_not(const struct wizard *wizard);
/* A picker over what a command lists: key of its answer, and how one place becomes an item. */
void wizard_pick_places(struct wizard *wizard, int field, const struct picker_options *options, const char *const *words, const char *what, ask_answer_fn answer);

#endif
