/*
 * JSON, the only room that knows cJSON. What cJSON alone would let through is refused or kept exactly here:
 * - input must be UTF-8 without raw NUL; the escape \u0000, lone surrogates, raw control characters in strings, a byte order mark and
 *   more than 64 levels are refused with a reason;
 * - a number keeps the text it had in the input (so 1.10 stays "1.10" and 9007199254740993 is not rounded); json_i64 and json_double
 *   convert on demand;
 * - keys compare with their exact case; of a doubled key only the last one is there, for json_get, json_next, json_count and json_write;
 * - nothing may follow the value but white space.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json;        /* one value; belongs to its document */
struct json_reader; /* parses many documents, one after the other, reusing memory */

enum json_kind { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

/* Fast path for lines: every document parsed by a reader dies with the next parse or json_reader_free. Only one reader's
 * document may be alive per thread beside documents of json_parse. A document may take 128 MiB at most. */
struct json_reader *json_reader_new(void);
void json_reader_free(struct json_reader *reader);
/* NULL with *why (a static text, in English: _(why) for who reads another language) and *offset (both may be NULL) when it is not acceptable JSON. */
const struct json *json_reader_parse(struct json_reader *reader, const char *bytes, size_t length, const char **why, size_t *offset);

/* One document on the heap. NULL as above. */
struct json *json_parse(const char *bytes, size_t length, const char **why, size_t *offset);
void json_free(struct json *document);

enum json_kind json_kind(const struct json *value); /* NULL counts as JSON_NULL in all of these */
bool json_is_true(const struct json *value);
const struct json *json_get(const struct json *object, const char *key); /* NULL when absent or not an object */
const struct json *json_first(const struct json *container);             /* first child of an array or object, or NULL */
const struct json *json_next(const struct json *child);
const char *json_key(const struct json *child);                          /* of an object's member, else NULL */
size_t json_count(const struct json *container);
const char *json_string(const struct json *value);                       /* NULL unless a string */
const char *json_get_string(const struct json *object, const char *key); /* NULL unless a string */
const char *json_number_text(const struct json *value);                  /* the literal as it stood; NULL unless a number */
/* A number without fraction (1, 1.0, 1e3) within 64 bits, or a string of digits (Marketo sends some ids so). */
bool json_i64(const struct json *value, int64_t *out);
bool json_double(const struct json *value, double *out); /* a number that is finite as a double */
/* Writes value again as compact JSON. */
void json_write(struct str *out, const struct json *value);

/* A writer: commas and quoting are its business. Text must be UTF-8; invalid bytes become U+FFFD. */
struct json_out {
	struct str *out;
	bool comma; /* the next value needs one before it */
};
void json_out_init(struct json_out *w, struct str *out);
void json_object(struct json_out *w);     /* { */
void json_object_end(struct json_out *w); /* } */
void json_array(struct json_out *w);      /* [ */
void json_array_end(struct json_out *w);  /* ] */
void json_name(struct json_out *w, const char *name);
void json_put_string(struct json_out *w, const char *text); /* NULL writes null */
void json_put_i64(struct json_out *w, int64_t value);
void json_put_bool(struct json_out *w, bool value);
void json_put_null(struct json_out *w);
void json_put_raw(struct json_out *w, const char *json, size_t length); /* already valid JSON: a number's text, a stored value */
/* name and value at once */
void json_pair_string(struct json_out *w, const char *name, const char *text);
void json_pair_i64(struct json_out *w, const char *name, int64_t value);
void json_pair_bool(struct json_out *w, const char *name, bool value);
/* Appends text with quotes and escapes. */
void json_quote(struct str *out, const char *text, size_t length);

#endif
