/* Step 4, the fields that become rules of the dataflow: when the daemon runs it, and where the source says who agrees. */
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "model/consent.h"
#include "model/schedule.h"
#include "screens/wizard.h"

#include <string.h>

/* In one form with those of the step itself. */
enum { RULE_RUNS = 10, RULE_EVERY, RULE_AT, RULE_CONSENT };

/* Kept where a duration was chosen and none is typed: an empty text would say that nobody wants one. */
#define UNSAID "every"

/* In this order what is read anew each time and what is posted have their fitting ones side by side. */
static const struct form_choice runs_choices[] = {
	{ "every", N_("every .."), N_("The daemon (`penstock daemon`) runs it again and again, from one start to the next; a start that was missed is made up for once.") },
	{ "", N_("when you run it"), N_("Only when somebody asks: r on its row, or `penstock run`.") },
	{ "always", N_("all the time"), N_("The daemon (`penstock daemon`) goes on with what comes: in a growing file, in a folder, or posted.") },
};
enum { CHOICES = sizeof runs_choices / sizeof *runs_choices };

static bool is_table(const struct wizard *wizard)
{
	return wizard->report_of && *wizard->report.format && strcmp(wizard->report.format, "http") != 0;
}

static bool is_posted(const struct wizard *wizard)
{
	return wizard->report_of && strcmp(wizard->report.format, "http") == 0;
}

/* The value of the choice that the draft has made. */
static const char *choice_of(const struct draft *draft)
{
	const char *every = draft_get(draft, DRAFT_EVERY);

	return strcmp(every, "always") == 0 ? "always" : *every && strcmp(every, "never") != 0 ? "every" : "";
}

/* Why it does not go with the source; NULL: it does, or the source is not known yet. */
static const char *misfit(const struct wizard *wizard)
{
	const char *choice = choice_of(&wizard->draft);

	if (is_posted(wizard) && strcmp(choice, "every") == 0)
		return _("what is posted is followed all the time, or read when you run it: choose one of these");
	if (is_table(wizard) && strcmp(choice, "always") == 0)
		return _("a table is a whole audience each time it is read, and not followed: choose how often it is");
	return NULL;
}

static const char *wrong_every(const char *every)
{
	struct schedule schedule = { .at_minute = -1 };

	return schedule_set(&schedule, every, NULL, NULL) == STATUS_OK && schedule.every_ms > 0 ? NULL : _("write 15m, 6h, 1d or 2w");
}

/* every: a good one. */
static const char *wrong_at(const char *every, const char *at)
{
	struct schedule day = { .at_minute = -1 }, wanted = { .at_minute = -1 };

	if (!*at)
		return NULL;
	if (schedule_set(&day, "1d", at, NULL) != STATUS_OK)
		return _("write it as HH:MM, 03:00 for example");
	return schedule_set(&wanted, every, at, NULL) == STATUS_OK ? NULL : _("an hour goes with whole days only: 1d or 7d, or leave it empty");
}

/* NULL: it is none, or a good one. Free with mem_free. */
static char *wrong_consent(const char *text)
{
	struct error err = { 0 };
	struct consent *consent = *text ? consent_parse(text, &err) : NULL;
	char *why = *text && !consent ? mem_printf(_("%s: write PATH or PATH=y,VI"), err.message) : NULL;

	consent_free(consent);
	return why;
}

/* Does the source say anything there? What is not known counts as such. */
static bool is_answered(const struct wizard *wizard, const char *text)
{
	struct consent *consent = consent_parse(text, NULL);
	char *inner = consent ? mem_printf("%s.val", path_text(consent_path(consent))) : NULL;
	bool found = !consent || !wizard->report_of || wizard->report.truncated || wizard->report.profiles <= 0;

	for (size_t i = 0; !found && i < wizard->report.attributes.count; i++) {
		const char *path = wizard->report.attributes.at[i].path;

		found = path && (strcmp(path, path_text(consent_path(consent))) == 0 || strcmp(path, inner) == 0);
	}
	mem_free(inner);
	consent_free(consent);
	return found;
}

/* Only what fits is offered; what was chosen before and does not fit stays to be seen, with the reason. */
static void show_choices(struct wizard *wizard)
{
	struct form_field *field = form_field(&wizard->form, RULE_RUNS);
	const char *why = misfit(wizard);
	size_t first = !why && is_posted(wizard), last = !why && is_table(wizard) ? CHOICES - 1 : CHOICES;

	field->choices = runs_choices + first;
	field->choice_count = last - first;
	form_choose(field, choice_of(&wizard->draft));
	form_problem(field, why);
}

static void show_fields(struct wizard *wizard)
{
	bool hidden = strcmp(choice_of(&wizard->draft), "every") != 0;

	form_field(&wizard->form, RULE_EVERY)->hidden = hidden;
	form_field(&wizard->form, RULE_AT)->hidden = hidden;
}

void flow_rules_show(struct wizard *wizard)
{
	show_choices(wizard);
	show_fields(wizard);
}

void flow_rules_add(struct wizard *wizard)
{
	const struct draft *draft = &wizard->draft;
	const char *every = strcmp(choice_of(draft), "every") == 0 ? draft_get(draft, DRAFT_EVERY) : "";
	struct form_field *field;

	form_add(&wizard->form, RULE_RUNS, FORM_CHOICE, N_("Runs"), "");
	field = form_add(&wizard->form, RULE_EVERY, FORM_TEXT, N_("Every"), strcmp(every, UNSAID) == 0 ? "" : every);
	field->help = N_("30s, 15m, 6h, 1d or 2w: from one start to the next");
	field = form_add(&wizard->form, RULE_AT, FORM_TEXT, N_("At"), draft_get(draft, DRAFT_AT));
	field->help = N_("HH:MM on this machine's clock, with whole days only (1d, 7d); empty: whenever the time has passed");
	field = form_add(&wizard->form, RULE_CONSENT, FORM_TEXT, N_("Consent path"), draft_get(draft, DRAFT_CONSENT));
	field->help = N_("Where the source says who agrees, consents.marketing.email or a column: who says no is left out; with =y,VI behind it only they are taken.");
	flow_rules_show(wizard);
}

