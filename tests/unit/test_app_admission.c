/* Who may post: tokens and signatures, whatever stands in the headers and in the files. */
#include "app/admission.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/mem.h"
#include "store/hmac.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/penstock-admission-XXXXXX";
static const int64_t now_ms = INT64_C(1795435200000);

static int64_t mono_ms;

static int64_t mono(void *self)
{
	(void)self;
	return mono_ms;
}

static int64_t wall(void *self)
{
	(void)self;
	return now_ms;
}

static int make_folder(void **state)
{
	static const struct clock_source clock = { .mono_ms = mono, .wall_ms = wall };

	(void)state;
	clock_use(&clock);
	return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int remove_folder(void **state)
{
	char command[128];

	(void)state;
	clock_use(NULL);
	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	return chdir("/") == 0 && system(command) == 0 ? 0 : -1;
}

static void write_bytes(const char *name, const char *bytes, size_t length)
{
	FILE *file = fopen(name, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
	chmod(name, 0600);
}

static void write_file(const char *name, const char *text)
{
	write_bytes(name, text, strlen(text));
}

static struct admission *start(const char *tokens, const char *keys)
{
	struct admission *admission;
	struct error err = { 0 };

	if (admission_open(tokens, keys, &admission, &err) != STATUS_OK)
		fail_msg("%s", err.message);
	return admission;
}

/* RFC 4231, test cases 1, 2 and 6. */
static void test_hmac(void **state)
{
	char key[132], hex[HMAC_HEX + 1];
	static const char text[] = "Test Using Larger Than Block-Size Key - Hash Key First";

	(void)state;
	memset(key, 0x0b, 20);
	key[20] = '\0';
	hmac_sha256(key, "Hi There", 8, "", 0, hex);
	assert_string_equal(hex, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	hmac_sha256("Jefe", "what do ya want ", 16, "for nothing?", 12, hex);
	assert_string_equal(hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, 131);
	key[131] = '\0';
	hmac_sha256(key, text, sizeof text - 1, "", 0, hex);
	assert_string_equal(hex, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
	assert_true(hmac_same("", ""));
	assert_true(hmac_same("abc", "abc"));
	assert_false(hmac_same("abc", "abd"));
	assert_false(hmac_same("abc", "abcd"));
	assert_false(hmac_same("", "a"));
}

static void test_tokens(void **state)
{
	static const char *const good[] = { "Bearer first", "bearer second", "BEARER   first" };
	static const char *const bad[] = { NULL, "", "first", "Bearer", "Bearer ", "Bearer firs", "Bearer first ", "Bearer firstt", "Bearer third", "Bearer First", "Basic first", "Bearer\tfirst",
		"Bearer first,second", "Bearer first\nsecond" };
	struct admission *admission;

	(void)state;
	write_file("tokens", "first\r\n\nsecond\n");
	admission = start("tokens", NULL);
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_true(admission_fits(admission, good[i], NULL, "x", 1, now_ms));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(admission_fits(admission, bad[i], NULL, "x", 1, now_ms));
	assert_null(admission_open_file(admission));
	admission_close(admission);
	chmod("tokens", 0640);
	admission = start("tokens", NULL);
	assert_string_equal(admission_open_file(admission), "tokens");
	admission_close(admission);
}

static char *sign(const char *secret, long long seconds, const char *body)
{
	char hex[HMAC_HEX + 1], when[32];

	snprintf(when, sizeof when, "%lld.", seconds);
	hmac_sha256(secret, when, strlen(when), body, strlen(body), hex);
	return mem_printf("t=%lld,v1=%s", seconds, hex);
}

static bool is_taken(struct admission *admission, char *signature, const char *body)
{
	bool taken = admission_fits(admission, NULL, signature, body, strlen(body), now_ms);

	mem_free(signature);
	return taken;
}

static void test_signatures(void **state)
{
	static const char *const bad[] = { "", "t=1795435200", "v1=00", "t=1795435200,v1=", "t=,v1=00", "t=x,v1=00", "t=-1,v1=00", "t=99999999999999999999,v1=00", ",v1=", "t=1795435200;v1=00",
		"t=9223372036854775807,v1=00" };
	struct admission *admission;
	char *signature;

	(void)state;
	write_file("keys", "one\ntwo");
	admission = start(NULL, "keys");
	assert_true(is_taken(admission, sign("one", 1795435200, "{}"), "{}"));
	assert_true(is_taken(admission, sign("two", 1795435200 + 300, "{}"), "{}"));
	assert_true(is_taken(admission, sign("two", 1795435200 - 300, ""), ""));
	assert_false(is_taken(admission, sign("two", 1795435200 + 301, "{}"), "{}"));
	assert_false(is_taken(admission, sign("two", 1795435200 - 301, "{}"), "{}"));
	assert_false(is_taken(admission, sign("three", 1795435200, "{}"), "{}"));
	assert_false(is_taken(admission, sign("one", 1795435200, "{}"), "{} "));
	assert_false(is_taken(admission, NULL, "{}"));
	/* Another time than the one that was signed. */
	signature = sign("one", 1795435200, "{}");
	signature[11] = '1';
	assert_false(is_taken(admission, signature, "{}"));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_false(admission_fits(admission, "Bearer one", bad[i], "{}", 2, now_ms));
		assert_false(admission_fits(admission, "Bearer one", bad[i], NULL, 0, now_ms));
	}
	/* Before the body is there whatever looks like a signature of now may be one. */
	assert_true(admission_fits(admission, NULL, signature = sign("three", 1795435200, "{}"), NULL, 0, now_ms));
	mem_free(signature);
	assert_false(admission_fits(admission, NULL, signature = sign("one", 1795435200 - 301, "{}"), NULL, 0, now_ms));
	mem_free(signature);
	admission_close(admission);
}

/* Where both are asked for, neither alone is enough. */
static void test_both(void **state)
{
	struct admission *admission;
	char *signature = sign("key", 1795435200, "{}");

	(void)state;
	write_file("tokens", "token");
	write_file("keys", "key");
	admission = start("tokens", "keys");
	assert_true(admission_fits(admission, "Bearer token", signature, "{}", 2, now_ms));
	assert_false(admission_fits(admission, "Bearer key", signature, "{}", 2, now_ms));
	assert_true(admission_fits(admission, "Bearer token", signature, NULL, 0, now_ms));
	assert_false(admission_fits(admission, "Bearer key", signature, NULL, 0, now_ms));
	assert_false(admission_fits(admission, NULL, signature, "{}", 2, now_ms));
	assert_false(admission_fits(admission, "Bearer token", NULL, "{}", 2, now_ms));
	admission_close(admission);
	mem_free(signature);
	admission = start(NULL, NULL);
	assert_false(admission_fits(admission, "Bearer token", "", "{}", 2, now_ms));
	admission_close(admission);
}

static void test_renewed(void **state)
{
	struct admission *admission;

	(void)state;
	write_file("tokens", "old");
	admission = start("tokens", NULL);
	write_file("new", "newer\n");
	assert_int_equal(rename("new", "tokens"), 0);
	assert_true(admission_fits(admission, "Bearer old", NULL, "", 0, now_ms)); /* it was looked at just now */
	mono_ms += 1000;
	assert_false(admission_fits(admission, "Bearer old", NULL, "", 0, now_ms));
	assert_true(admission_fits(admission, "Bearer newer", NULL, "", 0, now_ms));
	/* Empty, because somebody is about to write it, or gone: the last good one counts. */
	write_file("tokens", "");
	mono_ms += 1000;
	assert_true(admission_fits(admission, "Bearer newer", NULL, "", 0, now_ms));
	assert_false(admission_fits(admission, "Bearer ", NULL, "", 0, now_ms));
	unlink("tokens");
	mono_ms += 1000;
	assert_true(admission_fits(admission, "Bearer newer", NULL, "", 0, now_ms));
	admission_close(admission);
}

static void test_bad_files(void **state)
{
	struct admission *admission;
	struct error err = { 0 };
	char *text = mem_alloc(6001);

	(void)state;
	write_file("empty", "\n\r\n");
	write_bytes("nul", "a\0b", 3);
	write_file("many", "1\n2\n3\n4\n5\n");
	memset(text, 'x', 1025);
	write_file("long", text);
	memset(text, 'x', 6000);
	write_file("huge", text);
	mem_free(text);
	for (const char *const *name = (const char *const[]){ "empty", "nul", "many", "long", "huge", "missing", ".", NULL }; *name; name++) {
		assert_int_equal(admission_open(*name, NULL, &admission, &err), STATUS_USAGE);
		assert_null(admission);
		assert_int_equal(admission_open(NULL, *name, &admission, &err), STATUS_USAGE);
		assert_true(*err.message);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hmac),
		cmocka_unit_test(test_tokens),
		cmocka_unit_test(test_signatures),
		cmocka_unit_test(test_both),
		cmocka_unit_test(test_renewed),
		cmocka_unit_test(test_bad_files),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
