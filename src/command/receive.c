/* receive */
#include "app/receive.h"

#include "base/i18n.h"
#include "command/command.h"

static void on_ready(void *self, const struct receiving *receiving)
{
	struct session *session = self;

	if (session->json) {
		answer_begin(session);
		json_name(&session->w, "receive");
		json_object(&session->w);
		json_pair_string(&session->w, "url", receiving->url);
		json_pair_i64(&session->w, "port", receiving->port);
		json_pair_string(&session->w, "spool", receiving->spool);
		json_object_end(&session->w);
		answer_end(session);
	} else {
		say(session, _("%s takes what is posted, until Ctrl-C; it waits in %s"), receiving->url, receiving->spool);
	}
	/* Whoever waits for this line waits for the port. */
	session_flush(session, NULL);
}

static enum status receive(struct session *session, const struct args *args, struct error *err)
{
	const struct receive_options options = { .ready = on_ready, .self = session };

	return app_receive(session->app, arg_operand(args, 0), &options, err);
}

const struct command receive_commands[] = {
	{ .use = USE_RECEIVE, .least = 1, .most = 1, .run = receive },
	{ 0 },
};
