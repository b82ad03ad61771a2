/*
 * What can be done with a row of a table: one row of deeds for each action, which is a command. What sends people asks for the dataflow's name; what can be taken back
 * asks yes or no; what is undone by the same key asks nothing.
 */
#include "app/alerts.h"
#include "app/ask.h"
#include "app/dataflows.h"
#include "app/destinations.h"
#include "app/runs.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/str.h"
#include "screens/answers.h"
#include "screens/browse.h"
#include "screens/monitor.h"
#include "screens/popups.h"
#include "screens/words.h"

#include <inttypes.h>
#include <string.h>

enum how {
	DEED_SHOW,   /* asks, and shows what is answered; changes nothing */
	DEED_CHANGE, /* asks, and the table is read again */
	DEED_RUN,    /* a run: the monitor has it */
	DEED_PLAN,   /* plans first, so that the question tells what would be done; then runs that plan */
};

#define OF(kind) (1U << (kind))

struct deed {
	enum action action;
	unsigned kinds;
	enum how how;
	const char *words[4];  /* the command, without its operand */
	bool typed;            /* the dataflow's name has to be typed */
	const char *title;     /* N_() */
	const char *question;  /* N_() with %s for the name; NULL: none */
};

static const struct deed deeds_table[] = {
	{ ACT_RUN, OF(BROWSE_DATAFLOWS), DEED_PLAN, { "plan" }, true, N_("Run"), NULL },
	{ ACT_PLAN, OF(BROWSE_DATAFLOWS), DEED_SHOW, { "run", "--dry-run" }, false, N_("What a run would do; nothing is sent"), NULL },
	{ ACT_STOP, OF(BROWSE_DATAFLOWS), DEED_CHANGE, { "stop" }, false, N_("Stop"),
		N_("Stop the run of %s? Calls under way end, everything is kept, and the next run goes on from there.") },
	{ ACT_VERIFY, OF(BROWSE_DATAFLOWS), DEED_SHOW, { "verify" }, false, N_("Members in Marketo against the ledger"), NULL },
	{ ACT_REPAIR, OF(BROWSE_DATAFLOWS), DEED_RUN, { "verify", "--repair" }, true, N_("Repair"),
		N_("Add everybody of %s who is missing from its lists again? This cannot be undone.") },
	{ ACT_RESYNC, OF(BROWSE_DATAFLOWS), DEED_RUN, { "resync" }, true, N_("Resync"),
		N_("Send everything of the source of %s again, whatever the ledger says? This cannot be undone.") },
	{ ACT_ADOPT, OF(BROWSE_DATAFLOWS), DEED_CHANGE, { "adopt" }, false, N_("Adopt"),
		N_("Take the members of the lists of %s into the ledger? Nothing changes in Marketo; the next run may remove those whom the source does not have.") },
	{ ACT_REMOVE, OF(BROWSE_DATAFLOWS), DEED_CHANGE, { "dataflow", "delete" }, true, N_("Remove"),
		N_("Remove the dataflow %s with its runs and their failures? This cannot be undone.") },
	{ ACT_TEST, OF(BROWSE_ACCOUNTS), DEED_SHOW, { "account", "test" }, false, N_("Test; nothing is changed in Marketo"), NULL },
	{ ACT_TEST, OF(BROWSE_DESTINATIONS), DEED_SHOW, { "destination", "test" }, false, N_("Test; nothing is changed in Marketo"), NULL },
	{ ACT_REMOVE, OF(BROWSE_ACCOUNTS), DEED_CHANGE, { "account", "delete" }, true, N_("Remove"),
		N_("Remove the account %s with its secret? This cannot be undone. In Marketo nothing changes.") },
	{ ACT_REMOVE, OF(BROWSE_DESTINATIONS), DEED_CHANGE, { "destination", "delete" }, true, N_("Remove"),
		N_("Remove the destination %s with its mapping? This cannot be undone. In Marketo nothing changes.") },
	{ ACT_RETRY, OF(BROWSE_RUNS), DEED_RUN, { "retry" }, true, N_("Retry"), N_("Send once more what failed in run %s? This cannot be undone.") },
	{ ACT_SWITCH, OF(BROWSE_DATAFLOWS), DEED_CHANGE, { "dataflow", "enable" }, false, N_("Enable"), NULL },
	{ ACT_SWITCH, OF(BROWSE_DATAFLOWS), DEED_CHANGE, { "dataflow", "disable" }, false, N_("Disable"), NULL },
	{ ACT_PAUSE, OF(BROWSE_DATAFLOWS), DEED_CHANGE, { "pause" }, false, N_("Pause"), NULL },
	{ ACT_PAUSE, OF(BROWSE_DATAFLOWS), DEED_CHANGE, { "resume" }, false, N_("Go on"), NULL },
	{ ACT_TEST, OF(BROWSE_ALERTS), DEED_CHANGE, { "alert", "test" }, false, N_("Tell"), N_("Tell of %s now, as if there were an incident?") },
	{ ACT_REMOVE, OF(BROWSE_ALERTS), DEED_CHANGE, { "alert", "delete" }, false, N_("Remove"), N_("Remove the alert %s? Nobody is told that what goes on is over.") },
	{ ACT_SWITCH, OF(BROWSE_ALERTS), DEED_CHANGE, { "alert", "update", "--enable" }, false, N_("Enable"), NULL },
	{ ACT_SWITCH, OF(BROWSE_ALERTS), DEED_CHANGE, { "alert", "update", "--disable" }, false, N_("Disable"), NULL },
	{ ACT_CHANGE, OF(BROWSE_ALERTS), DEED_CHANGE, { "alert", "update" }, false, N_("Change"), NULL },
	{ ACT_CHANGE, OF(BROWSE_DATAFLOWS), DEED_CHANGE, { "dataflow", "update" }, false, N_("Change"), NULL },
	{ ACT_CHANGE, OF(BROWSE_DESTINATIONS), DEED_CHANGE, { "destination", "update" }, false, N_("Change"), NULL },
	{ ACT_CHANGE, OF(BROWSE_ACCOUNTS), DEED_CHANGE, { "account", "update" }, false, N_("Change"), NULL },
	{ ACT_SIGN, OF(BROWSE_REVISIONS) | OF(BROWSE_CHANGES) | OF(BROWSE_SINCE_LAUNCH), DEED_CHANGE, { "mapping", "sign" }, false, N_("Sign"), NULL },
};

