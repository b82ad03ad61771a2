#include "screens/migrate.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "screens/answers.h"
#include "screens/monitor.h"
#include "screens/popups.h"

#include <inttypes.h>
#include <string.h>

const char *const migrate_step_names[GO_STEPS] = { N_("Pick"), N_("Compare"), N_("Dry run"), N_("Create V2"), N_("Verify"), N_("Pause V1"), N_("Delete V1") };

bool migrate_is_picked(const struct migrate_screen *screen, int64_t id)
{
	for (size_t i = 0; i < screen->picked.count; i++)
		if (screen->picked.at[i] == id)
			return true;
	return false;
}

const struct json *migrate_answer(const struct migrate_screen *screen, enum migrate_step step, const char *flow)
{
	for (const struct json *one = json_first(json_get(screen->answers[step], "migrations")); one; one = json_next(one)) {
		const char *name = json_get_string(one, "flow");

		if (name && strcmp(name, flow) == 0)
			return one;
	}
	return NULL;
}

static struct migration *focused(const struct migrate_screen *screen)
{
	return screen->cursor.at < screen->flows.count ? &screen->flows.at[screen->cursor.at] : NULL;
}

static void load(struct migrate_screen *screen)
{
	struct error err = { 0 };
	migration_list list = { 0 };

	if (app_migrate_list(console_app(screen->layer.console), &list, &err) != STATUS_OK) {
		console_error(screen->layer.console, &err);
		return;
	}
	migration_list_done(&screen->flows);
	screen->flows = list;
	cursor_fit(&screen->cursor, list.count, screen->cursor.seen);
}

/* --- Asking --- */

typedef VEC(const char *) command_words_list;

/* What was picked; without a pick, what has the focus. */
static void add_flows(const struct migrate_screen *screen, command_words_list *words)
{
	vec_push(words, "--");
	for (size_t i = 0; i < screen->flows.count; i++)
		if (migrate_is_picked(screen, screen->flows.at[i].id) || (!screen->picked.count && i == screen->cursor.at))
			vec_push(words, screen->flows.at[i].name);
	vec_push(words, NULL);
}

static void add_option(command_words_list *words, const char *name, const char *value)
{
	if (!value || !*value)
		return;
	vec_push(words, name);
	vec_push(words, value);
}

static void add_options(const struct migrate_screen *screen, command_words_list *words)
{
	add_option(words, "--source", screen->source);
	add_option(words, "--list-folder", screen->folder);
	add_option(words, "--email-from", screen->email_from);
	add_option(words, "--person-creation", screen->creates ? "match-and-create" : NULL);
	add_option(words, "--list", screen->new_lists ? "new" : NULL);
}

/* What was told up to this step. */
static void forget(struct migrate_screen *screen, int last)
{
	for (int i = GO_COMPARE; i <= last; i++) {
		json_free(screen->answers[i]);
		screen->answers[i] = NULL;
	}
}

/* Of a migration that was taken back; the report tells by id. */
static void say_what_stays(struct migrate_screen *screen, const struct json *answer)
{
	int64_t stays = 0, count;

	for (const struct json *one = json_first(json_get(answer, "migrations")); one; one = json_next(one)) {
		stays += json_i64(json_get(one, "put_in"), &count) ? count : 0;
		stays += json_i64(json_get(one, "taken_out"), &count) ? count : 0;
	}
	if (stays)
		console_say(screen->layer.console, ROLE_WARNING, _("%s Done. V1's lists keep %" PRId64 " changes of V2's runs: `migrate report` tells them."), glyph(GLYPH_WARNING), stays);
	else
		console_say(screen->layer.console, ROLE_GOOD, _("%s Done."), glyph(GLYPH_GOOD));
}

