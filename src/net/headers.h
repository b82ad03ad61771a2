/* Request header lists, shared by the calls that need the same ones: a run sends thousands of calls with three different lists. */
#ifndef NET_HEADERS_H
#define NET_HEADERS_H

#include <curl/curl.h>

struct headers {
	char *bearer, *content_type; /* either may be NULL */
	struct curl_slist *list;
	int users;
	struct headers *next;
};

struct header_cache {
	struct headers *first;
};

/* The list for this token and content type; give it back with headers_drop. */
struct headers *headers_get(struct header_cache *cache, const char *bearer, const char *content_type);
/* Lists that nobody uses are kept only while they carry the newest token. */
void headers_drop(struct header_cache *cache, struct headers *headers);
void headers_done(struct header_cache *cache);

#endif
