/* Mappings: reading rows, keeping them, what is wrong with them, and what is suggested. */
#include "base/mem.h"
#include "base/str.h"
#include "model/mapping.h"
#include "model/suggestion.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void test_rows(void **state)
{
	static const struct {
		const char *text, *source, *target; /* source NULL: refused */
		bool clear, create_only;
	} cases[] = {
		{ "identityMap.Email=email", "identityMap.Email", "email", false, false },
		{ " identitymap.EMAIL = email ", "identityMap.Email", "email", false, false },
		{ "person.name.firstName=firstName:clear", "person.name.firstName", "firstName", true, false },
		{ "a=leadSource:create-only", "a", "leadSource", false, true },
		{ "a=b:create-only:clear", "a", "b", true, true },
		{ "a=b : clear", "a", "b", true, false },
		{ "_example.\"a=b.c\"=title", "_example.\"a=b.c\"", "title", false, false },
		{ "price=high=custom_field__c", "price=high", "custom_field__c", false, false },
		{ "a", NULL, NULL, false, false },
		{ "", NULL, NULL, false, false },
		{ "=b", NULL, NULL, false, false },
		{ "a=", NULL, NULL, false, false },
		{ "a= ", NULL, NULL, false, false },
		{ "a=:clear", NULL, NULL, false, false },
		{ "a=b:", NULL, NULL, false, false },
		{ "a=b:Clear", NULL, NULL, false, false },
		{ "a=b:clear:x", NULL, NULL, false, false },
		{ "a=b c", NULL, NULL, false, false },
		{ "a=b\x1b", NULL, NULL, false, false },
		{ "a..b=c", NULL, NULL, false, false },
		{ "segmentMembership.ups=c", NULL, NULL, false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct mapping_row row;
		struct error err = { 0 };
		enum status status = mapping_row_parse(cases[i].text, &row, &err);

		if ((status == STATUS_OK) != (cases[i].source != NULL))
			fail_msg("%s: %s", cases[i].text, err.message);
		if (status == STATUS_OK) {
			assert_string_equal(row.source, cases[i].source);
			assert_string_equal(row.target, cases[i].target);
			assert_int_equal(row.clear, cases[i].clear);
			assert_int_equal(row.create_only, cases[i].create_only);
		} else {
			assert_int_equal(status, STATUS_USAGE);
			assert_string_not_equal(err.hint, "");
			assert_null(row.source);
		}
		mapping_row_done(&row);
	}
}

static void put(struct mapping *mapping, const char *text)
{
	struct mapping_row row;

	assert_int_equal(mapping_row_parse(text, &row, NULL), STATUS_OK);
	mapping_put(mapping, &row);
	assert_null(row.source);
}

static void test_keeping(void **state)
{
	static char *const dedupe[] = { (char *)"email" };
	struct mapping mapping, copy;

	(void)state;
	mapping_init(&mapping);
	put(&mapping, "identityMap.Email=email");
	put(&mapping, "a=b");
	put(&mapping, "c=b");
	put(&mapping, "a=b:clear");
	assert_int_equal(mapping.rows.count, 3);
	assert_true(mapping.rows.at[1].clear);
	assert_string_equal(mapping_target(&mapping, "b")->source, "a");
	assert_null(mapping_target(&mapping, "B"));
	assert_true(mapping_row_is_identity(&mapping.rows.at[0], NULL, 0));
	assert_false(mapping_row_is_identity(&mapping.rows.at[1], dedupe, 1));
	put(&mapping, "personalEmail.address=email");
	assert_true(mapping_row_is_identity(&mapping.rows.at[3], dedupe, 1));
	mapping.revision = 4;
	mapping_copy(&copy, &mapping);
	assert_true(mapping_remove(&mapping, "b"));
	assert_false(mapping_remove(&mapping, "b"));
	assert_int_equal(mapping.rows.count, 2);
	assert_int_equal(copy.rows.count, 4);
	assert_int_equal(copy.revision, 4);
	assert_string_equal(copy.rows.at[2].source, "c");
	mapping_done(&mapping);
	mapping_done(&copy);
	assert_int_equal(copy.rows.count, 0);
}

static const struct {
	const char *name, *label, *type;
	bool updateable, searchable;
} fields[] = {
	{ "address", "Address", "text", true, false },
	{ "city", "City", "string", true, false },
	{ "company", "Company Name", "string", true, false },
	{ "country", "Country", "string", true, false },
	{ "createdAt", "Created At", "datetime", false, false },
	{ "dateOfBirth", "Date of Birth", "date", true, false },
	{ "ecids", "ECIDs", "string", false, false },
	{ "email", "Email Address", "email", true, true },
	{ "firstName", "First Name", "string", true, false },
	{ "id", "Id", "integer", true, true },
	{ "lastName", "Last Name", "string", true, false },
	{ "leadPartitionId", "Lead Partition Id", "reference", true, false },
	{ "loyaltyTier__c", "Tier of Loyalty", "string", true, false },
	{ "mktoName", "Full Name", "string", false, false },
	{ "mobilePhone", "Mobile Phone Number", "phone", true, false },
	{ "phone", "Phone Number", "phone", true, false },
	{ "postalCode", "Postal Code", "string", true, false },
	{ "title", "Job Title", "string", true, false },
	{ "webId", "Web Id", "string", true, true },
};

static void make_catalogue(struct catalogue *catalogue)
{
	catalogue_init(catalogue);
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		catalogue_add(catalogue, (struct field){ .name = mem_strdup(fields[i].name), .label = mem_strdup(fields[i].label),
			.type_name = mem_strdup(fields[i].type), .type = field_type_of(fields[i].type), .updateable = fields[i].updateable,
			.searchable = fields[i].searchable, .company = field_is_company(fields[i].name) });
	catalogue_sort(catalogue);
}

/* Problems as "E target" and "W target", "-" for none, in the order of their coming; messages hold no surprise. */
static char *problems_of(const struct mapping *mapping, const struct catalogue *catalogue, char *const *dedupe, size_t count, bool creates)
{
	mapping_problems problems = { 0 };
	struct str text = { 0 };

	mapping_check(mapping, catalogue, dedupe, count, creates, &problems);
	for (size_t i = 0; i < problems.count; i++) {
		str_add_format(&text, "%s%c %s", i ? ", " : "", problems.at[i].error ? 'E' : 'W', problems.at[i].target ? problems.at[i].target : "-");
		assert_string_not_equal(problems.at[i].message, "");
	}
	mapping_problems_done(&problems);
	return str_take(&text);
}

static void test_check(void **state)
{
	static const struct {
		const char *rows[4];
		const char *dedupe[2];
		bool catalogue, creates;
		const char *expected;
	} cases[] = {
		{ { "identityMap.Email=email" }, { "email" }, true, false, "" },
		{ { "identityMap.Email=email", "a=firstName", "b=lastName" }, { "email" }, true, true, "" },
		{ { "identityMap.Email=email" }, { "email" }, true, true, "W firstName, W lastName" },
		{ { "personalEmail.address=email" }, { "email" }, true, false, "" },
		{ { NULL }, { "email" }, true, false, "E -, E email" },
		{ { "a=firstName" }, { "email" }, true, false, "E -, E email" },
		{ { "identityMap.Email=email", "a=fristName" }, { "email" }, true, false, "E fristName" },
		{ { "identityMap.Email=email", "a=fristName" }, { "email" }, false, false, "" },
		{ { "identityMap.Email=email", "a=createdAt" }, { "email" }, true, false, "E createdAt" },
		{ { "identityMap.Email=email", "a=leadPartitionId" }, { "email" }, true, false, "E leadPartitionId" },
		{ { "identityMap.Email=email", "a=id" }, { "email" }, true, false, "E id" },
		{ { "identityMap.Email=email", "a=city", "b=city", "c=city" }, { "email" }, true, false, "E city" },
		{ { "identityMap.Email=email", "a=company" }, { "email" }, true, false, "W company" },
		{ { "identityMap.Email=email" }, { "email", "webId" }, true, false, "E webId" },
		{ { "identityMap.Email=email", "a=webId" }, { "email", "webId" }, true, false, "" },
		{ { "identityMap.Email=email", "a=city" }, { "city" }, true, false, "E city" },
		{ { "identityMap.Email=email", "a=nowhere" }, { "nowhere" }, true, false, "E nowhere, E nowhere" },
		{ { "identityMap.ECID=ecids" }, { "email" }, true, false, "E ecids, E email" },
		{ { "identityMap.ECID=ECID" }, { "email" }, false, false, "E ECID, E email" },
		{ { "identityMap.Email=email", "identityMap.ecid=ECID" }, { "email" }, true, false, "W ECID" },
		{ { "identityMap.Email=email", "identityMap.ecid=ecids" }, { "email" }, true, false, "W ecids" },
		{ { "identityMap.ECID=webId" }, { "webId" }, true, false, "" },
		{ { "identityMap.Emails=email" }, { "email" }, true, false, "E email" },
	};
	struct catalogue catalogue;

	(void)state;
	make_catalogue(&catalogue);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct mapping mapping;
		char *found;

		mapping_init(&mapping);
		for (size_t k = 0; k < 4 && cases[i].rows[k]; k++)
			put(&mapping, cases[i].rows[k]);
		found = problems_of(&mapping, cases[i].catalogue ? &catalogue : NULL, (char *const *)cases[i].dedupe, cases[i].dedupe[1] ? 2 : 1, cases[i].creates);
		if (strcmp(found, cases[i].expected) != 0)
			fail_msg("case %zu: '%s' instead of '%s'", i, found, cases[i].expected);
		mem_free(found);
		mapping_done(&mapping);
	}
	catalogue_done(&catalogue);
}

