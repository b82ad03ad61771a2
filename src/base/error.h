/*
 * Errors are values. A function that can fail returns an enum status and fills the struct error its caller gave it.
 * The status values are the program's exit statuses (cli.md), so that nothing has to be translated at the top.
 * Everything in an error is safe to show: error_set and friends pass text through text_clean and never hold secrets.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdarg.h>

enum status {
	STATUS_OK = 0,      /* done, also when some profiles were excluded by rule */
	STATUS_FAILED = 1,  /* failed */
	STATUS_USAGE = 2,   /* wrong usage or invalid value */
	STATUS_PARTIAL = 3, /* finished, some records failed */
	STATUS_REFUSED = 4, /* credentials, Marketo role permission, certificate, our own permission */
	STATUS_POLICY = 5,  /* blocked by a data usage policy */
	STATUS_STOPPED = 6, /* stopped or waiting, goes on with the next run */
	STATUS_CONFIRM = 7, /* needs confirmation */
};

struct error {
	enum status status;
	char code[32];       /* Marketo's code where it is Marketo's, else a word of ours: "usage", "not_found", "store", "network", .. */
	char message[1024];  /* one sentence for the operator, already translated; a cut ends in an ellipsis */
	char hint[512];      /* what to do, may be empty */
	char request_id[64]; /* Marketo's requestId, may be empty */
};

/* Sets all but hint and request_id (which it clears) and returns status, so that `return error_set(..)` reads well. err may be NULL. */
enum status error_set(struct error *err, enum status status, const char *code, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
enum status error_vset(struct error *err, enum status status, const char *code, const char *format, va_list arguments);
/* What can be done, in the words of str_add_told: the values in `penstock run %s` can be pasted as they are shown. */
void error_hint(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
void error_request(struct error *err, const char *request_id); /* sanitised copy; NULL is allowed */
/* Puts words and ": " before the message: error_prefix(err, "cannot read the list") makes "cannot read the list: <message>". */
void error_prefix(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
void error_clear(struct error *err);

#endif
