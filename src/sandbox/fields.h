/* The fields of a person, one table; and the rules a value must obey (marketo-api.md 4). */
#ifndef SANDBOX_FIELDS_H
#define SANDBOX_FIELDS_H

#include "base/json.h"

#include <stdbool.h>
#include <stddef.h>

enum field_type {
	TYPE_STRING, TYPE_TEXT, TYPE_EMAIL, TYPE_PHONE, TYPE_URL, TYPE_DATE, TYPE_DATETIME, TYPE_INTEGER, TYPE_SCORE, TYPE_PERCENT, TYPE_FLOAT,
	TYPE_CURRENCY, TYPE_BOOLEAN, TYPE_REFERENCE, TYPE_FORMULA,
};

enum {
	READ_ONLY = 1,
	COMPANY = 2, /* belongs to the company record */
	SEARCH = 4,  /* may be a filter or a lookup field */
	NO_REST = 8, /* has no rest object: out of reach */
	CRM = 16,    /* managed by a CRM */
};

struct field {
	const char *name, *label;
	int id;
	int length; /* UTF-16 units; 0: of the type */
	enum field_type type;
	unsigned flags;
};

enum { FIELD_EMAIL = 56, FIELD_ID = 44, FIELD_CUSTOMER = 906, FIELD_ECID = 907 };

const struct field *fields_all(size_t *count); /* without those added */
const struct field *field_find(const char *name); /* by exact REST name; NULL when unknown or out of reach */
const char *type_name(enum field_type type);
/* One more, for tests: listed, and good to write to, but never searchable. Any text will do for a label. False: the name is taken, the type unknown, or no room. */
bool field_add(const char *name, const char *label, const char *type);
void fields_forget(void); /* what was added */

/* Is value good for field? Writes it as it is stored (JSON; `null` clears) to out and returns NULL, or returns the code of the refusal
 * (1001, 1003) with its message in out. */
const char *value_check(const struct field *field, const struct json *value, struct str *out);

#endif
