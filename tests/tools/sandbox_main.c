/* The practice Marketo alone: --port N --latency MS --no-limits --log FILE --seed-people N --token-seconds S --deny LIST --client-id ID
 * --client-secret SECRET. First line: JSON as of `penstock sandbox`. Ends with SIGINT or SIGTERM. */
#include "base/json.h"
#include "loop/loop.h"
#include "sandbox/sandbox.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static void on_signal(void *self, int number)
{
	(void)number;
	loop_stop(self);
}

static void take_option(struct sandbox_options *options, int letter, const char *value)
{
	switch (letter) {
	case 'p':
		options->port = atoi(value);
		break;
	case 'l':
		options->latency_ms = atoi(value);
		break;
	case 'n':
		options->no_limits = true;
		break;
	case 'o':
		options->log_path = value;
		break;
	case 's':
		options->seed_people = atoll(value);
		break;
	case 't':
		options->token_seconds = atoll(value);
		break;
	case 'd':
		options->deny = value;
		break;
	case 'i':
		options->client_id = value;
		break;
	case 'c':
		options->client_secret = value;
		break;
	default:
		exit(2);
	}
}

static void say_hello(const struct sandbox *sandbox)
{
	struct str line = { 0 };
	struct json_out w;

	json_out_init(&w, &line);
	json_object(&w);
	json_pair_string(&w, "url", sandbox_url(sandbox));
	json_pair_string(&w, "munchkin_id", sandbox_munchkin_id(sandbox));
	json_pair_string(&w, "client_id", sandbox_client_id(sandbox));
	json_pair_string(&w, "client_secret", sandbox_client_secret(sandbox));
	json_object_end(&w);
	printf("%s\n", str_text(&line));
	fflush(stdout);
	str_done(&line);
}

int main(int count, char **arguments)
{
	static const struct option names[] = {
		{ "port", required_argument, NULL, 'p' },
		{ "latency", required_argument, NULL, 'l' },
		{ "no-limits", no_argument, NULL, 'n' },
		{ "log", required_argument, NULL, 'o' },
		{ "seed-people", required_argument, NULL, 's' },
		{ "token-seconds", required_argument, NULL, 't' },
		{ "deny", required_argument, NULL, 'd' },
		{ "client-id", required_argument, NULL, 'i' },
		{ "client-secret", required_argument, NULL, 'c' },
		{ 0 },
	};
	struct sandbox_options options = { 0 };
	struct loop *loop = loop_new();
	struct sandbox *sandbox;
	struct error err;
	bool never = false;

	for (int letter; (letter = getopt_long(count, arguments, "", names, NULL)) != -1;)
		take_option(&options, letter, optarg);
	sandbox = sandbox_new(loop, &options, &err);
	if (!sandbox) {
		fprintf(stderr, "%s\n", err.message);
		loop_free(loop);
		return 1;
	}
	loop_signal(loop, SIGINT, on_signal, loop);
	loop_signal(loop, SIGTERM, on_signal, loop);
	say_hello(sandbox);
	loop_run(loop, &never);
	sandbox_free(sandbox);
	loop_free(loop);
	return 0;
}
