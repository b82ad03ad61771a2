#include "place.h"

#include "base/clock.h"
#include "base/error.h"
#include "store/store.h"

#include <ctype.h>
#include <sys/wait.h>

enum { KEY_TEXT = 64, OTHER_USER = 65534 };

static struct error err;

static struct store *opened(const char *path, bool read_only)
{
	struct store *store = NULL;
	if (store_open(path, read_only, &store, &err) != STATUS_OK)
		fail_msg("%s", err.message);
	return store;
}

static void refused(const char *path, enum status status, const char *code, const char *words)
{
	struct store *store = (struct store *)&err;
	error_clear(&err);
	assert_int_equal(store_open(path, false, &store, &err), status);
	assert_null(store);
	assert_string_equal(err.code, code);
	if (!strstr(err.message, words))
		fail_msg("\"%s\" is not in: %s", words, err.message);
}

static void a_new_store_gets_a_key(void **state)
{
	char text[KEY_TEXT + 2];
	(void)state;
	mode_t before = umask(0);
	struct store *store = opened(at("new/penstock.db"), false);
	umask(before);
	assert_string_equal(store_path(store), at("new/penstock.db"));
	store_close(store);
	assert_int_equal(mode_of(at("new/penstock.key")), 0600);
	assert_int_equal(mode_of(at("new/penstock.db")), 0600);
	assert_int_equal(mode_of(at("new")), 0700);
	assert_int_equal(get_file(at("new/penstock.key"), text, sizeof text), KEY_TEXT + 1);
	for (int i = 0; i < KEY_TEXT; i++)
		assert_true(isxdigit((unsigned char)text[i]));
	assert_int_equal(text[KEY_TEXT], '\n');
	store_close(opened(at("new/penstock.db"), false));
	store_close(opened(at("new/penstock.db"), true));
	char again[KEY_TEXT + 2];
	assert_int_equal(get_file(at("new/penstock.key"), again, sizeof again), KEY_TEXT + 1);
	assert_memory_equal(text, again, KEY_TEXT);
}

static void a_missing_key_is_never_replaced(void **state)
{
	(void)state;
	store_close(opened(at("a.db"), false));
	assert_int_equal(unlink(at("penstock.key")), 0);
	refused(at("a.db"), STATUS_REFUSED, "key", "is missing");
	assert_non_null(strstr(err.message, at("penstock.key")));
	assert_non_null(strstr(err.hint, "backup"));
	assert_false(is_there(at("penstock.key")));
	struct store *store;
	assert_int_equal(store_open(at("a.db"), true, &store, &err), STATUS_REFUSED);
}

static void another_key_is_noticed(void **state)
{
	char text[KEY_TEXT + 1];
	(void)state;
	store_close(opened(at("a/a.db"), false));
	store_close(opened(at("b/b.db"), false));
	get_file(at("b/penstock.key"), text, sizeof text);
	put_file(at("a/penstock.key"), text, sizeof text, 0600);
	refused(at("a/a.db"), STATUS_REFUSED, "key", "not the one");
	assert_non_null(strstr(err.message, at("a/a.db")));
	/* The key a new database finds beside it is the one it takes. */
	assert_int_equal(unlink(at("a/a.db")), 0);
	store_close(opened(at("a/a.db"), false));
}

static void an_open_key_is_refused(void **state)
{
	static const mode_t open_modes[] = { 0640, 0604, 0620, 0602, 0610, 0601, 0644, 0666 };
	(void)state;
	store_close(opened(at("a.db"), false));
	for (size_t i = 0; i < sizeof open_modes / sizeof *open_modes; i++) {
		assert_int_equal(chmod(at("penstock.key"), open_modes[i]), 0);
		refused(at("a.db"), STATUS_REFUSED, "key", "open to other users");
		assert_non_null(strstr(err.hint, "chmod 600"));
		assert_non_null(strstr(err.hint, at("penstock.key")));
	}
	assert_int_equal(chmod(at("penstock.key"), 0400), 0);
	store_close(opened(at("a.db"), false));
	if (geteuid() != 0)
		return;
	assert_int_equal(chown(at("penstock.key"), OTHER_USER, OTHER_USER), 0);
	refused(at("a.db"), STATUS_REFUSED, "key", "another user");
}

