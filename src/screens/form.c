#include "screens/form.h"

#include "base/i18n.h"
#include "base/mem.h"

#include <string.h>

enum { LABEL_COLUMN = 2, WIDE_COLUMN = 5, VALUE_COLUMN = 22, VALUE_COLUMNS = 34, NARROW = 70 };

void form_done(struct form *form)
{
	for (size_t i = 0; i < form->fields.count; i++) {
		editor_done(&form->fields.at[i].editor);
		mem_free(form->fields.at[i].shown);
		mem_free(form->fields.at[i].note);
		mem_free(form->fields.at[i].problem);
	}
	vec_done(&form->fields);
	*form = (struct form){ 0 };
}

struct form_field *form_add(struct form *form, int id, enum form_kind kind, const char *label, const char *text)
{
	struct form_field field = { .id = id, .kind = kind, .label = label };

	editor_init(&field.editor, text ? text : "", kind == FORM_SECRET);
	vec_push(&form->fields, field);
	return &form->fields.at[form->fields.count - 1];
}

struct form_field *form_field(struct form *form, int id)
{
	for (size_t i = 0; i < form->fields.count; i++)
		if (form->fields.at[i].id == id)
			return &form->fields.at[i];
	return NULL;
}

struct form_field *form_here(struct form *form)
{
	return form->at < form->fields.count ? &form->fields.at[form->at] : NULL;
}

const char *form_text(struct form *form, int id)
{
	struct form_field *field = form_field(form, id);

	return field ? str_text(&field->editor.text) : "";
}

void form_choose(struct form_field *field, const char *value)
{
	field->chosen = 0;
	for (size_t i = 0; i < field->choice_count; i++)
		if (value && strcmp(field->choices[i].value, value) == 0)
			field->chosen = i;
}

const char *form_chosen(const struct form_field *field)
{
	return field->chosen < field->choice_count ? field->choices[field->chosen].value : "";
}

void form_propose(struct form_field *field, const char *text)
{
	editor_set(&field->editor, text);
	field->proposed = *text != '\0';
}

void form_problem(struct form_field *field, const char *problem)
{
	mem_replace(&field->problem, problem);
}

void form_note(struct form_field *field, const char *note)
{
	mem_replace(&field->note, note);
}

static bool is_stop(const struct form_field *field)
{
	return !field->hidden && !field->fixed;
}

static bool is_text(const struct form_field *field)
{
	return (field->kind == FORM_TEXT || field->kind == FORM_SECRET) && !field->fixed;
}

static void arrive(struct form *form, size_t at)
{
	form->at = at;
	form->editing = is_text(&form->fields.at[at]);
}

void form_focus(struct form *form, int id)
{
	for (size_t i = 0; i < form->fields.count; i++)
		if (form->fields.at[i].id == id && is_stop(&form->fields.at[i])) {
			arrive(form, i);
			return;
		}
	for (size_t i = 0; i < form->fields.count; i++)
		if (is_stop(&form->fields.at[i])) {
			arrive(form, i);
			return;
		}
}

bool form_typing(const struct form *form)
{
	return form->editing && form->at < form->fields.count && is_text(&form->fields.at[form->at]);
}

bool form_to_problem(struct form *form)
{
	for (size_t i = 0; i < form->fields.count; i++)
		if (form->fields.at[i].problem && is_stop(&form->fields.at[i])) {
			arrive(form, i);
			return true;
		}
	return false;
}

void form_leave(struct form *form)
{
	if (form->left && form_here(form))
		form->left(form->self, form_here(form));
}

/* To the next field, or the one before; at the ends it stays. */
static bool move(struct form *form, int step)
{
	size_t at = form->at;

	do {
		if ((step < 0 && at == 0) || (step > 0 && at + 1 >= form->fields.count))
			return false;
		at = step < 0 ? at - 1 : at + 1;
	} while (!is_stop(&form->fields.at[at]));
	form_leave(form);
	arrive(form, at);
	return true;
}

/* To the first field, or the last one; those between are not left, since nobody was there. */
static bool move_far(struct form *form, bool last)
{
	size_t to = form->at;

	for (size_t i = 0; i < form->fields.count; i++)
		if (is_stop(&form->fields.at[i]) && (last ? i > to : i < to))
			to = i;
	if (to == form->at)
		return false;
	form_leave(form);
	arrive(form, to);
	return true;
}

