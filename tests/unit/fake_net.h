/* A network that a test writes the answers for, and a clock that only the test moves: a turn of the loop that waits moves it. */
#ifndef TESTS_FAKE_NET_H
#define TESTS_FAKE_NET_H

#include "base/str.h"
#include "base/vec.h"
#include "loop/loop.h"
#include "net/net.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fake_request { /* as it left; texts never NULL but bearer and content_type */
	char *method, *url, *body, *bearer, *content_type;
	int64_t at_ms;
};

struct fake_reply {
	enum net_result result;
	int status;             /* 0: 200 */
	const char *body;       /* copied at once */
	size_t length;          /* 0: strlen(body) */
	const char *content_type;
	int64_t latency_ms;     /* 0: 1 */
	int64_t retry_after_ms; /* 0: none */
	bool no_memory;         /* send returns NULL */
};

typedef void (*fake_script)(void *self, const struct fake_request *request, struct fake_reply *reply);

struct fake_net {
	struct net net;
	struct loop *loop;
	fake_script script;
	void *self;
	VEC(struct fake_request) log;
	struct net_call *first; /* in flight */
	int in_flight, most_in_flight;
};

void fake_net_init(struct fake_net *fake, struct loop *loop, fake_script script, void *self);
void fake_net_done(struct fake_net *fake);

/* The clock starts at 2026-03-10 12:00 UTC (wall) and 1,000 s (mono). */
void fake_clock_start(void);
void fake_clock_stop(void);
int64_t fake_clock_now(void); /* mono */
void fake_clock_move(int64_t ms);

#endif
