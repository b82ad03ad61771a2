/* The error codes of Marketo as one table: what the client does, and what the operator is told to do (marketo-api 2). */
#ifndef MARKETO_CODES_H
#define MARKETO_CODES_H

#include "base/error.h"

#include <stdbool.h>

enum code_action {
	CODE_RETRY,         /* same request again after back-off */
	CODE_RETRY_LIMITED, /* a few times, then give up (611: then in halves) */
	CODE_WAIT_RATE,     /* 606, 615: wait out the window */
	CODE_WAIT_QUOTA,    /* 607 */
	CODE_REFRESH,       /* 601, 602 */
	CODE_SPLIT,         /* 413, 414, response-level 1003: halve or POST */
	CODE_ABORT,         /* configuration or request fault: stop, no record is to blame */
	CODE_RECORD,        /* a record's own fault */
	CODE_EXISTING,      /* 709: the name is taken, use the existing one or ask */
};

struct code_row {
	const char *code;
	enum code_action action;
	bool counted;        /* against quota and rate */
	bool unknown;        /* the request may have been executed (604 502 504) */
	enum status status;  /* exit status where it ends a command */
	const char *meaning; /* N_() */
	const char *advice;  /* N_(), what the operator does; may be NULL */
	bool halves;         /* of a write with several records: one of them may be to blame, halves find it (611, 1021, 1077) */
};

/* Never NULL: an unknown code gives the row for unknown codes (CODE_RETRY_LIMITED). `record` asks for the meaning inside a result (1003, 1004 ..). */
const struct code_row *code_find(const char *code, bool record);

/* The code of a refusal that has a message only ("" when the text is not a known one): bulk import names neither 1016 nor an empty file by number. */
const char *code_of_text(const char *message);

#endif
