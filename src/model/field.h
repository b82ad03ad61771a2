/* The field catalogue of an account, as Describe and Describe2 give it, and the rules a value must pass before it costs a call. */
#ifndef MODEL_FIELD_H
#define MODEL_FIELD_H

#include "base/str.h"
#include "base/vec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum field_type { FIELD_STRING, FIELD_TEXT, FIELD_EMAIL, FIELD_PHONE, FIELD_URL, FIELD_DATE, FIELD_DATETIME, FIELD_INTEGER, FIELD_SCORE,
	FIELD_PERCENT, FIELD_FLOAT, FIELD_CURRENCY, FIELD_BOOLEAN, FIELD_REFERENCE, FIELD_FORMULA, FIELD_OTHER };

struct field {
	char *name;      /* REST name, exact case */
	char *label;     /* display name */
	char *type_name; /* dataType as Marketo wrote it */
	enum field_type type;
	int length;      /* UTF-16 units (bytes for text); 0: Describe gave none */
	bool updateable; /* rest.readOnly false / describe2 updateable */
	bool searchable; /* may be a lookup or dedupe field (describe2 searchableFields) */
	bool company;    /* belongs to the company record: goes with creating calls only (1021) */
};

struct catalogue {
	VEC(struct field) fields; /* sorted by name */
	int64_t fetched_at;       /* wall ms; 0: never */
};

void catalogue_init(struct catalogue *catalogue);
void catalogue_done(struct catalogue *catalogue);
/* Takes over the texts in field. */
void catalogue_add(struct catalogue *catalogue, struct field field);
void catalogue_sort(struct catalogue *catalogue);
const struct field *catalogue_find(const struct catalogue *catalogue, const char *name); /* NULL when there is none */
const char *catalogue_nearest(const struct catalogue *catalogue, const char *name);      /* a name to suggest, or NULL */
enum field_type field_type_of(const char *data_type);
/* Is this REST name one of the standard company fields (marketo-api 4)? */
bool field_is_company(const char *name);

/* A value as a source gave it. */
enum value_kind { VALUE_ABSENT, VALUE_NULL, VALUE_FALSE, VALUE_TRUE, VALUE_NUMBER, VALUE_STRING, VALUE_OTHER /* array, object */ };
struct value {
	enum value_kind kind;
	const char *text; /* of a string, or a number's literal; else NULL. Belongs to the source. */
	size_t length;
};

/* Appends the value as the JSON that Marketo accepts for this field. Returns NULL, or why it is not acceptable: a code such as
 * "too_long", "wrong_type", "not_ascii", "not_email", "bad_date", "read_only", "not_integer", "bad_url" (field_reason_text tells it to the operator).
 * VALUE_NULL gives `null`. Nothing is appended on failure. Rules: marketo-api 4, engine.md "What is decided" 1. */
const char *field_render(const struct field *field, const struct value *value, struct str *out);
/* The same for a value that people are looked up by: a searchable field may be read-only (ecids); nothing, null or an empty text is "no_identity". */
const char *field_render_key(const struct field *field, const struct value *value, struct str *out);
/* Translated sentence for a code of field_render or an exclusion reason of the engine; the code itself when unknown. */
const char *field_reason_text(const char *code);

#endif
