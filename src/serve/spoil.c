#include "serve/spoil.h"

#include "base/mem.h"
#include "loop/loop.h"

#include <string.h>

enum { DRIP_BYTES = 16, BLOCK = 4096 };

struct spoil {
	struct loop *loop;
	struct MHD_Connection *connection;
	void (*wake)(void *self);
	void *self;
	char *body;
	size_t length, cut_at;
	int drip_ms;
	uint64_t timer; /* while the connection sleeps between two drops */
	bool due;
};

static void on_due(void *self)
{
	struct spoil *spoil = self;

	spoil->timer = 0;
	spoil->due = true;
	MHD_resume_connection(spoil->connection);
	spoil->wake(spoil->self);
}

/* Sleeps until the next drop is due; true when it is. */
static bool is_due(struct spoil *spoil)
{
	if (!spoil->drip_ms || spoil->due) {
		spoil->due = false;
		return true;
	}
	MHD_suspend_connection(spoil->connection);
	spoil->timer = loop_after(spoil->loop, spoil->drip_ms, on_due, spoil);
	return false;
}

static ssize_t on_read(void *self, uint64_t at, char *out, size_t room)
{
	struct spoil *spoil = self;
	size_t left;

	if (spoil->cut_at && at >= spoil->cut_at)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	if (!is_due(spoil))
		return 0;
	left = (spoil->cut_at ? spoil->cut_at : spoil->length) - (size_t)at;
	if (left > room)
		left = room;
	if (spoil->drip_ms && left > DRIP_BYTES)
		left = DRIP_BYTES;
	memcpy(out, spoil->body + at, left);
	return (ssize_t)left;
}

static void on_free(void *self)
{
	struct spoil *spoil = self;

	loop_cancel(spoil->loop, spoil->timer);
	mem_free(spoil->body);
	mem_free(spoil);
}

void spoil_hurry(struct spoil *spoil)
{
	if (!spoil->timer)
		return;
	loop_cancel(spoil->loop, spoil->timer);
	spoil->drip_ms = 0;
	on_due(spoil);
}

struct MHD_Response *spoil_response(struct loop *loop, struct MHD_Connection *connection, const struct reply *reply, void (*wake)(void *self), void *self,
	struct spoil **out)
{
	struct spoil *spoil = mem_alloc(sizeof *spoil);
	struct MHD_Response *response;

	*spoil = (struct spoil){ .loop = loop, .connection = connection, .wake = wake, .self = self, .body = mem_strndup(reply->body, reply->length),
		.length = reply->length, .cut_at = reply->cut_at < reply->length ? reply->cut_at : 0, .drip_ms = reply->drip_ms };
	response = MHD_create_response_from_callback(reply->length, BLOCK, on_read, spoil, on_free);
	if (!response)
		on_free(spoil);
	*out = response ? spoil : NULL;
	return response;
}
