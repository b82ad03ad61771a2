/* The first screen: what destinations there are, unfinished drafts, dataflows with their last run. */
#include "app/dataflows.h"
#include "app/destinations.h"
#include "app/drafts.h"
#include "app/status.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "screens/frame.h"
#include "screens/monitor.h"
#include "screens/popups.h"
#include "screens/wizard.h"
#include "screens/words.h"
#include "tui/cursor.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum row_kind { ROW_SETUP, ROW_PRACTICE, ROW_DRAFT, ROW_FLOW };

struct home_row {
	enum row_kind kind;
	size_t place; /* in drafts or dataflows */
};

struct home {
	struct layer layer;
	struct overview overview;
	draft_list drafts;
	VEC(struct home_row) rows;
	VEC(size_t) flows; /* dataflows that are not a draft's */
	struct cursor cursor;
	int64_t asked_draft; /* what an open question is about, since rows move when the store is read again; 0: a dataflow */
	char *asked_name;
	int64_t loaded_at; /* wall ms */
};

enum { CARD_ROWS = 7, CARDS_FROM_ROWS = 18 };

static bool is_drafted(const struct home *home, int64_t dataflow_id)
{
	for (size_t i = 0; i < home->drafts.count; i++)
		if (home->drafts.at[i].dataflow_id == dataflow_id)
			return true;
	return false;
}

static void add_row(struct home *home, enum row_kind kind, size_t place)
{
	struct home_row row = { kind, place };

	vec_push(&home->rows, row);
}

static void make_rows(struct home *home)
{
	home->rows.count = home->flows.count = 0;
	add_row(home, ROW_SETUP, 0);
	for (size_t i = 0; i < home->overview.dataflows.count; i++)
		if (!is_drafted(home, home->overview.dataflows.at[i].id))
			vec_push(&home->flows, i);
	if (!home->overview.accounts.count && !home->drafts.count && console_settings(home->layer.console)->practice)
		add_row(home, ROW_PRACTICE, 0);
	for (size_t i = 0; i < home->drafts.count; i++)
		add_row(home, ROW_DRAFT, i);
	for (size_t i = 0; i < home->flows.count; i++)
		add_row(home, ROW_FLOW, home->flows.at[i]);
}

static const struct home_row *focused(const struct home *home)
{
	return home->cursor.at < home->rows.count ? &home->rows.at[home->cursor.at] : NULL;
}

/* Of the draft or the dataflow in the row; 0: it is another row. */
static int64_t row_id(const struct home *home, const struct home_row *row)
{
	return row->kind == ROW_DRAFT ? home->drafts.at[row->place].id : row->kind == ROW_FLOW ? home->overview.dataflows.at[row->place].id : 0;
}

/* The focus stays with what it was on; when that has gone, with its place. */
static void focus(struct home *home, enum row_kind kind, int64_t id)
{
	cursor_fit(&home->cursor, home->rows.count, home->rows.count);
	for (size_t i = 0; i < home->rows.count; i++)
		if (home->rows.at[i].kind == kind && row_id(home, &home->rows.at[i]) == id)
			cursor_to(&home->cursor, i);
}

static void load(struct home *home)
{
	struct app *app = console_app(home->layer.console);
	const struct home_row *row = focused(home);
	enum row_kind kind = row ? row->kind : ROW_SETUP;
	int64_t id = row ? row_id(home, row) : 0;
	struct error err = { 0 };
	enum status status;

	overview_done(&home->overview);
	home->overview = (struct overview){ 0 };
	draft_list_done(&home->drafts);
	home->drafts = (draft_list){ 0 };
	status = app_status(app, &home->overview, &err);
	if (status == STATUS_OK)
		status = app_draft_list(app, &home->drafts, &err);
	home->loaded_at = clock_wall_ms();
	if (status != STATUS_OK)
		console_error(home->layer.console, &err);
	make_rows(home);
	focus(home, kind, id);
}

static unsigned home_where(const struct layer *layer)
{
	const struct home_row *row = focused((const struct home *)layer);

	return AT_HOME | AT_ROW | (row && row->kind == ROW_DRAFT ? AT_DRAFT : 0) | (row && row->kind == ROW_FLOW ? AT_FLOW : 0);
}

static const char *flow_name(const struct home *home)
{
	return home->overview.dataflows.at[focused(home)->place].name;
}

