#include "place.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/vec.h"
#include "db/db.h"
#include "store/store.h"
#include "store/tables.h"

static struct error err;
static struct store *store;

static int setup(void **state)
{
	return place_setup(state) == 0 && store_open(at("penstock.db"), false, &store, &err) == STATUS_OK ? 0 : -1;
}

static int teardown(void **state)
{
	store_close(store);
	store = NULL;
	return place_teardown(state);
}

static void good(enum status status)
{
	if (status != STATUS_OK)
		fail_msg("%s: %s", err.code, err.message);
}

static void usage(enum status status, const char *code)
{
	assert_int_equal(status, STATUS_USAGE);
	assert_string_equal(err.code, code);
}

static struct account account_named(const char *name)
{
	struct account account;
	account_init(&account);
	account.name = mem_strdup(name);
	account.munchkin_id = mem_strdup("123-ABC-456");
	account.endpoint = mem_strdup("https://123-abc-456.example.com/rest");
	account.identity = mem_strdup("https://123-abc-456.example.com/identity");
	account.client_id = mem_printf("client of %s", name);
	return account;
}

static int64_t add_account(const char *name, const char *secret)
{
	struct account account = account_named(name);
	good(account_insert(store, &account, secret, &err));
	int64_t id = account.id;
	account_done(&account);
	assert_true(id > 0);
	return id;
}

static struct destination destination_named(const char *name, int64_t account_id)
{
	struct destination destination;
	destination_init(&destination);
	destination.account_id = account_id;
	destination.name = mem_strdup(name);
	return destination;
}

static int64_t add_destination(const char *name, int64_t account_id)
{
	struct destination destination = destination_named(name, account_id);
	good(destination_insert(store, &destination, &err));
	int64_t id = destination.id;
	destination_done(&destination);
	return id;
}

static struct dataflow dataflow_named(const char *name, int64_t destination_id)
{
	struct dataflow dataflow;
	dataflow_init(&dataflow);
	dataflow.destination_id = destination_id;
	dataflow.name = mem_strdup(name);
	dataflow.source = mem_strdup("feed.ndjson");
	return dataflow;
}

static void add_audience(struct dataflow *dataflow, const char *name, const char *list)
{
	struct flow_audience audience = { .audience = mem_strdup(name), .list = mem_strdup(list) };
	vec_push(&dataflow->audiences, audience);
}

static void accounts_come_back(void **state)
{
	struct account out;
	(void)state;
	struct account account = account_named("Main \"office\" \xc3\xa9");
	account.environment = mem_strdup("production");
	account.daily_calls = 10000;
	account.quota_stop = 80;
	good(account_insert(store, &account, NULL, &err));
	good(account_find(store, account.name, &out, &err));
	assert_int_equal(out.id, account.id);
	assert_string_equal(out.munchkin_id, "123-ABC-456");
	assert_string_equal(out.endpoint, account.endpoint);
	assert_string_equal(out.identity, account.identity);
	assert_string_equal(out.client_id, account.client_id);
	assert_null(out.ca_file);
	assert_string_equal(out.environment, "production");
	assert_int_equal(out.daily_calls, 10000);
	assert_int_equal(out.calls_per_20s, ACCOUNT_CALLS_PER_20S);
	assert_int_equal(out.concurrent, ACCOUNT_CONCURRENT);
	assert_int_equal(out.quota_stop, 80);
	mem_replace(&out.name, "Other");
	mem_replace(&out.ca_file, "ca.pem");
	good(account_save(store, &out, &err));
	account_done(&out);
	good(account_get(store, account.id, &out, &err));
	assert_string_equal(out.name, "Other");
	assert_string_equal(out.ca_file, "ca.pem");
	account_done(&out);
	good(account_of(store, "123-ABC-456", account.client_id, &out, &err));
	assert_int_equal(out.id, account.id);
	account_done(&out);
	usage(account_of(store, "123-ABC-456", "nobody", &out, &err), "not_found");
	assert_null(out.name);
	account_done(&account);
}

