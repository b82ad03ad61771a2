#include "net/headers.h"

#include "base/mem.h"
#include "base/str.h"

#include <stdbool.h>
#include <string.h>

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static void wipe_free(char *text)
{
	if (text)
		mem_wipe_free(text, strlen(text));
}

static void headers_free(struct headers *headers)
{
	/* curl_slist_free_all frees the texts as they stand: the token is overwritten first. */
	for (struct curl_slist *line = headers->list; line; line = line->next)
		explicit_bzero(line->data, strlen(line->data));
	curl_slist_free_all(headers->list);
	wipe_free(headers->bearer);
	mem_free(headers->content_type);
	mem_free(headers);
}

static void append(struct headers *headers, const char *name, const char *value)
{
	struct str line = { 0 };

	str_add_format(&line, "%s: %s", name, value);
	headers->list = curl_slist_append(headers->list, str_text(&line));
	explicit_bzero(line.text, line.length);
	str_done(&line);
}

static struct headers *headers_new(const char *bearer, const char *content_type)
{
	struct headers *headers = mem_alloc(sizeof *headers);

	headers->bearer = mem_strdup(bearer);
	headers->content_type = mem_strdup(content_type);
	/* Without this libcurl waits a second before a large body for a "100 Continue" that gateways do not send. */
	headers->list = curl_slist_append(NULL, "Expect:");
	headers->list = curl_slist_append(headers->list, "Accept: application/json");
	if (content_type)
		append(headers, "Content-Type", content_type);
	if (bearer) {
		struct str value = { 0 };

		str_add_format(&value, "Bearer %s", bearer);
		append(headers, "Authorization", str_text(&value));
		explicit_bzero(value.text, value.length);
		str_done(&value);
	}
	return headers;
}

struct headers *headers_get(struct header_cache *cache, const char *bearer, const char *content_type)
{
	struct headers *headers;

	for (headers = cache->first; headers; headers = headers->next)
		if (same(headers->bearer, bearer) && same(headers->content_type, content_type))
			break;
	if (!headers) {
		headers = headers_new(bearer, content_type);
		headers->next = cache->first;
		cache->first = headers;
	}
	headers->users++;
	return headers;
}

/* The newest list with a token stands first among those with one: what carries another token will not be asked for again. */
static bool is_stale(const struct header_cache *cache, const struct headers *headers)
{
	for (const struct headers *other = cache->first; other; other = other->next)
		if (other->bearer)
			return headers->bearer && !same(other->bearer, headers->bearer);
	return false;
}

void headers_drop(struct header_cache *cache, struct headers *headers)
{
	if (!headers)
		return;
	headers->users--;
	for (struct headers **at = &cache->first; *at;) {
		struct headers *one = *at;

		if (one->users > 0 || !is_stale(cache, one)) {
			at = &one->next;
			continue;
		}
		*at = one->next;
		headers_free(one);
	}
}

void headers_done(struct header_cache *cache)
{
	while (cache->first) {
		struct headers *headers = cache->first;

		cache->first = headers->next;
		headers_free(headers);
	}
}
