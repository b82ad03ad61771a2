/* One screen for every kind of table: tabs, a filter, rows that can be opened, and what can be done with them. */
#include "screens/browse_inside.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "screens/alert_new.h"
#include "screens/monitor.h"
#include "screens/popups.h"
#include "screens/wizard.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>

enum { LIVE_MS = 3000, STALE_AFTER = 3 /* intervals */ };

const struct browse_kind *browse_kind_of(const struct browse *browse)
{
	return &browse_kinds[browse->which];
}

struct browse_row *browse_focused(const struct browse *browse)
{
	return browse->cursor.at < browse->shown.count ? &browse->rows.at[browse->shown.at[browse->cursor.at]] : NULL;
}

const char *browse_focused_name(const struct browse *browse)
{
	const struct browse_row *row = browse_focused(browse);

	return row ? row->cells[browse_kind_of(browse)->name] : NULL;
}

bool browse_is_tab(const struct browse *browse)
{
	return browse->which < BROWSE_TABS && !browse->of;
}

/* The focus follows the row; of rows with one name the first. */
static void apply_filter(struct browse *browse, const char *keep)
{
	const char *pattern = str_text(&browse->filter.text);
	size_t name = browse_kind_of(browse)->name, at = browse->cursor.at;

	browse->shown.count = 0;
	for (size_t i = 0; i < browse->rows.count; i++)
		if (browse_fits(browse_kind_of(browse), &browse->rows.at[i], pattern))
			vec_push(&browse->shown, i);
	browse_sort(browse);
	for (size_t i = 0; i < browse->shown.count && keep; i++) {
		const char *here = browse->rows.at[browse->shown.at[i]].cells[name];

		if (!here || strcmp(keep, here) != 0)
			continue;
		at = i;
		keep = NULL;
	}
	browse->cursor.count = browse->shown.count;
	cursor_to(&browse->cursor, at < browse->shown.count ? at : browse->shown.count ? browse->shown.count - 1 : 0);
}

static void load(struct browse *browse);

/* Is a run going on in one of the rows? */
static bool is_live(const struct browse *browse)
{
	const struct browse_kind *kind = browse_kind_of(browse);

	for (size_t i = 0; i < browse->rows.count; i++)
		for (size_t c = 0; c < BROWSE_COLUMNS && kind->columns[c].title; c++)
			if (kind->columns[c].kind == CELL_STATE && browse->rows.at[i].cells[c] && strcmp(browse->rows.at[i].cells[c], "running") == 0)
				return true;
	return false;
}

static int live_every(const struct browse *browse)
{
	return console_settings(browse->layer.console)->slow ? CONSOLE_SLOW_MS : LIVE_MS;
}

static void on_timer(void *self)
{
	struct browse *browse = self;

	browse->timer = loop_after(console_app(browse->layer.console)->loop, live_every(browse), on_timer, browse);
	browse->quiet = !browse->ask || browse->quiet;
	if (!browse->ask)
		load(browse);
	console_redraw(browse->layer.console);
}

/* As long as something runs the table is read again and again. */
static void keep_live(struct browse *browse)
{
	struct loop *loop = console_app(browse->layer.console)->loop;

	if (is_live(browse) == (browse->timer != 0))
		return;
	if (browse->timer)
		loop_cancel(loop, browse->timer);
	browse->timer = browse->timer ? 0 : loop_after(loop, live_every(browse), on_timer, browse);
}

/* What could not be read leaves the last good rows where they are. */
static void answered(void *self, enum status status, const struct json *answer, const struct error *err)
{
	struct browse *browse = self;
	char *keep = mem_strdup(browse_focused_name(browse) ? browse_focused_name(browse) : browse->begin);

	browse->ask = NULL;
	browse->failed = status != STATUS_OK;
	if (json_get(answer, browse_kind_of(browse)->key)) {
		browse_rows_done(&browse->rows);
		browse->rows = (browse_rows){ 0 };
		browse_rows_read(browse_kind_of(browse), answer, &browse->rows);
		mem_replace(&browse->until, json_number_text(json_get(answer, "to")));
		if (!json_i64(json_get(answer, "total"), &browse->total))
			browse->total = -1;
		browse->loaded_at = clock_wall_ms();
		browse->good_ms = clock_mono_ms();
	}
	mem_replace(&browse->begin, NULL);
	apply_filter(browse, keep);
	mem_free(keep);
	if (status != STATUS_OK && !browse->quiet)
		console_error(browse->layer.console, err);
	browse->quiet = false;
	keep_live(browse);
	console_redraw(browse->layer.console);
}

