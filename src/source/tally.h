/* Texts told apart, up to a bound: each gets a number from 0 in the order of their coming. Inside source/ only. */
#ifndef SOURCE_TALLY_H
#define SOURCE_TALLY_H

#include <stdbool.h>
#include <stddef.h>

struct tally {
	char **texts;
	size_t count, most;
	size_t *slots; /* number + 1; 0: free */
	size_t slot_count;
};

enum { TALLY_FULL = -1 };

void tally_init(struct tally *tally, size_t most);
void tally_done(struct tally *tally);
/* The text's number; *fresh (may be NULL) says whether it is new. TALLY_FULL: it is new and there is no room for it. */
long tally_number(struct tally *tally, const char *text, bool *fresh);

#endif
