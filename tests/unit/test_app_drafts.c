/* Drafts become destinations and dataflows, whole or not at all. */
#include "place.h"

#include "app/accounts.h"
#include "app/dataflows.h"
#include "app/destinations.h"
#include "app/drafts.h"
#include "base/mem.h"

#include <sys/wait.h>

static struct app *app;
static struct error err;

static void good(enum status status)
{
	if (status != STATUS_OK)
		fail_msg("%s: %s", err.code, err.message);
}

static void add_account(void)
{
	struct account_options options = { .munchkin_id = "123-ABC-456", .client_id = "client" };
	struct account account;

	good(app_account_create(app, "acc", &options, "secret", &account, &err));
	account_done(&account);
}

static int setup(void **state)
{
	struct app_options options = { 0 };

	if (place_setup(state) != 0)
		return -1;
	options.db = at("store.db");
	app = app_new(&options, &err);
	add_account();
	return 0;
}

static int teardown(void **state)
{
	app_free(app);
	return place_teardown(state);
}

static void add_audience(struct draft *draft, const char *id, const char *list)
{
	vec_push(&draft->audiences, ((struct draft_audience){ .id = mem_strdup(id), .name = mem_printf("Audience %s", id), .list = mem_strdup(list) }));
}

static void add_row(struct draft *draft, const char *source, const char *target)
{
	vec_push(&draft->mapping.rows, ((struct mapping_row){ .source = mem_strdup(source), .target = mem_strdup(target) }));
}

static struct draft make_draft(const char *name)
{
	static const char feed[] = "{\"identityMap\":{\"Email\":[{\"id\":\"a@b.example\"}]},\"segmentMembership\":{\"ups\":{\"a1\":{\"status\":\"realized\"}}}}\n";
	struct draft draft;

	put_file(at("feed.ndjson"), feed, strlen(feed), 0600);
	draft_init(&draft);
	draft_set(&draft, DRAFT_NAME, name);
	draft_set(&draft, DRAFT_ACCOUNT, "acc");
	draft_set(&draft, DRAFT_SOURCE, at("feed.ndjson"));
	add_audience(&draft, "a1", NULL);
	add_row(&draft, "identityMap.Email", "email");
	return draft;
}

static int64_t count_dataflows(void)
{
	dataflow_list all = { 0 };
	int64_t count;

	good(app_dataflow_list(app, &all, &err));
	count = (int64_t)all.count;
	dataflow_list_done(&all);
	return count;
}

static int64_t count_destinations(void)
{
	destination_list all = { 0 };
	int64_t count;

	good(app_destination_list(app, &all, &err));
	count = (int64_t)all.count;
	destination_list_done(&all);
	return count;
}

static struct dataflow the_dataflow(const char *name)
{
	struct dataflow dataflow;

	good(app_dataflow_show(app, name, &dataflow, &err));
	return dataflow;
}

static void applied_twice_it_is_brought_up_to_date(void **state)
{
	struct draft draft = make_draft("spring");
	struct dataflow flow;
	struct mapping mapping;
	int64_t audience;

	(void)state;
	good(app_draft_apply(app, &draft, &err));
	assert_true(draft.id > 0 && draft.destination_id > 0 && draft.dataflow_id > 0);
	flow = the_dataflow("spring");
	assert_false(flow.enabled);
	assert_string_equal(flow.destination_name, "spring");
	assert_string_equal(flow.audiences.at[0].audience_name, "Audience a1");
	audience = flow.audiences.at[0].id;
	dataflow_done(&flow);
	good(mapping_load(app->store, MAPPING_OF_DATAFLOW, draft.dataflow_id, &mapping, &err));
	assert_int_equal(mapping.revision, 1);
	mapping_done(&mapping);

	draft_set(&draft, DRAFT_NAME, "summer");
	draft_set(&draft, DRAFT_START, "2024-01-01");
	draft_set(&draft, DRAFT_END, "2024-03-01");
	add_audience(&draft, "a=2", "x=y");
	draft.audiences.at[1].start = mem_strdup("2024-04-01");
	draft.audiences.at[1].end = mem_strdup("2024-05-01");
	add_row(&draft, "person.name.firstName", "firstName");
	good(app_draft_apply(app, &draft, &err));
	assert_int_equal(count_dataflows(), 1);
	assert_int_equal(count_destinations(), 1);
	flow = the_dataflow("summer");
	assert_int_equal(flow.audiences.count, 2);
	assert_int_equal(flow.audiences.at[0].id, audience);
	assert_string_equal(flow.audiences.at[1].audience, "a=2");
	assert_string_equal(flow.audiences.at[1].list, "x=y");
	assert_int_equal(flow.audiences.at[0].start_ms, 1704067200000);
	assert_int_equal(flow.audiences.at[0].end_ms, 1709251200000);
	assert_int_equal(flow.audiences.at[1].start_ms, 1711929600000);
	dataflow_done(&flow);
	/* What was chosen before and is empty now is gone. */
	draft_set(&draft, DRAFT_START, NULL);
	good(app_draft_apply(app, &draft, &err));
	flow = the_dataflow("summer");
	assert_int_equal(flow.audiences.at[0].start_ms, 0);
	dataflow_done(&flow);
	good(mapping_load(app->store, MAPPING_OF_DATAFLOW, draft.dataflow_id, &mapping, &err));
	assert_int_equal(mapping.revision, 2);
	assert_int_equal(mapping.rows.count, 2);
	mapping_done(&mapping);
	draft_done(&draft);
}

