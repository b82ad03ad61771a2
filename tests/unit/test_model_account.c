/* What an operator may give for an account, and what is made of it. */
#include "base/mem.h"
#include "model/account.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void test_munchkin(void **state)
{
	static const struct {
		const char *text, *id; /* NULL: none */
	} cases[] = {
		{ "123-ABC-456", "123-ABC-456" },
		{ "123-abc-456", "123-ABC-456" },
		{ "  123-aBc-456\n", "123-ABC-456" },
		{ "https://123-abc-456.mktorest.com/rest", "123-ABC-456" },
		{ "https://123-ABC-456.mktorest.com/identity/", "123-ABC-456" },
		{ "https://app.example.com/?munchkinId=123-ABC-456&x=1", "123-ABC-456" },
		{ "1123-ABC-456 or 123-ABC-456", "123-ABC-456" },
		{ "", NULL },
		{ NULL, NULL },
		{ "12-ABC-456", NULL },
		{ "1123-ABC-456", NULL },
		{ "123-ABC-4567", NULL },
		{ "123-ABC-456-7", NULL },
		{ "9-123-ABC-456", NULL },
		{ "x123-ABC-456", NULL },
		{ "123-AB1-456", NULL },
		{ "123-AB", NULL },
		{ "123_ABC_456", NULL },
		{ "123-\xc3\x89T\xc3\x89-456", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char out[MUNCHKIN_TEXT] = "untouched";

		assert_int_equal(munchkin_parse(cases[i].text, out), cases[i].id != NULL);
		assert_string_equal(out, cases[i].id ? cases[i].id : "untouched");
	}
}

static void make(struct account *account)
{
	account_init(account);
	account->name = mem_strdup("  main instance ");
	account->munchkin_id = mem_strdup("123-abc-456");
	account->client_id = mem_strdup("00000000-0000-4000-8000-000000000001 ");
}

static void test_defaults(void **state)
{
	struct account account;
	struct error err = { 0 };

	(void)state;
	make(&account);
	assert_int_equal(account_check(&account, &err), STATUS_OK);
	assert_string_equal(account.name, "main instance");
	assert_string_equal(account.munchkin_id, "123-ABC-456");
	assert_string_equal(account.client_id, "00000000-0000-4000-8000-000000000001");
	assert_string_equal(account.endpoint, "https://123-ABC-456.mktorest.com/rest");
	assert_string_equal(account.identity, "https://123-ABC-456.mktorest.com/identity");
	assert_int_equal(account.daily_calls, 50000);
	assert_int_equal(account.calls_per_20s, 90);
	assert_int_equal(account.concurrent, 8);
	assert_int_equal(account.quota_stop, 90);
	assert_null(account_warning(&account));
	account_done(&account);
}

static void test_endpoints(void **state)
{
	static const struct {
		const char *url;
		enum status status;
	} cases[] = {
		{ "https://123-ABC-456.mktorest.com/rest", STATUS_OK },
		{ "https://123-ABC-456.mktorest.com/rest///", STATUS_OK },
		{ " https://proxy.example.com:8443/marketo/rest ", STATUS_OK },
		{ "HTTPS://proxy.example.com/rest", STATUS_OK },
		{ "https://[2001:db8::1]:8443/rest", STATUS_OK },
		{ "http://127.0.0.1:8080/rest", STATUS_OK },
		{ "http://127.255.0.9/rest", STATUS_OK },
		{ "http://localhost:1/rest", STATUS_OK },
		{ "http://LOCALHOST/rest", STATUS_OK },
		{ "http://[::1]:8080/rest", STATUS_OK },
		{ "http://123-ABC-456.mktorest.com/rest", STATUS_USAGE },
		{ "http://127.0.0.1.example.com/rest", STATUS_USAGE },
		{ "http://localhost.example.com/rest", STATUS_USAGE },
		{ "http://127.1/rest", STATUS_USAGE },
		{ "http://127.0.0.256/rest", STATUS_USAGE },
		{ "http://127.0.0.01/rest", STATUS_USAGE },
		{ "http://0177.0.0.1/rest", STATUS_USAGE },
		{ "http://127.0.0.1.1/rest", STATUS_USAGE },
		{ "http://127.0.0./rest", STATUS_USAGE },
		{ "http://2130706433/rest", STATUS_USAGE },
		{ "http://0x7f000001/rest", STATUS_USAGE },
		{ "http://[::ffff:127.0.0.1]/rest", STATUS_USAGE },
		{ "http://[127.0.0.1]/rest", STATUS_USAGE },
		{ "http://10.0.0.1/rest", STATUS_USAGE },
		{ "http://0.0.0.0/rest", STATUS_USAGE },
		{ "http://127.0.0.1@example.com/rest", STATUS_USAGE },
		{ "https://user:pass@example.com/rest", STATUS_USAGE },
		{ "https://example.com/rest?x=/rest", STATUS_USAGE },
		{ "https://example.com/#/rest", STATUS_USAGE },
		{ "https://example.com\\@127.0.0.1/rest", STATUS_USAGE },
		{ "https://example.com/a/../rest", STATUS_USAGE },
		{ "https://example.com/./rest", STATUS_USAGE },
		{ "https://example.com//rest", STATUS_USAGE },
		{ "https://example.com/%2e%2e/rest", STATUS_USAGE },
		{ "https://example.com/a b/rest", STATUS_USAGE },
		{ "https://ex\xc3\xa4mple.com/rest", STATUS_USAGE },
		{ "https://example.com\n/rest", STATUS_USAGE },
		{ "https:///rest", STATUS_USAGE },
		{ "https://:443/rest", STATUS_USAGE },
		{ "https://example.com:/rest", STATUS_USAGE },
		{ "https://example.com:0/rest", STATUS_USAGE },
		{ "https://example.com:65536/rest", STATUS_USAGE },
		{ "https://example.com:44x/rest", STATUS_USAGE },
		{ "https://[::1/rest", STATUS_USAGE },
		{ "https://[zz]/rest", STATUS_USAGE },
		{ "https://example.com/REST", STATUS_USAGE },
		{ "https://example.com", STATUS_USAGE },
		{ "https://example.com/identity", STATUS_USAGE },
		{ "ftp://example.com/rest", STATUS_USAGE },
		{ "file:///rest", STATUS_USAGE },
		{ "example.com/rest", STATUS_USAGE },
		{ "/rest", STATUS_USAGE },
		{ "https:", STATUS_USAGE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct account account;
		struct error err = { 0 };

		make(&account);
		account.endpoint = mem_strdup(cases[i].url);
		if (account_check(&account, &err) != cases[i].status)
			fail_msg("%s: %s", cases[i].url, err.message);
		assert_int_equal(cases[i].status == STATUS_OK, err.message[0] == '\0');
		if (cases[i].status == STATUS_USAGE) {
			assert_string_equal(err.code, "usage");
			assert_string_not_equal(err.hint, "");
		} else {
			assert_string_equal(account.endpoint + strlen(account.endpoint) - 5, "/rest");
		}
		account_done(&account);
	}
}

static void test_identity_address(void **state)
{
	struct account account;
	struct error err = { 0 };

	(void)state;
	make(&account);
	account.identity = mem_strdup("https://example.com/rest");
	assert_int_equal(account_check(&account, &err), STATUS_USAGE);
	mem_replace(&account.identity, "http://127.0.0.1:9/identity/");
	assert_int_equal(account_check(&account, &err), STATUS_OK);
	assert_string_equal(account.identity, "http://127.0.0.1:9/identity");
	account_done(&account);
}

/* Sets one text of a sound account and checks it. */
static enum status with_text(size_t offset, const char *text)
{
	struct account account;
	struct error err = { 0 };
	enum status status;

	make(&account);
	mem_replace((char **)((char *)&account + offset), text);
	status = account_check(&account, &err);
	if (status != STATUS_OK)
		assert_string_not_equal(err.message, "");
	account_done(&account);
	return status;
}

static void test_texts(void **state)
{
	char long_name[400];

	(void)state;
	memset(long_name, 'n', sizeof long_name);
	long_name[256] = '\0';
	assert_int_equal(with_text(offsetof(struct account, name), NULL), STATUS_USAGE);
	assert_int_equal(with_text(offsetof(struct account, name), " \t "), STATUS_USAGE);
	assert_int_equal(with_text(offsetof(struct account, name), long_name), STATUS_USAGE);
	assert_int_equal(with_text(offsetof(struct account, name), long_name + 1), STATUS_OK);
	assert_int_equal(with_text(offsetof(struct account, name), "a\x1b[31m"), STATUS_USAGE);
	assert_int_equal(with_text(offsetof(struct account, name), "a\xff"), STATUS_USAGE);
	assert_int_equal(with_text(offsetof(struct account, name), "\xe6\x9d\xb1\xe4\xba\xac"), STATUS_OK);
	assert_int_equal(with_text(offsetof(struct account, client_id), ""), STATUS_USAGE);
	assert_int_equal(with_text(offsetof(struct account, client_id), NULL), STATUS_USAGE);
	assert_int_equal(with_text(offsetof(struct account, munchkin_id), NULL), STATUS_USAGE);
	assert_int_equal(with_text(offsetof(struct account, munchkin_id), "somewhere"), STATUS_USAGE);
	assert_int_equal(with_text(offsetof(struct account, environment), "production"), STATUS_OK);
	assert_int_equal(with_text(offsetof(struct account, environment), "\x07"), STATUS_USAGE);
}

static enum status with_limits(int daily, int window, int concurrent, int stop, const char **warning)
{
	struct account account;
	enum status status;

	make(&account);
	account.daily_calls = daily;
	account.calls_per_20s = window;
	account.concurrent = concurrent;
	account.quota_stop = stop;
	status = account_check(&account, NULL);
	*warning = account_warning(&account);
	account_done(&account);
	return status;
}

static void test_limits(void **state)
{
	const char *warning;

	(void)state;
	assert_int_equal(with_limits(10000, 100, 10, 100, &warning), STATUS_OK);
	assert_null(warning);
	assert_int_equal(with_limits(1, 1, 1, 1, &warning), STATUS_OK);
	assert_int_equal(with_limits(50000, 101, 10, 90, &warning), STATUS_OK);
	assert_non_null(strstr(warning, "606"));
	assert_null(strstr(warning, "615"));
	assert_int_equal(with_limits(50000, 100, 11, 90, &warning), STATUS_OK);
	assert_non_null(strstr(warning, "615"));
	assert_int_equal(with_limits(50000, 101, 11, 90, &warning), STATUS_OK);
	assert_non_null(strstr(warning, "606, 615"));
	assert_int_equal(with_limits(0, 90, 8, 90, &warning), STATUS_USAGE);
	assert_int_equal(with_limits(50000, 0, 8, 90, &warning), STATUS_USAGE);
	assert_int_equal(with_limits(50000, -1, 8, 90, &warning), STATUS_USAGE);
	assert_int_equal(with_limits(50000, 90, 0, 90, &warning), STATUS_USAGE);
	assert_int_equal(with_limits(50000, 90, 8, 0, &warning), STATUS_USAGE);
	assert_int_equal(with_limits(50000, 90, 8, 101, &warning), STATUS_USAGE);
	assert_int_equal(with_limits(2147483647, 90, 8, 90, &warning), STATUS_USAGE);
	assert_int_equal(with_limits(50000, 90, 2147483647, 90, &warning), STATUS_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_munchkin),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_endpoints),
		cmocka_unit_test(test_identity_address),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests_name("model/account", tests, NULL, NULL);
}
