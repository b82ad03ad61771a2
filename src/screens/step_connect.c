/* Step 1: credentials, and a live test that runs while the operator goes on typing. */
#include "app/accounts.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "screens/answers.h"
#include "screens/wizard.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AN_ACCOUNT = 1, A_MUNCHKIN, AN_ENDPOINT, AN_IDENTITY, A_CLIENT, A_SECRET_FROM, A_SECRET, A_SECRET_PATH, AN_ENVIRONMENT, A_NAME };

static const struct form_choice secret_choices[] = {
	{ "typed", N_("typed, kept sealed"), NULL },
	{ "file", N_("a file"), NULL },
	{ "command", N_("a command"), NULL },
};

static const struct {
	const char *name, *label;
} checks[TEST_CHECKS] = {
	{ "connect", N_("Connection") },
	{ "tls", N_("TLS") },
	{ "token", N_("Token") },
	{ "describe", N_("Fields") },
	{ "lists", N_("Lists") },
	{ "partitions", N_("Partitions") },
	{ "write", N_("Write") },
	{ "usage", N_("Quota") },
};

static struct app *app_of(const struct wizard *wizard)
{
	return console_app(wizard->layer.console);
}

/* Does the draft describe an account of its own, instead of taking one that is there? */
static bool is_own(const struct wizard *wizard)
{
	static const enum draft_text texts[] = { DRAFT_MUNCHKIN_ID, DRAFT_ENDPOINT, DRAFT_IDENTITY, DRAFT_CLIENT_ID };
	bool typed = false;

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		typed |= *draft_get(&wizard->draft, texts[i]) != '\0';
	return typed || *draft_get(&wizard->draft, DRAFT_ACCOUNT) == '\0';
}

/* The account that this draft made, by the name it has in the store; "": none yet. */
static const char *made(const struct wizard *wizard)
{
	return draft_get(&wizard->draft, DRAFT_ACCOUNT_MADE);
}

static bool find_account(const struct wizard *wizard, struct account *out)
{
	const char *name = draft_get(&wizard->draft, DRAFT_ACCOUNT);

	account_init(out);
	return *name && app_account_show(app_of(wizard), name, out, NULL) == STATUS_OK;
}

static bool accounts_there(const struct wizard *wizard)
{
	account_list list = { 0 };
	bool there = app_account_list(app_of(wizard), &list, NULL) == STATUS_OK && list.count;

	account_list_done(&list);
	return there;
}

/* What only shows: the values of an account that is there already. */
static void show_existing(struct wizard *wizard)
{
	struct account account;
	bool own = is_own(wizard), found = find_account(wizard, &account);
	static const int fixed[] = { A_MUNCHKIN, AN_ENDPOINT, AN_IDENTITY, A_CLIENT, AN_ENVIRONMENT };
	const char *const values[] = { account.munchkin_id, account.endpoint, account.identity, account.client_id, account.environment };

	for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
		struct form_field *field = form_field(&wizard->form, fixed[i]);

		field->fixed = !own;
		mem_replace(&field->shown, own ? NULL : values[i]);
	}
	form_field(&wizard->form, A_SECRET_FROM)->hidden = !own;
	form_field(&wizard->form, A_SECRET)->hidden = !own || strcmp(draft_get(&wizard->draft, DRAFT_SECRET_FROM), "typed") != 0;
	form_field(&wizard->form, A_SECRET_PATH)->hidden = !own || strcmp(draft_get(&wizard->draft, DRAFT_SECRET_FROM), "typed") == 0;
	form_field(&wizard->form, A_NAME)->hidden = !own;
	if (own && found && !form_field(&wizard->form, A_SECRET)->editor.text.length)
		form_note(form_field(&wizard->form, A_SECRET), _("kept, sealed"));
	mem_replace(&form_field(&wizard->form, AN_ACCOUNT)->shown, own ? _("a new one") : account.name);
	account_done(&account);
}

static void copy_texts(struct wizard *wizard)
{
	static const struct {
		int field;
		enum draft_text text;
	} pairs[] = { { A_MUNCHKIN, DRAFT_MUNCHKIN_ID }, { AN_ENDPOINT, DRAFT_ENDPOINT }, { AN_IDENTITY, DRAFT_IDENTITY }, { A_CLIENT, DRAFT_CLIENT_ID },
		{ AN_ENVIRONMENT, DRAFT_ENVIRONMENT }, { A_SECRET_PATH, DRAFT_SECRET_PATH }, { A_NAME, DRAFT_ACCOUNT } };

	if (!wizard->form.fields.count || form_field(&wizard->form, A_MUNCHKIN)->fixed)
		return;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		draft_set(&wizard->draft, pairs[i].text, form_text(&wizard->form, pairs[i].field));
}

