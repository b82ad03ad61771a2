#include "screens/actions.h"

#include "base/i18n.h"
#include "base/mem.h"

#include <stdio.h>
#include <string.h>

enum { KEYS = sizeof action_rows->keys / sizeof *action_rows->keys };

/* In the order of the hint line: what is used most comes first. The same key means the same wherever it works. */
struct action_row action_rows[] = {
	{ ACT_OPEN, { "Enter" }, AT_ROW, SCREEN_ONLY, N_("open"), N_("open, choose or go on with what has the focus") },
	{ ACT_OPEN, { "Enter" }, AT_FIELD, SCREEN_ONLY, N_("next field"), N_("go on to the next field; Tab does, too") },
	{ ACT_OPEN, { "Enter" }, AT_CHOICE, SCREEN_ONLY, N_("choose"), N_("choose what has the focus") },
	{ ACT_OPEN, { "Enter" }, AT_MIGRATE, "migrate apply, migrate compare, migrate finish", N_("do it"), N_("do what the step is for; what changes something asks first") },
	{ ACT_TOGGLE, { "Space" }, AT_CHECKS, "draft save", N_("tick"), N_("tick or untick the row") },
	{ ACT_TOGGLE, { "Space" }, AT_OPTION, "draft save", N_("next choice"), N_("take the next choice; Left and Right go to and fro") },
	{ ACT_LAUNCH, { "L" }, AT_REVIEW, "draft apply, run", N_("launch"), N_("launch the dataflow: what the plan says is what runs") },
	{ ACT_SAVE, { "s" }, AT_EDITING, "draft apply", N_("save"), N_("save the mapping as a new revision, after a question; until then nothing of it is in force") },
	{ ACT_ACCEPT, { "a" }, AT_MAPPING, "mapping suggest", N_("accept"), N_("accept the suggestion for this row") },
	{ ACT_ACCEPT_ALL, { "A" }, AT_MAPPING, "mapping suggest", N_("accept all"), N_("accept every suggestion that is sure enough") },
	{ ACT_ACCEPT_ALL, { "A" }, AT_MIGRATE, SCREEN_ONLY, NULL, N_("pick all, or none") },
	{ ACT_LIST, { "J" }, AT_DEEDS | AT_OBJECT, "lists", N_("lists"), N_("its static lists in Marketo; of a dataflow with how many members they have") },
	{ ACT_LIST, { "J" }, AT_AUDIENCES, "draft save", N_("list"), N_("choose the static list of this audience") },
	{ ACT_DATES, { "d" }, AT_AUDIENCES, "draft save", N_("dates"), N_("start and end date of this audience") },
	{ ACT_MODE, { "K" }, AT_MAPPING, "mapping set", N_("mode"), N_("how the field is sent: always, with new people only, cleared by a null too, or both") },
	{ ACT_PREVIEW, { "=" }, AT_MAPPING, "draft preview", N_("preview"), N_("what real profiles of the source would send: the next one with each press, then none") },
	{ ACT_MIGRATE, { "m" }, AT_V1, "migrate list", N_("migrate V1"), N_("bring the dataflows of V1 to V2") },
	{ ACT_MIGRATE, { "m" }, AT_HOME, "migrate list", NULL, N_("bring the dataflows of V1 to V2") },
	{ ACT_IMPORT, { "I" }, AT_MIGRATE, "migrate import", N_("import"), N_("import an export of the Flow Service") },
	{ ACT_SOURCE, { "B" }, AT_CHOOSING, "migrate plan", N_("source"), N_("where V2 reads its profiles") },
	{ ACT_PEOPLE, { "C" }, AT_CHOOSING, "migrate plan", N_("people"), N_("people who are not found: left out, or created") },
	{ ACT_LIST, { "J" }, AT_CHOOSING, "migrate plan", N_("lists"), N_("keep V1's lists, or make new ones") },
	{ ACT_FOLDER, { "F" }, AT_CHOOSING, "migrate plan", NULL, N_("the folder of new lists") },
	{ ACT_EMAIL, { "W" }, AT_CHOOSING, "migrate plan", NULL, N_("where the e-mail address stands, for dataflows that map none") },
	{ ACT_RUN, { "r" }, AT_DECIDING, "run", N_("run V2"), N_("run the V2 dataflow now") },
	{ ACT_UNDO, { "u" }, AT_MIGRATE, "migrate undo", N_("undo"), N_("take the migration back: V1 as it was, V2 gone") },
	{ ACT_NEW, { "n" }, AT_HOME, "destination create, dataflow create", N_("new"), N_("set up a new dataflow") },
	{ ACT_NEW, { "n" }, AT_ALERTS, "alert create", N_("new"), N_("add an alert: of what, from when on, whom to tell") },
	{ ACT_RUN, { "r" }, AT_FLOW, "run", N_("run"), N_("run the dataflow now") },
	{ ACT_TEST, { "t", "Ctrl-T" }, AT_CONNECT | AT_OBJECT, "account test, destination test", N_("test"), N_("test the connection: nothing is changed in Marketo") },
	{ ACT_TEST, { "t", "Ctrl-T" }, AT_ALERT, "alert test", N_("test"), N_("tell as if there were an incident, after a question") },
	{ ACT_PLAN, { "p" }, AT_REVIEW, "plan", N_("plan"), N_("plan again") },
	{ ACT_PLAN, { "p" }, AT_DEEDS, "run", N_("plan"), N_("dry run: what a run would do; nothing is sent") },
	{ ACT_WATCH, { "w" }, AT_DEEDS | AT_RAN, "run-show", N_("watch"), N_("watch its newest run") },
	{ ACT_WATCH, { "w" }, AT_HOME, "status", N_("monitor"), N_("watch all dataflows and instances at once") },
	{ ACT_VERIFY, { "v" }, AT_DEEDS, "verify", N_("verify"), N_("hold the lists' members in Marketo against the ledger") },
	{ ACT_REPAIR, { "V" }, AT_DEEDS, "verify --repair", NULL, N_("repair: add those who are missing from the lists again, after a question") },
	{ ACT_RESYNC, { "R" }, AT_DEEDS, "resync", NULL, N_("resync: send everything again, whatever the ledger says, after a question") },
	{ ACT_ADOPT, { "O" }, AT_DEEDS, "adopt", NULL, N_("adopt: take the members of its lists into the ledger, after a question") },
	{ ACT_SWITCH, { "z" }, AT_DEEDS, "dataflow enable, dataflow disable", N_("on/off"), N_("enable or disable the dataflow: disabled it does not run; the same key takes it back") },
	{ ACT_SWITCH, { "z" }, AT_ALERT, "alert update", N_("on/off"), N_("let the alert tell, or keep it from telling; the same key takes it back") },
	{ ACT_RETRY, { "T" }, AT_RAN, "retry", N_("retry"), N_("send once more what failed in this run, after a question") },
	{ ACT_HISTORY, { "H" }, AT_DEEDS, "mapping revisions", NULL, N_("history of its mapping: who changed and who signed what when; Enter shows the difference") },
	{ ACT_EDIT, { "+" }, AT_REVISION, "mapping set, mapping unset", N_("edit"), N_("edit the mapping; it is a draft until it is saved as a revision") },
	{ ACT_EDIT, { "+" }, AT_FLOW, "mapping set, mapping unset", NULL, N_("edit its mapping; it is a draft until it is saved as a revision") },
	{ ACT_SIGN, { "N" }, AT_REVISION, "mapping sign", N_("sign"), N_("sign this revision: you have read it and stand for it") },
	{ ACT_DIFF, { "-" }, AT_LAUNCHED, "mapping diff", NULL, N_("what differs between its mapping and the one that was launched last, and who changed it when") },
	{ ACT_SORT, { "b" }, AT_BROWSE, SCREEN_ONLY, NULL, N_("sort by the next column; behind the last one as it came") },
	{ ACT_SIGN, { "N" }, AT_REVIEW, "mapping sign", NULL, N_("sign the mapping where the destination requires it: you have read it and stand for it") },
	{ ACT_CHANGE, { "c" }, AT_CHANGE, "dataflow update, destination update, account update, alert update", N_("change"), N_("change one of its settings") },
	{ ACT_UNMASK, { "i" }, AT_PEOPLE, SCREEN_ONLY, N_("who"), N_("show who people are, or mask them again") },
	{ ACT_SAVE, { "s" }, AT_REVIEW, "draft apply", N_("save"), N_("save the dataflow without launching it") },
	{ ACT_FAILURES, { "f" }, AT_MONITOR | AT_RAN, "failures", N_("failures"), N_("who was excluded or failed, and why") },
	{ ACT_STOP, { "S" }, AT_MONITOR | AT_DEEDS, "stop", N_("stop"), N_("stop the run: calls under way end, the next run goes on from there") },
	{ ACT_PAUSE, { "P" }, AT_MONITOR | AT_DEEDS, "pause, resume", N_("pause"), N_("let the run send nothing for the time being, or go on") },
	{ ACT_REMOVE, { "x" }, AT_MAPPING, "mapping unset", N_("remove"), N_("remove the row; what is more than a row after a question") },
	{ ACT_REMOVE, { "x" }, AT_DRAFT | AT_FLOW | AT_OBJECT | AT_ALERT, "draft delete, dataflow delete, destination delete, account delete, alert delete",
		N_("remove"), N_("remove the row; what is more than a row after a question") },
	{ ACT_COPY, { "y" }, AT_STEP | AT_BROWSE | AT_MIGRATE | AT_POPUP, SCREEN_ONLY, NULL, N_("copy the row, or the command, to the terminal's clipboard (OSC 52)") },
	{ ACT_UNDO, { "u" }, AT_STEP, "draft undo", N_("undo"), N_("take the last edit of this draft back: as often as there is one, also after days") },
	{ ACT_REDO, { "U" }, AT_STEP, "draft redo", NULL, N_("redo: put the edit taken back last in force again") },
	{ ACT_FILTER, { "/" }, AT_LIST, SCREEN_ONLY, N_("filter"), N_("show only what fits: a|b either, !a without, ~a with gaps; in tables also state=failed, a & b both") },
	{ ACT_NEXT_PROBLEM, { "e" }, AT_MAPPING | AT_REVIEW, SCREEN_ONLY, N_("next error"), N_("go to the next problem") },
	{ ACT_LAST_PROBLEM, { "E" }, AT_MAPPING | AT_REVIEW, SCREEN_ONLY, NULL, N_("go to the problem before") },
	{ ACT_NEXT, { "]", "Ctrl-N" }, AT_STEP | AT_MIGRATE, SCREEN_ONLY, N_("next"), N_("to the next step") },
	{ ACT_BACK, { "[" }, AT_STEP | AT_MIGRATE, SCREEN_ONLY, N_("back"), N_("to the step before; nothing is lost") },
	{ ACT_FETCH, { "Ctrl-R" }, AT_STEP, "fields, source check", NULL, N_("ask again: Marketo, the source or the store") },
	{ ACT_FETCH, { "Ctrl-R" }, AT_HOME | AT_MONITOR | AT_BROWSE | AT_MIGRATE, "status", NULL, N_("ask again: Marketo, the source or the store") },
	{ ACT_ERRORS, { "!" }, AT_HOME | AT_STEP | AT_MONITOR | AT_BROWSE | AT_MIGRATE, SCREEN_ONLY, NULL, N_("the last errors, whole") },
	{ ACT_BROWSE, { "o" }, AT_HOME, "status", N_("tables"), N_("tables of everything: dataflows, destinations, accounts, runs, failures, lists, who changed what, alerts") },
	{ ACT_DUMP, { "D" }, AT_HOME | AT_STEP | AT_MONITOR | AT_BROWSE | AT_MIGRATE, SCREEN_ONLY, NULL, N_("write this screen to a file as text") },
	{ ACT_MOUSE, { "M" }, AT_HOME | AT_STEP | AT_MONITOR | AT_BROWSE | AT_MIGRATE, SCREEN_ONLY, NULL, N_("use the mouse, or leave it to the terminal, whose selection works then") },
	{ ACT_PALETTE, { ":", "Ctrl-P" }, AT_HOME | AT_STEP | AT_MONITOR | AT_BROWSE | AT_MIGRATE, SCREEN_ONLY,
		N_("commands"), N_("find anything that can be done, and any place, by typing a part of its name") },
	{ ACT_ESCAPE, { "Esc" }, AT_HOME | AT_STEP | AT_MONITOR | AT_BROWSE | AT_MIGRATE, SCREEN_ONLY, NULL, N_("end one thing: a question, a filter, typing, the message") },
	{ ACT_ESCAPE, { "Esc" }, AT_POPUP, SCREEN_ONLY, N_("close"), N_("close this window; nothing is changed") },
	{ ACT_LEAVE, { "q" }, AT_HOME | AT_STEP | AT_MONITOR | AT_BROWSE | AT_MIGRATE | AT_POPUP, SCREEN_ONLY, N_("leave"), N_("leave; drafts are saved, runs go on") },
	{ ACT_HELP, { "?", "F1" }, AT_HOME | AT_STEP | AT_MONITOR | AT_BROWSE | AT_MIGRATE | AT_POPUP, SCREEN_ONLY, N_("help"), N_("all keys that work here") },
};
const size_t action_row_count = sizeof action_rows / sizeof *action_rows;

