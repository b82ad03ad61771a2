/* What a list was found to hold, beside what the ledger says of it. */
#ifndef MODEL_TRUTH_H
#define MODEL_TRUTH_H

#include "base/vec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct verify_audience {
	char *name;
	int64_t list_id;            /* 0: it has no list yet */
	int64_t in_list, in_ledger; /* people in the list; members by the ledger */
	int64_t missing, extra;     /* in the ledger alone; in the list alone: people added by hand are no fault */
	int64_t leaving;            /* of the extra ones: those whom a removal without a reply was about */
	bool gone;                  /* Marketo has no such list any more */
};

struct verification {
	bool ok; /* nobody is missing */
	VEC(struct verify_audience) audiences;
};

/* Somebody who is in the ledger alone, or in the list alone. */
struct verify_person {
	size_t audience;      /* index in the verification's */
	bool extra;           /* in the list alone; else missing from it */
	int64_t lead_id;      /* 0: the ledger has forgotten it, or (masked) it is not shown */
	const char *identity; /* NULL: nobody knows */
	bool masked;
};
void verification_init(struct verification *verification);
void verification_done(struct verification *verification);

/* in_list = adopted + known + unidentified + doubled. */
struct adopt_audience {
	char *name;
	int64_t list_id;
	int64_t in_list;
	int64_t adopted, known; /* members by the ledger now, or before */
	int64_t unidentified;   /* without a value in the fields that people are matched by */
	int64_t doubled;        /* the same value as another member: one of them is the ledger's */
};

struct adoption {
	VEC(struct adopt_audience) audiences;
};
void adoption_done(struct adoption *adoption);

#endif
