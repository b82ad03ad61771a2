/* Step 3: marketing actions, what the data is going to be used for; below them what the enabled policies say to it. */
#include "base/i18n.h"
#include "base/mem.h"
#include "screens/wizard.h"

#include <string.h>

enum { PANEL_ROWS = 6, PANEL_ROWS_FOLDED = 3, FOLDED = 14 };

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

/* Those that are known, then what the draft has besides: of a policy that was deleted since. */
static const char *row_name(const struct wizard *wizard, size_t row)
{
	const word_list *known = &wizard->rules.actions;

	if (row < known->count)
		return known->at[row];
	row -= known->count;
	for (size_t i = 0; i < wizard->draft.marketing_actions.count; i++)
		if (!word_list_has(known, wizard->draft.marketing_actions.at[i]) && row-- == 0)
			return wizard->draft.marketing_actions.at[i];
	return NULL;
}

static size_t row_count(const struct wizard *wizard)
{
	size_t count = wizard->rules.actions.count;

	while (row_name(wizard, count))
		count++;
	return count;
}

static const char *row_help(const struct wizard *wizard, const char *name)
{
	for (size_t i = 0; i < marketing_action_count(); i++)
		if (strcmp(marketing_action_name(i), name) == 0)
			return marketing_action_title(i);
	return word_list_has(&wizard->rules.actions, name) ? _("of a policy of your own") : _("no policy is about it any more");
}

static void take_out(struct draft *draft, const char *name)
{
	size_t at = place_of(draft, name);

	mem_free(draft->marketing_actions.at[at]);
	for (; at + 1 < draft->marketing_actions.count; at++)
		draft->marketing_actions.at[at] = draft->marketing_actions.at[at + 1];
	draft->marketing_actions.count--;
}

static void toggle(struct wizard *wizard)
{
	const char *name = row_name(wizard, wizard->cursor.at);

	if (!name)
		return;
	if (is_chosen(&wizard->draft, name))
		take_out(&wizard->draft, name);
	else
		vec_push(&wizard->draft.marketing_actions, mem_strdup(name));
	wizard_save(wizard);
	wizard_look_at_rules(wizard);
}

static void begin(struct wizard *wizard)
{
	wizard_look_at_rules(wizard);
	wizard->cursor = (struct cursor){ .count = row_count(wizard) };
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
	return cursor_press(&wizard->cursor, press);
}

static void draw_list(struct wizard *wizard, struct area list)
{
	cursor_fit(&wizard->cursor, row_count(wizard), list.rows > 0 ? (size_t)list.rows : 0);
	for (int row = 0; row < list.rows && wizard->cursor.top + (size_t)row < wizard->cursor.count; row++) {
		size_t place = wizard->cursor.top + (size_t)row;
		const char *name = row_name(wizard, place);
		bool here = place == wizard->cursor.at;
		enum role role = here ? ROLE_SELECTED : ROLE_TEXT;

		paint_text(list, row, 0, 0, ROLE_TITLE, here ? glyph(GLYPH_HERE) : " ");
		if (here)
			paint_cursor(list, row, 0, true);
		paint_text(list, row, 2, 0, role, glyph(is_chosen(&wizard->draft, name) ? GLYPH_CHECK_ON : GLYPH_CHECK_OFF));
		paint_text(list, row, 6, 36, role, name);
		paint_text(list, row, 43, 0, ROLE_DIM, row_help(wizard, name));
	}
}

/* Lines of the panel; those beyond `most` are only counted. */
struct panel {
	struct area area;
	int count, most;
};

static void add(struct panel *panel, enum role role, enum glyph sign, const char *text)
{
	if (panel->count < panel->most)
		paint_format(panel->area, panel->count, 2, 0, role, "%s %s", glyph(sign), text);
	panel->count++;
}

static void add_violation(struct panel *panel, const struct violation *violation)
{
	for (size_t i = 0; i < violation->carriers.count; i++) {
		const struct carrier *carrier = &violation->carriers.at[i];
		char *text = mem_printf(carrier->target == LABEL_ON_FIELD ? _("%s: the field %s carries %s") : _("%s: the audience %s carries %s"), violation->policy,
			carrier->name, carrier->label);

		add(panel, ROLE_BAD, GLYPH_BAD, text);
		mem_free(text);
	}
}