/* A pasted URL is understood; endpoint and identity follow the Munchkin ID as long as nobody wrote others. */
static void settle_munchkin(struct wizard *wizard, struct form_field *field)
{
	char id[MUNCHKIN_TEXT], *text;
	const char *typed = str_text(&field->editor.text);

	if (!*typed || !munchkin_parse(typed, id)) {
		if (*typed)
			form_problem(field, _("write it as 123-ABC-456"));
		return;
	}
	editor_set(&field->editor, id);
	form_note(field, _("has the right form"));
	if (!*form_text(&wizard->form, AN_ENDPOINT)) {
		text = mem_printf("https://%s.mktorest.com/rest", id);
		form_propose(form_field(&wizard->form, AN_ENDPOINT), text);
		mem_free(text);
	}
	if (!*form_text(&wizard->form, AN_IDENTITY)) {
		text = mem_printf("https://%s.mktorest.com/identity", id);
		form_propose(form_field(&wizard->form, AN_IDENTITY), text);
		mem_free(text);
	}
	if (!*form_text(&wizard->form, A_NAME))
		form_propose(form_field(&wizard->form, A_NAME), id);
}

/* NULL for what was left empty: the default. */
static const char *given(const struct wizard *wizard, enum draft_text which)
{
	const char *text = draft_get(&wizard->draft, which);

	return *text ? text : NULL;
}

static struct account_options options_of(const struct wizard *wizard)
{
	return (struct account_options){
		.munchkin_id = given(wizard, DRAFT_MUNCHKIN_ID),
		.client_id = given(wizard, DRAFT_CLIENT_ID),
		.endpoint = given(wizard, DRAFT_ENDPOINT),
		.identity = given(wizard, DRAFT_IDENTITY),
		.environment = given(wizard, DRAFT_ENVIRONMENT),
	};
}

/* Which field an error of the account is about. */
static int field_of(const struct error *err)
{
	if (strcmp(err->code, "exists") == 0)
		return A_NAME;
	if (strstr(err->message, "/identity"))
		return AN_IDENTITY;
	if (strstr(err->message, "/rest") || strstr(err->message, "http"))
		return AN_ENDPOINT;
	return A_MUNCHKIN;
}

static void wipe_secret(struct wizard *wizard)
{
	struct form_field *field = form_field(&wizard->form, A_SECRET);

	editor_set(&field->editor, "");
	form_problem(field, NULL);
	form_note(field, _("kept, sealed"));
}

static bool is_anothers(const struct wizard *wizard, bool there)
{
	return there && strcmp(draft_get(&wizard->draft, DRAFT_ACCOUNT), made(wizard)) != 0;
}

/* The name is asked for last and may be changed at any time: the account made under the one before moves along, with its secret. */
static enum status write_account(struct wizard *wizard, const char *secret, struct error *err)
{
	const char *name = draft_get(&wizard->draft, DRAFT_ACCOUNT);
	struct account_options options = options_of(wizard);
	struct account account;
	enum status status;

	if (*made(wizard)) {
		options.rename = name;
		status = app_account_update(app_of(wizard), made(wizard), &options, *secret ? secret : NULL, &account, err);
	} else {
		status = app_account_create(app_of(wizard), name, &options, secret, &account, err);
	}
	account_done(&account);
	return status;
}

/* The account goes to the store as soon as it is whole: the secret is sealed there and nowhere else. False: not yet, or an error. */
static bool store_account(struct wizard *wizard)
{
	const char *name = draft_get(&wizard->draft, DRAFT_ACCOUNT), *secret = form_text(&wizard->form, A_SECRET);
	struct account known;
	struct error err = { 0 };
	bool there = find_account(wizard, &known);

	account_done(&known);
	if (!is_own(wizard))
		return there;
	if (!given(wizard, DRAFT_MUNCHKIN_ID) || !given(wizard, DRAFT_CLIENT_ID) || !*name || (!*made(wizard) && !*secret))
		return false;
	if (is_anothers(wizard, there)) {
		form_problem(form_field(&wizard->form, A_NAME), _("an account of this name is there: choose it above, or write another name"));
		return false;
	}
	if (write_account(wizard, secret, &err) == STATUS_OK) {
		draft_set(&wizard->draft, DRAFT_ACCOUNT_MADE, name);
		if (*secret)
			wipe_secret(wizard);
		wizard_save(wizard);
		return true;
	}
	form_problem(form_field(&wizard->form, field_of(&err)), err.message);
	console_error(wizard->layer.console, &err);
	return false;
}