static void blames(struct draft *draft, const char *field)
{
	int64_t id = draft->id;

	assert_int_equal(app_draft_apply(app, draft, &err), STATUS_USAGE);
	assert_string_equal(err.code, field);
	assert_true(*err.message);
	assert_int_equal(draft->id, id);
	assert_int_equal(draft->destination_id, 0);
	assert_int_equal(draft->dataflow_id, 0);
	assert_int_equal(count_destinations(), 0);
	assert_int_equal(count_dataflows(), 0);
	draft_done(draft);
}

static void each_refusal_names_its_field(void **state)
{
	static const struct {
		enum draft_text text;
		const char *wrong;
	} texts[] = { { DRAFT_NAME, "" }, { DRAFT_NAME, "  " }, { DRAFT_ACCOUNT, "" }, { DRAFT_ACCOUNT, "other" }, { DRAFT_SOURCE, "" }, { DRAFT_SOURCE, "/nowhere/feed.ndjson" },
		{ DRAFT_PERSON_CREATION, "sometimes" }, { DRAFT_SYNC_TYPE, "all" }, { DRAFT_DEDUPE, "email,email" }, { DRAFT_DEDUPE, "id" }, { DRAFT_LIST_FOLDER, "program:x" },
		{ DRAFT_START, "yesterday" }, { DRAFT_END, "2024-13-01" } };
	struct draft draft;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		draft = make_draft("spring");
		draft_set(&draft, texts[i].text, texts[i].wrong);
		blames(&draft, draft_text_name(texts[i].text));
	}
	draft = make_draft("spring");
	draft_set(&draft, DRAFT_PERSON_CREATION, "match-and-create");
	draft_set(&draft, DRAFT_SYNC_TYPE, "audience-only");
	blames(&draft, "sync_type");
	draft = make_draft("spring");
	draft_set(&draft, DRAFT_START, "2024-02-01");
	draft_set(&draft, DRAFT_END, "2024-01-01");
	blames(&draft, "end");
	draft = make_draft("spring");
	add_audience(&draft, "a1", NULL);
	blames(&draft, "audiences");
	draft = make_draft("spring");
	draft.audiences.at[0].start = mem_strdup("soon");
	blames(&draft, "audiences");
	draft = make_draft("spring");
	add_row(&draft, "a..b", "x");
	blames(&draft, "mapping");
	draft = make_draft("spring");
	add_row(&draft, "other.path", "email");
	blames(&draft, "mapping");
}

static void a_name_of_others_is_refused(void **state)
{
	struct draft first = make_draft("spring"), second = make_draft("spring");

	(void)state;
	good(app_draft_apply(app, &first, &err));
	good(app_draft_save(app, &second, &err));
	assert_int_equal(app_draft_apply(app, &second, &err), STATUS_USAGE);
	assert_string_equal(err.code, "name");
	assert_int_equal(second.destination_id, 0);
	assert_int_equal(count_destinations(), 1);
	/* What somebody deleted is made anew. */
	good(app_dataflow_delete(app, "spring", &err));
	good(app_destination_delete(app, "spring", &err));
	good(app_draft_apply(app, &first, &err));
	assert_int_equal(count_dataflows(), 1);
	draft_done(&first);
	draft_done(&second);
}

