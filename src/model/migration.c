#include "model/migration.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "model/word.h"

#include <string.h>

static const char *const states[] = {
	[MIGRATION_IMPORTED] = "imported",
	[MIGRATION_CREATED] = "created",
	[MIGRATION_PAUSED] = "paused",
	[MIGRATION_FINISHED] = "finished",
};

const char *migration_state_text(enum migration_state state)
{
	return word_text(WORDS(states), state);
}

bool migration_state_parse(const char *text, enum migration_state *out)
{
	size_t index;

	if (!word_parse(WORDS(states), text, &index))
		return false;
	*out = (enum migration_state)index;
	return true;
}

void migration_init(struct migration *migration)
{
	*migration = (struct migration){ .state = MIGRATION_IMPORTED };
}

void migration_done(struct migration *migration)
{
	mem_free(migration->flow_id);
	mem_free(migration->name);
	mem_free(migration->v2_name);
	mem_free(migration->account);
	mem_free(migration->exported);
	mem_free(migration->mapping_id_path);
	mem_free(migration->override);
	migration_init(migration);
}

enum status migration_exported(const struct migration *migration, struct v1_flow *out, struct error *err)
{
	const struct v1_options options = { .mapping_id_path = migration->mapping_id_path };
	struct json *json = json_parse(migration->exported, strlen(migration->exported), NULL, NULL);
	enum status status = v1_flow_read(json, &options, out, err);

	json_free(json);
	return status;
}

bool migration_is_clean(const struct migration *migration)
{
	return migration->compared_at && migration->compared_run && !migration->unexplained;
}

/* The rules of engine.md by which V2's list is right to differ from V1's; and what no rule explains. */
static const struct difference_row differences[] = {
	{ "no_identity", true, N_("this person has no value in the field that people are matched by, so no profile can be theirs") },
	{ "duplicate", true, N_("several people share the value that people are matched by: V2 uses the one updated last") },
	{ "left_audience", true, N_("the source says that this person has left the audience") },
	{ "excluded", true, N_("a rule left this person out, with a reason that the run tells") },
	{ "shared_list", true, N_("V1's list is that of another V1 dataflow, too, which may have put this person there") },
	{ "in_source", true, N_("the source says that this person is in the audience; V1 had not put them into its list") },
	{ "not_ours", true, N_("somebody else put this person into the list; penstock leaves them there") },
	{ "put_in", true, N_("undone: a run of V2 put this person into V1's list, where they stay") },
	{ "taken_out", true, N_("undone: a run of V2 took this person out of V1's list, and they stay out") },
	{ "not_in_source", false, N_("the source has never named this person as a member") },
	{ "not_sent", false, N_("the source says that this person is in the audience, and V2 has not brought them yet: run the V2 dataflow") },
	{ "not_removed", false, N_("the source says that this person has left, and V2 has not taken them out yet: run the V2 dataflow") },
	{ "failed", false, N_("this person could not be brought: `penstock failures` and `penstock retry` tell and try again") },
	{ "removed_in_marketo", false, N_("the ledger has this person in the list and Marketo has not: `penstock verify --repair` adds them again") },
	{ "no_list", false, N_("this audience has no list in V2 yet: run the V2 dataflow") },
};

const struct difference_row *difference_find(const char *reason)
{
	for (size_t i = 0; reason && i < sizeof differences / sizeof *differences; i++)
		if (strcmp(differences[i].reason, reason) == 0)
			return &differences[i];
	return NULL;
}

