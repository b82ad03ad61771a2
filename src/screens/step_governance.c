/* Step 3: marketing actions, what the data is going to be used for. They are stored and shown; policies are checked against them by the part that migrates. */
#include "base/i18n.h"
#include "base/mem.h"
#include "screens/wizard.h"

#include <string.h>

/* The two that the Policy Service's documentation names (platform-api 6.1); others are added by name. */
static const struct {
	const char *name, *help;
} known[] = {
	{ "emailTargeting", N_("the data is used to address people by e-mail") },
	{ "exportToThirdParty", N_("the data is given to somebody who is not us") },
};
enum { KNOWN = sizeof known / sizeof *known };

static bool is_known(const char *name)
{
	for (size_t i = 0; i < KNOWN; i++)
		if (strcmp(known[i].name, name) == 0)
			return true;
	return false;
}

static size_t place_of(const struct draft *draft, const char *name)
{
	size_t i = 0;

	while (i < draft->marketing_actions.count && strcmp(draft->marketing_actions.at[i], name) != 0)
		i++;
	return i;
}

static bool is_chosen(const struct draft *draft, const char *name)
{
	return place_of(draft, name) < draft->marketing_actions.count;
}

/* The known ones, then the operator's own, then the row that adds one. */
static const char *row_name(const struct draft *draft, size_t row)
{
	if (row < KNOWN)
		return known[row].name;
	row -= KNOWN;
	for (size_t i = 0; i < draft->marketing_actions.count; i++)
		if (!is_known(draft->marketing_actions.at[i]) && row-- == 0)
			return draft->marketing_actions.at[i];
	return NULL;
}

static size_t row_count(const struct draft *draft)
{
	size_t own = 0;

	for (size_t i = 0; i < draft->marketing_actions.count; i++)
		own += !is_known(draft->marketing_actions.at[i]);
	return KNOWN + own + 1;
}

static void take_out(struct draft *draft, const char *name)
{
	size_t at = place_of(draft, name);

	mem_free(draft->marketing_actions.at[at]);
	for (; at + 1 < draft->marketing_actions.count; at++)
		draft->marketing_actions.at[at] = draft->marketing_actions.at[at + 1];
	draft->marketing_actions.count--;
}

static void given(void *self, const char *text)
{
	struct wizard *wizard = self;

	if (*text && !is_chosen(&wizard->draft, text))
		vec_push(&wizard->draft.marketing_actions, mem_strdup(text));
	wizard_save(wizard);
}

static void toggle(struct wizard *wizard)
{
	const char *name = row_name(&wizard->draft, wizard->cursor.at);

	if (!name) {
		prompt_open(wizard->layer.console, &(struct prompt_options){ .title = _("Another marketing action"), .label = _("its name in the Policy Service"), .text = "",
			.given = given, .self = wizard });
		return;
	}
	if (is_chosen(&wizard->draft, name))
		take_out(&wizard->draft, name);
	else
		vec_push(&wizard->draft.marketing_actions, mem_strdup(name));
	wizard_save(wizard);
}

static void begin(struct wizard *wizard)
{
	wizard->cursor = (struct cursor){ .count = row_count(&wizard->draft) };
}

static void end(struct wizard *wizard)
{
	(void)wizard;
}

static bool act(struct wizard *wizard, enum action action)
{
	if (action != ACT_TOGGLE && action != ACT_OPEN)
		return false;
	toggle(wizard);
	return true;
}

static bool press(struct wizard *wizard, const struct press *press)
{
	return cursor_press(&wizard->cursor, press, true);
}

static void draw(struct wizard *wizard, struct area area)
{
	int used = paint_wrapped((struct area){ area.row, area.column + 1, area.rows, area.columns - 2 }, 0, 3, ROLE_TEXT,
		_("What will the data be used for in Marketo? The answers stay with the destination; data usage policies are checked against them."));
	struct area list = { area.row + used + 1, area.column, area.rows - used - 1, area.columns };

	cursor_fit(&wizard->cursor, row_count(&wizard->draft), list.rows > 0 ? (size_t)list.rows : 0);
	for (int row = 0; row < list.rows && wizard->cursor.top + (size_t)row < wizard->cursor.count; row++) {
		size_t place = wizard->cursor.top + (size_t)row;
		const char *name = row_name(&wizard->draft, place);
		bool here = place == wizard->cursor.at;
		enum role role = here ? ROLE_SELECTED : ROLE_TEXT;

		paint_text(list, row, 0, 0, ROLE_TITLE, here ? glyph(GLYPH_HERE) : " ");
		if (here)
			paint_cursor(list, row, 0, true);
		if (name) {
			paint_text(list, row, 2, 0, role, glyph(is_chosen(&wizard->draft, name) ? GLYPH_CHECK_ON : GLYPH_CHECK_OFF));
			paint_text(list, row, 6, 26, role, name);
			paint_text(list, row, 33, 0, ROLE_DIM, place < KNOWN ? _(known[place].help) : _("your own"));
		} else {
			paint_text(list, row, 6, 0, role, _("another one: Enter"));
		}
	}
}

static void problems(struct wizard *wizard, problem_list *out)
{
	if (!wizard->draft.marketing_actions.count)
		problem_add(out, STEP_GOVERNANCE, false, 0, _("no marketing action is chosen: data usage policies have nothing to check against"));
}

static void summary(struct wizard *wizard, struct str *out)
{
	for (size_t i = 0; i < wizard->draft.marketing_actions.count; i++)
		str_add_format(out, "%s%s", i ? ", " : "", wizard->draft.marketing_actions.at[i]);
	if (!wizard->draft.marketing_actions.count)
		str_add(out, _("no marketing actions"));
}

const struct step_kind step_governance = {
	.title = N_("Governance"),
	.long_title = N_("Governance: marketing actions"),
	.where = AT_CHECKS,
	.open = begin,
	.close = end,
	.draw = draw,
	.press = press,
	.act = act,
	.problems = problems,
	.summary = summary,
};