static void load(struct browse *browse)
{
	const struct browse_kind *kind = browse_kind_of(browse);
	const char *words[8] = { NULL };
	const struct ask_options options = { .words = words, .answer = answered, .self = browse };
	struct error err = { 0 };
	size_t count = 0;

	while (count < 4 && kind->words[count]) {
		words[count] = kind->words[count];
		count++;
	}
	if (browse->of && (count == 0 || strcmp(words[count - 1], "--") != 0))
		words[count++] = "--";
	words[count++] = browse->of;
	words[count++] = browse->of ? browse->more[0] : NULL;
	words[count] = browse->more[0] ? browse->more[1] : NULL;
	ask_give_up(browse->ask);
	browse->since = clock_mono_ms();
	browse->ask = app_ask(console_app(browse->layer.console), &options, &err);
	if (!browse->ask)
		console_error(browse->layer.console, &err);
}

static void changed(struct layer *layer)
{
	((struct browse *)layer)->quiet = false;
	load((struct browse *)layer);
}

static void show(struct browse *browse, enum browse_id which)
{
	browse->which = which;
	browse_rows_done(&browse->rows);
	browse->rows = (browse_rows){ 0 };
	browse->shown.count = 0;
	browse->cursor = (struct cursor){ 0 };
	browse->sorted = 0;
	editor_set(&browse->filter, "");
	browse->filtering = browse->whole = browse->quiet = false;
	load(browse);
}

static unsigned browse_where(const struct layer *layer)
{
	const struct browse *browse = (const struct browse *)layer;

	return AT_BROWSE | AT_LIST | (browse->which == BROWSE_ALERTS ? AT_ALERTS : 0) | (browse_focused(browse) ? browse_kind_of(browse)->where : 0);
}

static bool browse_typing(const struct layer *layer)
{
	return ((const struct browse *)layer)->filtering;
}

static bool browse_press(struct layer *layer, const struct press *press)
{
	struct browse *browse = (struct browse *)layer;
	int step = press->kind == PRESS_TAB ? 1 : press->kind == PRESS_BACKTAB ? BROWSE_TABS - 1 : 0;

	if (step && browse_is_tab(browse) && !browse->filtering) {
		show(browse, (enum browse_id)(((int)browse->which + step) % BROWSE_TABS));
		return true;
	}
	if (browse->filtering && press->kind != PRESS_UP && press->kind != PRESS_DOWN && editor_press(&browse->filter, press) == EDITOR_CHANGED) {
		apply_filter(browse, browse_focused_name(browse));
		return true;
	}
	return cursor_press(&browse->cursor, press);
}

/* A row whole. */
static void open_record(struct browse *browse)
{
	const struct browse_kind *kind = browse_kind_of(browse);
	struct lines *lines = lines_open(browse->layer.console, _(kind->title));
	struct str text = { 0 };

	for (size_t c = 0; c < BROWSE_COLUMNS && kind->columns[c].title; c++)
		lines_add(lines, _(kind->columns[c].title), ROLE_TEXT, browse_cell(kind, browse_focused(browse), c, browse->whole, &text));
	str_done(&text);
}

static void open_table(struct browse *browse, enum browse_id which)
{
	console_push(browse->layer.console, browse_new(browse->layer.console, which, browse_focused_name(browse), NULL));
}

static void open_row(struct browse *browse)
{
	if (!browse_focused(browse))
		return;
	if (browse->which == BROWSE_DATAFLOWS)
		open_table(browse, BROWSE_RUNS);
	else if (browse->which == BROWSE_REVISIONS)
		console_push(browse->layer.console, browse_changes(browse->layer.console, browse->of, browse_focused_name(browse)));
	else if (browse->which == BROWSE_RUNS)
		open_table(browse, BROWSE_FAILURES);
	else if (browse->which == BROWSE_ALERTS)
		open_table(browse, BROWSE_INCIDENTS);
	else
		open_record(browse);
}