/* Ends with a row without a code. */
const struct verdict_row verdict_rows[] = {
	{ "no_identity", VERDICT_BLOCKED, N_("no identity is mapped: nobody can be matched"), N_("say where the e-mail address stands: --email-from identityMap.Email") },
	{ "ecid_only", VERDICT_BLOCKED, N_("only the ECID is mapped, and Marketo can be searched for it only where a searchable field holds it"),
		N_("map the e-mail address, too: --email-from identityMap.Email; or name the field that holds the ECID: --dedupe-field FIELD") },
	{ "no_audience", VERDICT_BLOCKED, N_("the dataflow has no audience"), N_("there is nothing to bring over: `penstock dataflow delete` takes it off the list") },
	{ "shared_list", VERDICT_BLOCKED, N_("another audience goes to the same list: who leaves one of them would be taken out although the other still holds them"),
		N_("give each a list of its own: --list new") },
	{ "no_list_folder", VERDICT_BLOCKED, N_("a list has to be made, and no folder for lists is given"), N_("name one: --list-folder FOLDER; `penstock folders ACCOUNT` lists them") },
	{ "one_audience", VERDICT_BLOCKED, N_("the source is a table, all of whose rows are one audience, and the dataflow has several"),
		N_("give a source of profile messages (NDJSON)") },
	{ "source", VERDICT_BLOCKED, N_("the source cannot be read"), N_("give one that can: --source FILE") },
	{ "settings", VERDICT_BLOCKED, N_("the settings chosen for V2 do not go together"), N_("change the options that are named") },
	{ "mapping", VERDICT_BLOCKED, N_("Marketo does not have a field that is mapped, or it is read-only"), N_("`penstock fields ACCOUNT --refresh` lists what there is") },
	{ "unreachable", VERDICT_BLOCKED, N_("Marketo could not be asked about its lists and fields"), N_("`penstock account test ACCOUNT` says why") },
	{ "policy", VERDICT_BLOCKED, N_("a data usage policy forbids it"), N_("take out the field, the label or the policy that is named") },
	{ "v2_gone", VERDICT_WARNING, N_("the V2 dataflow was deleted meanwhile"), N_("apply makes it anew; undo takes the migration back") },
	{ "done", VERDICT_NOTE, N_("the V2 dataflow is there"), N_("`penstock migrate compare` holds the lists against each other") },
	{ "finished", VERDICT_NOTE, N_("V1 is deleted: the migration has ended"), NULL },
	{ "empty_mapping_id", VERDICT_WARNING, N_("an audience has no mapping ID: V1 never brought it anywhere; V2 gives it a list of its own"), NULL },
	{ "bad_mapping_id", VERDICT_WARNING, N_("a mapping ID is no list's id; V2 gives that audience a list of its own"), NULL },
	{ "list_gone", VERDICT_WARNING, N_("Marketo has no list of that mapping ID any more; V2 gives the audience a list of its own"), NULL },
	{ "disabled", VERDICT_WARNING, N_("V1 is disabled: it brings nobody"), N_("V2 is made disabled, too, unless --enable is given") },
	{ "no_source", VERDICT_WARNING, N_("the Platform was V1's source, and no local one is given: V2 is made disabled"),
		N_("give it with --source, or later: `penstock dataflow update V2 --source FILE`") },
	{ "in_transition", VERDICT_WARNING, N_("V1 was being changed when it was exported"), N_("export it again once its state is enabled or disabled") },
	{ "many_audiences", VERDICT_WARNING, N_("more than 250 audiences: the Platform advises against that many in a dataflow"), NULL },
	{ "extra_field", VERDICT_WARNING, N_("V1 maps a field that it does not understand and never sent; it is not carried over"), N_("map it on V2: `penstock mapping set`") },
	{ "bad_date", VERDICT_WARNING, N_("a start or end date cannot be read; it is not carried over"), N_("set it on V2: `penstock dataflow update --start --end`") },
	{ "unknown_keys", VERDICT_NOTE, N_("the export has members that penstock does not know; they are kept with it"), NULL },
	{ NULL, VERDICT_NOTE, NULL, NULL },
};

const struct verdict_row *verdict_find(const char *code)
{
	for (const struct verdict_row *row = verdict_rows; code && row->code; row++)
		if (strcmp(row->code, code) == 0)
			return row;
	return NULL;
}

const char *verdict_weight_text(enum verdict_weight weight)
{
	static const char *const weights[] = { [VERDICT_NOTE] = "note", [VERDICT_WARNING] = "warning", [VERDICT_BLOCKED] = "blocked" };

	return word_text(WORDS(weights), weight);
}
