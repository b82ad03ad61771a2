/*
 * Talks HTTP with a server that runs on the test's own loop: libcurl's multi interface and the loop take turns, so a test needs no second
 * process and may move the clock itself. Time stands still unless a test moves it.
 */
#ifndef TESTS_TALK_H
#define TESTS_TALK_H

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"
#include "loop/loop.h"

#include <curl/curl.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { TURNS_MAX = 20000 /* of 1 ms */, HEADERS_MAX = 6 };

struct talk {
	struct loop *loop;
	CURLM *multi;
	int64_t mono, wall;
	struct clock_source clock;
	char url[64];
	char authorization[128]; /* the header's value; empty: not sent */
};

struct answer {
	struct talk *talk;
	CURL *easy;
	struct curl_slist *headers;
	struct str body, head;
	char *sent;
	long status;
	bool done;
	CURLcode result;
};

static int64_t talk_mono(void *self)
{
	return ((struct talk *)self)->mono;
}

static int64_t talk_wall(void *self)
{
	return ((struct talk *)self)->wall;
}

static inline void talk_init(struct talk *talk)
{
	memset(talk, 0, sizeof *talk);
	talk->mono = 1000000;
	talk->wall = 1795435200000; /* 2026-11-23T12:00:00Z: 06:00 US Central */
	talk->clock = (struct clock_source){ .mono_ms = talk_mono, .wall_ms = talk_wall, .self = talk };
	clock_use(&talk->clock);
	talk->loop = loop_new();
	talk->multi = curl_multi_init();
	curl_multi_setopt(talk->multi, CURLMOPT_MAX_HOST_CONNECTIONS, 64L);
}

static inline void talk_done(struct talk *talk)
{
	curl_multi_cleanup(talk->multi);
	loop_free(talk->loop);
	clock_use(NULL);
}

static inline void talk_move(struct talk *talk, int64_t ms)
{
	talk->mono += ms;
	talk->wall += ms;
}

static size_t talk_take(char *bytes, size_t size, size_t count, void *self)
{
	str_add_bytes(self, bytes, size * count);
	return size * count;
}

/* Sends; type may be NULL (no Content-Type), body NULL (none). */
static inline void talk_send(struct talk *talk, struct answer *answer, const char *method, const char *path, const char *type, const char *body)
{
	char line[256], url[64 * 1024];

	memset(answer, 0, sizeof *answer);
	answer->talk = talk;
	answer->easy = curl_easy_init();
	snprintf(url, sizeof url, "%s%s", talk->url, path);
	curl_easy_setopt(answer->easy, CURLOPT_URL, url);
	curl_easy_setopt(answer->easy, CURLOPT_CUSTOMREQUEST, method);
	curl_easy_setopt(answer->easy, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(answer->easy, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(answer->easy, CURLOPT_WRITEFUNCTION, talk_take);
	curl_easy_setopt(answer->easy, CURLOPT_WRITEDATA, &answer->body);
	curl_easy_setopt(answer->easy, CURLOPT_HEADERFUNCTION, talk_take);
	curl_easy_setopt(answer->easy, CURLOPT_HEADERDATA, &answer->head);
	curl_easy_setopt(answer->easy, CURLOPT_PRIVATE, answer);
	if (body) {
		answer->sent = mem_strdup(body);
		curl_easy_setopt(answer->easy, CURLOPT_POSTFIELDSIZE, (long)strlen(body));
		curl_easy_setopt(answer->easy, CURLOPT_POSTFIELDS, answer->sent);
	}
	if (talk->authorization[0]) {
		snprintf(line, sizeof line, "Authorization: %s", talk->authorization);
		answer->headers = curl_slist_append(answer->headers, line);
	}
	snprintf(line, sizeof line, type ? "Content-Type: %s" : "Content-Type:", type);
	answer->headers = curl_slist_append(answer->headers, line);
	answer->headers = curl_slist_append(answer->headers, "Expect:");
	curl_easy_setopt(answer->easy, CURLOPT_HTTPHEADER, answer->headers);
	curl_multi_add_handle(talk->multi, answer->easy);
}

static inline void talk_turn(struct talk *talk)
{
	int running, left;
	CURLMsg *message;

	curl_multi_perform(talk->multi, &running);
	loop_turn(talk->loop, 1);
	curl_multi_perform(talk->multi, &running);
	while ((message = curl_multi_info_read(talk->multi, &left))) {
		struct answer *answer = NULL;

		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&answer);
		curl_easy_getinfo(message->easy_handle, CURLINFO_RESPONSE_CODE, &answer->status);
		answer->result = message->data.result;
		answer->done = true;
	}
}

static inline void talk_wait(struct answer *answer)
{
	for (int turn = 0; !answer->done; turn++) {
		assert_true(turn < TURNS_MAX);
		talk_turn(answer->talk);
	}
}

static inline void answer_done(struct answer *answer)
{
	curl_multi_remove_handle(answer->talk->multi, answer->easy);
	curl_easy_cleanup(answer->easy);
	curl_slist_free_all(answer->headers);
	mem_free(answer->sent);
	str_done(&answer->body);
	str_done(&answer->head);
}

static inline void talk_ask(struct talk *talk, struct answer *answer, const char *method, const char *path, const char *type, const char *body)
{
	talk_send(talk, answer, method, path, type, body);
	talk_wait(answer);
	if (answer->result != CURLE_OK)
		fail_msg("%s %.200s: %s", method, path, curl_easy_strerror(answer->result));
}

/* The answer as JSON, to be freed with json_free. */
static inline struct json *answer_json(const struct answer *answer)
{
	const char *why = "";
	struct json *value = json_parse(str_text(&answer->body), answer->body.length, &why, NULL);

	if (!value)
		fail_msg("no JSON (%s): %.300s", why, str_text(&answer->body));
	return value;
}

#endif