static void names_are_unique_and_suggested(void **state)
{
	struct account out, second = account_named("production");
	(void)state;
	usage(account_find(store, "production", &out, &err), "not_found");
	add_account("production", NULL);
	add_account("Sandbox", NULL);
	usage(account_insert(store, &second, "secret", &err), "exists");
	assert_non_null(strstr(err.message, "production"));
	assert_int_equal(second.id, 0);
	usage(account_find(store, "prodution", &out, &err), "not_found");
	assert_non_null(strstr(err.message, "prodution"));
	assert_non_null(strstr(err.hint, "\"production\""));
	account_done(&out);
	/* Compared exactly. */
	usage(account_find(store, "sandbox", &out, &err), "not_found");
	usage(account_get(store, 99, &out, &err), "not_found");
	good(account_find(store, "Sandbox", &out, &err));
	mem_replace(&out.name, "production");
	usage(account_save(store, &out, &err), "exists");
	mem_replace(&out.name, "Sandbox");
	good(account_save(store, &out, &err));
	out.id = 99;
	mem_replace(&out.name, "new");
	usage(account_save(store, &out, &err), "not_found");
	account_done(&out);
	account_list all = { 0 };
	good(account_all(store, &all, &err));
	assert_int_equal(all.count, 2);
	assert_string_equal(all.at[0].name, "Sandbox");
	account_list_done(&all);
	account_done(&second);
}

static bool folder_holds(const char *text)
{
	static const char *const names[] = { "penstock.db", "penstock.db-wal" };
	static char bytes[8 * 1024 * 1024];
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (memmem(bytes, get_file(at(names[i]), bytes, sizeof bytes), text, strlen(text)))
			return true;
	return false;
}

static void secrets_are_sealed(void **state)
{
	static const char secret[] = "Zq7-secret-of-the-test";
	struct str out = { 0 };
	(void)state;
	int64_t one = add_account("one", secret), two = add_account("two", NULL);
	assert_true(folder_holds("https://123-abc-456.example.com/rest"));
	assert_false(folder_holds(secret));
	good(account_secret(store, one, &out, &err));
	assert_string_equal(str_text(&out), secret);
	str_clear(&out);
	assert_int_equal(account_secret(store, two, &out, &err), STATUS_REFUSED);
	assert_string_equal(err.code, "no_secret");
	assert_int_equal(out.length, 0);
	usage(account_secret(store, 99, &out, &err), "not_found");
	usage(account_secret_save(store, 99, secret, &err), "not_found");
	/* Moved to another account it cannot be opened. */
	good(db_exec(store_db(store), "UPDATE account SET secret = (SELECT secret FROM account WHERE name = 'one') WHERE name = 'two'", &err));
	assert_int_equal(account_secret(store, two, &out, &err), STATUS_REFUSED);
	assert_string_equal(err.code, "key");
	good(account_secret_save(store, two, "another", &err));
	good(account_secret(store, two, &out, &err));
	assert_string_equal(str_text(&out), "another");
	good(account_secret_save(store, two, NULL, &err));
	assert_int_equal(account_secret(store, two, &out, &err), STATUS_REFUSED);
	str_done(&out);
}

