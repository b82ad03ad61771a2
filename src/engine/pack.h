/* Small binary packing for what the engine keeps on disk between two of its steps. Numbers are little endian; a reader never leaves its bytes. */
#ifndef ENGINE_PACK_H
#define ENGINE_PACK_H

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline void pack_number(struct str *out, uint64_t value, int bytes)
{
	unsigned char raw[8];
	int i;

	for (i = 0; i < bytes; i++, value >>= 8)
		raw[i] = (unsigned char)value;
	str_add_bytes(out, raw, (size_t)bytes);
}

/* Overwrites what was packed before at `at`. */
static inline void pack_patch(struct str *out, size_t at, uint64_t value, int bytes)
{
	int i;

	for (i = 0; i < bytes; i++, value >>= 8)
		out->text[at + (size_t)i] = (char)(unsigned char)value;
}

static inline void pack_text(struct str *out, const char *text, size_t length)
{
	pack_number(out, length, 4);
	if (length)
		str_add_bytes(out, text, length);
}

struct unpack {
	const unsigned char *at, *end;
	bool bad; /* ran past the end: whatever was read since is 0 or empty */
};

static inline struct unpack unpack_of(const void *bytes, size_t length)
{
	const unsigned char *at = bytes;

	return (struct unpack){.at = at, .end = at + length};
}

static inline const unsigned char *unpack_bytes(struct unpack *in, size_t length)
{
	const unsigned char *at = in->at;

	if (in->bad || (size_t)(in->end - in->at) < length) {
		in->bad = true;
		return NULL;
	}
	in->at += length;
	return at;
}

static inline uint64_t unpack_number(struct unpack *in, int bytes)
{
	const unsigned char *at = unpack_bytes(in, (size_t)bytes);
	uint64_t value = 0;

	while (at && bytes-- > 0)
		value = value << 8 | at[bytes];
	return value;
}

static inline const char *unpack_text(struct unpack *in, size_t *length)
{
	const unsigned char *at;

	*length = (size_t)unpack_number(in, 4);
	at = unpack_bytes(in, *length);
	if (!at)
		*length = 0;
	return at ? (const char *)at : "";
}

/* Identities of one person, in the order in which they are tried: the place of the dedupe field, and the value. */
static inline void pack_identity(struct str *out, unsigned dedupe, const char *text, size_t length)
{
	pack_number(out, dedupe, 1);
	pack_text(out, text, length);
}

/* False: there is none left. */
static inline bool unpack_identity(struct unpack *in, unsigned *dedupe, const char **text, size_t *length)
{
	if (in->at == in->end)
		return false;
	*dedupe = (unsigned)unpack_number(in, 1);
	*text = unpack_text(in, length);
	return !in->bad;
}

#endif
