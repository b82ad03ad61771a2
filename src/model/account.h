/* The account: how one Marketo instance is reached, with its limits. The client secret is never part of it (store/secret.h). */
#ifndef MODEL_ACCOUNT_H
#define MODEL_ACCOUNT_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	ACCOUNT_DAILY_CALLS = 50000,  /* the subscription's daily quota, marketo-api 3; some have 10,000 */
	ACCOUNT_CALLS_PER_20S = 90,   /* ours; Marketo allows MARKETO_CALLS_PER_20S */
	ACCOUNT_CONCURRENT = 8,       /* ours; Marketo allows MARKETO_CONCURRENT */
	ACCOUNT_QUOTA_STOP = 90,      /* percent of the daily quota at which we stop, so that others keep a reserve */
	MARKETO_CALLS_PER_20S = 100,
	MARKETO_CONCURRENT = 10,
	MUNCHKIN_TEXT = 12,           /* "123-ABC-456" and its NUL */
};

struct account {
	int64_t id; /* 0: not stored yet */
	char *name, *munchkin_id, *endpoint, *identity, *client_id, *ca_file, *environment;
	int daily_calls, calls_per_20s, concurrent, quota_stop;
	int daily_cap; /* calls of ours a day, 0: no cap of our own */
};

void account_init(struct account *account); /* defaults of the limits, texts NULL */
void account_done(struct account *account);

/* Finds the Munchkin ID in what an operator pastes (the id itself in any case, or any URL of the instance). False when there is none. */
bool munchkin_parse(const char *text, char out[MUNCHKIN_TEXT]);

/* Fills endpoint and identity from the Munchkin ID where they are missing, trims trailing slashes, then checks everything:
 * names not empty, Munchkin ID's form, URLs https (http for loopback addresses only), endpoint ends in /rest, identity in /identity,
 * limits positive (the cap may be 0), percent 1..100. STATUS_USAGE with a hint. Limits above Marketo's own are accepted (account_warning tells). */
enum status account_check(struct account *account, struct error *err);
/* A translated warning about limits above Marketo's own, or NULL. */
const char *account_warning(const struct account *account);

#endif