static void destinations_come_back(void **state)
{
	struct destination out;
	(void)state;
	struct destination destination = destination_named("crm", add_account("main", NULL));
	destination.person_creation = CREATION_MATCH_AND_CREATE;
	destination.sync_type = SYNC_PROFILE_ONLY;
	destination.version = 1;
	destination.partition = mem_strdup("Default");
	destination.list_folder = mem_strdup("program:13");
	destination.sign_off = true;
	vec_push(&destination.dedupe_fields, mem_strdup("email"));
	vec_push(&destination.dedupe_fields, mem_strdup("crmId"));
	vec_push(&destination.marketing_actions, mem_strdup("exportToThirdParty"));
	good(destination_insert(store, &destination, &err));
	good(destination_find(store, "crm", &out, &err));
	assert_int_equal(out.id, destination.id);
	assert_int_equal(out.version, 1);
	assert_string_equal(out.account_name, "main");
	assert_int_equal(out.person_creation, CREATION_MATCH_AND_CREATE);
	assert_int_equal(out.sync_type, SYNC_PROFILE_ONLY);
	assert_string_equal(out.partition, "Default");
	assert_string_equal(out.list_folder, "program:13");
	assert_true(out.sign_off);
	assert_null(out.workspace);
	assert_int_equal(out.dedupe_fields.count, 2);
	assert_string_equal(out.dedupe_fields.at[0], "email");
	assert_string_equal(out.dedupe_fields.at[1], "crmId");
	assert_int_equal(out.marketing_actions.count, 1);
	/* Fewer items and the sync type that follows. */
	mem_free(out.dedupe_fields.at[--out.dedupe_fields.count]);
	out.sync_type = SYNC_FOLLOWS_CREATION;
	good(destination_save(store, &out, &err));
	destination_done(&out);
	good(destination_get(store, destination.id, &out, &err));
	assert_int_equal(out.sync_type, SYNC_FOLLOWS_CREATION);
	assert_int_equal(out.dedupe_fields.count, 1);
	out.account_id = 77;
	usage(destination_save(store, &out, &err), "not_found");
	destination_done(&out);
	destination_list all = { 0 };
	good(destination_all(store, &all, &err));
	assert_int_equal(all.count, 1);
	assert_int_equal(all.at[0].dedupe_fields.count, 1);
	destination_list_done(&all);
	usage(destination_find(store, "crn", &out, &err), "not_found");
	assert_non_null(strstr(err.hint, "crm"));
	destination_done(&out);
	usage(destination_get(store, 99, &out, &err), "not_found");
	destination_done(&out);
	mem_replace(&destination.name, "crm");
	destination.id = 0;
	usage(destination_insert(store, &destination, &err), "exists");
	destination_done(&destination);
}

static void what_is_used_stays(void **state)
{
	(void)state;
	int64_t one = add_account("one", NULL), destination = add_destination("d1", one);
	char name[16];
	for (int i = 2; i <= 8; i++) {
		snprintf(name, sizeof name, "d%d", i);
		add_destination(name, one);
	}
	usage(account_delete(store, one, &err), "in_use");
	assert_non_null(strstr(err.message, "\"d1\", \"d2\""));
	assert_non_null(strstr(err.message, "3 more"));
	struct dataflow dataflow = dataflow_named("flow", destination);
	good(dataflow_insert(store, &dataflow, &err));
	usage(destination_delete(store, destination, &err), "in_use");
	assert_non_null(strstr(err.message, "\"flow\""));
	good(dataflow_delete(store, dataflow.id, &err));
	usage(dataflow_delete(store, dataflow.id, &err), "not_found");
	for (int64_t id = destination; id < destination + 8; id++)
		good(destination_delete(store, id, &err));
	usage(destination_delete(store, destination, &err), "not_found");
	good(db_exec(store_db(store),
		"INSERT INTO person VALUES (1, x'00', 5, x''), (2, x'00', 5, x''); INSERT INTO member (account, list, key) VALUES (1, 9, x'00')", &err));
	good(account_delete(store, one, &err));
	usage(account_delete(store, one, &err), "not_found");
	/* The ledger of an account goes with it, and its number is not given out again. */
	enum status status;
	struct query *query = db_query(
		store_db(store), "SELECT (SELECT group_concat(account) FROM person) || (SELECT count(*) FROM member)", &err);
	assert_true(query_row(query, &status, &err));
	assert_string_equal(column_text(query, 0), "20");
	query_reset(query);
	assert_true(add_account("one", NULL) > one);
	dataflow_done(&dataflow);
}

static void add_field(struct catalogue *catalogue, const char *name, const char *type, int length, bool searchable)
{
	catalogue_add(catalogue, (struct field){
		.name = mem_strdup(name),
		.label = mem_printf("Label of %s", name),
		.type_name = mem_strdup(type),
		.type = field_type_of(type),
		.length = length,
		.updateable = !searchable,
		.searchable = searchable,
	});
}

