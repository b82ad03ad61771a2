/* Step 6: all choices, problems with a jump to each, and the plan: what was reviewed is what runs. */
#include "app/accounts.h"
#include "app/runs.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "model/run.h"
#include "screens/answers.h"
#include "screens/monitor.h"
#include "screens/wizard.h"
#include "screens/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct step_kind *const steps[STEP_REVIEW] = { &step_connect, &step_details, &step_governance, &step_audiences, &step_mapping };

enum { TYPED_FROM = 1000, SAMPLE_TEXT = 8 };

static void collect(struct wizard *wizard)
{
	problem_list_done(&wizard->problems);
	for (int i = 0; i < STEP_REVIEW; i++)
		steps[i]->problems(wizard, &wizard->problems);
	if (sign_off_is_missing(wizard)) {
		char *text = mem_printf(_("nobody has signed revision %" PRId64 ", and the destination requires it: N signs it"), wizard->sign_off.revision);

		problem_add(&wizard->problems, STEP_MAPPING, false, 0, text);
		mem_free(text);
	}
	/* Values that do not fit have been counted on the step Mapping, where that was open. */
	for (size_t i = 0; i < wizard->plan.reasons.count; i++)
		if (wizard->plan.reasons.at[i].step != STEP_REVIEW && !(wizard->plan.reasons.at[i].step == STEP_MAPPING && wizard->survey.rows.count))
			problem_add(&wizard->problems, wizard->plan.reasons.at[i].step, false, 0, wizard->plan.reasons.at[i].text);
}

size_t review_errors(const struct wizard *wizard)
{
	size_t count = 0;

	for (size_t i = 0; i < wizard->problems.count; i++)
		count += wizard->problems.at[i].error;
	return count;
}

static void forget_plan(struct wizard *wizard)
{
	for (size_t i = 0; i < wizard->plan.reasons.count; i++)
		mem_free(wizard->plan.reasons.at[i].text);
	vec_done(&wizard->plan.reasons);
	wizard->plan = (struct plan_view){ 0 };
}

/* The step where it can be done something about; STEP_REVIEW: a rule does what it is there for, or the step has said it already. */
static enum step step_of(const struct json *reason)
{
	const char *code = json_get_string(reason, "code"), *severity = json_get_string(reason, "severity");

	if (!code || !severity || strcmp(severity, severity_text(SEVERITY_EXCLUDED)) == 0 || strcmp(code, "policy") == 0)
		return STEP_REVIEW;
	return strcmp(code, "mass_removal") == 0 || strcmp(code, "consent_withdrawn") == 0 ? STEP_AUDIENCES : STEP_MAPPING;
}

static void read_plan(struct wizard *wizard, const struct json *plan)
{
	const struct json *sample = json_get(plan, "sample");

	forget_plan(wizard);
	wizard->plan = (struct plan_view){
		.known = true,
		.id = answer_number(plan, "id"),
		.received = answer_number(plan, "received"),
		.fresh = answer_number(plan, "new"),
		.changed = answer_number(plan, "changed"),
		.unchanged = answer_number(plan, "unchanged"),
		.exited = answer_number(plan, "exited"),
		.excluded = answer_number(plan, "excluded"),
		.bad_lines = answer_number(plan, "bad_lines"),
		.calls = answer_number(plan, "calls_estimate"),
		.seconds = answer_number(plan, "seconds_estimate"),
		.quota_used = answer_number(plan, "quota_used"),
		.quota_limit = answer_number(plan, "quota_limit"),
		.sample = answer_number(sample, "people"),
		.found = answer_number(sample, "found"),
	};
	for (const struct json *one = json_first(json_get(plan, "reasons")); one; one = json_next(one)) {
		const char *message = json_get_string(one, "message");
		char count[32];
		struct problem reason = { .step = step_of(one), .text = mem_printf("%s: %s", number_text(answer_number(one, "count"), count), message ? message : "") };

		vec_push(&wizard->plan.reasons, reason);
	}
}