static void left(void *self, struct form_field *field)
{
	struct wizard *wizard = self;

	form_problem(field, NULL);
	if (field->id == A_MUNCHKIN)
		settle_munchkin(wizard, field);
	copy_texts(wizard);
	if (*made(wizard) || form_text(&wizard->form, A_SECRET)[0])
		store_account(wizard);
	wizard_left(wizard, field);
}

static void changed(void *self, struct form_field *field)
{
	struct wizard *wizard = self;

	if (field->id != A_SECRET_FROM)
		return;
	draft_set(&wizard->draft, DRAFT_SECRET_FROM, form_chosen(field));
	show_existing(wizard);
	wizard_save(wizard);
}

static void account_chosen(void *self, const struct picker_item *items, size_t count)
{
	struct wizard *wizard = self;

	(void)count;
	draft_set(&wizard->draft, DRAFT_ACCOUNT, items[0].value);
	draft_set(&wizard->draft, DRAFT_MUNCHKIN_ID, "");
	draft_set(&wizard->draft, DRAFT_ENDPOINT, "");
	draft_set(&wizard->draft, DRAFT_IDENTITY, "");
	draft_set(&wizard->draft, DRAFT_CLIENT_ID, "");
	draft_set(&wizard->draft, DRAFT_ACCOUNT_MADE, "");
	wizard->test.begun = wizard->test.ended = false;
	mem_replace(&wizard->catalogue_of, NULL);
	show_existing(wizard);
	wizard_save(wizard);
}

static void opened(void *self, struct form_field *field)
{
	struct wizard *wizard = self;
	const struct picker_options options = { .title = _("Account"), .chosen = account_chosen, .self = wizard };
	picker_items items = { 0 };
	account_list list = { 0 };

	(void)field;
	picker_add(&items, "", _("a new one"), NULL);
	if (app_account_list(app_of(wizard), &list, NULL) == STATUS_OK)
		for (size_t i = 0; i < list.count; i++)
			picker_add(&items, list.at[i].name, list.at[i].name, list.at[i].munchkin_id);
	account_list_done(&list);
	picker_fill(picker_open(wizard->layer.console, &options), &items, draft_get(&wizard->draft, DRAFT_ACCOUNT));
}

static void begin(struct wizard *wizard)
{
	const struct draft *draft = &wizard->draft;
	struct form *form = &wizard->form;
	struct form_field *field;
	bool own = is_own(wizard);

	*form = (struct form){ .left = left, .changed = changed, .opened = opened, .self = wizard };
	field = form_add(form, AN_ACCOUNT, FORM_PICK, N_("Account"), "");
	field->hidden = !accounts_there(wizard);
	field->help = N_("an account that is there, or a new one with its own credentials");
	field = form_add(form, A_MUNCHKIN, FORM_TEXT, N_("Munchkin ID"), draft_get(draft, DRAFT_MUNCHKIN_ID));
	field->required = true;
	field->help = N_("Marketo: Admin > Munchkin. Any URL of the instance can be pasted.");
	field = form_add(form, AN_ENDPOINT, FORM_TEXT, N_("REST endpoint"), draft_get(draft, DRAFT_ENDPOINT));
	field->help = N_("Marketo: Admin > Web Services. Filled from the Munchkin ID.");
	field = form_add(form, AN_IDENTITY, FORM_TEXT, N_("Identity"), draft_get(draft, DRAFT_IDENTITY));
	field->help = N_("Marketo: Admin > Web Services. Filled from the Munchkin ID.");
	field = form_add(form, A_CLIENT, FORM_TEXT, N_("Client ID"), draft_get(draft, DRAFT_CLIENT_ID));
	field->required = true;
	field->help = N_("Marketo: Admin > LaunchPoint, the details of the service.");
	field = form_add(form, A_SECRET_FROM, FORM_CHOICE, N_("Secret from"), "");
	field->choices = secret_choices;
	field->choice_count = sizeof secret_choices / sizeof *secret_choices;
	field->help = N_("Left and Right choose. A file or a command is read once; the secret is kept sealed.");
	form_choose(field, draft_get(draft, DRAFT_SECRET_FROM));
	field = form_add(form, A_SECRET, FORM_SECRET, N_("Client secret"), "");
	field->required = true;
	field->help = N_("Beside the client ID in LaunchPoint. It is never shown and never leaves the store but to Marketo.");
	field = form_add(form, A_SECRET_PATH, FORM_TEXT, N_("File or command"), draft_get(draft, DRAFT_SECRET_PATH));
	field->required = true;
	field->help = N_("a file with the secret in its first line, or a command that prints it");
	field = form_add(form, AN_ENVIRONMENT, FORM_TEXT, N_("Environment"), draft_get(draft, DRAFT_ENVIRONMENT));
	field->help = N_("a word that tells this instance from others: production, test ..");
	field = form_add(form, A_NAME, FORM_TEXT, N_("Account name"), own ? draft_get(draft, DRAFT_ACCOUNT) : "");
	field->required = true;
	field->help = N_("what penstock calls this account");
	show_existing(wizard);
	form_focus(form, (int)strtol(draft_get(draft, DRAFT_FIELD), NULL, 10));
}