/* An enabled policy that is about a chosen action, and is kept. */
static void add_kept(struct panel *panel, const struct wizard *wizard, const struct policy *policy)
{
	bool about = false;

	for (size_t i = 0; i < policy->actions.count; i++)
		about = about || is_chosen(&wizard->draft, policy->actions.at[i]);
	if (policy->enabled && about && !violation_list_find(&wizard->rules.violations, policy->name)) {
		char *text = mem_printf(_("%s denies data with %s"), policy->name, policy->deny);

		add(panel, ROLE_GOOD, GLYPH_GOOD, text);
		mem_free(text);
	}
}

static int draw_lines(const struct wizard *wizard, struct area area, int most)
{
	struct panel panel = { .area = area, .most = most };

	for (size_t i = 0; i < wizard->rules.violations.count; i++)
		add_violation(&panel, &wizard->rules.violations.at[i]);
	for (size_t i = 0; i < wizard->rules.policies.count; i++)
		add_kept(&panel, wizard, &wizard->rules.policies.at[i]);
	return panel.count;
}

static void draw_panel(const struct wizard *wizard, struct area area)
{
	int count = draw_lines(wizard, area, 0), most = count > area.rows ? area.rows - 1 : count;

	draw_lines(wizard, area, most);
	if (count == 0)
		paint_wrapped((struct area){ area.row, area.column + 2, area.rows, area.columns - 3 }, 0, area.rows, ROLE_DIM,
			_("No enabled policy is about what is chosen. `penstock policy list` shows them, `penstock policy enable` lets one block."));
	if (most < count)
		paint_format(area, area.rows - 1, 2, 0, ROLE_DIM, _("and %d more"), count - most);
}

static void draw(struct wizard *wizard, struct area area)
{
	struct area frame = { area.row - 1, area.column - 1, area.rows + 2, area.columns + 2 };
	int used = paint_wrapped((struct area){ area.row, area.column + 1, area.rows, area.columns - 2 }, 0, 3, ROLE_TEXT,
		_("What will the data be used for in Marketo? The answers stay with the destination; data usage policies are checked against them."));
	int panel = area.rows < FOLDED ? PANEL_ROWS_FOLDED : PANEL_ROWS, first = used + (area.rows < FOLDED ? 0 : 1);

	draw_list(wizard, (struct area){ area.row + first, area.column, area.rows - first - panel, area.columns });
	paint_rule(frame, area.rows - panel + 1, _("Policies"), NULL);
	draw_panel(wizard, (struct area){ area.row + area.rows - panel + 1, area.column, panel - 1, area.columns });
}

/* The way out is on this step, on Mapping, or with who keeps labels and policies: nobody is kept here. */
static void add_violated(const struct violation *violation, problem_list *out)
{
	struct str text = { 0 };

	violation_write(violation, &text);
	str_add(&text, _(". Drop the action here or the field in Mapping, or have the label or the policy lifted"));
	problem_add(out, STEP_GOVERNANCE, true, 0, str_text(&text));
	out->at[out->count - 1].free = true;
	str_done(&text);
}

static void problems(struct wizard *wizard, problem_list *out)
{
	wizard_look_at_rules(wizard);
	for (size_t i = 0; i < wizard->rules.violations.count; i++)
		add_violated(&wizard->rules.violations.at[i], out);
	if (!wizard->draft.marketing_actions.count)
		problem_add(out, STEP_GOVERNANCE, false, 0, _("no marketing action is chosen: data usage policies have nothing to check against"));
}

static void summary(struct wizard *wizard, struct str *out)
{
	for (size_t i = 0; i < wizard->draft.marketing_actions.count; i++)
		str_add_format(out, "%s%s", i ? ", " : "", wizard->draft.marketing_actions.at[i]);
	if (!wizard->draft.marketing_actions.count)
		str_add(out, _("no marketing actions"));
	if (wizard->rules.violations.count)
		str_add_format(out, ngettext("; %zu policy is violated", "; %zu policies are violated", (unsigned long)wizard->rules.violations.count),
			wizard->rules.violations.count);
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
