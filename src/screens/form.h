/* A form: labelled fields, one under the other, each with its message on its own line. Knows keys and painting; what a field means is its owner's. */
#ifndef SCREENS_FORM_H
#define SCREENS_FORM_H

#include "base/vec.h"
#include "tui/editor.h"
#include "tui/paint.h"
#include "tui/press.h"

#include <stdbool.h>
#include <stddef.h>

enum form_kind {
	FORM_TEXT,
	FORM_SECRET,
	FORM_CHOICE, /* one of few, all of them shown */
	FORM_PICK,   /* chosen in a popup: Enter */
	FORM_BUTTON,
};

struct form_choice {
	const char *value; /* word of cli.md */
	const char *text;  /* N_() */
	const char *help;  /* N_() what it does, in plain words; may be NULL */
};

struct form_field {
	int id;
	enum form_kind kind;
	const char *label;  /* N_() */
	const char *help;   /* N_() shown below the form while the field has the focus; may be NULL */
	bool required, hidden;
	bool fixed;         /* shown, but not for changing */
	bool proposed;      /* nobody typed what it holds: what is typed first takes its place */
	struct editor editor;
	const struct form_choice *choices;
	size_t choice_count, chosen;
	bool upright;       /* choices below each other .. */
	bool wide;          /* .. and below the label, for long texts */
	char *shown;        /* FORM_PICK, and where fixed: the value in words */
	char *note;         /* beside a value that is right */
	char *problem;      /* what is wrong with it: ends with what to do */
};

struct form {
	VEC(struct form_field) fields;
	size_t at;
	bool editing;   /* the field with the focus takes characters */
	size_t scroll;  /* rows hidden above */
	/* All are called with the field; any may be NULL. */
	void (*left)(void *self, struct form_field *field);    /* the focus leaves it, or Enter was typed */
	void (*changed)(void *self, struct form_field *field); /* another choice, or other text */
	void (*opened)(void *self, struct form_field *field);  /* Enter on FORM_PICK and FORM_BUTTON */
	void *self;
};

void form_done(struct form *form);
void form_propose(struct form_field *field, const char *text);
/* The field is returned to be filled in further; it moves with the next add. */
struct form_field *form_add(struct form *form, int id, enum form_kind kind, const char *label, const char *text);
struct form_field *form_field(struct form *form, int id); /* NULL: there is none */
struct form_field *form_here(struct form *form);
const char *form_text(struct form *form, int id);  /* of a text field; "" without one */
void form_choose(struct form_field *field, const char *value); /* unknown: the first */
const char *form_chosen(const struct form_field *field);
void form_problem(struct form_field *field, const char *problem); /* copied; NULL: none */
void form_note(struct form_field *field, const char *note);
void form_focus(struct form *form, int id); /* without leaving the one before */
bool form_typing(const struct form *form);
/* To the first field with a problem; false: none has one. */
bool form_to_problem(struct form *form);
void form_leave(struct form *form); /* `left` of the field with the focus */

bool form_press(struct form *form, const struct press *press);
bool form_enter(struct form *form); /* the Enter key */
bool form_escape(struct form *form); /* ends typing; false: nobody was typing */
/* Returns the rows used. */
int form_draw(struct form *form, struct area area);

#endif