static void finished_it_is_launched_and_gone(void **state)
{
	struct draft draft = make_draft("spring"), gone;
	struct dataflow flow;
	int64_t id;

	(void)state;
	good(app_draft_apply(app, &draft, &err));
	id = draft.id;
	good(app_draft_finish(app, &draft, &err));
	assert_int_equal(draft.id, 0);
	flow = the_dataflow("spring");
	assert_true(flow.enabled);
	dataflow_done(&flow);
	assert_int_equal(app_draft_load(app, id, &gone, &err), STATUS_USAGE);
	assert_string_equal(err.code, "not_found");
	draft_done(&gone);
	draft_done(&draft);
}

static void deleted_it_takes_along_what_never_ran(void **state)
{
	struct draft first = make_draft("spring"), second = make_draft("autumn");
	struct dataflow flow;

	(void)state;
	good(app_draft_apply(app, &first, &err));
	good(app_draft_apply(app, &second, &err));
	good(app_draft_delete(app, first.id, &err));
	assert_int_equal(count_dataflows(), 1);
	assert_int_equal(count_destinations(), 1);
	/* One that somebody lets run is theirs. */
	good(app_dataflow_enable(app, "autumn", true, &flow, &err));
	dataflow_done(&flow);
	good(app_draft_delete(app, second.id, &err));
	assert_int_equal(count_dataflows(), 1);
	draft_done(&first);
	draft_done(&second);
}

static void one_console_at_a_time(void **state)
{
	struct draft draft = make_draft("spring");
	int held, other, status;
	pid_t child;

	(void)state;
	assert_int_equal(draft_lock(app, 7, &held, &err), STATUS_USAGE);
	assert_string_equal(err.code, "not_found");
	good(app_draft_save(app, &draft, &err));
	good(draft_lock(app, draft.id, &held, &err));
	child = fork();
	if (child == 0)
		_exit(draft_lock(app, draft.id, &other, &err) == STATUS_USAGE && strcmp(err.code, "in_use") == 0 && strstr(err.message, "process") ? 0 : 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	draft_unlock(held);
	good(draft_lock(app, draft.id, &held, &err));
	draft_unlock(held);
	draft_unlock(-1);
	draft_done(&draft);
}

static void read_only_it_only_shows(void **state)
{
	struct draft draft = make_draft("spring");
	draft_list all = { 0 };

	(void)state;
	good(app_draft_save(app, &draft, &err));
	app->read_only = true;
	assert_int_equal(app_draft_save(app, &draft, &err), STATUS_REFUSED);
	assert_int_equal(app_draft_apply(app, &draft, &err), STATUS_REFUSED);
	assert_int_equal(app_draft_finish(app, &draft, &err), STATUS_REFUSED);
	assert_int_equal(app_draft_delete(app, draft.id, &err), STATUS_REFUSED);
	good(app_draft_list(app, &all, &err));
	assert_int_equal(all.count, 1);
	draft_list_done(&all);
	draft_done(&draft);
}

/* Without an account nothing is known of the fields: rows are counted. */
static void a_survey_counts(void **state)
{
	struct draft draft = make_draft("spring");
	struct survey survey;

	(void)state;
	draft_set(&draft, DRAFT_ACCOUNT, NULL);
	add_row(&draft, "person.name.firstName", "firstName");
	good(app_draft_save(app, &draft, &err));
	good(app_draft_survey(app, draft.id, &survey, &err));
	assert_int_equal(survey.profiles, 1);
	assert_int_equal(survey.rows.count, 2);
	assert_int_equal(survey.rows.at[0].filled, 1);
	assert_int_equal(survey.rows.at[1].filled, 0);
	assert_null(survey.rows.at[0].code);
	survey_done(&survey);
	draft_done(&draft);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(applied_twice_it_is_brought_up_to_date, setup, teardown),
		cmocka_unit_test_setup_teardown(each_refusal_names_its_field, setup, teardown),
		cmocka_unit_test_setup_teardown(a_name_of_others_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(finished_it_is_launched_and_gone, setup, teardown),
		cmocka_unit_test_setup_teardown(deleted_it_takes_along_what_never_ran, setup, teardown),
		cmocka_unit_test_setup_teardown(one_console_at_a_time, setup, teardown),
		cmocka_unit_test_setup_teardown(read_only_it_only_shows, setup, teardown),
		cmocka_unit_test_setup_teardown(a_survey_counts, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
