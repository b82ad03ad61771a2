/*
 * The functions of libcurl that this room calls, by their own names, so that libcurl's header checks every call: each hands over to the library, which is loaded by
 * the first curl_global_init (base/library.h says why). A function that is not here does not link.
 */
#include "base/library.h"

#include <curl/curl.h>
#include <stdarg.h>

/* The library's checks of what these are given stand at the calls. */
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

/* clang-format off */
#define FUNCTIONS(X) \
	X(curl_easy_cleanup) X(curl_easy_getinfo) X(curl_easy_init) X(curl_easy_setopt) X(curl_easy_strerror) X(curl_free) X(curl_global_cleanup) \
	X(curl_global_init) X(curl_multi_add_handle) X(curl_multi_assign) X(curl_multi_cleanup) X(curl_multi_info_read) X(curl_multi_init) \
	X(curl_multi_remove_handle) X(curl_multi_setopt) X(curl_multi_socket_action) X(curl_slist_append) X(curl_slist_free_all) X(curl_url) \
	X(curl_url_cleanup) X(curl_url_get) X(curl_url_set)
/* clang-format on */

LIBRARY(PENSTOCK_LIBCURL, FUNCTIONS)

CURLcode curl_global_init(long flags)
{
	return load() ? real.curl_global_init(flags) : CURLE_FAILED_INIT;
}

void curl_global_cleanup(void)
{
	real.curl_global_cleanup();
}

const char *curl_easy_strerror(CURLcode code)
{
	return real.curl_easy_strerror(code);
}

void curl_free(void *text)
{
	real.curl_free(text);
}

CURL *curl_easy_init(void)
{
	return real.curl_easy_init();
}

void curl_easy_cleanup(CURL *easy)
{
	real.curl_easy_cleanup(easy);
}

/* An option's number tells the type of its value (curl.h: CURLOPTTYPE). */
CURLcode curl_easy_setopt(CURL *easy, CURLoption option, ...)
{
	CURLcode code;
	va_list value;

	va_start(value, option);
	if ((int)option < CURLOPTTYPE_OBJECTPOINT)
		code = real.curl_easy_setopt(easy, option, va_arg(value, long));
	else if ((int)option >= CURLOPTTYPE_OFF_T && (int)option < CURLOPTTYPE_BLOB)
		code = real.curl_easy_setopt(easy, option, va_arg(value, curl_off_t));
	else
		code = real.curl_easy_setopt(easy, option, va_arg(value, void *));
	va_end(value);
	return code;
}

CURLcode curl_easy_getinfo(CURL *easy, CURLINFO info, ...)
{
	CURLcode code;
	va_list value;

	va_start(value, info);
	code = real.curl_easy_getinfo(easy, info, va_arg(value, void *));
	va_end(value);
	return code;
}

CURLM *curl_multi_init(void)
{
	return real.curl_multi_init();
}

CURLMcode curl_multi_cleanup(CURLM *multi)
{
	return real.curl_multi_cleanup(multi);
}

CURLMcode curl_multi_setopt(CURLM *multi, CURLMoption option, ...)
{
	CURLMcode code;
	va_list value;

	va_start(value, option);
	if ((int)option < CURLOPTTYPE_OBJECTPOINT)
		code = real.curl_multi_setopt(multi, option, va_arg(value, long));
	else
		code = real.curl_multi_setopt(multi, option, va_arg(value, void *));
	va_end(value);
	return code;
}

CURLMcode curl_multi_add_handle(CURLM *multi, CURL *easy)
{
	return real.curl_multi_add_handle(multi, easy);
}

CURLMcode curl_multi_remove_handle(CURLM *multi, CURL *easy)
{
	return real.curl_multi_remove_handle(multi, easy);
}

CURLMcode curl_multi_assign(CURLM *multi, curl_socket_t socket, void *data)
{
	return real.curl_multi_assign(multi, socket, data);
}

CURLMcode curl_multi_socket_action(CURLM *multi, curl_socket_t socket, int events, int *running)
{
	return real.curl_multi_socket_action(multi, socket, events, running);
}

CURLMsg *curl_multi_info_read(CURLM *multi, int *left)
{
	return real.curl_multi_info_read(multi, left);
}

struct curl_slist *curl_slist_append(struct curl_slist *list, const char *text)
{
	return real.curl_slist_append(list, text);
}

void curl_slist_free_all(struct curl_slist *list)
{
	real.curl_slist_free_all(list);
}

CURLU *curl_url(void)
{
	return real.curl_url();
}

void curl_url_cleanup(CURLU *url)
{
	real.curl_url_cleanup(url);
}

CURLUcode curl_url_get(CURLU *url, CURLUPart part, char **text, unsigned flags)
{
	return real.curl_url_get(url, part, text, flags);
}

CURLUcode curl_url_set(CURLU *url, CURLUPart part, const char *text, unsigned flags)
{
	return real.curl_url_set(url, part, text, flags);
}
