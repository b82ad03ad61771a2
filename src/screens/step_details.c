/* Step 2: name, how people are created, what is synchronised, how they are found, and where new lists go. */
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "model/destination.h"
#include "screens/answers.h"
#include "screens/wizard.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { A_NAME = 1, A_DESCRIPTION, A_CREATION, A_SYNC, A_DEDUPE, A_WORKSPACE, A_PARTITION, A_FOLDER, A_SIGN_OFF };

static const struct form_choice creation_choices[] = {
	{ "match-and-create", N_("Match existing Marketo people and create missing people in Marketo"),
		N_("People of the audience who are not in Marketo are created there, with the mapped fields; people who are there get the mapped fields updated. Then they are "
		   "added to the lists, and leave them when they leave the audience. Nobody is ever deleted.") },
	{ "match-only", N_("Match existing Marketo people only"),
		N_("Nobody is created: who is not found in Marketo is excluded, with the reason. People who are found are added to the lists, and leave them when they leave the "
		   "audience. Their fields stay as they are unless the sync type says otherwise.") },
};

static const struct form_choice sync_choices[] = {
	{ "", N_("as person creation implies"),
		N_("Match only: audience only. Match and create: audience and profile. This is what Marketo V2 does.") },
	{ "audience-only", N_("audience only"), N_("Only lists are touched: people are added and removed, no field is written, nobody is created.") },
	{ "profile-only", N_("profile only"), N_("Only people are touched: their mapped fields are written, no list is.") },
	{ "audience-and-profile", N_("audience and profile"), N_("People get their mapped fields, and are added to and removed from the lists.") },
};

static const struct form_choice sign_choices[] = {
	{ "", N_("not needed"), N_("The dataflow runs with its mapping as it is.") },
	{ "required", N_("required"),
		N_("The dataflow runs only with a revision of its mapping that somebody has signed. Whoever edits the mapping makes another one, which has to be signed again.") },
};

static struct form_field *at(struct wizard *wizard, int id)
{
	return form_field(&wizard->form, id);
}

static void show_picks(struct wizard *wizard)
{
	const struct draft *draft = &wizard->draft;
	const char *label = draft_get(draft, DRAFT_LIST_FOLDER_LABEL), *folder = draft_get(draft, DRAFT_LIST_FOLDER);
	const char *workspace = draft_get(draft, DRAFT_WORKSPACE), *partition = draft_get(draft, DRAFT_PARTITION);

	mem_replace(&at(wizard, A_DEDUPE)->shown, draft_get(draft, DRAFT_DEDUPE));
	form_note(at(wizard, A_DEDUPE), strcmp(draft_get(draft, DRAFT_DEDUPE), "email") == 0 ? _("highest match rate") : NULL);
	mem_replace(&at(wizard, A_WORKSPACE)->shown, *workspace ? workspace : _("any"));
	mem_replace(&at(wizard, A_PARTITION)->shown, *partition ? partition : _("Marketo's default"));
	mem_replace(&at(wizard, A_FOLDER)->shown, *label ? label : *folder ? folder : _("none: only lists that exist"));
}

static bool contradicts(const struct draft *draft)
{
	return strcmp(draft_get(draft, DRAFT_SYNC_TYPE), "audience-only") == 0 && strcmp(draft_get(draft, DRAFT_PERSON_CREATION), "match-and-create") == 0;
}

static void check_sync(struct wizard *wizard)
{
	form_problem(at(wizard, A_SYNC), contradicts(&wizard->draft) ? _("creating people writes profiles: choose another of the two") : NULL);
}

static void copy(struct wizard *wizard)
{
	char *name;

	if (!wizard->form.fields.count)
		return;
	name = mem_strdup(form_text(&wizard->form, A_NAME));
	draft_set(&wizard->draft, DRAFT_NAME, text_trim(name));
	mem_free(name);
	draft_set(&wizard->draft, DRAFT_DESCRIPTION, form_text(&wizard->form, A_DESCRIPTION));
	draft_set(&wizard->draft, DRAFT_PERSON_CREATION, form_chosen(at(wizard, A_CREATION)));
	draft_set(&wizard->draft, DRAFT_SYNC_TYPE, form_chosen(at(wizard, A_SYNC)));
	draft_set(&wizard->draft, DRAFT_SIGN_OFF, form_chosen(at(wizard, A_SIGN_OFF)));
}

static void left(void *self, struct form_field *field)
{
	struct wizard *wizard = self;

	copy(wizard);
	if (field->id == A_NAME)
		form_problem(field, *draft_get(&wizard->draft, DRAFT_NAME) ? NULL : _("give it a name"));
	check_sync(wizard);
	wizard_left(wizard, field);
}