/* What can become of the lists of a dataflow that is removed. */
static const struct fate {
	const char *option, *choice, *tells; /* N_() the last two */
} fates[] = {
	{ "--list=keep", N_("Keep the lists as they are"), N_(" Lists and people in Marketo stay as they are.") },
	{ "--list=empty", N_("Empty the lists: take out whom penstock has brought"), N_(" Whom penstock has brought is taken out of the lists first: ") },
	{ "--list=delete", N_("Delete the lists in Marketo"), N_(" The lists are deleted in Marketo first: ") },
};

/* What `update` can be told one value of, by cli.md. The secret is only ever named by where it is. */
static const struct update {
	const char *option;
	const char *note; /* N_() how it is written; NULL: as it is called */
} updates[BROWSES][13] = {
	[BROWSE_DATAFLOWS] = { { "source", NULL }, { "every", N_("6h, 1d, always, never") }, { "at", N_("HH:MM, of whole days") }, { "consent", N_("PATH or PATH=VALUE") },
		{ "start", N_("YYYY-MM-DD") }, { "end", N_("YYYY-MM-DD") }, { "identity", N_("all, primary, first") }, { "profile-key", NULL },
		{ "audience", N_("A=LIST, for all of them") }, { "destination", NULL } },
	[BROWSE_DESTINATIONS] = { { "description", NULL }, { "person-creation", NULL }, { "sync-type", NULL }, { "dedupe-field", NULL }, { "partition", NULL }, { "workspace", NULL },
		{ "list-folder", NULL }, { "sign-off", N_("required, none") }, { "marketing-action", NULL } },
	[BROWSE_ACCOUNTS] = { { "endpoint", NULL }, { "identity", NULL }, { "environment", NULL }, { "ca-file", NULL }, { "daily-calls", NULL }, { "daily-cap", N_("0: none") },
		{ "calls-per-20s", NULL }, { "concurrent", NULL }, { "quota-stop", NULL }, { "client-id", NULL }, { "client-secret-file", NULL }, { "client-secret-command", NULL } },
	[BROWSE_ALERTS] = { { "over", NULL }, { "dataflow", NULL }, { "command", NULL }, { "webhook", NULL }, { "when", NULL } },
};

