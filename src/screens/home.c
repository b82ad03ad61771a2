/* The first screen: what destinations there are, unfinished drafts, dataflows with their last run. */
#include "app/dataflows.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "screens/browse.h"
#include "screens/home_inside.h"
#include "screens/migrate.h"
#include "screens/monitor.h"
#include "screens/popups.h"
#include "screens/wizard.h"

#include <string.h>

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
	migration_list_done(&home->migrations);
	if (status == STATUS_OK)
		status = app_migrate_list(app, &home->migrations, &err);
	home->loaded_at = clock_wall_ms();
	if (status != STATUS_OK)
		console_error(home->layer.console, &err);
	make_rows(home);
	focus(home, kind, id);
}

static unsigned home_where(const struct layer *layer)
{
	const struct home_row *row = focused((const struct home *)layer);

	return AT_HOME | AT_ROW | (((const struct home *)layer)->migrations.count ? AT_V1 : 0) | (row && row->kind == ROW_DRAFT ? AT_DRAFT : 0) | (row && row->kind == ROW_FLOW ? AT_FLOW : 0);
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
		console_hush(console); /* what was said was said of something else */
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
	console_hush(home->layer.console);
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
		if (home->overview.dataflows.at[row->place].version == 1)
			console_push(home->layer.console, migrate_new(home->layer.console, flow_name(home)));
		else if (home->overview.last.at[row->place].id)
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
	int lock = -1;

	if (button)
		return;
	/* Somebody may have it open elsewhere. */
	if (draft_lock(console_app(home->layer.console), home->asked_draft, &lock, &err) != STATUS_OK ||
		app_draft_delete(console_app(home->layer.console), home->asked_draft, &err) != STATUS_OK)
		console_error(home->layer.console, &err);
	draft_unlock(lock);
	load(home);
}

static void ask_remove_draft(struct home *home, const struct draft *draft)
{
	const char *const buttons[] = { _("Remove"), _("Keep"), NULL }, *name = draft_get(draft, DRAFT_NAME);
	char *text = mem_printf(_("Remove the draft %s? What was typed is gone then. In Marketo nothing changes."), *name ? name : _("(no name yet)"));

	home->asked_draft = draft->id;
	dialog_open(home->layer.console, &(struct dialog_options){ .title = _("Remove"), .text = text, .buttons = buttons, .chosen = answered_remove, .self = home });
	mem_free(text);
}

static void ask_remove(struct home *home)
{
	const struct home_row *row = focused(home);

	if (row->kind == ROW_DRAFT)
		ask_remove_draft(home, &home->drafts.at[row->place]);
	else
		deeds_do(home->deeds, ACT_REMOVE, BROWSE_DATAFLOWS, flow_name(home), flow_name(home));
}

static void changed(struct layer *layer)
{
	load((struct home *)layer);
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
	case ACT_ESCAPE:
		return deeds_give_up(home->deeds);
	case ACT_OPEN:
		open_row(home);
		return true;
	case ACT_NEW:
		new_draft(home);
		return true;
	case ACT_MIGRATE:
		console_hush(layer->console);
		console_push(layer->console, migrate_new(layer->console, NULL));
		return true;
	case ACT_RUN:
		ask_run(home);
		return true;
	case ACT_EDIT:
		mapping_edit_open(layer->console, flow_name(home));
		return true;
	case ACT_REMOVE:
		ask_remove(home);
		return true;
	case ACT_BROWSE:
		console_push(layer->console, browse_new(layer->console, BROWSE_DATAFLOWS, NULL, focused(home)->kind == ROW_FLOW ? flow_name(home) : NULL));
		return true;
	case ACT_WATCH:
		console_push(layer->console, monitor_all(layer->console));
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
	const struct home_row *row = focused(home);
	bool opens_draft = action == ACT_OPEN && row && (row->kind == ROW_SETUP || row->kind == ROW_DRAFT);
	const char *refusal = action == ACT_RUN ? console_refusal(layer->console, USE_RUN) : NULL;

	if (action == ACT_EDIT)
		refusal = console_refusal(layer->console, USE_MAPPING_SET);
	if (action == ACT_NEW || action == ACT_REMOVE || opens_draft)
		refusal = console_refusal(layer->console, USE_DRAFT_SAVE);
	if (refusal)
		return refusal;
	if ((action == ACT_RUN || action == ACT_EDIT) && row && row->kind == ROW_FLOW && home->overview.dataflows.at[row->place].version == 1)
		return action == ACT_RUN ? _("a dataflow of V1 does not run here: m brings it to V2") : _("a dataflow of V1 is not changed any more: m brings it to V2");
	if (action == ACT_RUN && row && row->kind == ROW_FLOW && !home->overview.dataflows.at[row->place].enabled)
		return _("the dataflow is disabled");
	return NULL;
}

static bool home_press(struct layer *layer, const struct press *press)
{
	struct home *home = (struct home *)layer;
	struct press down = { .kind = PRESS_DOWN }, up = { .kind = PRESS_UP };

	if (press->kind == PRESS_TAB)
		return cursor_press(&home->cursor, &down);
	if (press->kind == PRESS_BACKTAB)
		return cursor_press(&home->cursor, &up);
	return cursor_press(&home->cursor, press);
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

static bool home_busy(const struct layer *layer)
{
	return deeds_busy(((const struct home *)layer)->deeds);
}

static void home_free(struct layer *layer)
{
	struct home *home = (struct home *)layer;

	overview_done(&home->overview);
	draft_list_done(&home->drafts);
	migration_list_done(&home->migrations);
	vec_done(&home->rows);
	vec_done(&home->flows);
	deeds_free(home->deeds);
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
	.busy = home_busy,
	.save = home_save,
	.free = home_free,
};

struct layer *home_new(struct console *console)
{
	struct home *home = mem_alloc(sizeof *home);

	home->layer = (struct layer){ &home_kind, console };
	home->deeds = deeds_new(&home->layer, changed);
	load(home);
	return &home->layer;
}
