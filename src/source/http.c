#include "source/http.h"

#include "base/i18n.h"
#include "base/loopback.h"
#include "base/mem.h"
#include "base/text.h"

#include <arpa/inet.h>
#include <string.h>

enum { PATH_MOST = 200, VALUE_MOST = 4096, PORT_MOST = 65535 };

static const int64_t limit_least = 64 * 1024, limit_usual = INT64_C(1024) * 1024 * 1024, limit_most = INT64_C(1024) * 1024 * 1024 * 1024;

static const struct {
	const char *name;
	bool file;
} settings[HTTP_SETTINGS] = {
	[HTTP_TOKEN_FILE] = { "token-file", true },
	[HTTP_HMAC_FILE] = { "hmac-file", true },
	[HTTP_CERTIFICATE] = { "certificate", true },
	[HTTP_KEY] = { "key", true },
	[HTTP_SPOOL] = { "spool", false },
	[HTTP_LIMIT] = { "limit", false },
};

bool http_is(const char *spec)
{
	return strncmp(spec, "http:", 5) == 0 || strncmp(spec, "https:", 6) == 0;
}

bool http_is_file(enum http_setting setting)
{
	return settings[setting].file;
}

static enum status refuse(struct error *err)
{
	error_hint(err, _("Write http:127.0.0.1:PORT/PATH,token-file=FILE behind a proxy, or https:ADDRESS:PORT/PATH,token-file=FILE,certificate=FILE,key=FILE."));
	return STATUS_USAGE;
}

static enum status refuse_text(const char *format, const char *text, size_t length, struct error *err)
{
	char *part = mem_strndup(text, length), *clean = text_clean_dup(part);

	error_set(err, STATUS_USAGE, "source", format, clean);
	mem_free(part);
	mem_free(clean);
	return refuse(err);
}

/* HOST:PORT */
static enum status take_place(struct http_spec *spec, const char *text, size_t length, struct error *err)
{
	char *place = mem_strndup(text, length), *colon = strrchr(place, ':');
	const char *host = place;
	unsigned char address[sizeof(struct in6_addr)];
	long long port;
	bool good = colon && text_to_i64(colon + 1, 0, PORT_MOST, &port);

	if (good) {
		*colon = '\0';
		if (*host == '[' && colon > host + 1 && colon[-1] == ']') {
			host++;
			colon[-1] = '\0';
		}
		if (text_case_eq(host, "localhost"))
			host = "127.0.0.1";
		good = inet_pton(AF_INET, host, address) == 1 || (host != place && inet_pton(AF_INET6, host, address) == 1);
	}
	if (good) {
		spec->host = mem_strdup(host);
		spec->port = (int)port;
	}
	mem_free(place);
	return good ? STATUS_OK : refuse_text(_("%s is no address and port of this machine to listen at; by HTTP nothing is fetched, messages are posted"), text, length, err);
}

static enum status take_path(struct http_spec *spec, const char *text, size_t length, struct error *err)
{
	spec->path = mem_strndup(text, length);
	if (length > 0 && length <= PATH_MOST && strspn(spec->path, "/abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~") == length)
		return STATUS_OK;
	return refuse_text(_("%s is no path to post to: letters, figures and -._~/"), text, length, err);
}

/* A number of bytes, or of K, M or G of them. */
static bool read_size(const char *text, int64_t *out)
{
	static const char units[] = "KMG";
	size_t length = strlen(text);
	const char *unit = length ? strchr(units, text[length - 1]) : NULL;
	char *number = mem_strndup(text, unit ? length - 1 : length);
	int shift = unit ? 10 * (int)(unit - units + 1) : 0;
	long long value;
	bool good = text_to_i64(number, 1, limit_most >> shift, &value);

	mem_free(number);
	if (good)
		*out = (int64_t)value << shift;
	return good && *out >= limit_least;
}

/* NAME=VALUE */
static enum status take_setting(struct http_spec *spec, const char *text, size_t length, struct error *err)
{
	const char *equals = memchr(text, '=', length);
	size_t name = equals ? (size_t)(equals - text) : length, value = equals ? length - name - 1 : 0;