struct deeds {
	struct layer *layer;
	void (*changed)(struct layer *layer);
	const struct deed *deed;
	enum browse_id which;
	char *name, *dataflow; /* as when the question was put: rows move */
	char *option;          /* of update: its name, then --NAME=VALUE; NULL: none */
	int64_t plan_id;
	struct ask *ask;
};

struct deeds *deeds_new(struct layer *layer, void (*changed)(struct layer *layer))
{
	struct deeds *deeds = mem_alloc(sizeof *deeds);

	*deeds = (struct deeds){ .layer = layer, .changed = changed };
	return deeds;
}

void deeds_free(struct deeds *deeds)
{
	if (deeds->deed && deeds->deed->how == DEED_SHOW)
		ask_give_up(deeds->ask);
	else
		ask_let_go(deeds->ask);
	mem_free(deeds->name);
	mem_free(deeds->dataflow);
	mem_free(deeds->option);
	mem_free(deeds);
}

bool deeds_busy(const struct deeds *deeds)
{
	return deeds->ask != NULL;
}

/* What changes something is not killed half way: it goes on unheard. */
bool deeds_give_up(struct deeds *deeds)
{
	bool shows = deeds->deed && deeds->deed->how == DEED_SHOW;

	if (!deeds->ask)
		return false;
	if (shows)
		ask_give_up(deeds->ask);
	else
		ask_let_go(deeds->ask);
	deeds->ask = NULL;
	console_say(deeds->layer->console, ROLE_WARNING, shows ? _("%s Given up before the answer came; nothing was changed in Marketo.") :
		_("%s No longer waited for: it may have been done. Ctrl-R shows how things are."), glyph(GLYPH_WARNING));
	return true;
}

/* The use case whose name its command begins with; of `verify` and `verify --repair` the longer one. */
static enum use_case use_of(const struct deed *deed)
{
	struct str words = { 0 };
	enum use_case found = USE_CASES;

	for (size_t i = 0; i < sizeof deed->words / sizeof *deed->words && deed->words[i]; i++)
		str_add_format(&words, "%s ", deed->words[i]);
	for (int i = 0; i < USE_CASES; i++) {
		size_t length = strlen(use_cases[i].name);

		if (strncmp(use_cases[i].name, str_text(&words), length) == 0 && str_text(&words)[length] == ' ' && (found == USE_CASES || length > strlen(use_cases[found].name)))
			found = (enum use_case)i;
	}
	str_done(&words);
	return found;
}

const char *deeds_why_not(const struct console *console, enum action action)
{
	const char *refusal;

	for (size_t i = 0; i < sizeof deeds_table / sizeof *deeds_table; i++) {
		if (deeds_table[i].action != action)
			continue;
		refusal = console_refusal(console, use_of(&deeds_table[i]));
		if (refusal)
			return refusal;
	}
	return NULL;
}

static void answered(void *self, enum status status, const struct json *answer, const struct error *err)
{
	struct deeds *deeds = self;
	struct console *console = deeds->layer->console;

	deeds->ask = NULL;
	if (status != STATUS_OK)
		console_error(console, err);
	if (deeds->deed->how == DEED_SHOW) {
		if (status == STATUS_OK || json_count(answer) > 1)
			answer_show(lines_open(console, _(deeds->deed->title)), NULL, answer);
		return;
	}
	if (status == STATUS_OK)
		console_say(console, ROLE_GOOD, _("%s %s: done (%s)"), glyph(GLYPH_GOOD), deeds->name, _(deeds->deed->title));
	deeds->changed(deeds->layer);
}

static void run_planned(void *self, size_t button)
{
	struct deeds *deeds = self;

	if (!button)
		console_push(deeds->layer->console, monitor_launch(deeds->layer->console, deeds->name, deeds->plan_id));
}

/* Where the dataflow goes, and what kind of place that is. */
static void add_place(const struct deeds *deeds, struct str *out)
{
	struct app *app = console_app(deeds->layer->console);
	struct destination_view view;
	struct dataflow dataflow;

	if (app_dataflow_show(app, deeds->dataflow, &dataflow, NULL) == STATUS_OK) {
		if (app_destination_show(app, dataflow.destination_name, &view, NULL) == STATUS_OK)
			str_add_format(out, _(" Marketo: %s, environment: %s."), view.account.name, view.account.environment && *view.account.environment ? view.account.environment : "-");
		destination_view_done(&view);
	}
	dataflow_done(&dataflow);
}