static void end(struct wizard *wizard)
{
	if (wizard->form.fields.count)
		form_leave(&wizard->form);
	copy_texts(wizard);
}

static int check_index(const char *name)
{
	for (int i = 0; name && i < TEST_CHECKS; i++)
		if (strcmp(checks[i].name, name) == 0)
			return i;
	return -1;
}

static void take_check(struct wizard *wizard, const struct json *check)
{
	int i = check_index(json_get_string(check, "name"));

	if (i < 0)
		return;
	wizard->test.checks[i].state = json_is_true(json_get(check, "ok")) ? CHECK_PASSED : json_is_true(json_get(check, "tried")) ? CHECK_FAILED : CHECK_WAITING;
	mem_replace(&wizard->test.checks[i].detail, json_get_string(check, "detail"));
	mem_replace(&wizard->test.checks[i].hint, json_get_string(check, "hint"));
	wizard->test.checks[i].milliseconds = answer_number(check, "milliseconds");
}

static void test_progress(void *self, const struct json *line)
{
	struct wizard *wizard = self;
	int i = check_index(json_get_string(line, "checking"));

	if (i >= 0)
		wizard->test.checks[i].state = CHECK_RUNNING;
	take_check(wizard, json_get(line, "check"));
	console_redraw(wizard->layer.console);
}

/* The first check that failed says why, and what to do. */
static void tell_failure(struct wizard *wizard, enum status status)
{
	struct error err = { 0 };
	const char *detail, *hint;
	size_t length;
	int i = 0;

	while (i < TEST_CHECKS && wizard->test.checks[i].state != CHECK_FAILED)
		i++;
	if (i == TEST_CHECKS)
		return;
	detail = wizard->test.checks[i].detail ? wizard->test.checks[i].detail : "";
	hint = wizard->test.checks[i].hint ? wizard->test.checks[i].hint : "";
	length = strlen(detail);
	/* What to do stands apart, so that it is not what has no room. */
	if (*hint && length > strlen(hint) + 2 && strcmp(detail + length - strlen(hint), hint) == 0)
		length -= strlen(hint) + 2;
	error_set(&err, status == STATUS_OK ? STATUS_FAILED : status, checks[i].name, "%s: %.*s", _(checks[i].label), (int)length, detail);
	error_hint(&err, "%s", hint);
	console_error(wizard->layer.console, &err);
}

static void test_answered(void *self, enum status status, const struct json *answer, const struct error *err)
{
	struct wizard *wizard = self;

	question_end(wizard, &wizard->test.question, err);
	wizard->test.ended = true;
	for (const struct json *one = json_first(json_get(answer, "checks")); one; one = json_next(one))
		take_check(wizard, one);
	wizard->test.passed = json_is_true(json_get(answer, "ok"));
	if (wizard->test.passed)
		console_say(wizard->layer.console, ROLE_GOOD, _("%s The connection works; nothing was changed in Marketo."), glyph(GLYPH_GOOD));
	else if (*err->message)
		console_error(wizard->layer.console, err);
	else
		tell_failure(wizard, status);
	mem_replace(&wizard->catalogue_of, NULL);
}

