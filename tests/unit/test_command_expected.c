/* The plain reading that the demo holds its lists against. */
#include "command/expected.h"
#include "place.h"

static struct expected read_feed(const char *text)
{
	struct expected expected = { 0 };

	put_file(at("feed"), text, strlen(text), 0600);
	assert_int_equal(expected_read(at("feed"), &expected, NULL), STATUS_OK);
	return expected;
}

#define SAYS(email, audience, status) \
	"{\"identityMap\":{\"Email\":[{\"id\":\"" email "\"}]},\"segmentMembership\":{\"ups\":{\"" audience "\":{\"status\":\"" status "\",\"name\":\"N\"}}}}\n"

static void the_last_word_counts(void **state)
{
	struct expected expected = read_feed("\xef\xbb\xbf" SAYS("b@example.com", "1", "realized") "\n" SAYS(" A@Example.com ", "1", "existing") "not json\n"
		SAYS("c@example.com", "1", "realized") SAYS("c@example.com", "1", "exited") SAYS("d@example.com", "1", "exited")
		SAYS("d@example.com", "1", "realized") SAYS("d@example.com", "2", "pending") SAYS("\xc3\xa9@example.com", "1", "realized"));

	(void)state;
	assert_int_equal(expected.messages, 8);
	assert_int_equal(expected.audiences.count, 2);
	assert_string_equal(expected.audiences.at[0].id, "1");
	assert_string_equal(expected.audiences.at[0].name, "N");
	assert_int_equal(expected.audiences.at[0].members.count, 3);
	assert_string_equal(expected.audiences.at[0].members.at[0], "a@example.com");
	assert_string_equal(expected.audiences.at[0].members.at[1], "b@example.com");
	assert_string_equal(expected.audiences.at[0].members.at[2], "d@example.com");
	assert_int_equal(expected.audiences.at[1].members.count, 0);
	expected_done(&expected);
}

static void differences_are_found(void **state)
{
	struct expected expected = read_feed(SAYS("a@example.com", "1", "realized") SAYS("b@example.com", "1", "realized"));
	const struct expected_audience *audience = &expected.audiences.at[0];
	char b[] = "B@example.com", a[] = "a@example.com", again[] = "a@example.com", z[] = "z@example.com";
	int64_t missing, extra;

	(void)state;
	expected_compare(audience, (char *[]){ b, a }, 2, &missing, &extra);
	assert_int_equal(missing, 0);
	assert_int_equal(extra, 0);
	expected_compare(audience, (char *[]){ a, again, z }, 3, &missing, &extra);
	assert_int_equal(missing, 1);
	assert_int_equal(extra, 2);
	expected_compare(audience, NULL, 0, &missing, &extra);
	assert_int_equal(missing, 2);
	assert_int_equal(extra, 0);
	expected_done(&expected);
}

static void a_feed_without_audiences_is_an_error(void **state)
{
	struct expected expected = { 0 };
	struct error err;

	(void)state;
	put_file(at("none"), "{}\n", 3, 0600);
	assert_int_equal(expected_read(at("none"), &expected, &err), STATUS_FAILED);
	assert_int_equal(expected_read(at("missing"), &expected, &err), STATUS_USAGE);
	expected_done(&expected);
}

/* The sample's maker counted while it wrote: both must say the same. */
static void the_sample_is_read_as_it_was_meant(void **state)
{
	const char *tree = getenv("top_builddir");
	struct expected expected = { 0 };
	char path[1024], line[1024];
	FILE *summary;
	int seen = 0;

	(void)state;
	snprintf(path, sizeof path, "%s/data/sample.summary", tree ? tree : ".");
	summary = fopen(path, "r");
	assert_non_null(summary); /* made before any test: a missing one is a fault of the build */
	snprintf(path, sizeof path, "%s/data/sample.ndjson", tree ? tree : ".");
	assert_int_equal(expected_read(path, &expected, NULL), STATUS_OK);
	while (fgets(line, sizeof line, summary)) {
		char id[128], name[128];
		int members;

		if (sscanf(line, "audience\t%127[^\t]\t%127[^\t]\t%*d\t%*d\t%d", id, name, &members) != 3)
			continue;
		for (size_t i = 0; i < expected.audiences.count; i++) {
			if (strcmp(expected.audiences.at[i].id, id) != 0)
				continue;
			assert_string_equal(expected.audiences.at[i].name, name);
			assert_int_equal(expected.audiences.at[i].members.count, members);
			seen++;
		}
	}
	fclose(summary);
	assert_int_equal(seen, (int)expected.audiences.count);
	assert_int_equal(seen, 3);
	expected_done(&expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_word_counts),
		cmocka_unit_test(differences_are_found),
		cmocka_unit_test(a_feed_without_audiences_is_an_error),
		cmocka_unit_test(the_sample_is_read_as_it_was_meant),
	};

	return cmocka_run_group_tests(tests, place_setup, place_teardown);
}
