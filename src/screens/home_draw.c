/* What the first screen looks like: two cards, what is unfinished, dataflows with their last run. */
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "screens/flow_state.h"
#include "screens/frame.h"
#include "screens/home_inside.h"
#include "screens/wizard.h"
#include "screens/words.h"

enum { CARD_ROWS = 7, CARDS_FROM_ROWS = 18 };

/* How many destinations of that version there are, and how many dataflows they have. */
static void count(const struct home *home, int version, size_t *destinations, size_t *flows)
{
	*destinations = *flows = 0;
	for (size_t i = 0; i < home->overview.destinations.count; i++) {
		const struct destination *destination = &home->overview.destinations.at[i];

		if (destination->version != version)
			continue;
		++*destinations;
		for (size_t f = 0; f < home->overview.dataflows.count; f++)
			*flows += home->overview.dataflows.at[f].destination_id == destination->id;
	}
}

/* Of V1 it matters how far its dataflows have come. Free with mem_free. */
static char *count_migrations(const struct home *home)
{
	size_t made = 0, finished = 0;

	for (size_t i = 0; i < home->migrations.count; i++) {
		made += home->migrations.at[i].state == MIGRATION_CREATED || home->migrations.at[i].state == MIGRATION_PAUSED;
		finished += home->migrations.at[i].state == MIGRATION_FINISHED;
	}
	return mem_printf(_("dataflows: %zu, on V2: %zu, done: %zu"), home->migrations.count, made, finished);
}

static void draw_card(const struct home *home, struct area card, int version, bool here)
{
	static const char *const lines[2][4] = {
		{ N_("Existing dataflows only: create new"), N_("ones on V2 and delete these."), N_("Fields    three fixed ones"), N_("People    only matched") },
		{ N_("New dataflows go here."), N_("Fields    all that Describe lists"), N_("People    matched, or created too"), N_("Lists     made, or chosen") },
	};
	size_t destinations, flows;
	char *title = mem_printf("%s%s", here ? glyph(GLYPH_HERE) : "", version == 1 ? "Marketo V1" : "Marketo V2"), *numbers;
	struct area inside = area_inside(card);

	paint_frame(card, title, version == 1 ? _("DEPRECATED") : _("CURRENT"), here);
	for (int i = 0; i < 4; i++)
		paint_text(inside, i, 1, 0, version == 1 ? ROLE_DIM : ROLE_TEXT, _(lines[version - 1][i]));
	count(home, version, &destinations, &flows);
	numbers = version == 1 && home->migrations.count ? count_migrations(home) : mem_printf(_("destinations: %zu, dataflows: %zu"), destinations, flows);
	paint_text(inside, 4, 1, 0, ROLE_TITLE, numbers);
	mem_free(numbers);
	mem_free(title);
}

static void draw_mark(const struct home *home, struct area area, int row, size_t place)
{
	if (home->cursor.at != place)
		return;
	paint_text(area, row, 1, 0, ROLE_TITLE, glyph(GLYPH_HERE));
	paint_cursor(area, row, 1, true);
}

static void draw_flow(const struct home *home, struct area area, int row, const struct home_row *what)
{
	const struct dataflow *dataflow = &home->overview.dataflows.at[what->place];
	const struct run *last = &home->overview.last.at[what->place];
	bool narrow = area.columns < FRAME_FULL_COLUMNS - 2;
	enum glyph sign;
	enum role role;
	const char *state = flow_state(&home->overview, what->place, &sign, &role);
	char when[CLOCK_TEXT], number[32];

	paint_text(area, row, 3, narrow ? 20 : 21, ROLE_TEXT, dataflow->name);
	paint_format(area, row, narrow ? 24 : 25, last->id ? 12 : 0, role, "%s %s", glyph(sign), state);
	if (last->id && !narrow)
		paint_text(area, row, 38, 20, ROLE_TEXT, clock_format(last->started_at, when));
	if (!last->id)
		return;
	paint_right(area, row, area.columns - 21, 10, ROLE_TEXT, number_text(last->activated, number));
	paint_right(area, row, area.columns - 10, 9, last->failed ? ROLE_BAD : ROLE_TEXT, number_text(last->failed + last->excluded, number));
}