static void ask_test(struct wizard *wizard)
{
	const char *const words[] = { "account", "test", "--", draft_get(&wizard->draft, DRAFT_ACCOUNT), NULL };

	for (int i = 0; i < TEST_CHECKS; i++) {
		wizard->test.checks[i].state = CHECK_WAITING;
		mem_replace(&wizard->test.checks[i].detail, NULL);
	}
	wizard->test.begun = true;
	wizard->test.ended = wizard->test.passed = false;
	question_ask(wizard, &wizard->test.question, words, test_answered, test_progress);
	console_say(wizard->layer.console, ROLE_BUSY, _("%s Testing the connection. You can go on typing; Esc stops it."), glyph(GLYPH_BUSY));
}

/* The secret of a file or a command is read by the command that makes the account. */
static void account_made(void *self, enum status status, const struct json *answer, const struct error *err)
{
	struct wizard *wizard = self;

	(void)answer;
	question_end(wizard, &wizard->test.question, err);
	if (status != STATUS_OK) {
		if (wizard->at == STEP_CONNECT) /* else the form is another step's by now */
			form_problem(form_field(&wizard->form, A_SECRET_PATH), err->message);
		console_error(wizard->layer.console, err);
		return;
	}
	draft_set(&wizard->draft, DRAFT_ACCOUNT_MADE, draft_get(&wizard->draft, DRAFT_ACCOUNT));
	wizard_save(wizard);
	ask_test(wizard);
}

static void make_from_path(struct wizard *wizard)
{
	wizard->test.begun = wizard->test.ended = wizard->test.passed = false;
	bool file = strcmp(draft_get(&wizard->draft, DRAFT_SECRET_FROM), "file") == 0;
	const char *environment = draft_get(&wizard->draft, DRAFT_ENVIRONMENT);
	const char *const words[] = { "account", *made(wizard) ? "update" : "create", "--munchkin-id", draft_get(&wizard->draft, DRAFT_MUNCHKIN_ID),
		"--client-id", draft_get(&wizard->draft, DRAFT_CLIENT_ID), "--endpoint", draft_get(&wizard->draft, DRAFT_ENDPOINT), "--identity",
		draft_get(&wizard->draft, DRAFT_IDENTITY), "--environment", environment, file ? "--client-secret-file" : "--client-secret-command",
		draft_get(&wizard->draft, DRAFT_SECRET_PATH), "--", draft_get(&wizard->draft, DRAFT_ACCOUNT), NULL };

	question_ask(wizard, &wizard->test.question, words, account_made, NULL);
}

static void problems(struct wizard *wizard, problem_list *out)
{
	struct account account;
	bool there = find_account(wizard, &account), own = is_own(wizard);
	char id[MUNCHKIN_TEXT];

	account_done(&account);
	if (!own) {
		if (!there)
			problem_add(out, STEP_CONNECT, true, AN_ACCOUNT, _("the account is gone: choose another"));
		return;
	}
	if (!munchkin_parse(draft_get(&wizard->draft, DRAFT_MUNCHKIN_ID), id))
		problem_add(out, STEP_CONNECT, true, A_MUNCHKIN, _("the Munchkin ID is missing: write it as 123-ABC-456"));
	if (!*draft_get(&wizard->draft, DRAFT_CLIENT_ID))
		problem_add(out, STEP_CONNECT, true, A_CLIENT, _("the client ID is missing"));
	if (!*draft_get(&wizard->draft, DRAFT_ACCOUNT))
		problem_add(out, STEP_CONNECT, true, A_NAME, _("the account needs a name"));
	else if (is_anothers(wizard, there))
		problem_add(out, STEP_CONNECT, true, A_NAME, _("an account of this name is there: choose it above, or write another name"));
	if (!there || !*made(wizard))
		problem_add(out, STEP_CONNECT, true, strcmp(draft_get(&wizard->draft, DRAFT_SECRET_FROM), "typed") == 0 ? A_SECRET : A_SECRET_PATH,
			_("the client secret is missing; t tests the connection with it"));
	else if (strcmp(draft_get(&wizard->draft, DRAFT_SECRET_FROM), "typed") != 0 && !question_open(&wizard->test.question) && !wizard->test.ended &&
		wizard->test.question.error.status != STATUS_OK)
		problem_add(out, STEP_CONNECT, true, A_SECRET_PATH, wizard->test.question.error.message); /* the account has the secret of before */
	else if (wizard->test.ended && !wizard->test.passed)
		problem_add(out, STEP_CONNECT, false, A_SECRET, _("the last test of the connection failed"));
}