/* What only applying and planning find out, and the step that mends it: a problem like those of the steps, with a jump. */
static const struct {
	const char *code;
	enum step step;
	const char *what_to_do; /* N_() in the words of the console; NULL: the message says it */
} findings[] = {
	{ "list_name_taken", STEP_AUDIENCES, N_("with J on the audience choose that list, or type another name") },
	{ "list_not_found", STEP_AUDIENCES, N_("with J on the audience choose another list") },
	{ "list_name", STEP_AUDIENCES, N_("with J on the audience choose a list, or type a name") },
	{ "shared_list", STEP_AUDIENCES, N_("with J give each audience a list of its own") },
	{ "ambiguous_audience", STEP_AUDIENCES, NULL },
	{ "late_audience_name", STEP_AUDIENCES, NULL },
	{ "empty_source", STEP_AUDIENCES, N_("name another source") },
	{ "list_folder", STEP_DETAILS, N_("choose a list folder that is there, or only lists that exist") },
	{ "mapping", STEP_MAPPING, NULL },
	/* Making a destination and a dataflow of the draft blames a field of the draft. */
	{ "account", STEP_CONNECT, NULL },
	{ "name", STEP_DETAILS, NULL },
	{ "description", STEP_DETAILS, NULL },
	{ "person_creation", STEP_DETAILS, NULL },
	{ "sync_type", STEP_DETAILS, NULL },
	{ "dedupe", STEP_DETAILS, NULL },
	{ "workspace", STEP_DETAILS, NULL },
	{ "partition", STEP_DETAILS, NULL },
	{ "marketing_actions", STEP_GOVERNANCE, NULL },
	{ "source", STEP_AUDIENCES, NULL },
	{ "start", STEP_AUDIENCES, NULL },
	{ "end", STEP_AUDIENCES, NULL },
	{ "every", STEP_AUDIENCES, NULL },
	{ "at", STEP_AUDIENCES, NULL },
	{ "consent", STEP_AUDIENCES, NULL },
	{ "audiences", STEP_AUDIENCES, NULL },
};

static void add_finding(struct wizard *wizard)
{
	const struct error *err = &wizard->planning.error;

	for (size_t i = 0; i < sizeof findings / sizeof *findings; i++) {
		char *text;

		if (strcmp(findings[i].code, err->code) != 0)
			continue;
		text = findings[i].what_to_do ? mem_printf("%s: %s", err->message, _(findings[i].what_to_do)) : mem_strdup(err->message);
		problem_add(&wizard->problems, findings[i].step, true, 0, text);
		mem_free(text);
		wizard->cursor.at = STEP_REVIEW + wizard->problems.count - 1;
		/* The error's own hint speaks of commands. */
		console_say(wizard->layer.console, ROLE_BAD, _("%s There is no plan: Enter opens the step where this is mended, ! shows the error whole."), glyph(GLYPH_BAD));
	}
}

static void planned(void *self, enum status status, const struct json *answer, const struct error *err)
{
	struct wizard *wizard = self;

	question_end(wizard, &wizard->planning, err);
	if (status == STATUS_OK) {
		read_plan(wizard, json_get(answer, "plan"));
		collect(wizard);
	} else {
		console_error(wizard->layer.console, err);
		add_finding(wizard);
	}
	console_redraw(wizard->layer.console);
}

static void plan_progress(void *self, const struct json *line)
{
	struct wizard *wizard = self;
	const struct json *progress = json_get(line, "progress");
	const char *phase = json_get_string(progress, "phase");
	bool reading = phase && strcmp(phase, "reading") == 0;

	wizard->planning.done = reading ? answer_number(progress, "done") : 0;
	wizard->planning.total = reading ? answer_number(progress, "total") : 0;
}

/* The draft becomes a destination and a dataflow (disabled), of which a plan is made that can run later. */
static void plan(struct wizard *wizard)
{
	const char *const words[] = { "plan", "--sample", "300", "--", draft_get(&wizard->draft, DRAFT_NAME), NULL };
	struct error err = { 0 };

	forget_plan(wizard);
	error_clear(&wizard->planning.error);
	collect(wizard);
	if (review_errors(wizard))
		return;
	if (app_draft_apply(console_app(wizard->layer.console), &wizard->draft, &err) != STATUS_OK) {
		wizard->planning.error = err;
		console_error(wizard->layer.console, &err);
		add_finding(wizard);
		return;
	}
	sign_off_look(wizard);
	collect(wizard);
	question_ask(wizard, &wizard->planning, words, planned, plan_progress);
}