static void what_is_no_key_is_refused(void **state)
{
	char text[KEY_TEXT + 8], wrong[KEY_TEXT + 8];
	(void)state;
	store_close(opened(at("a.db"), false));
	assert_int_equal(get_file(at("penstock.key"), text, sizeof text), KEY_TEXT + 1);
	put_file(at("penstock.key"), text, KEY_TEXT, 0600); /* without the newline it is a key too */
	store_close(opened(at("a.db"), false));
	static const size_t lengths[] = { 0, 1, KEY_TEXT - 1, KEY_TEXT + 2, KEY_TEXT + 8 };
	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		memset(wrong, '0', sizeof wrong);
		put_file(at("penstock.key"), wrong, lengths[i], 0600);
		refused(at("a.db"), STATUS_REFUSED, "key", "is not a key");
	}
	memcpy(wrong, text, KEY_TEXT);
	wrong[5] = 'g';
	wrong[KEY_TEXT] = '\0';
	put_file(at("penstock.key"), wrong, KEY_TEXT, 0600);
	refused(at("a.db"), STATUS_REFUSED, "key", "is not a key");
	assert_null(strstr(err.message, wrong));
	put_file(at("elsewhere"), text, KEY_TEXT, 0600);
	assert_int_equal(unlink(at("penstock.key")), 0);
	assert_int_equal(symlink(at("elsewhere"), at("penstock.key")), 0);
	refused(at("a.db"), STATUS_REFUSED, "key", "regular file");
	assert_int_equal(unlink(at("penstock.key")), 0);
	assert_int_equal(mkdir(at("penstock.key"), 0700), 0);
	refused(at("a.db"), STATUS_REFUSED, "key", "regular file");
	assert_int_equal(rmdir(at("penstock.key")), 0);
	assert_int_equal(mkfifo(at("penstock.key"), 0600), 0);
	refused(at("a.db"), STATUS_REFUSED, "key", "regular file");
}

static void a_credential_comes_first(void **state)
{
	static const char key[] = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
	(void)state;
	assert_int_equal(mkdir(at("credentials"), 0700), 0);
	assert_int_equal(setenv("CREDENTIALS_DIRECTORY", at("credentials"), 1), 0);
	/* Not there: the key beside the database. */
	store_close(opened(at("one/a.db"), false));
	assert_true(is_there(at("one/penstock.key")));
	put_file(at("credentials/penstock.key"), key, KEY_TEXT, 0400);
	refused(at("one/a.db"), STATUS_REFUSED, "key", "not the one");
	store_close(opened(at("two/a.db"), false));
	assert_false(is_there(at("two/penstock.key")));
	store_close(opened(at("two/a.db"), true));
	/* systemd lets a service in by an access list, which shows as the group's read bit on root's file. */
	assert_int_equal(chmod(at("credentials/penstock.key"), 0440), 0);
	if (geteuid() == 0)
		store_close(opened(at("two/a.db"), false));
	assert_int_equal(chmod(at("credentials/penstock.key"), 0444), 0);
	refused(at("two/a.db"), STATUS_REFUSED, "key", "open to other users");
	assert_int_equal(unsetenv("CREDENTIALS_DIRECTORY"), 0);
	refused(at("two/a.db"), STATUS_REFUSED, "key", "is missing");
}

