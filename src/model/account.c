#include "model/account.h"

#include "base/i18n.h"
#include "base/loopback.h"
#include "base/mem.h"
#include "base/text.h"

#include <string.h>
#include <strings.h>

enum {
	NAME_LIMIT = 255,  /* bytes of a name */
	URL_LIMIT = 2000,  /* bytes of an endpoint */
	DAILY_MOST = 100000000,
	WINDOW_MOST = 100000,
	CONCURRENT_MOST = 1000,
};

void account_init(struct account *account)
{
	*account = (struct account){
		.daily_calls = ACCOUNT_DAILY_CALLS,
		.calls_per_20s = ACCOUNT_CALLS_PER_20S,
		.concurrent = ACCOUNT_CONCURRENT,
		.quota_stop = ACCOUNT_QUOTA_STOP,
	};
}

void account_done(struct account *account)
{
	mem_free(account->name);
	mem_free(account->munchkin_id);
	mem_free(account->endpoint);
	mem_free(account->identity);
	mem_free(account->client_id);
	mem_free(account->ca_file);
	mem_free(account->environment);
	account_init(account);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool munchkin_at(const char *text)
{
	static const char form[] = "000-AAA-000";

	for (size_t i = 0; form[i]; i++) {
		if (form[i] == '0' ? !is_digit(text[i]) : form[i] == 'A' ? !is_letter(text[i]) : text[i] != '-')
			return false;
	}
	/* Not the middle of a longer word: 1123-ABC-456, 123-ABC-4567, 123-ABC-456-7. */
	return !is_digit(text[11]) && !is_letter(text[11]) && text[11] != '-';
}

bool munchkin_parse(const char *text, char out[MUNCHKIN_TEXT])
{
	for (const char *at = text; at && *at; at++) {
		bool inside = at > text && (is_digit(at[-1]) || is_letter(at[-1]) || at[-1] == '-');

		if (inside || !munchkin_at(at))
			continue;
		for (size_t i = 0; i < MUNCHKIN_TEXT - 1; i++)
			out[i] = at[i] >= 'a' && at[i] <= 'z' ? (char)(at[i] - 'a' + 'A') : at[i];
		out[MUNCHKIN_TEXT - 1] = '\0';
		return true;
	}
	return false;
}

static bool host_is_loopback(const char *host, size_t length)
{
	char *copy = mem_strndup(host, length);
	bool is = loopback_is(copy);

	mem_free(copy);
	return is;
}

static bool host_is_sound(const char *host, size_t length)
{
	if (length == 0 || length > 255)
		return false;
	if (host[0] == '[') {
		for (size_t i = 1; i + 1 < length; i++) {
			if (!strchr("0123456789abcdefABCDEF:.", host[i]))
				return false;
		}
		return length > 3 && host[length - 1] == ']';
	}
	for (size_t i = 0; i < length; i++) {
		if (!is_digit(host[i]) && !is_letter(host[i]) && host[i] != '-' && host[i] != '.')
			return false;
	}
	return host[0] != '.' && host[0] != '-';
}

static bool port_is_sound(const char *port, size_t length)
{
	long value = 0;

	if (length == 0 || length > 5)
		return false;
	for (size_t i = 0; i < length; i++) {
		if (!is_digit(port[i]))
			return false;
		value = value * 10 + (port[i] - '0');
	}
	return value > 0 && value <= 65535;
}

/* Segments of the path as they stand in a plain address: no escapes, no empty ones (the gateway refuses them, marketo-api 1), no dots alone. */
static bool url_path_is_sound(const char *path)
{
	for (const char *at = path; *at; at++) {
		if (!is_digit(*at) && !is_letter(*at) && !strchr("/-._~", *at))
			return false;
		if (*at == '/' && (at[1] == '/' || strncmp(at, "/./", 3) == 0 || strncmp(at, "/../", 4) == 0))
			return false;
	}
	return true;
}

static const char *after_scheme(const char *url, bool *plain)
{
	*plain = strncasecmp(url, "http://", 7) == 0;
	if (*plain)
		return url + 7;
	return strncasecmp(url, "https://", 8) == 0 ? url + 8 : NULL;
}

/* `what` names the option, `end` is what the address must end in. */
static enum status url_check(const char *url, const char *what, const char *end, struct error *err)
{
	bool plain;
	const char *host = after_scheme(url, &plain);
	size_t length = strlen(url), tail = strlen(end);

	if (length > URL_LIMIT || !host)
		goto wrong;

	size_t authority = strcspn(host, "/");
	size_t host_length;

	if (host[0] == '[')
		host_length = strcspn(host, "]/") + 1;
	else
		host_length = strcspn(host, ":/");
	if (host_length > authority || !host_is_sound(host, host_length))
		goto wrong;
	if (host_length < authority && (host[host_length] != ':' || !port_is_sound(host + host_length + 1, authority - host_length - 1)))
		goto wrong;
	if (!url_path_is_sound(host + authority))
		goto wrong;
	if (plain && !host_is_loopback(host, host_length)) {
		error_set(err, STATUS_USAGE, "usage", _("%s: must begin with https:// (http:// is accepted for this machine's own addresses only)"), what);
		error_hint(err, _("Write https://%s."), host);
		return STATUS_USAGE;
	}
	if (length < tail || strcmp(url + length - tail, end) != 0) {
		error_set(err, STATUS_USAGE, "usage", _("%s: must end in %s, not %s"), what, end, url);
		error_hint(err, _("Copy it from Marketo, Admin > Web Services > REST API."));
		return STATUS_USAGE;
	}
	return STATUS_OK;
wrong:
	error_set(err, STATUS_USAGE, "usage", _("%s: not a web address: %s"), what, url);
	error_hint(err, _("Copy it from Marketo, Admin > Web Services > REST API."));
	return STATUS_USAGE;
}

static void trim_slashes(char *url)
{
	size_t length;

	text_trim(url);
	for (length = strlen(url); length > 0 && url[length - 1] == '/'; length--)
		url[length - 1] = '\0';
}

static bool has_control(const char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return true;
	}
	return false;
}

