/* Records of a change set as they are read back; merge.c writes them. */
#include "engine/merge.h"

#include "engine/pack.h"

#include <string.h>

struct record_head record_unpack(struct unpack *in)
{
	struct record_head head = {.key = unpack_bytes(in, KEY_HASH), .others = ""};
	unsigned flags = (unsigned)unpack_number(in, 1);

	head.realized = flags & RECORD_REALIZED;
	head.again = flags & RECORD_AGAIN;
	head.dedupe = (unsigned)unpack_number(in, 1);
	head.lead = (int64_t)unpack_number(in, 8);
	head.identity = unpack_text(in, &head.identity_length);
	if (flags & RECORD_OTHERS)
		head.others = unpack_text(in, &head.others_length);
	head.entries = (unsigned)unpack_number(in, 2);
	head.values = (unsigned)unpack_number(in, 2);
	return head;
}

struct record_entry record_unpack_entry(struct unpack *in)
{
	struct record_entry entry = {.audience = (unsigned)unpack_number(in, 2)};

	entry.op = (enum record_op)unpack_number(in, 1);
	return entry;
}

struct record_value record_unpack_value(struct unpack *in)
{
	unsigned flags = (unsigned)unpack_number(in, 1);
	struct record_value value = {.creating = flags & VALUE_CREATING, .kept = flags & VALUE_KEPT};
	const unsigned char *hash = unpack_bytes(in, LEDGER_FIELD_BYTES);

	if (hash) {
		memcpy(value.hash, hash, LEDGER_FIELD_BYTES);
		value.number = (unsigned)hash[0] << 8 | hash[1];
	}
	value.json = unpack_text(in, &value.length);
	return value;
}