static void begin(struct wizard *wizard)
{
	wizard->cursor = (struct cursor){ 0 };
	wizard_want_report(wizard);
	plan(wizard);
}

static void end(struct wizard *wizard)
{
	question_give_up(&wizard->planning);
}

static void jump(struct wizard *wizard)
{
	size_t at = wizard->cursor.at;
	int field = 0;
	enum step step = at < STEP_REVIEW ? (enum step)at : STEP_REVIEW;

	if (at >= STEP_REVIEW && at - STEP_REVIEW < wizard->problems.count) {
		step = wizard->problems.at[at - STEP_REVIEW].step;
		field = wizard->problems.at[at - STEP_REVIEW].field;
	}
	if (step == STEP_REVIEW)
		return;
	wizard_go(wizard, step);
	if (!field)
		return;
	wizard->in_list = false;
	form_focus(&wizard->form, field);
}

/* A plan made elsewhere takes the place of the one that was read here. */
static bool plan_is_there(const struct wizard *wizard)
{
	struct run run;
	bool there = app_run_show(console_app(wizard->layer.console), wizard->plan.id, &run, NULL) == STATUS_OK;

	run_done(&run);
	return there;
}

static void launched(struct wizard *wizard, bool run)
{
	struct console *console = wizard->layer.console;
	char *name = mem_strdup(draft_get(&wizard->draft, DRAFT_NAME));
	int64_t plan_id = wizard->plan.id;
	struct error err = { 0 };

	if (run && !plan_is_there(wizard)) {
		console_say(console, ROLE_WARNING, _("%s Nothing was launched: another plan of this dataflow was made meanwhile. It is planned anew."), glyph(GLYPH_WARNING));
		plan(wizard);
		mem_free(name);
		return;
	}
	if (app_draft_finish(console_app(console), &wizard->draft, &err) != STATUS_OK) {
		console_error(console, &err);
	} else {
		console_pop(console, &wizard->layer);
		if (run)
			console_push(console, monitor_launch(console, name, plan_id));
		else
			console_say(console, ROLE_GOOD, _("%s The dataflow %s is saved; r on it runs it."), glyph(GLYPH_GOOD), name);
	}
	mem_free(name);
}

static void answered_launch(void *self, size_t button)
{
	if (button == 0)
		launched(self, true);
}

static void answered_save(void *self, size_t button)
{
	if (button == 0)
		launched(self, false);
}

/* Its name, with the environment where one is told. Free with mem_free. */
static char *account_words(const struct wizard *wizard)
{
	const char *name = draft_get(&wizard->draft, DRAFT_ACCOUNT);
	struct account account;
	char *words = NULL;

	if (app_account_show(console_app(wizard->layer.console), name, &account, NULL) == STATUS_OK && account.environment && *account.environment)
		words = mem_printf("%s (%s)", name, account.environment);
	account_done(&account);
	return words ? words : mem_strdup(name);
}

static void ask_launch(struct wizard *wizard)
{
	const struct plan_view *plan = &wizard->plan;
	const char *const buttons[] = { _("Launch"), _("Cancel"), NULL };
	const char *name = draft_get(&wizard->draft, DRAFT_NAME);
	int64_t changes = plan->fresh + plan->changed + plan->exited;
	bool creates = strcmp(draft_get(&wizard->draft, DRAFT_PERSON_CREATION), "match-and-create") == 0;
	char new[32], changed[32], exited[32], *text, *account = account_words(wizard);

	text = mem_printf(_("Launch %s into the account %s: %s records new to the lists, %s changed, %s leaving; about %" PRId64 " calls. %s%s %s"), name,
		account, number_text(plan->fresh, new), number_text(plan->changed, changed), number_text(plan->exited, exited), plan->calls,
		creates ? _("People who are missing are created: that cannot be undone here.") : _("Nobody is created; members can be removed again."),
		flow_rules_repeat(&wizard->draft) ? _(" After that the daemon runs it by its schedule.") : "", changes > TYPED_FROM ? _("Type the name to launch:") : "");
	dialog_open(wizard->layer.console, &(struct dialog_options){ .title = _("Launch"), .text = text, .buttons = buttons, .typed = changes > TYPED_FROM ? name : NULL,
		.chosen = answered_launch, .self = wizard });
	mem_free(account);
	mem_free(text);
}