static void planned(void *self, enum status status, const struct json *answer, const struct error *err)
{
	struct deeds *deeds = self;
	const char *const buttons[] = { _("Run"), _("Cancel"), NULL };
	const struct json *plan = json_get(answer, "plan");
	struct str text = { 0 }, name = { 0 };
	char received[32], fresh[32], changed[32], exited[32], calls[32];

	deeds->ask = NULL;
	if (status != STATUS_OK) {
		console_error(deeds->layer->console, err);
		return;
	}
	deeds->plan_id = answer_number(plan, "id");
	str_add_shell(&name, deeds->name);
	str_add_format(&text, _("Run %s? Of %s records %s are new, %s changed and %s leave: about %s calls. What is sent to people cannot be undone."), deeds->name,
		number_text(answer_number(plan, "received"), received), number_text(answer_number(plan, "new"), fresh), number_text(answer_number(plan, "changed"), changed),
		number_text(answer_number(plan, "exited"), exited), number_text(answer_number(plan, "calls_estimate"), calls));
	add_place(deeds, &text);
	str_add_format(&text, _("\nThe same: penstock run %s --plan %" PRId64 "\nType its name:"), str_text(&name), deeds->plan_id);
	dialog_open(deeds->layer->console, &(struct dialog_options){ .title = _("Run"), .text = str_text(&text), .buttons = buttons, .typed = deeds->name, .chosen = run_planned,
		.self = deeds });
	str_done(&text);
	str_done(&name);
}

/* Which lists, by their numbers; none: there is nothing to be done. */
static void add_lists(const struct deeds *deeds, struct str *out)
{
	struct dataflow dataflow;
	size_t count = 0;

	if (app_dataflow_show(console_app(deeds->layer->console), deeds->name, &dataflow, NULL) == STATUS_OK)
		for (size_t i = 0; i < dataflow.audiences.count; i++)
			if (dataflow.audiences.at[i].list_id)
				str_add_format(out, "%s%" PRId64 "%s%s", count++ ? ", " : "", dataflow.audiences.at[i].list_id, dataflow.audiences.at[i].list_name ? " " : "",
					dataflow.audiences.at[i].list_name ? dataflow.audiences.at[i].list_name : "");
	str_add(out, count ? "." : _("there are none yet."));
	dataflow_done(&dataflow);
}

static void add_fate(const struct deeds *deeds, struct str *out)
{
	for (size_t i = 0; deeds->option && i < sizeof fates / sizeof *fates; i++) {
		if (strcmp(fates[i].option, deeds->option) != 0)
			continue;
		str_add(out, _(fates[i].tells));
		if (i)
			add_lists(deeds, out);
	}
}

enum { WORDS_MOST = 8 };

/* The command as it is given to penstock: its words, an option, and the name behind them. */
static void add_words(const struct deeds *deeds, const char *words[WORDS_MOST + 1])
{
	size_t count = 0;

	for (size_t i = 0; i < 4 && deeds->deed->words[i]; i++)
		words[count++] = deeds->deed->words[i];
	if (deeds->option)
		words[count++] = deeds->option;
	words[count++] = "--";
	if (deeds->deed->action == ACT_SIGN)
		words[count++] = deeds->dataflow;
	words[count++] = deeds->name;
	words[count] = NULL;
}

static void perform(struct deeds *deeds)
{
	const char *words[WORDS_MOST + 1];
	/* What changes something goes on when the console does not. */
	const struct ask_options options = { .words = words, .answer = deeds->deed->how == DEED_PLAN ? planned : answered, .self = deeds,
		.outlives = deeds->deed->how == DEED_CHANGE };
	struct error err = { 0 };

	add_words(deeds, words);
	if (deeds->deed->how == DEED_RUN) {
		console_push(deeds->layer->console, monitor_start(deeds->layer->console, deeds->dataflow, words));
		return;
	}
	deeds->ask = app_ask(console_app(deeds->layer->console), &options, &err);
	if (!deeds->ask)
		console_error(deeds->layer->console, &err);
	else if (deeds->deed->typed)
		console_say(deeds->layer->console, ROLE_BUSY, _("%s %s: under way (%s)"), glyph(GLYPH_BUSY), deeds->name, _(deeds->deed->title));
	console_redraw(deeds->layer->console);
}