static void draw_draft(const struct home *home, struct area area, int row, const struct home_row *what)
{
	static const char *const steps[STEPS] = { N_("Connect"), N_("Details"), N_("Governance"), N_("Audiences"), N_("Mapping"), N_("Review & launch") };
	const struct draft *draft = &home->drafts.at[what->place];
	const char *name = draft_get(draft, DRAFT_NAME);
	int step = draft->step >= 0 && draft->step < STEPS ? draft->step : 0;
	char when[CLOCK_TEXT];

	paint_text(area, row, 3, 24, ROLE_TEXT, *name ? name : _("(no name yet)"));
	if (*draft_get(draft, DRAFT_MAPPING_OF))
		paint_text(area, row, 28, area.columns - 28 - 22, ROLE_TEXT, _("its mapping, edited"));
	else
		paint_format(area, row, 28, 0, ROLE_TEXT, _("step %d of %d, %s"), step + 1, STEPS, _(steps[step]));
	paint_right(area, row, area.columns - 21, 20, ROLE_DIM, clock_format(draft->saved_at, when));
}

static void draw_welcome(const struct home *home, struct area area, int *row)
{
	bool empty = home->rows.count > 1 && home->rows.at[1].kind == ROW_PRACTICE;

	if (empty) {
		*row += paint_wrapped((struct area){ area.row, area.column + 2, area.rows, area.columns - 4 }, *row, 3, ROLE_TEXT,
			_("Welcome. penstock brings the members of audiences into Marketo's static lists, and keeps them right."));
		(*row)++;
	}
	draw_mark(home, area, *row, 0);
	paint_text(area, (*row)++, 3, 0, ROLE_TITLE, empty ? _("Set up a dataflow with my own Marketo") : _("New dataflow on Marketo V2"));
	if (empty) {
		draw_mark(home, area, *row, 1);
		paint_text(area, (*row)++, 3, 0, ROLE_TITLE, _("Try it on the practice Marketo, here on this machine"));
	}
}

/* The rows of one kind below a rule; the list moves so that the row with the focus is seen. */
static int draw_rows(struct home *home, struct area frame, int row, int rows, enum row_kind kind, const char *title)
{
	struct area area = area_inside(frame);
	size_t first = 0, here = 0, end;
	int shown = 0;

	while (first < home->rows.count && home->rows.at[first].kind != kind)
		first++;
	for (end = first; end < home->rows.count && home->rows.at[end].kind == kind; end++)
		if (end == home->cursor.at)
			here = end - first;
	if (first == end || rows < 2)
		return row;
	paint_rule(frame, row + 1, title, kind == ROW_FLOW ? _("activated  left out") : NULL);
	row++;
	if (here >= (size_t)rows - 1)
		first += here - (size_t)rows + 2;
	for (; first < end && shown < rows - 1; first++, shown++, row++) {
		draw_mark(home, area, row, first);
		if (kind == ROW_DRAFT)
			draw_draft(home, area, row, &home->rows.at[first]);
		else
			draw_flow(home, area, row, &home->rows.at[first]);
	}
	return row;
}

void home_draw(struct layer *layer, struct area area)
{
	struct home *home = (struct home *)layer;
	struct area inside = area_inside(area);
	bool full = area.rows >= CARDS_FROM_ROWS && area.columns >= FRAME_FULL_COLUMNS;
	char *title = mem_printf(_("Dataflows %zu"), home->flows.count);
	int row = 0, half = (inside.columns - 2) / 2, left;

	paint_frame(area, _("Destinations"), NULL, false);
	if (full) {
		draw_card(home, (struct area){ inside.row, inside.column, CARD_ROWS, half }, 1, false);
		draw_card(home, (struct area){ inside.row, inside.column + half + 2, CARD_ROWS, inside.columns - half - 2 }, 2, home->cursor.at == 0);
		row = CARD_ROWS;
	}
	draw_welcome(home, inside, &row);
	left = inside.rows - row;
	row = draw_rows(home, area, row, (int)home->drafts.count + 1 < left / 2 ? (int)home->drafts.count + 1 : left / 2, ROW_DRAFT, _("Unfinished"));
	draw_rows(home, area, row, inside.rows - row, ROW_FLOW, title);
	mem_free(title);
}