static void ask_save(struct wizard *wizard)
{
	const char *const buttons[] = { _("Save"), _("Cancel"), NULL };
	const char *text = flow_rules_repeat(&wizard->draft) ? _("Save the destination and the dataflow, without running it here? It is enabled: the daemon, where there is one, begins "
		"with its schedule at once. It can be run, changed and removed later.") : _("Save the destination and the dataflow, without running it now? It is enabled, and can be "
		"run, changed and removed later.");

	dialog_open(wizard->layer.console, &(struct dialog_options){ .title = _("Save"), .text = text, .buttons = buttons, .chosen = answered_save, .self = wizard });
}

static void to_problem(struct wizard *wizard, bool back)
{
	size_t count = wizard->problems.count, at = wizard->cursor.at;

	if (!count)
		return;
	if (back)
		at = at > STEP_REVIEW ? at - 1 : STEP_REVIEW + count - 1;
	else
		at = at < STEP_REVIEW || at + 1 >= STEP_REVIEW + count ? STEP_REVIEW : at + 1;
	cursor_to(&wizard->cursor, at);
}

static bool act(struct wizard *wizard, enum action action)
{
	switch (action) {
	case ACT_OPEN:
		jump(wizard);
		return true;
	case ACT_PLAN:
	case ACT_FETCH:
		plan(wizard);
		return true;
	case ACT_LAUNCH:
		ask_launch(wizard);
		return true;
	case ACT_SIGN:
		sign_off_ask(wizard);
		return true;
	case ACT_SAVE:
		ask_save(wizard);
		return true;
	case ACT_NEXT_PROBLEM:
	case ACT_LAST_PROBLEM:
		to_problem(wizard, action == ACT_LAST_PROBLEM);
		return true;
	case ACT_NONE: /* the source, the fields or a signature or the fields have come, or have not */
		collect(wizard);
		add_finding(wizard);
		return true;
	default:
		return false;
	}
}

static const char *why_not(const struct wizard *wizard, enum action action)
{
	const char *refusal = console_refusal(wizard->layer.console, action == ACT_LAUNCH ? USE_RUN : USE_DRAFT_APPLY);

	if (action == ACT_SIGN)
		return sign_off_why_not(wizard);
	if (action != ACT_LAUNCH && action != ACT_SAVE)
		return NULL;
	if (refusal)
		return refusal;
	if (review_errors(wizard))
		return _("errors are left: e goes to the next, Enter opens its step");
	if (action == ACT_SAVE)
		return wizard->draft.dataflow_id ? NULL : _("the dataflow could not be made yet");
	if (sign_off_is_missing(wizard))
		return _("the mapping is not signed: N signs it, or somebody else does and p looks again");
	return wizard->plan.known && wizard->plan.id > 0 ? NULL : question_open(&wizard->planning) ? _("the plan is not ready yet") : _("there is no plan: p makes one");
}

static bool press(struct wizard *wizard, const struct press *press)
{
	return cursor_press(&wizard->cursor, press);
}

static bool typing(const struct wizard *wizard)
{
	(void)wizard;
	return false;
}

static void problems(struct wizard *wizard, problem_list *out)
{
	(void)wizard;
	(void)out;
}

const struct step_kind step_review = {
	.title = N_("Review & launch"),
	.long_title = N_("Review & launch: Enter opens the step behind a row"),
	.where = AT_REVIEW,
	.open = begin,
	.close = end,
	.draw = review_draw,
	.press = press,
	.act = act,
	.why_not = why_not,
	.typing = typing,
	.problems = problems,
};
