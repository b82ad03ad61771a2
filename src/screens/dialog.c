#include "base/i18n.h"
#include "base/mem.h"
#include "screens/frame.h"
#include "screens/popups.h"
#include "tui/editor.h"

#include <string.h>

struct dialog {
	struct layer layer;
	char *title, *text, *typed;
	VEC(char *) buttons;
	size_t at; /* the button with the focus */
	struct editor editor;
	void (*chosen)(void *self, size_t button);
	void *self;
};

enum { DIALOG_COLUMNS = 64 };

static unsigned dialog_where(const struct layer *layer)
{
	(void)layer;
	return AT_POPUP | AT_CHOICE;
}

static bool dialog_typing(const struct layer *layer)
{
	return ((const struct dialog *)layer)->typed != NULL;
}

static bool is_typed(const struct dialog *dialog)
{
	return !dialog->typed || strcmp(str_text(&dialog->editor.text), dialog->typed) == 0;
}

static void choose(struct dialog *dialog, size_t button)
{
	void (*chosen)(void *, size_t) = dialog->chosen;
	void *self = dialog->self;

	console_pop(dialog->layer.console, &dialog->layer);
	chosen(self, button);
}

static bool dialog_press(struct layer *layer, const struct press *press)
{
	struct dialog *dialog = (struct dialog *)layer;

	if (press->kind == PRESS_LEFT || press->kind == PRESS_BACKTAB)
		dialog->at = (dialog->at + dialog->buttons.count - 1) % dialog->buttons.count;
	else if (press->kind == PRESS_RIGHT || press->kind == PRESS_TAB)
		dialog->at = (dialog->at + 1) % dialog->buttons.count;
	else if (!dialog->typed || editor_press(&dialog->editor, press) == EDITOR_IGNORED)
		return false;
	else
		dialog->at = is_typed(dialog) ? 0 : dialog->buttons.count - 1; /* whoever typed it meant it: Enter does it now */
	return true;
}

static bool dialog_act(struct layer *layer, enum action action)
{
	struct dialog *dialog = (struct dialog *)layer;

	/* Whoever presses Enter behind a name with a slip in it does not mean the last button, that has the focus meanwhile. */
	if (action == ACT_OPEN && dialog->editor.text.length && !is_typed(dialog))
		console_say(layer->console, ROLE_WARNING, _("%s This is not the name yet: %s. Esc closes."), glyph(GLYPH_WARNING), dialog->typed);
	else if (action == ACT_OPEN && (dialog->at + 1 == dialog->buttons.count || is_typed(dialog)))
		choose(dialog, dialog->at);
	else if (action == ACT_ESCAPE || action == ACT_LEAVE)
		choose(dialog, dialog->buttons.count - 1);
	else
		return false;
	return true;
}

static void draw_buttons(const struct dialog *dialog, struct area inside, int row)
{
	int at = 1;

	for (size_t i = 0; i < dialog->buttons.count; i++) {
		bool here = i == dialog->at, locked = i + 1 < dialog->buttons.count && !is_typed(dialog);

		at += paint_format(inside, row, at, 0, here ? ROLE_SELECTED : locked ? ROLE_DIM : ROLE_TEXT, here ? "[%s%s%s]" : "[ %s%s%s ]",
			here ? glyph(GLYPH_HERE) : "", dialog->buttons.at[i], here ? " " : "");
		at += 2;
		if (here && !dialog->typed)
			paint_cursor(inside, row, at - 3, true);
	}
}

static void dialog_draw(struct layer *layer, struct area area)
{
	struct dialog *dialog = (struct dialog *)layer;
	int columns = DIALOG_COLUMNS + 2 < area.columns ? DIALOG_COLUMNS : area.columns - 2;
	int below = dialog->typed ? 4 : 2; /* what is typed and the buttons stand apart */
	struct area inside = frame_box(area, text_rows(dialog->text, columns - 2) + below, DIALOG_COLUMNS, dialog->title);
	int row = paint_wrapped((struct area){ inside.row, inside.column + 1, inside.rows, inside.columns - 2 }, 0, inside.rows - below, ROLE_TEXT, dialog->text) + 1;

	if (dialog->typed) {
		editor_paint(&dialog->editor, inside, row, 1, inside.columns - 2, true);
		row += 2;
	}
	draw_buttons(dialog, inside, row < inside.rows ? row : inside.rows - 1);
}

static void dialog_free(struct layer *layer)
{
	struct dialog *dialog = (struct dialog *)layer;

	for (size_t i = 0; i < dialog->buttons.count; i++)
		mem_free(dialog->buttons.at[i]);
	vec_done(&dialog->buttons);
	editor_done(&dialog->editor);
	mem_free(dialog->title);
	mem_free(dialog->text);
	mem_free(dialog->typed);
	mem_free(dialog);
}

static const struct layer_kind dialog_kind = {
	.popup = true,
	.where = dialog_where,
	.typing = dialog_typing,
	.press = dialog_press,
	.act = dialog_act,
	.draw = dialog_draw,
	.free = dialog_free,
};

void dialog_open(struct console *console, const struct dialog_options *options)
{
	struct dialog *dialog = mem_alloc(sizeof *dialog);

	dialog->layer = (struct layer){ &dialog_kind, console };
	dialog->title = mem_strdup(options->title);
	dialog->text = mem_strdup(options->text);
	dialog->typed = mem_strdup(options->typed);
	for (size_t i = 0; options->buttons[i]; i++)
		vec_push(&dialog->buttons, mem_strdup(options->buttons[i]));
	dialog->at = dialog->buttons.count - 1;
	dialog->chosen = options->chosen;
	dialog->self = options->self;
	editor_init(&dialog->editor, "", false);
	console_push(console, &dialog->layer);
}
