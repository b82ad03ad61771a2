#include "screens/actions.h"

#include "base/i18n.h"

/* In the order of the hint line: what is used most comes first. The same key means the same wherever it works. */
const struct action_row action_rows[] = {
	{ ACT_OPEN, { "Enter" }, AT_ROW, N_("open"), N_("open, choose or go on with what has the focus") },
	{ ACT_OPEN, { "Enter" }, AT_FIELD, N_("next field"), N_("go on to the next field; Tab does, too") },
	{ ACT_OPEN, { "Enter" }, AT_CHOICE, N_("choose"), N_("choose what has the focus") },
	{ ACT_TOGGLE, { "Space" }, AT_CHECKS, N_("tick"), N_("tick or untick the row") },
	{ ACT_LAUNCH, { "L" }, AT_REVIEW, N_("launch"), N_("launch the dataflow: what the plan says is what runs") },
	{ ACT_ACCEPT, { "a" }, AT_MAPPING, N_("accept"), N_("accept the suggestion for this row") },
	{ ACT_ACCEPT_ALL, { "A" }, AT_MAPPING, N_("accept all"), N_("accept every suggestion") },
	{ ACT_LIST, { "l" }, AT_AUDIENCES, N_("list"), N_("choose the static list of this audience") },
	{ ACT_DATES, { "d" }, AT_AUDIENCES, N_("dates"), N_("start and end date of this audience") },
	{ ACT_MODE, { "m" }, AT_MAPPING, N_("mode"), N_("how the field is sent: always, with new people only, or cleared by an empty value too") },
	{ ACT_NEW, { "n" }, AT_HOME, N_("new"), N_("set up a new dataflow") },
	{ ACT_RUN, { "r" }, AT_FLOW, N_("run"), N_("run the dataflow now") },
	{ ACT_TEST, { "t", "Ctrl-T" }, AT_CONNECT, N_("test"), N_("test the connection: nothing is changed in Marketo") },
	{ ACT_PLAN, { "p" }, AT_REVIEW, N_("plan"), N_("plan again") },
	{ ACT_SAVE, { "s" }, AT_REVIEW, N_("save"), N_("save the dataflow without launching it") },
	{ ACT_FAILURES, { "f" }, AT_MONITOR, N_("failures"), N_("who was excluded or failed, and why") },
	{ ACT_STOP, { "S" }, AT_MONITOR, N_("stop"), N_("stop the run: calls under way end, the next run goes on from there") },
	{ ACT_REMOVE, { "x" }, AT_MAPPING | AT_DRAFT | AT_FLOW, N_("remove"), N_("remove the row; of a draft or a dataflow after a question") },
	{ ACT_FILTER, { "/" }, AT_LIST, N_("filter"), N_("show only what fits: a|b either, !a without, ~a with gaps") },
	{ ACT_NEXT_PROBLEM, { "e" }, AT_MAPPING | AT_REVIEW, N_("next error"), N_("go to the next problem") },
	{ ACT_LAST_PROBLEM, { "E" }, AT_MAPPING | AT_REVIEW, NULL, N_("go to the problem before") },
	{ ACT_NEXT, { "]", "Ctrl-N" }, AT_STEP, N_("next"), N_("to the next step") },
	{ ACT_BACK, { "[" }, AT_STEP, N_("back"), N_("to the step before; nothing is lost") },
	{ ACT_FETCH, { "Ctrl-R" }, AT_STEP | AT_HOME | AT_MONITOR, NULL, N_("ask again: Marketo, the source or the store") },
	{ ACT_ERRORS, { "!" }, AT_HOME | AT_STEP | AT_MONITOR, NULL, N_("the last errors, whole") },
	{ ACT_ESCAPE, { "Esc" }, AT_STEP, NULL, N_("end one thing: a question under way, a filter, typing") },
	{ ACT_ESCAPE, { "Esc" }, AT_POPUP, N_("close"), N_("close this window; nothing is changed") },
	{ ACT_LEAVE, { "q" }, AT_HOME | AT_STEP | AT_MONITOR | AT_POPUP, N_("leave"), N_("leave; drafts are saved, runs go on") },
	{ ACT_HELP, { "?", "F1" }, AT_HOME | AT_STEP | AT_MONITOR | AT_POPUP, N_("help"), N_("all keys that work here") },
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

		for (size_t k = 0; (row->where & where) && k < sizeof row->keys / sizeof *row->keys && row->keys[k]; k++) {
			struct press wanted;

			if (press_parse(row->keys[k], &wanted) && press_same(press, &wanted))
				return row->action;
		}
	}
	return ACT_NONE;
}

const char *action_key(const struct action_row *row, bool typing)
{
	for (size_t k = 0; k < sizeof row->keys / sizeof *row->keys && row->keys[k]; k++)
		if (!typing || !is_typed(row->keys[k]))
			return row->keys[k];
	return NULL;
}