static void test_messages(void **state)
{
	static char *const dedupe[] = { (char *)"email" };
	struct catalogue catalogue;
	struct mapping mapping;
	mapping_problems problems = { 0 };

	(void)state;
	make_catalogue(&catalogue);
	mapping_init(&mapping);
	put(&mapping, "identityMap.Email=email");
	put(&mapping, "a=firstname");
	put(&mapping, "b=city");
	put(&mapping, "c=city");
	/* A row that came in twice by another way than mapping_put. */
	vec_push(&mapping.rows, ((struct mapping_row){ .source = mem_strdup("x\x1b[2J"), .target = mem_strdup("title") }));
	vec_push(&mapping.rows, ((struct mapping_row){ .source = mem_strdup("x\x1b[2J"), .target = mem_strdup("title") }));
	mapping_check(&mapping, &catalogue, dedupe, 1, false, &problems);
	assert_int_equal(problems.count, 3);
	assert_non_null(strstr(problems.at[0].message, "firstName"));
	assert_string_equal(problems.at[0].source, "a");
	assert_non_null(strstr(problems.at[1].message, "b and c"));
	assert_non_null(strstr(problems.at[2].message, "twice"));
	assert_null(strchr(problems.at[2].message, '\x1b'));
	mapping_problems_done(&problems);
	mapping_done(&mapping);
	catalogue_done(&catalogue);
}