static void start_test(struct wizard *wizard)
{
	bool typed = strcmp(draft_get(&wizard->draft, DRAFT_SECRET_FROM), "typed") == 0;
	problem_list list = { 0 };

	if (wizard->form.fields.count)
		form_leave(&wizard->form);
	if (is_own(wizard) && !typed && *draft_get(&wizard->draft, DRAFT_SECRET_PATH) && *draft_get(&wizard->draft, DRAFT_MUNCHKIN_ID) &&
		*draft_get(&wizard->draft, DRAFT_CLIENT_ID) && *draft_get(&wizard->draft, DRAFT_ACCOUNT)) {
		make_from_path(wizard);
	} else if (store_account(wizard)) {
		ask_test(wizard);
	} else {
		problems(wizard, &list);
		if (list.count) {
			struct form_field *field = form_field(&wizard->form, list.at[0].field);

			if (field && !field->problem)
				form_problem(field, list.at[0].text);
			form_to_problem(&wizard->form);
			console_say(wizard->layer.console, ROLE_BAD, "%s %s", glyph(GLYPH_BAD), list.at[0].text);
		}
		problem_list_done(&list);
	}
}

static bool act(struct wizard *wizard, enum action action)
{
	if (action != ACT_TEST)
		return false;
	start_test(wizard);
	return true;
}

static bool press(struct wizard *wizard, const struct press *press)
{
	return form_press(&wizard->form, press);
}

static void draw_check(const struct wizard *wizard, int i, struct area area, int row)
{
	static const enum glyph signs[] = { GLYPH_WAITING, GLYPH_BUSY, GLYPH_GOOD, GLYPH_BAD };
	static const enum role roles[] = { ROLE_DIM, ROLE_BUSY, ROLE_GOOD, ROLE_BAD };
	enum check_state state = wizard->test.checks[i].state;
	char time[32];

	paint_format(area, row, 2, 0, roles[state], "%s %s", glyph(signs[state]), _(checks[i].label));
	paint_text(area, row, 16, area.columns - 28, roles[state],
		state == CHECK_RUNNING ? _("asking") : wizard->test.checks[i].detail ? wizard->test.checks[i].detail : state == CHECK_WAITING ? _("waiting") : "");
	if (state == CHECK_RUNNING)
		snprintf(time, sizeof time, "%" PRId64 " s", question_seconds(&wizard->test.question));
	else if (state != CHECK_WAITING)
		snprintf(time, sizeof time, "%" PRId64 " ms", wizard->test.checks[i].milliseconds);
	else
		time[0] = '\0';
	paint_right(area, row, area.columns - 11, 10, ROLE_DIM, time);
}

static void draw(struct wizard *wizard, struct area area)
{
	struct area top = area;
	struct form_field *here = form_here(&wizard->form);
	int row, room = area.rows - TEST_CHECKS - 1;

	/* A small screen shows the test once there is one, and the fields before. */
	if (room < 4)
		top.rows = wizard->test.begun ? 4 : area.rows - 1;
	else
		top.rows = room;
	row = form_draw(&wizard->form, top);
	if (here && here->help && row < top.rows)
		paint_text(area, row++, 2, 0, ROLE_DIM, here->problem ? here->problem : _(here->help));
	if (top.rows >= area.rows - 1)
		return;
	row = top.rows;
	paint_rule((struct area){ area.row - 1, area.column - 1, area.rows + 2, area.columns + 2 }, row + 1,
		wizard->test.begun ? _("Live test") : _("Live test: Ctrl-T starts it, nothing is changed in Marketo"), NULL);
	for (int i = 0; i < TEST_CHECKS && row + 1 + i < area.rows; i++)
		draw_check(wizard, i, area, row + 1 + i);
}

static void summary(struct wizard *wizard, struct str *out)
{
	struct account account;

	if (find_account(wizard, &account))
		str_add_format(out, _("%s, account %s%s"), account.munchkin_id, account.name,
			wizard->test.passed ? _(", tested") : wizard->test.ended ? _(", the test failed") : _(", not tested here"));
	else
		str_add(out, _("no account yet"));
	account_done(&account);
}

const struct step_kind step_connect = {
	.title = N_("Connect"),
	.long_title = N_("Connect with Marketo's credentials"),
	.where = AT_CONNECT,
	.open = begin,
	.close = end,
	.draw = draw,
	.press = press,
	.act = act,
	.problems = problems,
	.summary = summary,
};