static bool is_character(const struct press *press)
{
	return press->kind == PRESS_CHARACTER;
}

static bool is_typed(const char *key)
{
	struct press press;

	return press_parse(key, &press) && is_character(&press);
}

enum action action_of(const struct press *press, unsigned where, bool typing)
{
	if (typing && is_character(press))
		return ACT_NONE;
	for (size_t i = 0; i < action_row_count; i++) {
		const struct action_row *row = &action_rows[i];

		for (size_t k = 0; (row->where & where) && k < KEYS && row->keys[k]; k++) {
			struct press wanted;

			if (press_parse(row->keys[k], &wanted) && press_same(press, &wanted))
				return row->action;
		}
	}
	return ACT_NONE;
}

const char *action_key(const struct action_row *row, bool typing)
{
	for (size_t k = 0; k < KEYS && row->keys[k]; k++)
		if (!typing || !is_typed(row->keys[k]))
			return row->keys[k];
	return NULL;
}

static const char *const names[ACTIONS] = {
	[ACT_OPEN] = "open", [ACT_TOGGLE] = "tick", [ACT_NEW] = "new", [ACT_RUN] = "run", [ACT_STOP] = "stop", [ACT_REMOVE] = "remove", [ACT_TEST] = "test",
	[ACT_NEXT] = "next", [ACT_BACK] = "back", [ACT_FILTER] = "filter", [ACT_EDIT] = "edit", [ACT_ACCEPT] = "accept", [ACT_ACCEPT_ALL] = "accept-all", [ACT_NEXT_PROBLEM] = "next-problem",
	[ACT_LAST_PROBLEM] = "last-problem", [ACT_LIST] = "list", [ACT_DATES] = "dates", [ACT_MODE] = "mode", [ACT_PLAN] = "plan", [ACT_LAUNCH] = "launch", [ACT_SAVE] = "save",
	[ACT_FETCH] = "fetch", [ACT_FAILURES] = "failures", [ACT_ERRORS] = "errors", [ACT_COPY] = "copy", [ACT_DUMP] = "dump", [ACT_MOUSE] = "mouse", [ACT_UNDO] = "undo",
	[ACT_REDO] = "redo", [ACT_PALETTE] = "palette", [ACT_BROWSE] = "tables", [ACT_WATCH] = "watch", [ACT_UNMASK] = "who",
	[ACT_PREVIEW] = "preview", [ACT_VERIFY] = "verify", [ACT_PAUSE] = "pause",
	[ACT_REPAIR] = "repair", [ACT_RESYNC] = "resync", [ACT_ADOPT] = "adopt", [ACT_RETRY] = "retry", [ACT_SWITCH] = "switch",
	[ACT_CHANGE] = "change", [ACT_MIGRATE] = "migrate", [ACT_IMPORT] = "import", [ACT_SOURCE] = "source", [ACT_PEOPLE] = "people",
	[ACT_FOLDER] = "folder", [ACT_EMAIL] = "email", [ACT_HISTORY] = "history", [ACT_SIGN] = "sign", [ACT_DIFF] = "diff", [ACT_SORT] = "sort",
	[ACT_ESCAPE] = "escape", [ACT_LEAVE] = "leave", [ACT_HELP] = "help",
};