static void confirmed(void *self, size_t button)
{
	if (!button)
		perform(self);
}

static void ask_first(struct deeds *deeds)
{
	const struct deed *deed = deeds->deed;
	const char *const buttons[] = { _(deed->title), _("Cancel"), NULL };
	const char *typed = !deed->typed ? NULL : deeds->dataflow ? deeds->dataflow : deeds->name;
	struct str text = { 0 };
	const char *words[WORDS_MOST + 1];

	str_add_format(&text, _(deed->question), deeds->name);
	add_fate(deeds, &text);
	if (deeds->dataflow)
		add_place(deeds, &text);
	add_words(deeds, words);
	str_add(&text, _("\nThe same: penstock"));
	for (size_t i = 0; words[i]; i++) {
		if (strcmp(words[i], "--") == 0)
			continue;
		str_add_char(&text, ' ');
		str_add_shell(&text, words[i]);
	}
	if (typed)
		str_add_format(&text, _("\nType %s:"), typed);
	dialog_open(deeds->layer->console, &(struct dialog_options){ .title = _(deed->title), .text = str_text(&text), .buttons = buttons, .typed = typed, .chosen = confirmed,
		.self = deeds });
	str_done(&text);
}

static void value_given(void *self, const char *text)
{
	struct deeds *deeds = self;
	char *name = deeds->option;

	deeds->option = mem_printf("--%s=%s", name, text);
	mem_free(name);
	perform(deeds);
}

static void option_chosen(void *self, const struct picker_item *items, size_t count)
{
	struct deeds *deeds = self;
	char *label = items[0].note ? mem_printf("%s (%s)", items[0].value, items[0].note) : mem_strdup(items[0].value);

	(void)count;
	mem_replace(&deeds->option, items[0].value);
	prompt_open(deeds->layer->console, &(struct prompt_options){ .title = deeds->name, .label = label, .text = "", .enter = _("change"), .given = value_given, .self = deeds });
	mem_free(label);
}

static void choose_option(struct deeds *deeds)
{
	const struct update *update = updates[deeds->which];
	picker_items items = { 0 };
	char *title = mem_printf(_("Change %s: what?"), deeds->name);

	for (; update->option; update++)
		picker_add(&items, update->option, update->option, update->note ? _(update->note) : NULL);
	picker_fill(picker_open(deeds->layer->console, &(struct picker_options){ .title = title, .chosen = option_chosen, .self = deeds }), &items, NULL);
	mem_free(title);
}

static void fate_chosen(void *self, const struct picker_item *items, size_t count)
{
	struct deeds *deeds = self;

	(void)count;
	mem_replace(&deeds->option, items[0].value);
	ask_first(deeds);
}

static void choose_fate(struct deeds *deeds)
{
	picker_items items = { 0 };
	char *title = mem_printf(_("Remove %s: what becomes of its lists?"), deeds->name);

	for (size_t i = 0; i < sizeof fates / sizeof *fates; i++)
		picker_add(&items, fates[i].option, _(fates[i].choice), NULL);
	picker_fill(picker_open(deeds->layer->console, &(struct picker_options){ .title = title, .chosen = fate_chosen, .self = deeds }), &items, NULL);
	mem_free(title);
}

/* Whoever signs has read it, and may say more. */
static void ask_note(struct deeds *deeds)
{
	char *title = mem_printf(_("Sign revision %s of %s"), deeds->name, deeds->dataflow);

	mem_replace(&deeds->option, "note");
	prompt_open(deeds->layer->console, &(struct prompt_options){ .title = title, .label = _("You have read it and stand for it. Note (may stay empty):"), .text = "",
		.enter = _("sign"), .given = value_given, .self = deeds });
	mem_free(title);
}

static bool alert_is_enabled(const struct deeds *deeds)
{
	struct alert alert;
	bool enabled = app_alert_show(console_app(deeds->layer->console), deeds->name, &alert, NULL) == STATUS_OK && alert.enabled;

	alert_done(&alert);
	return enabled;
}

