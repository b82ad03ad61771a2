#include "base/i18n.h"
#include "base/mem.h"
#include "screens/frame.h"
#include "screens/popups.h"
#include "tui/editor.h"

struct prompt {
	struct layer layer;
	struct prompt_options options;
	char *title, *label;
	const char *problem;
	struct editor editor;
};

enum { PROMPT_COLUMNS = 60 };

static unsigned prompt_where(const struct layer *layer)
{
	(void)layer;
	return AT_POPUP | AT_CHOICE;
}

static const char *prompt_enter(const struct layer *layer)
{
	const struct prompt *prompt = (const struct prompt *)layer;

	return prompt->options.enter ? prompt->options.enter : _("ok");
}

static bool prompt_typing(const struct layer *layer)
{
	(void)layer;
	return true;
}

static bool prompt_press(struct layer *layer, const struct press *press)
{
	struct prompt *prompt = (struct prompt *)layer;

	if (editor_press(&prompt->editor, press) == EDITOR_CHANGED)
		prompt->problem = NULL;
	return true;
}

static bool prompt_act(struct layer *layer, enum action action)
{
	struct prompt *prompt = (struct prompt *)layer;
	char *text;

	if (action != ACT_OPEN)
		return false;
	if (prompt->options.wrong)
		prompt->problem = prompt->options.wrong(prompt->options.self, str_text(&prompt->editor.text));
	if (prompt->problem)
		return true;
	text = mem_strdup(str_text(&prompt->editor.text));
	console_pop(layer->console, layer);
	prompt->options.given(prompt->options.self, text); /* the layer itself is freed later */
	mem_free(text);
	return true;
}

static void prompt_draw(struct layer *layer, struct area area)
{
	struct prompt *prompt = (struct prompt *)layer;
	struct area inside = frame_box(area, 4, PROMPT_COLUMNS, prompt->title);

	paint_text(inside, 0, 1, 0, ROLE_TEXT, prompt->label);
	editor_paint(&prompt->editor, inside, 1, 1, inside.columns - 2, true);
	if (prompt->problem)
		paint_format(inside, 2, 1, 0, ROLE_BAD, "%s %s", glyph(GLYPH_BAD), prompt->problem);
}

static void prompt_free(struct layer *layer)
{
	struct prompt *prompt = (struct prompt *)layer;

	editor_done(&prompt->editor);
	mem_free(prompt->title);
	mem_free(prompt->label);
	mem_free(prompt);
}

static const struct layer_kind prompt_kind = {
	.popup = true,
	.where = prompt_where,
	.typing = prompt_typing,
	.press = prompt_press,
	.act = prompt_act,
	.enter = prompt_enter,
	.draw = prompt_draw,
	.free = prompt_free,
};

void prompt_open(struct console *console, const struct prompt_options *options)
{
	struct prompt *prompt = mem_alloc(sizeof *prompt);

	prompt->layer = (struct layer){ &prompt_kind, console };
	prompt->options = *options;
	prompt->title = mem_strdup(options->title);
	prompt->label = mem_strdup(options->label);
	editor_init(&prompt->editor, options->text, false);
	console_push(console, &prompt->layer);
}