static void open_draft(struct home *home, size_t place)
{
	struct console *console = home->layer.console;
	struct draft draft = { 0 }; /* loading makes it whole */
	struct error err = { 0 };
	int lock = -1;

	if (draft_lock(console_app(console), home->drafts.at[place].id, &lock, &err) == STATUS_OK &&
		app_draft_load(console_app(console), home->drafts.at[place].id, &draft, &err) == STATUS_OK) {
		console_push(console, wizard_new(console, &draft, lock));
		return;
	}
	draft_unlock(lock);
	draft_done(&draft);
	console_error(console, &err);
}

static void new_draft(struct home *home)
{
	struct draft draft;

	draft_init(&draft);
	/* With one account there is nothing to choose. */
	if (home->overview.accounts.count == 1)
		draft_set(&draft, DRAFT_ACCOUNT, home->overview.accounts.at[0].name);
	console_push(home->layer.console, wizard_new(home->layer.console, &draft, -1));
}

static void open_row(struct home *home)
{
	const struct home_row *row = focused(home);

	console_hush(home->layer.console);
	switch (row->kind) {
	case ROW_SETUP:
		new_draft(home);
		break;
	case ROW_PRACTICE:
		console_practice(home->layer.console);
		break;
	case ROW_DRAFT:
		open_draft(home, row->place);
		break;
	case ROW_FLOW:
		if (home->overview.last.at[row->place].id)
			console_push(home->layer.console, monitor_watch(home->layer.console, flow_name(home)));
		else
			console_say(home->layer.console, ROLE_TEXT, _("%s has not run yet: r runs it."), flow_name(home));
		break;
	}
}

static void answered_remove(void *self, size_t button)
{
	struct home *home = self;
	struct error err = { 0 };
	enum status status;

	if (button)
		return;
	if (home->asked_draft)
		status = app_draft_delete(console_app(home->layer.console), home->asked_draft, &err);
	else
		status = app_dataflow_delete(console_app(home->layer.console), home->asked_name, &err);
	if (status != STATUS_OK)
		console_error(home->layer.console, &err);
	load(home);
}

static void ask_remove(struct home *home)
{
	const struct home_row *row = focused(home);
	const char *const buttons[] = { _("Remove"), _("Keep"), NULL };
	bool draft = row->kind == ROW_DRAFT;
	const char *name = draft ? draft_get(&home->drafts.at[row->place], DRAFT_NAME) : flow_name(home);
	int64_t id = draft ? home->drafts.at[row->place].id : 0;
	char *text = draft ? mem_printf(_("Remove the draft %s? What was typed is gone then. In Marketo nothing changes."), *name ? name : _("(no name yet)")) :
		mem_printf(_("Remove the dataflow %s with its runs and their failures? This cannot be undone. Lists and people in Marketo stay as they are. Type its name:"), name);

	home->asked_draft = id;
	mem_replace(&home->asked_name, name);
	dialog_open(home->layer.console, &(struct dialog_options){ .title = _("Remove"), .text = text, .buttons = buttons, .typed = draft ? NULL : name,
		.chosen = answered_remove, .self = home });
	mem_free(text);
}

static void answered_run(void *self, size_t button)
{
	struct home *home = self;

	if (button)
		return;
	console_hush(home->layer.console);
	console_push(home->layer.console, monitor_launch(home->layer.console, home->asked_name, 0));
}

static void ask_run(struct home *home)
{
	const char *const buttons[] = { _("Run"), _("Cancel"), NULL };
	struct str word = { 0 };
	char *text;

	str_add_shell(&word, flow_name(home));
	text = mem_printf(_("Run %s now? It sends what Marketo does not have yet. `penstock plan %s` tells beforehand what that is."), flow_name(home), str_text(&word));
	str_done(&word);

	mem_replace(&home->asked_name, flow_name(home));
	dialog_open(home->layer.console, &(struct dialog_options){ .title = _("Run"), .text = text, .buttons = buttons, .chosen = answered_run, .self = home });
	mem_free(text);
}

static bool home_act(struct layer *layer, enum action action)
{
	struct home *home = (struct home *)layer;

	switch (action) {
	case ACT_OPEN:
		open_row(home);
		return true;
	case ACT_NEW:
		new_draft(home);
		return true;
	case ACT_RUN:
		ask_run(home);
		return true;
	case ACT_REMOVE:
		ask_remove(home);
		return true;
	case ACT_FETCH:
		load(home);
		return true;
	case ACT_LEAVE:
		console_quit(layer->console);
		return true;
	default:
		return false;
	}
}

