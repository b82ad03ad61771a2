/* destination create | list | show | test | update | delete */
#include "app/destinations.h"

#include "app/tests.h"
#include "base/i18n.h"
#include "command/check.h"
#include "command/command.h"
#include "command/secret.h"
#include "command/table.h"

static const struct option_row option_rows[] = {
	{ "account", "NAME", N_("the account it is in; or give --munchkin-id and --client-id") },
	{ "description", "TEXT", N_("what it is for") },
	{ "person-creation", "HOW", N_("match-only (people who are not found are left out) or match-and-create") },
	{ "sync-type", "WHAT", N_("audience-only, profile-only or audience-and-profile") },
	{ "dedupe-field", "F[,F..]", N_("fields that people are found by, in order (email)") },
	{ "partition", "NAME", N_("lead partition of new people") },
	{ "workspace", "NAME", N_("workspace that lists and folders are looked for in") },
	{ "list-folder", "FOLDER", N_("where new lists go: an id, a name, or program:ID") },
	{ "sign-off", "required|none", N_("required: a dataflow runs only with a revision of its mapping that was signed (none)") },
	{ "marketing-action", "NAME", N_("what the data is used for; may be given several times") },
	{ 0 },
};

/* Options that are several texts stay alive in here. */
struct input {
	struct destination_options options;
	text_list dedupe, marketing;
	struct secret secret;
};

static void input_done(struct input *input)
{
	vec_done(&input->dedupe);
	vec_done(&input->marketing);
	secret_wipe(&input->secret);
}

static enum status read_input(const struct args *args, struct input *input, struct error *err)
{
	struct destination_options *options = &input->options;

	*input = (struct input){ 0 };
	arg_all(args, "dedupe-field", &input->dedupe);
	arg_all(args, "marketing-action", &input->marketing);
	*options = (struct destination_options){
		.account = arg_text(args, "account"),
		.description = arg_text(args, "description"),
		.person_creation = arg_text(args, "person-creation"),
		.sync_type = arg_text(args, "sync-type"),
		.partition = arg_text(args, "partition"),
		.workspace = arg_text(args, "workspace"),
		.list_folder = arg_text(args, "list-folder"),
		.sign_off = arg_text(args, "sign-off"),
		.dedupe_fields = input->dedupe.at,
		.dedupe_count = input->dedupe.count,
		.marketing_actions = input->marketing.at,
		.marketing_count = input->marketing.count,
	};
	return account_options_read(args, &options->reached_by, err);
}

static enum status read_secret(struct session *session, const struct args *args, struct input *input, struct error *err)
{
	const struct account_options *by = &input->options.reached_by;
	bool wanted = !input->options.account && by->munchkin_id && by->client_id && !account_is_known(session->app, by);
	enum status status = secret_read(session, args, wanted, &input->secret, err);

	input->options.secret = secret_text(&input->secret);
	return status;
}

static void put_texts(struct json_out *w, const char *name, char *const *texts, size_t count)
{
	json_name(w, name);
	json_array(w);
	for (size_t i = 0; i < count; i++)
		json_put_string(w, texts[i]);
	json_array_end(w);
}

static void put_destination(struct json_out *w, const struct destination *destination, const struct account *account)
{
	json_object(w);
	json_pair_string(w, "name", destination->name);
	json_pair_string(w, "account", destination->account_name);
	json_pair_i64(w, "version", destination->version);
	json_pair_string(w, "card", destination->version == 1 ? "V1" : "V2");
	if (account) {
		json_pair_string(w, "munchkin_id", account->munchkin_id);
		json_pair_string(w, "endpoint", account->endpoint);
		json_pair_string(w, "identity", account->identity);
		json_pair_string(w, "client_id", account->client_id);
	}
	json_pair_string(w, "person_creation", person_creation_text(destination->person_creation));
	json_pair_string(w, "sync_type", sync_type_text(destination_sync_type(destination)));
	put_texts(w, "dedupe_fields", destination->dedupe_fields.at, destination->dedupe_fields.count);
	json_pair_string(w, "partition", destination->partition);
	json_pair_string(w, "workspace", destination->workspace);
	json_pair_string(w, "list_folder", destination->list_folder);
	json_pair_string(w, "description", destination->description);
	json_pair_string(w, "sign_off", sign_off_text(destination->sign_off));
	put_texts(w, "marketing_actions", destination->marketing_actions.at, destination->marketing_actions.count);
	json_object_end(w);
}

static void tell_destination(struct session *session, const struct destination_view *view)
{
	answer_begin(session);
	json_name(&session->w, "destination");
	put_destination(&session->w, &view->destination, &view->account);
	answer_end(session);
}

/* "a, b" for people. Free with str_done. */
static void join(struct str *out, char *const *texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		str_add_format(out, "%s%s", i ? ", " : "", texts[i]);
}