static void changed(void *self, struct form_field *field)
{
	struct wizard *wizard = self;

	if (field->kind != FORM_CHOICE)
		return;
	copy(wizard);
	check_sync(wizard);
	wizard_save(wizard);
}

static void closed(void *self)
{
	struct wizard *wizard = self;

	question_give_up(&wizard->places);
	wizard->picker = NULL;
	show_picks(wizard);
	wizard_save(wizard);
}

static void dedupe_chosen(void *self, const struct picker_item *items, size_t count)
{
	struct wizard *wizard = self;
	struct str names = { 0 };

	for (size_t i = 0; i < count; i++)
		str_add_format(&names, "%s%s", i ? "," : "", items[i].value);
	draft_set(&wizard->draft, DRAFT_DEDUPE, str_text(&names));
	str_done(&names);
}

static void place_chosen(void *self, const struct picker_item *items, size_t count)
{
	struct wizard *wizard = self;

	(void)count;
	if (wizard->picking == A_WORKSPACE) {
		draft_set(&wizard->draft, DRAFT_WORKSPACE, items[0].value);
	} else if (wizard->picking == A_PARTITION) {
		draft_set(&wizard->draft, DRAFT_PARTITION, items[0].value);
	} else {
		draft_set(&wizard->draft, DRAFT_LIST_FOLDER, items[0].value);
		draft_set(&wizard->draft, DRAFT_LIST_FOLDER_LABEL, *items[0].value ? items[0].text : "");
	}
}

static bool is_in_names(const char *names, const char *name)
{
	size_t length = strlen(name);

	for (const char *found = strstr(names, name); found; found = strstr(found + 1, name))
		if ((found == names || found[-1] == ',') && (found[length] == '\0' || found[length] == ','))
			return true;
	return false;
}

static void add_searchable(const struct wizard *wizard, picker_items *items, bool ticked)
{
	const char *chosen = draft_get(&wizard->draft, DRAFT_DEDUPE);

	for (size_t i = 0; i < wizard->catalogue.fields.count; i++) {
		const struct field *field = &wizard->catalogue.fields.at[i];

		if (!field->searchable || strcmp(field->name, "id") == 0 || is_in_names(chosen, field->name) != ticked)
			continue;
		picker_add(items, field->name, field->name, strcmp(field->name, "email") == 0 ? _("best match rate: advised") : field->label);
		items->at[items->count - 1].ticked = ticked;
	}
}

static void fill_dedupe(struct wizard *wizard)
{
	picker_items items = { 0 };

	add_searchable(wizard, &items, true);
	add_searchable(wizard, &items, false);
	picker_fill(wizard->picker, &items, "email");
}

static void open_dedupe(struct wizard *wizard)
{
	const struct picker_options options = { .title = _("Dedupe fields: Space ticks, the order counts"), .several = true, .chosen = dedupe_chosen, .closed = closed,
		.self = wizard };

	wizard->picking = A_DEDUPE;
	wizard->picker = picker_open(wizard->layer.console, &options);
	wizard_want_fields(wizard);
	if (wizard->catalogue_of)
		fill_dedupe(wizard);
	else
		picker_wait(wizard->picker, _("asking Marketo for its fields"));
}

static bool has_item(const picker_items *items, const char *value)
{
	for (size_t i = 0; i < items->count; i++)
		if (strcmp(items->at[i].value, value) == 0)
			return true;
	return false;
}

/* Where a list can be made first, where Marketo makes none last and faint; what is not known is said beside it. */
static void add_folders(const struct wizard *wizard, const place_list *places, enum list_home home, picker_items *items)
{
	const char *workspace = draft_get(&wizard->draft, DRAFT_WORKSPACE);

	for (size_t i = 0; i < places->count; i++) {
		const struct place *place = &places->at[i];
		char value[40], *note;

		if (place_home(place) != home || (*workspace && place->workspace && strcmp(workspace, place->workspace) != 0))
			continue;
		snprintf(value, sizeof value, "%s%" PRId64, place->is_program ? "program:" : "", place->id);
		note = home == LIST_HOME_OF_OTHERS ? mem_printf(_("no lists: %s"), place->folder_type) : home == LIST_HOME_UNSURE ? mem_printf(_("%s may be refused"), glyph(GLYPH_WARNING)) :
			mem_strdup(place->workspace);
		picker_add(items, value, place->path ? place->path : place->name, note);
		items->at[items->count - 1].faint = home == LIST_HOME_OF_OTHERS;
		items->at[items->count - 1].doubtful = home == LIST_HOME_UNSURE;
		mem_free(note);
	}
}