	for (size_t i = 0; i < HTTP_SETTINGS; i++) {
		if (strlen(settings[i].name) != name || memcmp(settings[i].name, text, name) != 0)
			continue;
		if (value == 0 || value > VALUE_MOST)
			return refuse_text(_("the setting %s has no value that could be used"), text, name, err);
		if (spec->settings[i])
			return refuse_text(_("the setting %s is given twice"), text, name, err);
		spec->settings[i] = mem_strndup(equals + 1, value);
		return STATUS_OK;
	}
	return refuse_text(_("there is no setting %s"), text, name, err);
}

static enum status judge(struct http_spec *spec, struct error *err)
{
	char *const *given = spec->settings;

	spec->limit = limit_usual;
	if (given[HTTP_LIMIT] && !read_size(given[HTTP_LIMIT], &spec->limit))
		return refuse_text(_("limit=%s is no number of bytes from 64K to 1024G"), given[HTTP_LIMIT], strlen(given[HTTP_LIMIT]), err);
	if (!given[HTTP_TOKEN_FILE] && !given[HTTP_HMAC_FILE]) {
		error_set(err, STATUS_USAGE, "source", _("nothing tells who may post: a token or a signature is needed"));
		error_hint(err, _("token-file=FILE names the file that holds a bearer token, hmac-file=FILE the one with the secret of signatures."));
		return STATUS_USAGE;
	}
	if (spec->tls && (!given[HTTP_CERTIFICATE] || !given[HTTP_KEY]))
		error_set(err, STATUS_USAGE, "source", _("https: needs certificate=FILE and key=FILE"));
	else if (!spec->tls && (given[HTTP_CERTIFICATE] || given[HTTP_KEY]))
		error_set(err, STATUS_USAGE, "source", _("certificate and key go with https:"));
	else if (!spec->tls && !loopback_is(spec->host))
		error_set(err, STATUS_USAGE, "source", _("plain HTTP is for loopback only, and %s is not: people's data would go through the network for all to read"), spec->host);
	else
		return STATUS_OK;
	return refuse(err);
}

enum status http_parse(const char *spec, struct http_spec *out, struct error *err)
{
	const char *at = strchr(spec, ':') + 1, *slash, *end;
	enum status status;

	*out = (struct http_spec){ .tls = strncmp(spec, "https:", 6) == 0 };
	at += strncmp(at, "//", 2) == 0 ? 2 : 0;
	end = at + strcspn(at, ",");
	slash = memchr(at, '/', (size_t)(end - at));
	if (!slash)
		return refuse_text(_("%s names no path to post to"), at, (size_t)(end - at), err);
	status = take_place(out, at, (size_t)(slash - at), err);
	if (status == STATUS_OK)
		status = take_path(out, slash, (size_t)(end - slash), err);
	while (status == STATUS_OK && *end == ',') {
		at = end + 1;
		end = at + strcspn(at, ",");
		status = take_setting(out, at, (size_t)(end - at), err);
	}
	return status == STATUS_OK ? judge(out, err) : status;
}

enum status http_refuse_homeless(struct error *err)
{
	return error_set(err, STATUS_USAGE, "source", _("spool=FOLDER must say where messages wait"));
}

void http_done(struct http_spec *spec)
{
	mem_free(spec->host);
	mem_free(spec->path);
	for (size_t i = 0; i < HTTP_SETTINGS; i++)
		mem_free(spec->settings[i]);
	*spec = (struct http_spec){ 0 };
}

void http_set(struct http_spec *spec, enum http_setting setting, const char *value)
{
	mem_replace(&spec->settings[setting], value);
}

void http_write(const struct http_spec *spec, struct str *out)
{
	str_add_format(out, strchr(spec->host, ':') ? "%s:[%s]:%d%s" : "%s:%s:%d%s", spec->tls ? "https" : "http", spec->host, spec->port, spec->path);
	for (size_t i = 0; i < HTTP_SETTINGS; i++)
		if (spec->settings[i])
			str_add_format(out, ",%s=%s", settings[i].name, spec->settings[i]);
}