static void catalogues_are_replaced(void **state)
{
	struct catalogue catalogue, out;
	(void)state;
	int64_t account = add_account("one", NULL);
	good(catalogue_load(store, account, &out, &err));
	assert_true(out.fetched_at == 0);
	assert_int_equal(out.fields.count, 0);
	catalogue_done(&out);
	catalogue_init(&catalogue);
	catalogue.fetched_at = 1700000000000;
	add_field(&catalogue, "lastName", "string", 255, false);
	add_field(&catalogue, "email", "email", 255, true);
	add_field(&catalogue, "Score", "score", 0, false);
	good(catalogue_save(store, account, &catalogue, &err));
	usage(catalogue_save(store, 99, &catalogue, &err), "not_found");
	good(catalogue_load(store, account, &out, &err));
	assert_true(out.fetched_at == 1700000000000);
	assert_int_equal(out.fields.count, 3);
	const struct field *email = catalogue_find(&out, "email");
	assert_non_null(email);
	assert_string_equal(email->label, "Label of email");
	assert_int_equal(email->type, FIELD_EMAIL);
	assert_int_equal(email->length, 255);
	assert_true(email->searchable);
	assert_false(email->updateable);
	assert_int_equal(catalogue_find(&out, "Score")->type, FIELD_SCORE);
	catalogue_done(&out);
	catalogue_done(&catalogue);
	catalogue_init(&catalogue);
	catalogue.fetched_at = 5;
	add_field(&catalogue, "email", "email", 255, true);
	good(catalogue_save(store, account, &catalogue, &err));
	good(catalogue_load(store, account, &out, &err));
	assert_int_equal(out.fields.count, 1);
	catalogue_done(&out);
	catalogue_done(&catalogue);
	good(account_delete(store, account, &err));
}

static void put_row(struct mapping *mapping, const char *text)
{
	struct mapping_row row;
	good(mapping_row_parse(text, &row, &err));
	mapping_put(mapping, &row);
}

static void mappings_keep_their_revisions(void **state)
{
	struct mapping mapping, out;
	(void)state;
	int64_t destination = add_destination("d", add_account("a", NULL));
	good(mapping_load(store, MAPPING_OF_DESTINATION, destination, &out, &err));
	assert_true(out.revision == 0);
	assert_int_equal(out.rows.count, 0);
	mapping_done(&out);
	mapping_init(&mapping);
	put_row(&mapping, "identityMap.Email=email");
	put_row(&mapping, "person.name.firstName=firstName:clear:create-only");
	good(mapping_save(store, MAPPING_OF_DESTINATION, destination, &mapping, &err));
	assert_true(mapping.revision == 1);
	assert_true(mapping_remove(&mapping, "firstName"));
	good(mapping_save(store, MAPPING_OF_DESTINATION, destination, &mapping, &err));
	assert_true(mapping.revision == 2);
	good(mapping_load(store, MAPPING_OF_DESTINATION, destination, &out, &err));
	assert_true(out.revision == 2);
	assert_int_equal(out.rows.count, 1);
	mapping_done(&out);
	good(mapping_load_revision(store, MAPPING_OF_DESTINATION, destination, 1, &out, &err));
	assert_true(out.revision == 1);
	assert_int_equal(out.rows.count, 2);
	assert_string_equal(out.rows.at[1].target, "firstName");
	assert_true(out.rows.at[1].clear);
	assert_true(out.rows.at[1].create_only);
	assert_false(out.rows.at[0].clear);
	mapping_done(&out);
	usage(mapping_load_revision(store, MAPPING_OF_DESTINATION, destination, 3, &out, &err), "not_found");
	mapping_done(&out);
	/* The same number of the other owner is another mapping. */
	good(mapping_load(store, MAPPING_OF_DATAFLOW, destination, &out, &err));
	assert_true(out.revision == 0);
	mapping_done(&out);
	usage(mapping_save(store, MAPPING_OF_DATAFLOW, destination, &mapping, &err), "not_found");
	assert_true(mapping.revision == 2);

	/* A dataflow starts with a copy of its own. */
	struct dataflow dataflow = dataflow_named("f", destination);
	good(dataflow_insert(store, &dataflow, &err));
	good(mapping_load(store, MAPPING_OF_DATAFLOW, dataflow.id, &out, &err));
	assert_true(out.revision == 1);
	assert_int_equal(out.rows.count, 1);
	put_row(&out, "person.name.lastName=lastName");
	good(mapping_save(store, MAPPING_OF_DATAFLOW, dataflow.id, &out, &err));
	assert_true(out.revision == 2);
	mapping_done(&out);
	good(mapping_load(store, MAPPING_OF_DESTINATION, destination, &out, &err));
	assert_int_equal(out.rows.count, 1);
	mapping_done(&out);
	mapping_done(&mapping);
	dataflow_done(&dataflow);
}