static void answered(void *self, enum status status, const struct json *answer, const struct error *err)
{
	struct migrate_screen *screen = self;
	struct str text = { 0 };

	screen->ask = NULL;
	load(screen);
	if (screen->forgets) {
		forget(screen, GO_STEPS - 1);
	} else if (json_get(answer, "migrations")) {
		json_write(&text, answer);
		json_free(screen->answers[screen->at]);
		screen->answers[screen->at] = json_parse(str_text(&text), text.length, NULL, NULL);
		str_done(&text);
	}
	if (status == STATUS_OK && screen->forgets)
		say_what_stays(screen, answer);
	else if (status == STATUS_OK)
		console_say(screen->layer.console, ROLE_GOOD, _("%s %s: done. ] goes on."), glyph(GLYPH_GOOD), _(migrate_step_names[screen->at]));
	else
		console_error(screen->layer.console, err);
}

static void ask(struct migrate_screen *screen, const char *what, const char *const *first, bool options, bool careful, bool forgets)
{
	struct error err = { 0 };
	command_words_list words = { 0 };

	for (; *first; first++)
		vec_push(&words, *first);
	if (options)
		add_options(screen, &words);
	add_flows(screen, &words);
	screen->asked = what;
	screen->careful = careful;
	screen->forgets = forgets;
	screen->since = clock_mono_ms();
	screen->ask = app_ask(console_app(screen->layer.console),
		&(struct ask_options){ .words = words.at, .answer = answered, .self = screen, .outlives = careful }, &err);
	if (!screen->ask)
		console_error(screen->layer.console, &err);
	else
		console_hush(screen->layer.console);
	vec_done(&words);
}

static void ask_step(struct migrate_screen *screen)
{
	static const char *const plan[] = { "migrate", "plan", NULL }, *const dry[] = { "migrate", "apply", "--dry-run", NULL }, *const apply[] = { "migrate", "apply", NULL },
			  *const compare[] = { "migrate", "compare", NULL }, *const pause[] = { "migrate", "finish", NULL },
			  *const delete[] = { "migrate", "finish", "--delete", NULL };

	screen->scroll = 0;
	switch (screen->at) {
	case GO_COMPARE:
		ask(screen, _("comparing V1 with what V2 would be"), plan, true, false, false);
		break;
	case GO_DRY_RUN:
		ask(screen, _("dry run: nothing is written"), dry, true, false, false);
		break;
	case GO_CREATE:
		ask(screen, _("making V2"), apply, true, true, false);
		break;
	case GO_VERIFY:
		ask(screen, _("comparing the lists' members"), compare, false, true, false);
		break;
	case GO_PAUSE:
		ask(screen, _("disabling V1"), pause, false, true, false);
		break;
	case GO_DELETE:
		ask(screen, _("deleting V1"), delete, false, true, false);
		break;
	default:
		break;
	}
}

static void go(struct migrate_screen *screen, int way)
{
	int next = (int)screen->at + way;

	if (next < 0 || next >= GO_STEPS)
		return;
	screen->at = (enum migrate_step)next;
	screen->scroll = 0;
	console_hush(screen->layer.console);
	/* What changes nothing is told at once. */
	if (way > 0 && (screen->at == GO_COMPARE || screen->at == GO_DRY_RUN) && screen->flows.count)
		ask_step(screen);
}

/* --- Questions --- */

static void answered_step(void *self, size_t button)
{
	if (!button)
		ask_step(self);
}

static size_t meant(const struct migrate_screen *screen)
{
	return screen->picked.count ? screen->picked.count : 1;
}

/* The name of the only one that is meant; NULL: several are. */
static const char *only_name(const struct migrate_screen *screen)
{
	if (!screen->picked.count)
		return focused(screen)->name;
	for (size_t i = 0; screen->picked.count == 1 && i < screen->flows.count; i++)
		if (screen->flows.at[i].id == screen->picked.at[0])
			return screen->flows.at[i].name;
	return NULL;
}