static bool press_choice(struct form *form, struct form_field *field, const struct press *press)
{
	bool space = press->kind == PRESS_CHARACTER && press->point == ' ';

	if (press->kind == PRESS_RIGHT || space)
		field->chosen = (field->chosen + 1) % field->choice_count;
	else if (press->kind == PRESS_LEFT)
		field->chosen = (field->chosen + field->choice_count - 1) % field->choice_count;
	else
		return false;
	if (form->changed)
		form->changed(form->self, field);
	return true;
}

static bool press_text(struct form *form, struct form_field *field, const struct press *press)
{
	enum editor_result result;

	if (field->proposed && (press->kind == PRESS_CHARACTER || press->kind == PRESS_PASTE))
		editor_set(&field->editor, "");
	result = editor_press(&field->editor, press);
	if (result == EDITOR_IGNORED)
		return false;
	field->proposed = false;
	form->editing = true;
	if (result == EDITOR_CHANGED) {
		form_problem(field, NULL);
		form_note(field, NULL);
		if (form->changed)
			form->changed(form->self, field);
	}
	if (result == EDITOR_CHANGED && press->kind == PRESS_PASTE && field->editor.cut) {
		char *note = mem_printf(ngettext("%d character cut", "%d characters cut", (unsigned long)field->editor.cut), field->editor.cut);

		form_note(field, note);
		mem_free(note);
	}
	return true;
}

bool form_press(struct form *form, const struct press *press)
{
	struct form_field *field = form_here(form);

	if (!field)
		return false;
	if (press->kind == PRESS_DOWN || press->kind == PRESS_TAB)
		return move(form, 1);
	if (press->kind == PRESS_UP || press->kind == PRESS_BACKTAB)
		return move(form, -1);
	if (!form_typing(form) && (press->kind == PRESS_HOME || press->kind == PRESS_END))
		return move_far(form, press->kind == PRESS_END);
	if (field->kind == FORM_CHOICE && field->choice_count)
		return press_choice(form, field, press);
	/* Out of typing, characters are keys of the table; only a paste begins again. */
	if (is_text(field) && (form->editing || press->kind == PRESS_PASTE))
		return press_text(form, field, press);
	return false;
}

bool form_enter(struct form *form)
{
	struct form_field *field = form_here(form);

	if (!field)
		return false;
	if (field->kind == FORM_PICK || field->kind == FORM_BUTTON) {
		if (form->opened)
			form->opened(form->self, field);
		return true;
	}
	if (is_text(field) && !form->editing) {
		form->editing = true;
		return true;
	}
	if (!move(form, 1))
		form_leave(form);
	return true;
}

bool form_escape(struct form *form)
{
	if (!form_typing(form))
		return false;
	form_leave(form);
	form->editing = false;
	return true;
}

static int field_rows(const struct form_field *field)
{
	if (field->hidden)
		return 0;
	return field->kind == FORM_CHOICE && field->upright && !field->fixed ? (int)field->choice_count + field->wide : 1;
}

static void draw_note(const struct form_field *field, struct area area, int row, int column)
{
	if (field->problem)
		paint_format(area, row, column, 0, ROLE_BAD, "%s %s", glyph(GLYPH_BAD), field->problem);
	else if (field->note)
		paint_format(area, row, column, 0, ROLE_GOOD, "%s %s", glyph(GLYPH_GOOD), field->note);
}

/* Beside each other: do all of them have room? */
static bool choices_fit(const struct form_field *field, int columns)
{
	int wide = VALUE_COLUMN;

	for (size_t i = 0; i < field->choice_count; i++)
		wide += text_columns(glyph(GLYPH_RADIO_ON)) + 1 + text_columns(_(field->choices[i].text)) + (i ? 2 : 0);
	return wide <= columns;
}