static bool is_signed(enum mapping_owner owner, int64_t id, int64_t revision)
{
	bool is = false;

	good(mapping_is_signed(store, owner, id, revision, &is, &err));
	return is;
}

static void a_signature_is_for_one_revision(void **state)
{
	struct mapping mapping;

	(void)state;
	int64_t destination = add_destination("signed", add_account("signed", NULL));
	mapping_init(&mapping);
	put_row(&mapping, "identityMap.Email=email");
	good(mapping_save(store, MAPPING_OF_DESTINATION, destination, &mapping, &err));
	good(mapping_save(store, MAPPING_OF_DESTINATION, destination, &mapping, &err));
	assert_false(is_signed(MAPPING_OF_DESTINATION, destination, 1));
	good(mapping_sign(store, MAPPING_OF_DESTINATION, destination, 1, "read", &err));
	assert_true(is_signed(MAPPING_OF_DESTINATION, destination, 1));
	assert_false(is_signed(MAPPING_OF_DESTINATION, destination, 2));
	assert_false(is_signed(MAPPING_OF_DESTINATION, destination, 3));
	/* A dataflow of the same number is another owner. */
	assert_false(is_signed(MAPPING_OF_DATAFLOW, destination, 1));
	assert_int_equal(mapping_sign(store, MAPPING_OF_DESTINATION, destination, 3, NULL, &err), STATUS_USAGE);
	good(mapping_sign(store, MAPPING_OF_DESTINATION, destination, 2, NULL, &err));
	good(mapping_sign(store, MAPPING_OF_DESTINATION, destination, 2, NULL, &err));
	assert_true(is_signed(MAPPING_OF_DESTINATION, destination, 2));
	mapping_done(&mapping);
}