static void ask_first(struct migrate_screen *screen)
{
	const char *verb = screen->at == GO_CREATE ? _("Create V2") : screen->at == GO_PAUSE ? _("Pause V1") : _("Delete V1");
	const char *const buttons[] = { verb, _("Cancel"), NULL };
	const char *typed = screen->at != GO_DELETE ? NULL : only_name(screen) ? only_name(screen) : "delete";
	char *text;

	if (screen->at == GO_CREATE)
		text = mem_printf(_("Make V2 now? Dataflows: %zu. V1 stays as it is, and nothing is sent before a run. Undo with u."), meant(screen));
	else if (screen->at == GO_PAUSE)
		text = mem_printf(_("Disable V1 now? Dataflows: %zu. Only those whose lists were compared and are clean. Undo with u."), meant(screen));
	else
		text = mem_printf(_("Delete V1 now? Dataflows: %zu. Only what was disabled before. This cannot be undone; the export stays with the report. Type %s:"), meant(screen), typed);
	dialog_open(screen->layer.console, &(struct dialog_options){ .title = verb, .text = text, .buttons = buttons, .typed = typed, .chosen = answered_step, .self = screen });
	mem_free(text);
}

static void answered_undo(void *self, size_t button)
{
	static const char *const undo[] = { "migrate", "undo", NULL };

	if (!button)
		ask(self, _("taking the migration back"), undo, false, true, true);
}

static void ask_undo(struct migrate_screen *screen)
{
	const char *const buttons[] = { _("Undo"), _("Cancel"), NULL };
	char *text = mem_printf(_("Take the migration back? Dataflows: %zu. V1 is as it was before, V2 goes. Marketo stays as it is, with what V2's runs did to its lists."), meant(screen));

	dialog_open(screen->layer.console, &(struct dialog_options){ .title = _("Undo"), .text = text, .buttons = buttons, .chosen = answered_undo, .self = screen });
	mem_free(text);
}

static void answered_run(void *self, size_t button)
{
	struct migrate_screen *screen = self;

	if (!button && screen->confirmed)
		console_push(screen->layer.console, monitor_launch(screen->layer.console, screen->confirmed, 0));
}

static void ask_run(struct migrate_screen *screen)
{
	const char *const buttons[] = { _("Run"), _("Cancel"), NULL };
	char *text = mem_printf(_("Run %s now? It sends what Marketo does not have yet."), focused(screen)->v2_name);

	mem_replace(&screen->confirmed, focused(screen)->v2_name);
	dialog_open(screen->layer.console, &(struct dialog_options){ .title = _("Run"), .text = text, .buttons = buttons, .chosen = answered_run, .self = screen });
	mem_free(text);
}

/* What was told for other choices says nothing any more. */
static void chosen_anew(struct migrate_screen *screen)
{
	forget(screen, GO_CREATE);
	if (screen->at == GO_COMPARE || screen->at == GO_DRY_RUN)
		ask_step(screen);
}

static void given_source(void *self, const char *text)
{
	struct migrate_screen *screen = self;

	mem_replace(&screen->source, text);
	chosen_anew(screen);
}

static void given_folder(void *self, const char *text)
{
	struct migrate_screen *screen = self;

	mem_replace(&screen->folder, text);
	chosen_anew(screen);
}

static void given_email(void *self, const char *text)
{
	struct migrate_screen *screen = self;

	mem_replace(&screen->email_from, text);
	chosen_anew(screen);
}

static void given_export(void *self, const char *text)
{
	struct migrate_screen *screen = self;
	const char *words[] = { "migrate", "import", "--", text, NULL };
	struct error err = { 0 };

	screen->asked = _("reading the export");
	screen->careful = screen->forgets = true;
	screen->since = clock_mono_ms();
	screen->ask = app_ask(console_app(screen->layer.console), &(struct ask_options){ .words = words, .answer = answered, .self = screen, .outlives = true }, &err);
	if (!screen->ask)
		console_error(screen->layer.console, &err);
}

