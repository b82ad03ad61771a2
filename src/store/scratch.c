/*
 * Scratch files. Each has a key and a nonce of its own that only this process knows; the key stream follows the position in the
 * file, so any range can be read back without what stands before it. No position is written twice.
 */
#include "base/i18n.h"
#include "base/mem.h"
#include "store/inside.h"
#include "store/store.h"

#include <sodium.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum {
	CIPHER_BLOCK = 64, /* bytes a step of the key stream's counter */
	PIECE = 64 * 1024, /* encrypted and written at once */
};

struct secret {
	unsigned char key[crypto_stream_xchacha20_KEYBYTES], nonce[crypto_stream_xchacha20_NONCEBYTES];
};

struct scratch {
	int fd;
	int64_t end;
	struct secret *secret;
	char *folder;
	unsigned char piece[PIECE];
};

static enum status trouble(const struct scratch *scratch, int number, struct error *err)
{
	if (number == ENOSPC || number == EDQUOT || number == EFBIG) {
		error_set(err, STATUS_FAILED, "store", _("the disk is full: no room for a working file in %s"), scratch->folder);
		error_hint(err, "%s", _("Make room on its file system and start again. Nothing half-written is left behind."));
		return STATUS_FAILED;
	}
	return error_set(err, STATUS_FAILED, "store", _("a working file in %s failed: %s"), scratch->folder, strerror(number));
}

static int open_nameless(const char *folder)
{
	int fd = open(folder, O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);
	/* Not every file system has nameless files. */
	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL && errno != ENOENT))
		return fd;
	char *name = mem_printf("%s/scratch.XXXXXX", folder);
	fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0)
		unlink(name);
	mem_free(name);
	return fd;
}

static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? mem_strndup(path, slash == path ? 1 : (size_t)(slash - path)) : mem_strdup(".");
}

static enum status prepare(struct scratch *scratch, struct error *err)
{
	scratch->fd = open_nameless(scratch->folder);
	if (scratch->fd < 0)
		return trouble(scratch, errno, err);
	scratch->secret = sodium_malloc(sizeof *scratch->secret);
	if (!scratch->secret)
		return trouble(scratch, ENOMEM, err);
	randombytes_buf(scratch->secret, sizeof *scratch->secret);
	return STATUS_OK;
}

enum status scratch_open(struct store *store, struct scratch **out, struct error *err)
{
	struct scratch *scratch = mem_alloc(sizeof *scratch);

	scratch->folder = folder_of(store->path);
	enum status status = prepare(scratch, err); /* NOLINT(clang-analyzer-core.NonNullParamChecker): sodium_malloc's result is checked */
	if (status != STATUS_OK) {
		scratch_free(scratch);
		scratch = NULL;
	}
	*out = scratch;
	return status;
}

void scratch_free(struct scratch *scratch)
{
	if (!scratch)
		return;
	if (scratch->fd >= 0)
		close(scratch->fd);
	sodium_free(scratch->secret);
	mem_free(scratch->folder);
	mem_free(scratch);
}

/* Encrypts or decrypts (the same thing) what stands at a position; in and out may be equal. */
static void cipher(const struct scratch *scratch, int64_t position, const unsigned char *in, unsigned char *out, size_t length)
{
	const struct secret *secret = scratch->secret;
	size_t skip = (size_t)(position % CIPHER_BLOCK);
	uint64_t counter = (uint64_t)(position / CIPHER_BLOCK);

	if (skip > 0) {
		unsigned char block[CIPHER_BLOCK] = { 0 };
		size_t head = length < CIPHER_BLOCK - skip ? length : CIPHER_BLOCK - skip;
		memcpy(block + skip, in, head);
		crypto_stream_xchacha20_xor_ic(block, block, sizeof block, secret->nonce, counter++, secret->key);
		memcpy(out, block + skip, head);
		in += head;
		out += head;
		length -= head;
	}
	if (length > 0)
		crypto_stream_xchacha20_xor_ic(out, in, length, secret->nonce, counter, secret->key);
}

static bool write_at(int fd, const unsigned char *bytes, size_t length, int64_t position)
{
	while (length > 0) {
		ssize_t put = pwrite(fd, bytes, length, position);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return false;
		bytes += put;
		length -= (size_t)put;
		position += put;
	}
	return true;
}

enum status scratch_append(struct scratch *scratch, const void *bytes, size_t length, int64_t *offset, struct error *err)
{
	const unsigned char *from = bytes;
	int64_t position = scratch->end;

	*offset = position;
	/* Also when writing fails: a position is never used for a second text. */
	scratch->end += (int64_t)length;
	while (length > 0) {
		size_t count = length < PIECE ? length : PIECE;
		cipher(scratch, position, from, scratch->piece, count);
		if (!write_at(scratch->fd, scratch->piece, count, position))
			return trouble(scratch, errno, err);
		from += count;
		length -= count;
		position += (int64_t)count;
	}
	return STATUS_OK;
}

enum status scratch_read(struct scratch *scratch, int64_t offset, void *bytes, size_t length, struct error *err)
{
	unsigned char *to = bytes;
	size_t done = 0;

	while (done < length) {
		ssize_t got = pread(scratch->fd, to + done, length - done, offset + (int64_t)done);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return trouble(scratch, got < 0 ? errno : EIO, err);
		done += (size_t)got;
	}
	if (length > 0)
		cipher(scratch, offset, to, to, length);
	return STATUS_OK;
}