/* rows: what is mapped already; expected: "source=target" with a space between. */
static void check_suggestion(const char *row, const char *const *paths, const char *expected)
{
	struct catalogue catalogue;
	struct mapping mapping;
	suggestion_list out;
	struct str text = { 0 };
	size_t count = 0;

	make_catalogue(&catalogue);
	mapping_init(&mapping);
	if (row)
		put(&mapping, row);
	while (paths[count])
		count++;
	mapping_suggest(&mapping, &catalogue, (char *const *)paths, count, &out);
	for (size_t i = 0; i < out.count; i++)
		str_add_format(&text, "%s%s=%s", i ? " " : "", out.at[i].source, out.at[i].target);
	assert_string_equal(str_text(&text), expected);
	str_done(&text);
	mapping_done(&mapping);
	suggestion_list_done(&out);
	catalogue_done(&catalogue);
}

#define PATHS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void test_suggest(void **state)
{
	(void)state;
	check_suggestion(NULL, PATHS("person.name.lastName", "identityMap.ECID", "identityMap.email", "person.name.firstName"),
		"identityMap.email=email person.name.firstName=firstName person.name.lastName=lastName");
	check_suggestion("identityMap.Email=email", PATHS("identityMap.Email", "personalEmail.address", "person.name.firstName"),
		"person.name.firstName=firstName");
	check_suggestion(NULL, PATHS("personalEmail.address", "workEmail.address"), "personalEmail.address=email");
	check_suggestion(NULL, PATHS("workPhone.number", "homePhone.number", "mobilePhone.number"), "mobilePhone.number=mobilePhone homePhone.number=phone");
	check_suggestion(NULL, PATHS("_acme.jobTitle", "_acme.job_title"), "_acme.jobTitle=title");
	check_suggestion(NULL, PATHS("_acme.loyalty.tier", "_acme.tier"), "_acme.loyalty.tier=loyaltyTier__c");
	check_suggestion(NULL, PATHS("City", "POSTAL_CODE"), "City=city POSTAL_CODE=postalCode");
	check_suggestion(NULL, PATHS("person.birthDate"), "person.birthDate=dateOfBirth");
	/* Not from a vague last part, not to what cannot be changed, not an e-mail address into the street address. */
	check_suggestion(NULL, PATHS("_acme.contact.address", "_acme.order.id", "person.name.fullName", "_acme.createdAt", "_acme.leadPartitionId"), "");
	check_suggestion("identityMap.Email=email", PATHS("personalEmail.address"), "");
	check_suggestion("_acme.x=city", PATHS("homeAddress.city"), "");
	check_suggestion("homeAddress.city=title", PATHS("homeAddress.city"), "");
	check_suggestion(NULL, PATHS("identityMap.Emails", "identityMap.Phone", "identityMap.ECID"), "");
	check_suggestion(NULL, PATHS("\"\"", "\"...\"", "___"), "");
	check_suggestion(NULL, PATHS("_acme.\"web.id\""), "_acme.\"web.id\"=webId");
}