static const char *home_why_not(const struct layer *layer, enum action action)
{
	const struct home *home = (const struct home *)layer;
	bool read_only = console_app(layer->console)->read_only;

	const struct home_row *row = focused(home);
	bool opens_draft = action == ACT_OPEN && row && (row->kind == ROW_SETUP || row->kind == ROW_DRAFT);

	if ((action == ACT_NEW || action == ACT_RUN || action == ACT_REMOVE || opens_draft) && read_only)
		return _("this console is read-only");
	if (action == ACT_RUN && row && row->kind == ROW_FLOW && !home->overview.dataflows.at[row->place].enabled)
		return _("the dataflow is disabled");
	return NULL;
}

static bool home_press(struct layer *layer, const struct press *press)
{
	struct home *home = (struct home *)layer;
	struct press down = { .kind = PRESS_DOWN }, up = { .kind = PRESS_UP };

	if (press->kind == PRESS_TAB)
		return cursor_press(&home->cursor, &down, true);
	if (press->kind == PRESS_BACKTAB)
		return cursor_press(&home->cursor, &up, true);
	return cursor_press(&home->cursor, press, true);
}

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
	numbers = mem_printf(_("destinations: %zu, dataflows: %zu"), destinations, flows);
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

static const char *flow_state(const struct dataflow *dataflow, const struct run *last, enum glyph *sign, enum role *role)
{
	*sign = GLYPH_WAITING;
	*role = ROLE_DIM;
	if (!dataflow->enabled)
		return _("disabled");
	if (!last->id)
		return _("never ran");
	*role = last->state == RUN_SUCCESS ? ROLE_GOOD : last->state == RUN_RUNNING ? ROLE_BUSY : last->state == RUN_FAILED ? ROLE_BAD : ROLE_WARNING;
	*sign = last->state == RUN_SUCCESS ? GLYPH_GOOD : last->state == RUN_RUNNING ? GLYPH_BUSY : last->state == RUN_FAILED ? GLYPH_BAD : GLYPH_WARNING;
	return run_state_text(last->state);
}

static void draw_flow(const struct home *home, struct area area, int row, const struct home_row *what)
{
	const struct dataflow *dataflow = &home->overview.dataflows.at[what->place];
	const struct run *last = &home->overview.last.at[what->place];
	bool narrow = area.columns < FRAME_FULL_COLUMNS - 2;
	enum glyph sign;
	enum role role;
	const char *state = flow_state(dataflow, last, &sign, &role);
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

static void home_draw(struct layer *layer, struct area area)
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

static void home_head(const struct layer *layer, struct str *left, struct str *right)
{
	const struct home *home = (const struct home *)layer;
	char when[CLOCK_TEXT];

	str_add_format(left, " - %s", _("Home"));
	if (home->overview.accounts.count == 1) {
		const struct account *account = &home->overview.accounts.at[0];

		str_add_format(right, "%s%s%s%s - ", account->name, account->environment && *account->environment ? " (" : "", account->environment ? account->environment : "",
			account->environment && *account->environment ? ")" : "");
	}
	str_add_format(right, _("as of %s"), clock_format(home->loaded_at, when) + 11);
}

/* Who comes back from a new draft goes on with it. */
static void home_resumed(struct layer *layer)
{
	struct home *home = (struct home *)layer;
	size_t drafts = home->drafts.count;

	load(home);
	if (home->drafts.count > drafts)
		focus(home, ROW_DRAFT, home->drafts.at[0].id);
}

/* Leaving ends no run; which ones go on is said once the shell is back. */
static void home_save(struct layer *layer)
{
	struct overview now = { 0 };

	if (app_status(console_app(layer->console), &now, NULL) == STATUS_OK)
		for (size_t i = 0; i < now.going_on.count; i++)
			if (!now.interrupted.at[i])
				console_farewell(layer->console, _("penstock: the run of %s goes on; `penstock runs` shows it, `penstock stop` stops it."), now.going_on.at[i].dataflow);
	overview_done(&now);
}

static void home_free(struct layer *layer)
{
	struct home *home = (struct home *)layer;

	overview_done(&home->overview);
	draft_list_done(&home->drafts);
	vec_done(&home->rows);
	vec_done(&home->flows);
	mem_free(home->asked_name);
	mem_free(home);
}

static const struct layer_kind home_kind = {
	.where = home_where,
	.press = home_press,
	.act = home_act,
	.why_not = home_why_not,
	.draw = home_draw,
	.head = home_head,
	.resumed = home_resumed,
	.save = home_save,
	.free = home_free,
};

struct layer *home_new(struct console *console)
{
	struct home *home = mem_alloc(sizeof *home);

	home->layer = (struct layer){ &home_kind, console };
	load(home);
	return &home->layer;
}