/* Enable and disable are one key: whether it is enabled says which. */
static bool is_enabled(const struct deeds *deeds)
{
	struct dataflow dataflow;
	bool enabled = app_dataflow_show(console_app(deeds->layer->console), deeds->name, &dataflow, NULL) == STATUS_OK && dataflow.enabled;

	dataflow_done(&dataflow);
	return enabled;
}

/* So are pausing and going on. */
static bool is_paused(const struct deeds *deeds)
{
	run_list runs = { 0 };
	bool paused = app_runs(console_app(deeds->layer->console), deeds->name, &runs, NULL) == STATUS_OK && runs.count && runs.at[0].state == RUN_PAUSED;

	run_list_done(&runs);
	return paused;
}

static const struct deed *find(enum action action, enum browse_id which)
{
	for (size_t i = 0; i < sizeof deeds_table / sizeof *deeds_table; i++)
		if (deeds_table[i].action == action && (deeds_table[i].kinds & OF(which)))
			return &deeds_table[i];
	return NULL;
}

bool deeds_do(struct deeds *deeds, enum action action, enum browse_id which, const char *name, const char *dataflow)
{
	const struct deed *deed = find(action, which);

	if (!deed || deeds->ask)
		return deed != NULL;
	deeds->deed = deed;
	deeds->which = which;
	mem_replace(&deeds->name, name);
	mem_replace(&deeds->dataflow, dataflow);
	mem_replace(&deeds->option, NULL);
	if ((action == ACT_SWITCH && (which == BROWSE_ALERTS ? alert_is_enabled(deeds) : is_enabled(deeds))) || (action == ACT_PAUSE && is_paused(deeds)))
		deeds->deed++; /* disable stands behind enable, and going on behind pausing */
	if (action == ACT_SIGN)
		ask_note(deeds);
	else if (action == ACT_CHANGE)
		choose_option(deeds);
	else if (action == ACT_REMOVE && which == BROWSE_DATAFLOWS)
		choose_fate(deeds);
	else if (deed->question)
		ask_first(deeds);
	else
		perform(deeds);
	return true;
}

/* Is it this deed's command: the same words, or those and options behind them? */
static bool is_of(const struct deed *deed, const char *name)
{
	struct str words = { 0 };
	size_t length = strlen(name);
	bool same;

	for (size_t i = 0; i < sizeof deed->words / sizeof *deed->words && deed->words[i]; i++)
		str_add_format(&words, "%s%s", i ? " " : "", deed->words[i]);
	same = strncmp(str_text(&words), name, length) == 0 && (words.length == length || strncmp(str_text(&words) + length, " --", 3) == 0);
	str_done(&words);
	return same;
}

bool deeds_reach(enum use_case use)
{
	for (size_t i = 0; i < sizeof deeds_table / sizeof *deeds_table; i++)
		if (is_of(&deeds_table[i], use_cases[use].name))
			return true;
	return false;
}

bool deeds_has(enum action action, enum browse_id which)
{
	return find(action, which) != NULL;
}

/* Do the deed's words stand in the command, in their order, the first one at its beginning? */
static bool fits(const struct deed *deed, const char *command)
{
	const char *at = command;

	for (size_t i = 0; i < sizeof deed->words / sizeof *deed->words && deed->words[i]; i++) {
		size_t length = strlen(deed->words[i]);

		while (i && (at = strstr(at, deed->words[i])) && (at[-1] != ' ' || (at[length] && at[length] != ' ')))
			at++;
		if (!at || strncmp(at, deed->words[i], length) != 0 || (at[length] && at[length] != ' '))
			return false;
		at += length;
	}
	return true;
}

enum action deeds_named(const char *command, enum browse_id *which)
{
	const struct deed *best = NULL;
	size_t most = 0;

	for (size_t i = 0; i < sizeof deeds_table / sizeof *deeds_table; i++) {
		const struct deed *deed = &deeds_table[i];
		size_t words = 0;

		while (words < sizeof deed->words / sizeof *deed->words && deed->words[words])
			words++;
		if (words > most && fits(deed, command)) {
			best = deed;
			most = words;
		}
	}
	for (*which = (enum browse_id)0; best && !(best->kinds & OF(*which)); ++*which)
		;
	return best ? best->action : ACT_NONE;
}
