/*
 * The key file: 32 random bytes as 64 hexadecimal digits and a newline. From it the working keys are derived, each for one purpose,
 * and it leaves memory again at once.
 */
#include "base/error.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "store/inside.h"

#include <sodium.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char key_name[] = "penstock.key";
enum { KEY_TEXT = 2 * MASTER_KEY };

enum status keys_start(struct error *err)
{
	if (sodium_init() >= 0)
		return STATUS_OK;
	return error_set(err, STATUS_FAILED, "key", _("the system gives no random numbers"));
}

static char *beside(const char *database)
{
	const char *slash = strrchr(database, '/');
	return mem_printf("%.*s%s", slash ? (int)(slash - database + 1) : 0, database, key_name);
}

/* systemd shows its credentials in a folder of their own; *given tells that the key is one of them. */
char *store_key_path(const char *database, bool *given_out)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	struct stat info;
	bool given = false;
	char *path = NULL;

	if (folder && *folder) {
		path = mem_printf("%s/%s", folder, key_name);
		given = lstat(path, &info) == 0;
	}
	if (given_out)
		*given_out = given;
	if (given)
		return path;
	mem_free(path);
	return beside(database);
}

static enum status refuse(struct error *err, const char *format, const char *path)
{
	return error_set(err, STATUS_REFUSED, "key", format, path);
}

static enum status check_info(const char *path, const struct stat *info, bool given, struct error *err)
{
	/* A credential belongs to root and lets its service in through an access list, whose mask shows as the group's read bit. */
	mode_t open_to = given && info->st_uid == 0 ? 037 : 077;

	if (!S_ISREG(info->st_mode))
		return refuse(err, _("the key file %s is not a regular file"), path);
	if (info->st_uid != geteuid() && info->st_uid != 0) {
		refuse(err, _("the key file %s belongs to another user"), path);
		error_hint(err, _("Run penstock as its owner, or, if the key is yours: chown %d '%s'"), (int)geteuid(), path);
		return STATUS_REFUSED;
	}
	if (info->st_mode & open_to) {
		refuse(err, _("the key file %s is open to other users"), path);
		error_hint(err, _("Run: chmod 600 '%s'. Whoever read it can read what is sealed: consider a new client secret."), path);
		return STATUS_REFUSED;
	}
	return STATUS_OK;
}

static enum status parse(const char *path, const char *text, size_t length, unsigned char master[MASTER_KEY], struct error *err)
{
	size_t used = 0;

	if (length == KEY_TEXT + 1 && text[KEY_TEXT] == '\n')
		length--;
	if (length == KEY_TEXT && sodium_hex2bin(master, MASTER_KEY, text, length, NULL, &used, NULL) == 0 && used == MASTER_KEY)
		return STATUS_OK;
	refuse(err, _("the key file %s is not a key (64 hexadecimal digits)"), path);
	error_hint(err, "%s", _("Put the key file back from a backup."));
	return STATUS_REFUSED;
}

static ssize_t read_full(int fd, char *out, size_t size)
{
	size_t length = 0;

	while (length < size) {
		ssize_t got = read(fd, out + length, size - length);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		length += (size_t)got;
	}
	return (ssize_t)length;
}

/* *found false: there is no such file, which is for the caller to judge. */
static enum status read_key(const char *path, bool given, unsigned char master[MASTER_KEY], bool *found, struct error *err)
{
	char text[KEY_TEXT + 2];
	struct stat info;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	*found = fd >= 0 || errno != ENOENT;
	if (!*found)
		return STATUS_OK;
	if (fd < 0 && errno == ELOOP)
		return refuse(err, _("the key file %s is not a regular file"), path);
	if (fd < 0 || fstat(fd, &info) < 0) {
		int number = errno;
		if (fd >= 0)
			close(fd);
		return error_set(err, STATUS_REFUSED, "key", _("cannot read the key file %s: %s"), path, strerror(number));
	}
	enum status status = check_info(path, &info, given, err);
	if (status == STATUS_OK) {
		ssize_t length = read_full(fd, text, sizeof text);
		status = length < 0 ? error_set(err, STATUS_REFUSED, "key", _("cannot read the key file %s: %s"), path, strerror(errno))
				    : parse(path, text, (size_t)length, master, err);
		sodium_memzero(text, sizeof text);
	}
	close(fd);
	return status;
}

/* Whole or not at all, and never over a file that is there: written beside it, then linked to its name. */
static bool put_key(const char *path, const char *text, size_t length)
{
	char *beside_it = mem_printf("%s.XXXXXX", path);
	int fd = mkostemp(beside_it, O_CLOEXEC); /* O_EXCL, 0600 */
	bool done = fd >= 0 && fchmod(fd, 0600) == 0 && file_write_all(fd, text, length) && fsync(fd) == 0 && link(beside_it, path) == 0;
	int number = errno;

	if (fd >= 0) {
		close(fd);
		unlink(beside_it);
	}
	mem_free(beside_it);
	errno = number;
	return done && file_sync_parent(path);
}

static enum status make_key(const char *path, unsigned char master[MASTER_KEY], struct error *err)
{
	char text[KEY_TEXT + 1];

	randombytes_buf(master, MASTER_KEY);
	sodium_bin2hex(text, sizeof text, master, MASTER_KEY);
	text[KEY_TEXT] = '\n';
	bool done = put_key(path, text, sizeof text);
	sodium_memzero(text, sizeof text);
	return done ? STATUS_OK : error_set(err, STATUS_FAILED, "key", _("cannot make the key file %s: %s"), path, strerror(errno));
}

static enum status missing(const char *path, struct error *err)
{
	refuse(err, _("the key file %s is missing"), path);
	error_hint(err, "%s", _("Put it back from a backup. Without it what is sealed is lost: move the database away and start anew."));
	return STATUS_REFUSED;
}

static struct keys *derive(const unsigned char master[MASTER_KEY])
{
	static const char context[crypto_kdf_CONTEXTBYTES + 1] = "penstock";
	struct keys *keys = sodium_malloc(sizeof *keys);

	if (!keys)
		return NULL;
	crypto_kdf_derive_from_key(keys->seal, sizeof keys->seal, 1, context, master);
	crypto_kdf_derive_from_key(keys->person, sizeof keys->person, 2, context, master);
	crypto_kdf_derive_from_key(keys->value, sizeof keys->value, 3, context, master);
	crypto_kdf_derive_from_key(keys->check, sizeof keys->check, 4, context, master);
	return keys;
}

enum status keys_load(const char *database, bool make, struct keys **out, struct error *err)
{
	unsigned char master[MASTER_KEY];
	bool given, found;
	char *path = store_key_path(database, &given);

	*out = NULL;
	enum status status = read_key(path, given, master, &found, err);
	if (status == STATUS_OK && !found)
		status = make ? make_key(path, master, err) : missing(path, err);
	if (status == STATUS_OK) {
		*out = derive(master);
		if (!*out)
			status = error_set(err, STATUS_FAILED, "key", _("there is no memory left for the keys"));
	}
	sodium_memzero(master, sizeof master);
	mem_free(path);
	return status;
}

void keys_free(struct keys *keys)
{
	sodium_free(keys); /* overwrites first */
}