static void draw_choices(const struct form_field *field, struct area area, int row, bool here)
{
	int first = field->wide ? WIDE_COLUMN : VALUE_COLUMN, at = first;

	if (field->wide)
		row++;
	if (!field->upright && !choices_fit(field, area.columns)) {
		at += paint_format(area, row, at, 0, here ? ROLE_SELECTED : ROLE_TEXT, "%s %s", glyph(GLYPH_RADIO_ON), _(field->choices[field->chosen].text)) + 2;
		paint_format(area, row, at, 0, ROLE_DIM, _("%zu of %zu"), field->chosen + 1, field->choice_count);
		return;
	}
	for (size_t i = 0; i < field->choice_count; i++) {
		bool on = i == field->chosen;
		enum role role = here && on ? ROLE_SELECTED : ROLE_TEXT;

		at += paint_text(area, row, at, 0, role, glyph(on ? GLYPH_RADIO_ON : GLYPH_RADIO_OFF));
		at += paint_format(area, row, at, 0, role, " %s", _(field->choices[i].text)) + 2;
		if (field->upright) {
			at = first;
			row++;
		}
	}
	draw_note(field, area, field->wide ? row - (int)field->choice_count - 1 : field->upright ? row - 1 : row, field->wide ? VALUE_COLUMN : at);
}

/* Long values take what room there is, unless a message stands there. */
static int value_columns(const struct form_field *field, int columns)
{
	int room = columns - VALUE_COLUMN - 1, wanted = VALUE_COLUMNS;

	if (columns < NARROW)
		return room - 1;
	if (field->problem || field->note)
		return wanted;
	if (field->kind == FORM_PICK)
		wanted = text_columns(field->shown) + 4;
	else if (field->kind == FORM_TEXT)
		wanted = text_columns(str_text(&field->editor.text)) + 3;
	return wanted < VALUE_COLUMNS ? VALUE_COLUMNS : wanted < room ? wanted : room;
}

static void draw_value(const struct form_field *field, struct area area, int row, bool here, bool editing)
{
	int wide = value_columns(field, area.columns);
	enum role role = here ? ROLE_SELECTED : ROLE_TEXT;

	if (field->fixed)
		paint_text(area, row, VALUE_COLUMN + 1, 0, ROLE_DIM, field->shown);
	else if (field->kind == FORM_PICK)
		paint_format(area, row, VALUE_COLUMN, wide, role, "< %s >", field->shown && *field->shown ? field->shown : _("choose: Enter"));
	else if (field->kind == FORM_BUTTON)
		paint_format(area, row, VALUE_COLUMN, wide, role, here ? "[%s%s ]" : "[ %s%s ]", here ? glyph(GLYPH_HERE) : "", field->shown);
	else
		editor_paint(&field->editor, area, row, VALUE_COLUMN, wide, here && editing);
	if (!field->fixed)
		draw_note(field, area, row, area.columns < NARROW ? area.columns - 20 : VALUE_COLUMN + wide + 2);
}

static void draw_field(const struct form *form, size_t place, struct area area, int row)
{
	const struct form_field *field = &form->fields.at[place];
	bool here = place == form->at;

	paint_text(area, row, 0, 0, ROLE_TITLE, here ? glyph(GLYPH_HERE) : " ");
	if (field->kind != FORM_BUTTON)
		paint_format(area, row, LABEL_COLUMN, VALUE_COLUMN - LABEL_COLUMN - 1, here ? ROLE_TITLE : ROLE_TEXT, "%s%s", _(field->label), field->required ? " *" : "");
	if (here && !(form->editing && is_text(field)))
		paint_cursor(area, row, 0, true);
	if (field->kind == FORM_CHOICE && !field->fixed)
		draw_choices(field, area, row, here);
	else
		draw_value(field, area, row, here, form->editing);
}

int form_draw(struct form *form, struct area area)
{
	int row = 0, here = 0, tall = 2, all = 0;

	for (size_t i = 0; i < form->fields.count; i++) {
		int rows = field_rows(&form->fields.at[i]);

		if (i == form->at) {
			here = all;
			tall = rows > tall ? rows : tall;
		}
		all += rows;
	}
	/* Only as far as needed for the field with the focus. */
	if (all <= area.rows)
		form->scroll = 0;
	else if (here < (int)form->scroll)
		form->scroll = (size_t)here;
	else if (here + tall > (int)form->scroll + area.rows)
		form->scroll = (size_t)(tall < area.rows ? here + tall - area.rows : here);
	if ((int)form->scroll + area.rows > all) /* nothing is below the last one */
		form->scroll = (size_t)(all > area.rows ? all - area.rows : 0);
	for (size_t i = 0; i < form->fields.count; i++) {
		int at = row - (int)form->scroll, rows = field_rows(&form->fields.at[i]);

		if (at + rows > 0 && at < area.rows && rows)
			draw_field(form, i, area, at);
		row += rows;
	}
	return all < area.rows ? all : area.rows;
}