static void add_workspaces(const place_list *places, picker_items *items)
{
	for (size_t i = 0; i < places->count; i++)
		if (places->at[i].workspace && !has_item(items, places->at[i].workspace))
			picker_add(items, places->at[i].workspace, places->at[i].workspace, NULL);
}

static void fill_places(struct wizard *wizard, const place_list *places)
{
	picker_items items = { 0 };
	int field = wizard->picking;

	picker_add(&items, "", field == A_WORKSPACE ? _("any") : field == A_PARTITION ? _("Marketo's default") : _("none: only lists that exist"), NULL);
	for (size_t i = 0; field == A_PARTITION && i < places->count; i++)
		picker_add(&items, places->at[i].name, places->at[i].name, places->at[i].description);
	if (field == A_WORKSPACE)
		add_workspaces(places, &items);
	for (int home = LIST_HOME; field == A_FOLDER && home <= LIST_HOME_OF_OTHERS; home++)
		add_folders(wizard, places, (enum list_home)home, &items);
	picker_fill(wizard->picker, &items, draft_get(&wizard->draft, field == A_WORKSPACE ? DRAFT_WORKSPACE : field == A_PARTITION ? DRAFT_PARTITION : DRAFT_LIST_FOLDER));
}

static bool may_choose(void *self, const struct picker_item *item)
{
	const struct wizard *wizard = self;

	if (item->faint)
		console_say(wizard->layer.console, ROLE_BAD, _("%s %s holds assets of another kind: Marketo refuses a static list there (711). Choose another folder, or a program."),
			glyph(GLYPH_BAD), item->text);
	else if (item->doubtful)
		console_say(wizard->layer.console, ROLE_WARNING, _("%s Marketo may refuse a list (711) in %s, a root. A folder below it, or a program, is safer."),
			glyph(GLYPH_WARNING), item->text);
	else
		console_hush(wizard->layer.console);
	return !item->faint;
}

static void places_answered(void *self, enum status status, const struct json *answer, const struct error *err)
{
	struct wizard *wizard = self;
	place_list places = { 0 };

	question_end(wizard, &wizard->places, err);
	if (!wizard->picker)
		return;
	if (status != STATUS_OK) {
		picker_fail(wizard->picker, err);
		console_error(wizard->layer.console, err);
		return;
	}
	answer_places(answer, wizard->picking == A_PARTITION ? "partitions" : "folders", &places);
	fill_places(wizard, &places);
	place_list_done(&places);
}

static void opened(void *self, struct form_field *field)
{
	struct wizard *wizard = self;
	const char *account = draft_get(&wizard->draft, DRAFT_ACCOUNT);
	const char *const folders[] = { "folders", "--", account, NULL }, *const partitions[] = { "partitions", "--", account, NULL };
	struct picker_options options = { .may = may_choose, .chosen = place_chosen, .closed = closed, .self = wizard };

	if (field->id == A_DEDUPE) {
		open_dedupe(wizard);
		return;
	}
	options.title = field->id == A_WORKSPACE ? _("Workspace") : field->id == A_PARTITION ? _("Partition for new people") : _("Folder or program for new lists");
	wizard_pick_places(wizard, field->id, &options, field->id == A_PARTITION ? partitions : folders,
		field->id == A_PARTITION ? _("asking Marketo for its partitions") : _("asking Marketo for its folders"), places_answered);
}

static void begin(struct wizard *wizard)
{
	const struct draft *draft = &wizard->draft;
	struct form *form = &wizard->form;
	struct form_field *field;

	*form = (struct form){ .left = left, .changed = changed, .opened = opened, .self = wizard };
	field = form_add(form, A_NAME, FORM_TEXT, N_("Name"), draft_get(draft, DRAFT_NAME));
	field->required = true;
	field->help = N_("of the destination and of its dataflow: `penstock run NAME`");
	field = form_add(form, A_DESCRIPTION, FORM_TEXT, N_("Description"), draft_get(draft, DRAFT_DESCRIPTION));
	field->help = N_("for whoever comes after you");
	field = form_add(form, A_CREATION, FORM_CHOICE, N_("Person creation"), "");
	field->choices = creation_choices;
	field->choice_count = sizeof creation_choices / sizeof *creation_choices;
	field->upright = field->wide = true;
	form_choose(field, draft_get(draft, DRAFT_PERSON_CREATION));
	field = form_add(form, A_SYNC, FORM_CHOICE, N_("Sync type"), "");
	field->choices = sync_choices;
	field->choice_count = sizeof sync_choices / sizeof *sync_choices;
	field->upright = true;
	form_choose(field, draft_get(draft, DRAFT_SYNC_TYPE));
	field = form_add(form, A_DEDUPE, FORM_PICK, N_("Dedupe fields"), "");
	field->help = N_("How people are found in Marketo. E-mail matches best. A second field is tried for people without the first or not found by it.");
	field = form_add(form, A_WORKSPACE, FORM_PICK, N_("Workspace"), "");
	field->help = N_("narrows the folders; lists belong to a workspace");
	field = form_add(form, A_PARTITION, FORM_PICK, N_("Partition"), "");
	field->help = N_("where new people are created");
	field = form_add(form, A_FOLDER, FORM_PICK, N_("List folder"), "");
	field->help = N_("where lists are made that are not there yet; needs the permission Read-Write Assets");
	field = form_add(form, A_SIGN_OFF, FORM_CHOICE, N_("Sign-off"), "");
	field->choices = sign_choices;
	field->choice_count = sizeof sign_choices / sizeof *sign_choices;
	form_choose(field, draft_get(draft, DRAFT_SIGN_OFF));
	show_picks(wizard);
	check_sync(wizard);
	form_focus(form, (int)strtol(draft_get(draft, DRAFT_FIELD), NULL, 10));
}