static void prompt(struct migrate_screen *screen, const char *title, const char *label, const char *text, void (*given)(void *self, const char *text))
{
	prompt_open(screen->layer.console, &(struct prompt_options){ .title = title, .label = label, .text = text ? text : "",
		.enter = given == given_export ? _("import") : NULL, .given = given, .self = screen });
}

/* --- The layer --- */

static unsigned where(const struct layer *layer)
{
	const struct migrate_screen *screen = (const struct migrate_screen *)layer;

	return AT_MIGRATE | (screen->at == GO_PICK ? AT_CHECKS : 0) | (screen->at <= GO_CREATE ? AT_CHOOSING : AT_DECIDING);
}

static void toggle(struct migrate_screen *screen)
{
	int64_t id = focused(screen)->id;
	size_t kept = 0;
	bool was = migrate_is_picked(screen, id);

	for (size_t i = 0; i < screen->picked.count; i++)
		if (screen->picked.at[i] != id)
			screen->picked.at[kept++] = screen->picked.at[i];
	screen->picked.count = kept;
	if (!was)
		vec_push(&screen->picked, id);
}

static void pick_all(struct migrate_screen *screen)
{
	bool all = screen->picked.count == screen->flows.count;

	screen->picked.count = 0;
	for (size_t i = 0; !all && i < screen->flows.count; i++)
		vec_push(&screen->picked, screen->flows.at[i].id);
}

static void escape(struct migrate_screen *screen)
{
	if (!screen->ask || screen->careful)
		return;
	ask_give_up(screen->ask);
	screen->ask = NULL;
	console_say(screen->layer.console, ROLE_TEXT, _("Stopped; nothing was changed."));
}

static void open_step(struct migrate_screen *screen)
{
	if (screen->at == GO_PICK)
		toggle(screen);
	else if (screen->at == GO_COMPARE || screen->at == GO_DRY_RUN || screen->at == GO_VERIFY)
		ask_step(screen);
	else
		ask_first(screen);
}

static bool choose(struct migrate_screen *screen, enum action action)
{
	switch (action) {
	case ACT_SOURCE:
		prompt(screen, _("Source of V2"), _("a file of profile messages"), screen->source, given_source);
		return true;
	case ACT_FOLDER:
		prompt(screen, _("Folder of new lists"), _("an id, a name or program:ID"), screen->folder, given_folder);
		return true;
	case ACT_EMAIL:
		prompt(screen, _("E-mail address"), _("where it stands, if V1 maps none"), screen->email_from ? screen->email_from : "identityMap.Email", given_email);
		return true;
	case ACT_PEOPLE:
		screen->creates = !screen->creates;
		chosen_anew(screen);
		return true;
	case ACT_LIST:
		screen->new_lists = !screen->new_lists;
		chosen_anew(screen);
		return true;
	default:
		return false;
	}
}

static bool act(struct layer *layer, enum action action)
{
	struct migrate_screen *screen = (struct migrate_screen *)layer;

	switch (action) {
	case ACT_OPEN:
		open_step(screen);
		return true;
	case ACT_TOGGLE:
		toggle(screen);
		return true;
	case ACT_ACCEPT_ALL:
		pick_all(screen);
		return true;
	case ACT_NEXT:
		go(screen, 1);
		return true;
	case ACT_BACK:
		go(screen, -1);
		return true;
	case ACT_UNDO:
		ask_undo(screen);
		return true;
	case ACT_RUN:
		ask_run(screen);
		return true;
	case ACT_IMPORT:
		prompt(screen, _("Import"), _("file with the reply of GET /flows"), NULL, given_export);
		return true;
	case ACT_FETCH:
		load(screen);
		return true;
	case ACT_ESCAPE:
		escape(screen);
		return true;
	case ACT_LEAVE:
		console_pop(layer->console, layer);
		return true;
	default:
		return choose(screen, action);
	}
}

static bool needs_flow(enum action action)
{
	return action == ACT_OPEN || action == ACT_TOGGLE || action == ACT_UNDO || action == ACT_RUN;
}

