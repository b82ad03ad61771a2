/* A client of Marketo on a fake network, with the replies of the server written as rules. */
#ifndef TESTS_MARKETO_WORLD_H
#define TESTS_MARKETO_WORLD_H

#include "base/str.h"
#include "base/vec.h"
#include "loop/loop.h"
#include "marketo/marketo.h"
#include "model/account.h"

#include "fake_net.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rule {
	const char *part;        /* of the address */
	struct fake_reply reply;
	int times;               /* left; negative: for ever */
};

struct world {
	struct loop *loop;
	struct fake_net net;
	struct account account;
	struct marketo *m;
	VEC(struct rule) rules;
	int tokens;              /* given so far: "t-1", "t-2" .. unless `same_token` */
	bool same_token, no_secret;
	int64_t life;            /* of a token, seconds */
	struct str token_reply;

	/* The last answer. */
	int answers, wanted;
	bool done;
	enum outcome outcome;
	struct error error;
	char request_id[64];
	bool maybe_sent, has_envelope;
	size_t results;
	int outcomes[8];         /* how often each outcome came */
};

int world_set_up(void **state);
int world_tear_down(void **state);
/* Makes the client anew with other numbers. */
void world_client(struct world *w, int attempts, int calls_per_20s, int concurrent, int64_t daily);

/* The next `times` requests whose address has `part` are answered so; rules are tried in the order they were given, used-up ones are passed over.
 * Without a rule: a token, or an empty success. */
void world_say(struct world *w, const char *part, const char *body, int times);
void world_reply(struct world *w, const char *part, struct fake_reply reply, int times);
/* {"requestId":"r#1","success":false,"errors":[{"code":..,"message":".."}]} */
void world_refuse(struct world *w, const char *part, const char *code, int times);

void world_on_answer(void *self, const struct marketo_answer *answer);
void world_note(struct world *w, const struct marketo_answer *answer);
void world_run(struct world *w); /* until all that was wanted is answered */
enum outcome world_get(struct world *w, const char *path);
enum outcome world_write(struct world *w, bool repeatable, size_t records);
struct marketo_request world_read_request(const char *path);
struct marketo_request world_write_request(bool repeatable, size_t records);
void world_start(struct world *w, const struct marketo_request *request);

size_t world_requests(const struct world *w, const char *part); /* how many left with this in the address */
const struct fake_request *world_last(const struct world *w);

#endif