static void end(struct wizard *wizard)
{
	if (wizard->form.fields.count)
		form_leave(&wizard->form);
	copy(wizard);
	question_give_up(&wizard->places);
}

static bool act(struct wizard *wizard, enum action action)
{
	/* The fields have come, or have not. */
	if (action == ACT_NONE && wizard->picker && wizard->picking == A_DEDUPE) {
		if (wizard->catalogue_of)
			fill_dedupe(wizard);
		else
			picker_fail(wizard->picker, &wizard->fields.error);
		return true;
	}
	return false;
}

static bool press(struct wizard *wizard, const struct press *press)
{
	return form_press(&wizard->form, press);
}

static void draw(struct wizard *wizard, struct area area)
{
	struct form_field *here = form_here(&wizard->form);
	struct area top = area, strip = area;
	const char *help = here && here->kind == FORM_CHOICE && here->chosen < here->choice_count ? here->choices[here->chosen].help : here ? here->help : NULL;

	top.rows = area.rows > 16 ? area.rows - 5 : area.rows - 3;
	form_draw(&wizard->form, top);
	paint_rule((struct area){ area.row - 1, area.column - 1, area.rows + 2, area.columns + 2 }, top.rows + 1, here ? _(here->label) : NULL, NULL);
	strip.column += 2;
	strip.columns -= 3;
	if (here && here->problem)
		paint_wrapped(strip, top.rows + 1, area.rows - top.rows - 1, ROLE_BAD, here->problem);
	else if (help)
		paint_wrapped(strip, top.rows + 1, area.rows - top.rows - 1, ROLE_TEXT, _(help));
}

static void problems(struct wizard *wizard, problem_list *out)
{
	const struct draft *draft = &wizard->draft;

	if (!*draft_get(draft, DRAFT_NAME))
		problem_add(out, STEP_DETAILS, true, A_NAME, _("the name is missing"));
	if (contradicts(draft))
		problem_add(out, STEP_DETAILS, true, A_SYNC, _("audience only cannot create people: choose another sync type, or match only"));
	if (!*draft_get(draft, DRAFT_DEDUPE))
		problem_add(out, STEP_DETAILS, true, A_DEDUPE, _("a dedupe field is needed: email matches best"));
}

static void summary(struct wizard *wizard, struct str *out)
{
	const struct draft *draft = &wizard->draft;
	bool creates = strcmp(draft_get(draft, DRAFT_PERSON_CREATION), "match-and-create") == 0;

	str_add_format(out, _("%s, %s, dedupe on %s"), creates ? _("match and create") : _("match only"),
		sync_type_text(wizard_sync_type(wizard)), draft_get(draft, DRAFT_DEDUPE));
	if (*draft_get(draft, DRAFT_PARTITION))
		str_add_format(out, _(", partition %s"), draft_get(draft, DRAFT_PARTITION));
	if (*draft_get(draft, DRAFT_LIST_FOLDER))
		str_add_format(out, _(", lists in %s"), *draft_get(draft, DRAFT_LIST_FOLDER_LABEL) ? draft_get(draft, DRAFT_LIST_FOLDER_LABEL) : draft_get(draft, DRAFT_LIST_FOLDER));
}

const struct step_kind step_details = {
	.title = N_("Details"),
	.long_title = N_("Details: how people are treated"),
	.open = begin,
	.close = end,
	.draw = draw,
	.press = press,
	.act = act,
	.problems = problems,
	.summary = summary,
};