void flow_rules_copy(struct wizard *wizard)
{
	struct form *form = &wizard->form;
	const char *choice = form_chosen(form_field(form, RULE_RUNS));
	char *consent = mem_strdup(form_text(form, RULE_CONSENT));
	bool repeats = strcmp(choice, "every") == 0;

	if (repeats)
		choice = *form_text(form, RULE_EVERY) ? form_text(form, RULE_EVERY) : UNSAID;
	draft_set(&wizard->draft, DRAFT_EVERY, choice);
	draft_set(&wizard->draft, DRAFT_AT, repeats ? form_text(form, RULE_AT) : "");
	draft_set(&wizard->draft, DRAFT_CONSENT, text_trim(consent));
	mem_free(consent);
}

void flow_rules_changed(struct wizard *wizard, const struct form_field *field)
{
	struct form_field *every = form_field(&wizard->form, RULE_EVERY);

	if (field->id != RULE_RUNS)
		return;
	if (strcmp(form_chosen(field), "every") == 0 && !every->editor.text.length)
		form_propose(every, "1d");
	flow_rules_copy(wizard);
	flow_rules_show(wizard);
	wizard_save(wizard);
}

bool flow_rules_left(struct wizard *wizard, struct form_field *field)
{
	const struct draft *draft = &wizard->draft;
	char *why = NULL;

	if (field->id == RULE_EVERY)
		form_problem(field, wrong_every(draft_get(draft, DRAFT_EVERY)));
	/* Another rhythm may have no use for the hour, or again. */
	if (field->id == RULE_AT || field->id == RULE_EVERY)
		form_problem(form_field(&wizard->form, RULE_AT), wrong_every(draft_get(draft, DRAFT_EVERY)) ? NULL : wrong_at(draft_get(draft, DRAFT_EVERY), draft_get(draft, DRAFT_AT)));
	if (field->id == RULE_CONSENT) {
		why = wrong_consent(draft_get(draft, DRAFT_CONSENT));
		form_problem(field, why);
		mem_free(why);
	}
	return field->id >= RULE_RUNS;
}

static void add_schedule_problems(const struct wizard *wizard, problem_list *out)
{
	const char *every = draft_get(&wizard->draft, DRAFT_EVERY), *at = draft_get(&wizard->draft, DRAFT_AT);

	if (misfit(wizard))
		problem_add(out, STEP_AUDIENCES, true, RULE_RUNS, misfit(wizard));
	else if (strcmp(choice_of(&wizard->draft), "every") != 0)
		return;
	else if (wrong_every(every))
		problem_add(out, STEP_AUDIENCES, true, RULE_EVERY, _("how often it runs is no duration: write 30s, 15m, 6h, 1d or 2w, a year at most"));
	else if (wrong_at(every, at))
		problem_add(out, STEP_AUDIENCES, true, RULE_AT, wrong_at(every, at));
}

void flow_rules_problems(const struct wizard *wizard, problem_list *out)
{
	const char *consent = draft_get(&wizard->draft, DRAFT_CONSENT);
	char *why = wrong_consent(consent);

	add_schedule_problems(wizard, out);
	if (why) {
		problem_add(out, STEP_AUDIENCES, true, RULE_CONSENT, why);
	} else if (*consent && !is_answered(wizard, consent)) {
		why = mem_printf(strchr(consent, '=') ? _("no profile of the source says anything at %s: everybody is left out") :
			_("no profile of the source says anything at %s: nobody is left out"), consent);
		problem_add(out, STEP_AUDIENCES, false, RULE_CONSENT, why);
	}
	mem_free(why);
}

bool flow_rules_repeat(const struct draft *draft)
{
	return *choice_of(draft) != '\0';
}

void flow_rules_summary(const struct draft *draft, struct str *out)
{
	const char *choice = choice_of(draft), *at = draft_get(draft, DRAFT_AT), *consent = draft_get(draft, DRAFT_CONSENT);

	if (strcmp(choice, "always") == 0)
		str_add(out, _(", all the time"));
	else if (*choice && *at)
		str_add_format(out, _(", every %s at %s"), draft_get(draft, DRAFT_EVERY), at);
	else if (*choice)
		str_add_format(out, _(", every %s"), draft_get(draft, DRAFT_EVERY));
	if (*consent)
		str_add_format(out, _(", consent by %s"), consent);
}

static void add_option(const char *option, const char *value, struct str *out)
{
	if (!*value)
		return;
	str_add_format(out, " --%s ", option);
	str_add_shell(out, value);
}

void flow_rules_command(const struct draft *draft, struct str *out)
{
	struct str options = { 0 };

	if (flow_rules_repeat(draft)) {
		add_option("every", draft_get(draft, DRAFT_EVERY), &options);
		add_option("at", draft_get(draft, DRAFT_AT), &options);
	}
	add_option("consent", draft_get(draft, DRAFT_CONSENT), &options);
	if (options.length) {
		str_add(out, "penstock dataflow update ");
		str_add_shell(out, draft_get(draft, DRAFT_NAME));
		str_add_format(out, "%s && ", str_text(&options));
	}
	str_done(&options);
}