static bool is_difference(const struct browse *browse)
{
	return browse->which == BROWSE_CHANGES || browse->which == BROWSE_SINCE_LAUNCH;
}

/* What is done is done to the row, but to a difference as a whole. */
static const char *subject_of(const struct browse *browse)
{
	return is_difference(browse) ? browse->until : browse_focused_name(browse);
}

/* The dataflow that a row belongs to; NULL: to none. */
static const char *dataflow_of(const struct browse *browse)
{
	if (browse->which == BROWSE_REVISIONS || is_difference(browse))
		return browse->of;
	return browse->which == BROWSE_DATAFLOWS ? browse_focused_name(browse) : browse->which == BROWSE_RUNS ? browse_focused(browse)->cells[1] : NULL;
}

/* One layer: what is done, then the question, then the filter. */
static bool escape(struct browse *browse)
{
	if (deeds_give_up(browse->deeds))
		return true;
	if (browse->ask && !browse->quiet) {
		ask_give_up(browse->ask);
		browse->ask = NULL;
		console_say(browse->layer.console, ROLE_WARNING, _("%s Given up before the answer came; nothing was changed in Marketo."), glyph(GLYPH_WARNING));
		return true;
	}
	if (!browse->filtering && !browse->filter.text.length)
		return false;
	editor_set(&browse->filter, "");
	browse->filtering = false;
	apply_filter(browse, browse_focused_name(browse));
	return true;
}

static bool browse_act(struct layer *layer, enum action action)
{
	struct browse *browse = (struct browse *)layer;

	switch (action) {
	case ACT_OPEN:
		if (browse->filtering)
			browse->filtering = false;
		else
			open_row(browse);
		return true;
	case ACT_LIST:
		open_table(browse, browse->which == BROWSE_ACCOUNTS ? BROWSE_LISTS : BROWSE_MEMBERS);
		return true;
	case ACT_FAILURES:
		open_table(browse, BROWSE_FAILURES);
		return true;
	case ACT_NEW:
		alert_new_begin(browse->alert);
		return true;
	case ACT_HISTORY:
		open_table(browse, BROWSE_REVISIONS);
		return true;
	case ACT_DIFF:
		console_push(layer->console, browse->which == BROWSE_REVISIONS ? browse_since_launch(layer->console, browse->of, browse_focused_name(browse)) :
			browse_since_launch(layer->console, browse_focused_name(browse), NULL));
		return true;
	case ACT_EDIT:
		mapping_edit_open(layer->console, dataflow_of(browse));
		return true;
	case ACT_SORT:
		browse_sort_next(browse);
		apply_filter(browse, browse_focused_name(browse));
		return true;
	case ACT_WATCH:
		console_push(layer->console, monitor_watch(layer->console, dataflow_of(browse)));
		return true;
	case ACT_UNMASK:
		browse->whole = !browse->whole;
		return true;
	case ACT_FILTER:
		browse->filtering = true;
		return true;
	case ACT_FETCH:
		load(browse);
		return true;
	case ACT_ESCAPE:
		return escape(browse);
	case ACT_LEAVE:
		console_hush(layer->console);
		console_pop(layer->console, layer);
		return true;
	default:
		return browse_focused(browse) && subject_of(browse) && deeds_do(browse->deeds, action, browse->which, subject_of(browse), dataflow_of(browse));
	}
}

static const char *browse_why_not(const struct layer *layer, enum action action)
{
	if (action == ACT_EDIT)
		return console_refusal(layer->console, USE_MAPPING_SET);
	return action == ACT_NEW ? console_refusal(layer->console, USE_ALERT_CREATE) : deeds_why_not(layer->console, action);
}