static const char *why_not(const struct layer *layer, enum action action)
{
	const struct migrate_screen *screen = (const struct migrate_screen *)layer;
	const struct migration *flow = focused(screen);
	bool creates = action == ACT_OPEN && screen->at >= GO_CREATE;
	enum use_case use = action == ACT_UNDO ? USE_MIGRATE_UNDO : action == ACT_RUN ? USE_RUN : action == ACT_IMPORT ? USE_MIGRATE_IMPORT : USE_MIGRATE_APPLY;
	const char *refusal = creates || use != USE_MIGRATE_APPLY ? console_refusal(layer->console, use) : NULL;

	if (refusal)
		return refusal;
	if (screen->ask && action != ACT_ESCAPE && action != ACT_LEAVE && action != ACT_HELP && action != ACT_ERRORS)
		return screen->careful ? _("wait for the answer: what changes something is not stopped half way") : _("wait for the answer, or stop it with Esc");
	if (needs_flow(action) && !flow)
		return _("no V1 dataflow was imported yet: I imports an export");
	if (action == ACT_RUN && (!flow->v2_name || !flow->v2_id))
		return _("V2 is not made yet");
	return NULL;
}

static bool press(struct layer *layer, const struct press *press)
{
	struct migrate_screen *screen = (struct migrate_screen *)layer;
	size_t before = screen->cursor.at;

	/* The detail is longer than its rows at times. */
	if (press->kind == PRESS_LEFT || press->kind == PRESS_RIGHT) {
		screen->scroll = press->kind == PRESS_RIGHT ? screen->scroll + 1 : screen->scroll ? screen->scroll - 1 : 0;
		return true;
	}
	if (!cursor_press(&screen->cursor, press))
		return false;
	if (screen->cursor.at != before)
		screen->scroll = 0;
	return true;
}

static void head(const struct layer *layer, struct str *left, struct str *right)
{
	char when[CLOCK_TEXT];

	(void)layer;
	str_add_format(left, " - %s", _("Migrate V1 to V2"));
	str_add(right, clock_format(clock_wall_ms(), when) + 11);
}

static bool busy(const struct layer *layer)
{
	return ((const struct migrate_screen *)layer)->ask != NULL;
}

static void resumed(struct layer *layer)
{
	load((struct migrate_screen *)layer);
}

static void save(struct layer *layer)
{
	const struct migrate_screen *screen = (const struct migrate_screen *)layer;

	if (screen->ask && screen->careful)
		console_farewell(layer->console, "%s", _("penstock: a step of the migration goes on; `penstock migrate list` shows how far it came."));
}

static void migrate_free(struct layer *layer)
{
	struct migrate_screen *screen = (struct migrate_screen *)layer;

	if (screen->careful)
		ask_let_go(screen->ask);
	else
		ask_give_up(screen->ask);
	for (int i = 0; i < GO_STEPS; i++)
		json_free(screen->answers[i]);
	migration_list_done(&screen->flows);
	vec_done(&screen->picked);
	mem_free(screen->source);
	mem_free(screen->folder);
	mem_free(screen->email_from);
	mem_free(screen->confirmed);
	mem_free(screen);
}

static const struct layer_kind kind = {
	.where = where,
	.press = press,
	.act = act,
	.why_not = why_not,
	.draw = migrate_draw,
	.head = head,
	.resumed = resumed,
	.busy = busy,
	.save = save,
	.free = migrate_free,
};

struct layer *migrate_new(struct console *console, const char *flow)
{
	struct migrate_screen *screen = mem_alloc(sizeof *screen);

	screen->layer = (struct layer){ &kind, console };
	load(screen);
	for (size_t i = 0; flow && i < screen->flows.count; i++)
		if (strcmp(screen->flows.at[i].name, flow) == 0)
			cursor_to(&screen->cursor, i);
	return &screen->layer;
}