static void seal_tells_every_change(void **state)
{
	static const char secret[] = "the secret of account 1";
	struct str sealed = { 0 }, plain = { 0 };
	(void)state;
	struct store *store = opened(at("a/a.db"), false), *other = opened(at("b/b.db"), false);
	store_seal(store, "one", secret, sizeof secret, &sealed);
	assert_true(sealed.length > sizeof secret);
	assert_null(memmem(sealed.text, sealed.length, "secret", 6));
	str_add(&plain, "before ");
	assert_int_equal(store_unseal(store, "one", sealed.text, sealed.length, &plain, &err), STATUS_OK);
	assert_int_equal(plain.length, 7 + sizeof secret);
	assert_memory_equal(plain.text + 7, secret, sizeof secret);
	str_clear(&plain);
	for (size_t i = 0; i < sealed.length; i++) {
		sealed.text[i] ^= 1;
		assert_int_equal(store_unseal(store, "one", sealed.text, sealed.length, &plain, &err), STATUS_REFUSED);
		sealed.text[i] ^= 1;
	}
	for (size_t length = 0; length < sealed.length; length++)
		assert_int_equal(store_unseal(store, "one", sealed.text, length, &plain, &err), STATUS_REFUSED);
	assert_int_equal(store_unseal(store, "two", sealed.text, sealed.length, &plain, &err), STATUS_REFUSED);
	assert_int_equal(store_unseal(other, "one", sealed.text, sealed.length, &plain, &err), STATUS_REFUSED);
	assert_string_equal(err.code, "key");
	assert_int_equal(plain.length, 0);

	/* The same again looks different, and nothing at all can be sealed too. */
	struct str again = { 0 }, empty = { 0 };
	store_seal(store, "one", secret, sizeof secret, &again);
	assert_int_equal(again.length, sealed.length);
	assert_memory_not_equal(again.text, sealed.text, sealed.length);
	store_seal(store, "one", NULL, 0, &empty);
	assert_int_equal(store_unseal(store, "one", empty.text, empty.length, &plain, &err), STATUS_OK);
	assert_int_equal(plain.length, 0);
	store_close(store);
	store_close(other);
	str_done(&sealed);
	str_done(&plain);
	str_done(&again);
	str_done(&empty);
}

static void hashes_follow_the_key(void **state)
{
	unsigned char a[KEY_HASH], b[KEY_HASH];
	(void)state;
	struct store *store = opened(at("a/a.db"), false), *other = opened(at("b/b.db"), false);
	store_key_hash(store, "ann@example.com", 15, a);
	store_key_hash(store, "ann@example.com", 15, b);
	assert_memory_equal(a, b, KEY_HASH);
	store_key_hash(store, "ann@example.org", 15, b);
	assert_memory_not_equal(a, b, KEY_HASH);
	store_key_hash(other, "ann@example.com", 15, b);
	assert_memory_not_equal(a, b, KEY_HASH);
	uint64_t value = store_value_hash(store, "Ann", 3);
	assert_true(value != store_value_hash(other, "Ann", 3));
	assert_true(value != store_value_hash(store, "Anne", 4));
	store_close(store);
	store = opened(at("a/a.db"), true);
	store_key_hash(store, "ann@example.com", 15, b);
	assert_memory_equal(a, b, KEY_HASH);
	assert_true(value == store_value_hash(store, "Ann", 3));
	store_close(store);
	store_close(other);
}

static void many_may_open_a_new_one_at_once(void **state)
{
	enum { MANY = 6 };
	pid_t child[MANY];
	(void)state;
	for (int i = 0; i < MANY; i++) {
		child[i] = fork();
		if (child[i] == 0) {
			struct store *store;
			enum status status;
			int64_t began;
			/* Where the machine is busy the first may take longer than the five seconds that the others wait. Who has not waited is wrong. */
			do {
				began = clock_mono_ms();
				status = store_open(at("new/a.db"), false, &store, &err);
			} while (status != STATUS_OK && strstr(err.message, "another penstock is writing") && clock_mono_ms() - began > 4900);
			if (status != STATUS_OK)
				dprintf(2, "%s\n", err.message);
			store_close(store);
			_exit(status);
		}
	}
	for (int i = 0; i < MANY; i++) {
		int result;
		assert_int_equal(waitpid(child[i], &result, 0), child[i]);
		assert_int_equal(result, 0);
	}
	store_close(opened(at("new/a.db"), false));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_setup, place_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_new_store_gets_a_key),
		TEST(a_missing_key_is_never_replaced),
		TEST(another_key_is_noticed),
		TEST(an_open_key_is_refused),
		TEST(what_is_no_key_is_refused),
		TEST(a_credential_comes_first),
		TEST(seal_tells_every_change),
		TEST(hashes_follow_the_key),
		TEST(many_may_open_a_new_one_at_once),
	};
	unsetenv("CREDENTIALS_DIRECTORY");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