/* The row as it is shown, with tabs between, so that a table takes it. */
static char *browse_copy(const struct layer *layer)
{
	const struct browse *browse = (const struct browse *)layer;
	const struct browse_kind *kind = browse_kind_of(browse);
	struct str row = { 0 }, text = { 0 };

	for (size_t c = 0; browse_focused(browse) && c < BROWSE_COLUMNS && kind->columns[c].title; c++)
		str_add_format(&row, "%s%s", c ? "\t" : "", browse_cell(kind, browse_focused(browse), c, browse->whole, &text));
	str_done(&text);
	return browse_focused(browse) ? str_take(&row) : NULL;
}

static void browse_head(const struct layer *layer, struct str *left, struct str *right)
{
	const struct browse *browse = (const struct browse *)layer;
	char when[CLOCK_TEXT];

	str_add_format(left, " - %s", _(browse_kind_of(browse)->title));
	if (browse->of)
		str_add_format(left, " - %s", browse->of);
	if (browse->total > (int64_t)browse->rows.count)
		str_add_format(right, _("the first %zu of %" PRId64 " - "), browse->rows.count, browse->total);
	if (browse->timer && clock_mono_ms() - browse->good_ms > (int64_t)STALE_AFTER * live_every(browse))
		str_add_format(right, _("%s stale - "), glyph(GLYPH_WARNING));
	if (browse->loaded_at)
		str_add_format(right, _("as of %s"), clock_format(browse->loaded_at, when) + 11);
}

static void browse_resumed(struct layer *layer)
{
	struct browse *browse = (struct browse *)layer;

	if (!browse_kind_of(browse)->remote)
		load(browse);
}

static bool browse_busy(const struct layer *layer)
{
	const struct browse *browse = (const struct browse *)layer;

	return (browse->ask && !browse->quiet) || deeds_busy(browse->deeds);
}

static void browse_free(struct layer *layer)
{
	struct browse *browse = (struct browse *)layer;

	loop_cancel(console_app(layer->console)->loop, browse->timer);
	ask_give_up(browse->ask);
	deeds_free(browse->deeds);
	alert_new_free(browse->alert);
	browse_rows_done(&browse->rows);
	vec_done(&browse->shown);
	editor_done(&browse->filter);
	mem_free(browse->of);
	mem_free(browse->more[0]);
	mem_free(browse->more[1]);
	mem_free(browse->begin);
	mem_free(browse->until);
	mem_free(browse);
}

static const struct layer_kind browse_kind = {
	.where = browse_where,
	.typing = browse_typing,
	.press = browse_press,
	.act = browse_act,
	.why_not = browse_why_not,
	.draw = browse_draw,
	.copy = browse_copy,
	.head = browse_head,
	.resumed = browse_resumed,
	.busy = browse_busy,
	.free = browse_free,
};

static struct browse *browse_make(struct console *console, enum browse_id which, const char *of, const char *name)
{
	struct browse *browse = mem_alloc(sizeof *browse);

	browse->layer = (struct layer){ &browse_kind, console };
	browse->which = which;
	browse->of = mem_strdup(of);
	browse->begin = mem_strdup(name);
	browse->deeds = deeds_new(&browse->layer, changed);
	browse->alert = alert_new_make(&browse->layer, changed);
	editor_init(&browse->filter, "", false);
	return browse;
}

struct layer *browse_new(struct console *console, enum browse_id which, const char *of, const char *name)
{
	struct browse *browse = browse_make(console, which, of, name);

	load(browse);
	return &browse->layer;
}

struct layer *browse_changes(struct console *console, const char *name, const char *revision)
{
	struct browse *browse = browse_make(console, BROWSE_CHANGES, name, NULL);
	long long number = 0;

	text_to_i64(revision, 1, LLONG_MAX, &number);
	browse->more[0] = mem_printf("%lld", number > 0 ? number - 1 : 0);
	browse->more[1] = mem_strdup(revision);
	load(browse);
	return &browse->layer;
}

struct layer *browse_since_launch(struct console *console, const char *name, const char *revision)
{
	struct browse *browse = browse_make(console, BROWSE_SINCE_LAUNCH, name, NULL);

	browse->more[0] = mem_strdup("launched");
	browse->more[1] = mem_strdup(revision);
	load(browse);
	return &browse->layer;
}