static enum status name_check(char *name, const char *what, struct error *err)
{
	if (name)
		text_trim(name);
	if (!name || !*name)
		return error_set(err, STATUS_USAGE, "usage", _("%s: nothing is given"), what);
	if (strlen(name) > NAME_LIMIT)
		return error_set(err, STATUS_USAGE, "usage", _("%s: longer than %d bytes"), what, NAME_LIMIT);
	if (has_control(name) || !text_is_utf8(name, strlen(name), NULL))
		return error_set(err, STATUS_USAGE, "usage", _("%s: holds characters that cannot be shown"), what);
	return STATUS_OK;
}

static enum status munchkin_check(struct account *account, struct error *err)
{
	char found[MUNCHKIN_TEXT];

	if (!account->munchkin_id || !munchkin_parse(account->munchkin_id, found)) {
		error_set(err, STATUS_USAGE, "usage", _("not a Munchkin ID: '%s'"), account->munchkin_id ? account->munchkin_id : "");
		error_hint(err, _("It looks like 123-ABC-456 and stands in Marketo under Admin > Munchkin."));
		return STATUS_USAGE;
	}
	mem_replace(&account->munchkin_id, found);
	return STATUS_OK;
}

static void url_fill(char **url, const char *munchkin_id, const char *end)
{
	if (*url)
		trim_slashes(*url);
	if (*url && **url)
		return;
	mem_free(*url);
	*url = mem_printf("https://%s.mktorest.com%s", munchkin_id, end);
}

static enum status limits_check(const struct account *account, struct error *err)
{
	const struct {
		int value, most;
		const char *what;
	} limits[] = {
		{ account->daily_calls, DAILY_MOST, _("calls a day") },
		{ account->calls_per_20s, WINDOW_MOST, _("calls in 20 seconds") },
		{ account->concurrent, CONCURRENT_MOST, _("calls at once") },
		{ account->quota_stop, 100, _("percentage of the daily quota to stop at") },
	};

	if (account->daily_cap < 0 || account->daily_cap > DAILY_MOST)
		return error_set(err, STATUS_USAGE, "usage", _("%s: must be from 0 to %d, not %d"), _("calls of ours a day"), DAILY_MOST, account->daily_cap);
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
		if (limits[i].value < 1 || limits[i].value > limits[i].most)
			return error_set(err, STATUS_USAGE, "usage", _("%s: must be from 1 to %d, not %d"), limits[i].what, limits[i].most, limits[i].value);
	}
	return STATUS_OK;
}

enum status account_check(struct account *account, struct error *err)
{
	enum status status = name_check(account->name, _("account name"), err);

	if (status == STATUS_OK)
		status = munchkin_check(account, err);
	if (status == STATUS_OK)
		status = name_check(account->client_id, _("client id"), err);
	if (status == STATUS_OK && account->environment && *account->environment)
		status = name_check(account->environment, _("environment label"), err);
	if (status != STATUS_OK)
		return status;
	url_fill(&account->endpoint, account->munchkin_id, "/rest");
	url_fill(&account->identity, account->munchkin_id, "/identity");
	status = url_check(account->endpoint, _("endpoint"), "/rest", err);
	if (status == STATUS_OK)
		status = url_check(account->identity, _("identity address"), "/identity", err);
	if (status == STATUS_OK)
		status = limits_check(account, err);
	return status;
}

const char *account_warning(const struct account *account)
{
	bool often = account->calls_per_20s > MARKETO_CALLS_PER_20S;
	bool many = account->concurrent > MARKETO_CONCURRENT;

	if (often && many)
		return _("Marketo allows 100 calls in 20 seconds and 10 at once unless your subscription says otherwise: calls above that are refused (606, 615).");
	if (often)
		return _("Marketo allows 100 calls in 20 seconds unless your subscription says otherwise: calls above that are refused (606).");
	if (many)
		return _("Marketo allows 10 calls at once unless your subscription says otherwise: calls above that are refused (615).");
	return NULL;
}