static void test_suggest_ecid(void **state)
{
	static const char *const paths[] = { "identityMap.ecid" };
	struct catalogue catalogue;
	struct mapping mapping;
	suggestion_list out;

	(void)state;
	catalogue_init(&catalogue);
	catalogue_add(&catalogue, (struct field){ .name = mem_strdup("ecids"), .type = FIELD_STRING, .searchable = true });
	mapping_init(&mapping);
	mapping_suggest(&mapping, &catalogue, (char *const *)paths, 1, &out);
	assert_int_equal(out.count, 1);
	assert_string_equal(out.at[0].target, "ecids");
	suggestion_list_done(&out);
	catalogue_done(&catalogue);
	mapping_suggest(&mapping, &catalogue, NULL, 0, &out);
	assert_int_equal(out.count, 0);
	suggestion_list_done(&out);
	mapping_done(&mapping);
}

/* expected: "target confidence reason" of each, surest first. */
static void check_confidence(const char *const *paths, const char *expected)
{
	struct catalogue catalogue;
	struct mapping mapping;
	suggestion_list out;
	struct str text = { 0 };
	size_t count = 0;

	make_catalogue(&catalogue);
	mapping_init(&mapping);
	while (paths[count])
		count++;
	mapping_suggest(&mapping, &catalogue, (char *const *)paths, count, &out);
	for (size_t i = 0; i < out.count; i++)
		str_add_format(&text, "%s%s %s %s", i ? ", " : "", out.at[i].target, confidence_text(out.at[i].confidence), suggestion_reason_text(out.at[i].reason));
	assert_string_equal(str_text(&text), expected);
	str_done(&text);
	suggestion_list_done(&out);
	catalogue_done(&catalogue);
	mapping_done(&mapping);
}

static void test_confidence(void **state)
{
	(void)state;
	check_confidence(PATHS("identityMap.Email", "person.name.firstName"), "email high xdm, firstName high xdm");
	/* The second best source is a guess that is mostly right. */
	check_confidence(PATHS("workEmail.address", "homeAddress.countryCode"), "email medium xdm, country medium xdm");
	check_confidence(PATHS("last_name", "_acme.firstName", "person.city"), "lastName high name, firstName high name, city high name");
	check_confidence(PATHS("_acme.job_title", "surname", "Vorname", "ZIP"), "title medium label, lastName medium synonym, firstName medium synonym, postalCode medium synonym");
	check_confidence(PATHS("loyalty.tier"), "loyaltyTier__c high name");
	/* What is inside something else may be about somebody else, and takes nothing from what is surer. */
	check_confidence(PATHS("_acme.spouse.firstName", "_acme.orders.town"), "firstName low name, city low synonym");
	check_confidence(PATHS("_acme.spouse.firstName", "prenom"), "firstName medium synonym");
	check_confidence(PATHS("_acme.spouse.surname", "lastName"), "lastName high name");
	check_confidence(PATHS("person.x.firstName"), "firstName low name");
}

static void test_taking(void **state)
{
	static const char *const paths[] = { "firstName", "surname", "_acme.spouse.city" };
	struct catalogue catalogue;
	struct mapping mapping, taken;
	suggestion_list out;
	enum confidence confidence = CONFIDENCE_LOW;

	(void)state;
	make_catalogue(&catalogue);
	mapping_init(&mapping);
	mapping_init(&taken);
	mapping_suggest(&mapping, &catalogue, (char *const *)paths, 3, &out);
	assert_int_equal(out.count, 3);
	assert_int_equal(suggestions_take(&out, CONFIDENCE_HIGH, &taken), 1);
	assert_int_equal(suggestions_take(&out, CONFIDENCE_ENOUGH, &taken), 2);
	assert_int_equal(taken.rows.count, 2);
	assert_null(mapping_target(&taken, "city"));
	assert_int_equal(suggestions_take(&out, CONFIDENCE_LOW, &taken), 3);
	assert_string_equal(mapping_target(&taken, "city")->source, "_acme.spouse.city");
	assert_true(confidence_parse("high", &confidence));
	assert_int_equal(confidence, CONFIDENCE_HIGH);
	assert_false(confidence_parse("sure", &confidence));
	suggestion_list_done(&out);
	mapping_done(&taken);
	catalogue_done(&catalogue);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_keeping),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_suggest),
		cmocka_unit_test(test_suggest_ecid),
		cmocka_unit_test(test_confidence),
		cmocka_unit_test(test_taking),
	};

	return cmocka_run_group_tests_name("model/mapping", tests, NULL, NULL);
}