static void print_destination(struct session *session, const struct destination_view *view)
{
	const struct destination *destination = &view->destination;
	struct str dedupe = { 0 }, marketing = { 0 };
	struct table table;

	join(&dedupe, destination->dedupe_fields.at, destination->dedupe_fields.count);
	join(&marketing, destination->marketing_actions.at, destination->marketing_actions.count);
	table_init_pairs(&table);
	table_pair(&table, _("name"), destination->name);
	table_pair(&table, _("description"), destination->description);
	table_pair(&table, _("card"), destination->version == 1 ? _("Marketo V1 (retired)") : _("Marketo V2"));
	table_pair(&table, _("account"), destination->account_name);
	table_pair(&table, _("Munchkin ID"), view->account.munchkin_id);
	table_pair(&table, _("endpoint"), view->account.endpoint);
	table_pair(&table, _("person creation"), person_creation_text(destination->person_creation));
	table_pair(&table, _("sync type"), sync_type_text(destination_sync_type(destination)));
	table_pair(&table, _("people are found by"), str_text(&dedupe));
	table_pair(&table, _("partition"), destination->partition);
	table_pair(&table, _("workspace"), destination->workspace);
	table_pair(&table, _("folder of new lists"), destination->list_folder);
	table_pair(&table, _("sign-off of mappings"), destination->sign_off ? _("required") : _("none"));
	if (marketing.length)
		table_pair(&table, _("marketing actions"), str_text(&marketing));
	table_end(&table, &session->out, 0);
	str_done(&dedupe);
	str_done(&marketing);
}

typedef enum status (*change_fn)(struct app *app, const char *name, const struct destination_options *options, struct destination_view *out,
	struct error *err);

static enum status change(struct session *session, const struct args *args, enum use_case use, change_fn fn, const char *words, struct error *err)
{
	struct destination_view view;
	struct input input;
	enum status status = read_input(args, &input, err);

	if (status == STATUS_OK)
		status = app_enter(session->app, use, err); /* whether a secret is needed stands in the store */
	if (status == STATUS_OK)
		status = read_secret(session, args, &input, err);
	if (status == STATUS_OK) {
		status = fn(session->app, arg_operand(args, 0), &input.options, &view, err);
		if (status == STATUS_OK && session->json)
			tell_destination(session, &view);
		else if (status == STATUS_OK)
			say(session, words, view.destination.name);
		destination_view_done(&view);
	}
	input_done(&input);
	return status;
}

static enum status create(struct session *session, const struct args *args, struct error *err)
{
	return change(session, args, USE_DESTINATION_CREATE, app_destination_create, _("destination %s created"), err);
}

static enum status update(struct session *session, const struct args *args, struct error *err)
{
	return change(session, args, USE_DESTINATION_UPDATE, app_destination_update, _("destination %s changed"), err);
}

static enum status show(struct session *session, const struct args *args, struct error *err)
{
	struct destination_view view;
	enum status status = app_destination_show(session->app, arg_operand(args, 0), &view, err);

	if (status == STATUS_OK && session->json)
		tell_destination(session, &view);
	else if (status == STATUS_OK)
		print_destination(session, &view);
	destination_view_done(&view);
	return status;
}

static void tell_list(struct session *session, const destination_list *list)
{
	answer_begin(session);
	json_name(&session->w, "destinations");
	json_array(&session->w);
	for (size_t i = 0; i < list->count; i++)
		put_destination(&session->w, &list->at[i], NULL);
	json_array_end(&session->w);
	answer_end(session);
}

static void print_list(struct session *session, const destination_list *list)
{
	struct table table;

	if (!list->count) {
		say(session, _("no destinations yet"));
		return;
	}
	table_init(&table, _("NAME"), _("CARD"), _("ACCOUNT"), _("PERSON CREATION"), _("SYNC TYPE"), _("DESCRIPTION"), NULL);
	for (size_t i = 0; i < list->count; i++) {
		const struct destination *destination = &list->at[i];

		table_text(&table, destination->name);
		table_text(&table, destination->version == 1 ? "V1" : "V2");
		table_text(&table, destination->account_name);
		table_text(&table, person_creation_text(destination->person_creation));
		table_text(&table, sync_type_text(destination_sync_type(destination)));
		table_text(&table, destination->description);
	}
	table_end(&table, &session->out, 0);
}

static enum status list(struct session *session, const struct args *args, struct error *err)
{
	destination_list all = { 0 };
	enum status status = app_destination_list(session->app, &all, err);

	(void)args;
	if (status == STATUS_OK && session->json)
		tell_list(session, &all);
	else if (status == STATUS_OK)
		print_list(session, &all);
	destination_list_done(&all);
	return status;
}

static enum status test(struct session *session, const struct args *args, struct error *err)
{
	struct test_report report;
	enum status status = app_destination_test(session->app, arg_operand(args, 0), &report, err);

	check_print(session, &report);
	test_report_done(&report);
	return status;
}

static enum status delete(struct session *session, const struct args *args, struct error *err)
{
	enum status status = app_destination_delete(session->app, arg_operand(args, 0), err);

	if (status == STATUS_OK)
		answer_deleted(session, arg_operand(args, 0));
	return status;
}

const struct command destination_commands[] = {
	{ .use = USE_DESTINATION_CREATE, .options = { option_rows, account_option_rows }, .least = 1, .most = 1, .run = create },
	{ .use = USE_DESTINATION_LIST, .run = list },
	{ .use = USE_DESTINATION_SHOW, .least = 1, .most = 1, .run = show },
	{ .use = USE_DESTINATION_TEST, .least = 1, .most = 1, .run = test },
	{ .use = USE_DESTINATION_UPDATE, .options = { option_rows, account_option_rows }, .least = 1, .most = 1, .run = update },
	{ .use = USE_DESTINATION_DELETE, .least = 1, .most = 1, .run = delete },
	{ 0 },
};