static void dataflows_keep_their_audiences(void **state)
{
	struct dataflow out;
	(void)state;
	int64_t destination = add_destination("crm", add_account("main", NULL));
	struct dataflow dataflow = dataflow_named("weekly", destination);
	dataflow.identity = IDENTITY_PRIMARY;
	dataflow.enabled = true;
	dataflow.profile_key = mem_strdup("ECID");
	dataflow.source_by = mem_strdup("somebody");
	add_audience(&dataflow, "buyers", "1001");
	add_audience(&dataflow, "visitors", NULL);
	add_audience(&dataflow, "readers", "Readers");
	dataflow.audiences.at[0].start_ms = 1000;
	dataflow.audiences.at[0].end_ms = 2000;
	good(dataflow_insert(store, &dataflow, &err));
	int64_t visitors = dataflow.audiences.at[1].id, readers = dataflow.audiences.at[2].id;
	assert_true(visitors > 0 && readers > visitors);
	good(dataflow_find(store, "weekly", &out, &err));
	assert_string_equal(out.source_by, "somebody");
	assert_string_equal(out.destination_name, "crm");
	assert_string_equal(out.source, "feed.ndjson");
	assert_string_equal(out.profile_key, "ECID");
	assert_int_equal(out.identity, IDENTITY_PRIMARY);
	assert_true(out.enabled);
	assert_int_equal(out.audiences.count, 3);
	assert_string_equal(out.audiences.at[0].audience, "buyers");
	assert_true(out.audiences.at[0].start_ms == 1000 && out.audiences.at[0].end_ms == 2000);
	assert_null(out.audiences.at[1].list);

	/* The first goes, the others change places, one learns its list, a new one comes. */
	flow_audience_done(&out.audiences.at[0]);
	out.audiences.at[0] = out.audiences.at[2];
	out.audiences.count = 2;
	out.audiences.at[0].list_id = 1003;
	out.audiences.at[0].list_name = mem_strdup("Readers");
	out.audiences.at[0].audience_id = mem_strdup("id-3");
	add_audience(&out, "new", NULL);
	good(dataflow_save(store, &out, &err));
	assert_true(out.audiences.at[2].id > readers);
	dataflow_done(&out);
	good(dataflow_get(store, dataflow.id, &out, &err));
	assert_int_equal(out.audiences.count, 3);
	assert_true(out.audiences.at[0].id == readers);
	assert_true(out.audiences.at[0].list_id == 1003);
	assert_string_equal(out.audiences.at[0].list_name, "Readers");
	assert_string_equal(out.audiences.at[0].audience_id, "id-3");
	assert_true(out.audiences.at[1].id == visitors);
	assert_string_equal(out.audiences.at[2].audience, "new");

	/* An audience of another dataflow is refused, and nothing changes. */
	out.audiences.at[1].id = 12345;
	add_audience(&out, "newer", NULL);
	usage(dataflow_save(store, &out, &err), "not_found");
	assert_true(out.audiences.at[3].id == 0);
	dataflow_done(&out);
	dataflow_list all = { 0 };
	good(dataflow_all(store, &all, &err));
	assert_int_equal(all.count, 1);
	assert_int_equal(all.at[0].audiences.count, 3);
	dataflow_list_done(&all);

	struct dataflow second = dataflow_named("weekly", destination);
	add_audience(&second, "x", NULL);
	usage(dataflow_insert(store, &second, &err), "exists");
	assert_true(second.id == 0 && second.audiences.at[0].id == 0);
	second.destination_id = 99;
	usage(dataflow_insert(store, &second, &err), "not_found");
	usage(dataflow_find(store, "week", &out, &err), "not_found");
	dataflow_done(&out);
	usage(dataflow_get(store, 99, &out, &err), "not_found");
	dataflow_done(&out);
	dataflow_done(&second);
	dataflow_done(&dataflow);
}

static void strange_values_are_told(void **state)
{
	struct destination out;
	destination_list all = { 0 };
	(void)state;
	add_destination("crm", add_account("main", NULL));
	good(db_exec(store_db(store), "UPDATE destination SET person_creation = 'sometimes'", &err));
	assert_int_equal(destination_find(store, "crm", &out, &err), STATUS_FAILED);
	assert_string_equal(err.code, "store");
	destination_done(&out);
	assert_int_equal(destination_all(store, &all, &err), STATUS_FAILED);
	assert_int_equal(all.count, 0);
	assert_int_equal(db_exec(store_db(store), "UPDATE account SET daily_calls = 'many'", &err), STATUS_FAILED);
	assert_int_equal(db_exec(store_db(store), "UPDATE destination SET account = 99", &err), STATUS_FAILED);
	assert_string_equal(err.code, "constraint");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(accounts_come_back),
		TEST(names_are_unique_and_suggested),
		TEST(secrets_are_sealed),
		TEST(destinations_come_back),
		TEST(what_is_used_stays),
		TEST(catalogues_are_replaced),
		TEST(mappings_keep_their_revisions),
		TEST(a_signature_is_for_one_revision),
		TEST(dataflows_keep_their_audiences),
		TEST(strange_values_are_told),
	};
	unsetenv("CREDENTIALS_DIRECTORY");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