const char *action_name(enum action action)
{
	return names[action];
}

/* Where remapped keys are kept: a row only points. */
static char own_keys[ACTIONS][KEYS][PRESS_NAME];

static enum action named(const char *name)
{
	for (int i = 0; i < ACTIONS; i++)
		if (names[i] && strcmp(names[i], name) == 0)
			return (enum action)i;
	return ACT_NONE;
}

/* Flow control, what multiplexers take, what every list moves by, and what ends or opens everything. */
static bool is_kept(const struct press *press)
{
	if (press->kind == PRESS_CONTROL)
		return strchr("sqabczl", (int)press->point) != NULL;
	return press->kind == PRESS_CHARACTER ? press_twin(press).kind != PRESS_CHARACTER : press->kind != PRESS_DELETE && press->kind != PRESS_F1;
}

/* Who else has the key; NONE: nobody. */
static enum action owner_of(const struct press *press, enum action but)
{
	for (size_t i = 0; i < action_row_count; i++)
		for (size_t k = 0; action_rows[i].action != but && k < KEYS && action_rows[i].keys[k]; k++) {
			struct press taken;

			if (press_parse(action_rows[i].keys[k], &taken) && press_same(press, &taken))
				return action_rows[i].action;
		}
	return ACT_NONE;
}

/* Why it cannot be the action's key, or NULL. Free with mem_free. */
static char *refuse_key(const char *key, enum action action)
{
	struct press press;
	enum action owner;

	if (!press_parse(key, &press))
		return mem_printf(_("\"%s\" is no key"), key);
	if (is_kept(&press))
		return mem_printf(_("%s is kept for something else"), key);
	owner = owner_of(&press, action);
	return owner ? mem_printf(_("%s cannot be %s: it is %s"), key, names[action], names[owner]) : NULL;
}

char *action_remap(const char *name, const char *text)
{
	enum action action = named(name);
	char *copy = mem_strdup(text), *rest = copy, *why = NULL;
	const char *keys[KEYS] = { NULL };
	size_t count = 0;

	if (action == ACT_NONE || action == ACT_OPEN || action == ACT_ESCAPE)
		why = mem_printf(action ? _("the key of %s is fixed") : _("there is no action \"%s\""), name);
	for (char *key = strsep(&rest, " "); !why && key; key = strsep(&rest, " ")) {
		if (!*key)
			continue;
		why = count == KEYS ? mem_printf(_("%s has two keys at most"), name) : refuse_key(key, action);
		if (!why)
			keys[count++] = key;
	}
	for (size_t k = 0; !why && k < KEYS; k++)
		snprintf(own_keys[action][k], PRESS_NAME, "%s", keys[k] ? keys[k] : "");
	for (size_t i = 0; !why && i < action_row_count; i++)
		for (size_t k = 0; action_rows[i].action == action && k < KEYS; k++)
			action_rows[i].keys[k] = keys[k] ? own_keys[action][k] : NULL;
	mem_free(copy);
	return why;
}
