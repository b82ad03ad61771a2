#include "app/admission.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "store/hmac.h"

#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { LINES_MOST = 4, LOOK_MS = 1000 };

/* What one file holds. */
struct secrets {
	char *path; /* NULL: not asked for */
	char *lines[LINES_MOST];
	struct stat about;
};

struct admission {
	struct secrets tokens, keys;
	int64_t looked_ms;
};

static void forget(struct secrets *secrets)
{
	for (size_t i = 0; i < LINES_MOST; i++) {
		mem_wipe_free(secrets->lines[i], secrets->lines[i] ? strlen(secrets->lines[i]) : 0);
		secrets->lines[i] = NULL;
	}
}

static enum status refuse(const char *path, struct error *err)
{
	error_set(err, STATUS_USAGE, "secret", _("%s holds no secret: one line of at most %d bytes, or up to %d lines"), path, ADMISSION_SECRET, LINES_MOST);
	error_hint(err, _("`openssl rand -hex 32` makes a good one"));
	return STATUS_USAGE;
}

/* Each line that is not empty. */
static enum status take_lines(struct secrets *secrets, char *text, struct error *err)
{
	size_t count = 0;

	for (const char *line; (line = strsep(&text, "\r\n")) != NULL;) {
		size_t length = strlen(line);

		if (!length)
			continue;
		if (count == LINES_MOST || length > ADMISSION_SECRET)
			return refuse(secrets->path, err);
		secrets->lines[count++] = mem_strdup(line);
	}
	return count ? STATUS_OK : refuse(secrets->path, err);
}

static enum status read_secrets(const char *path, struct secrets *out, struct error *err)
{
	enum { BYTES_MOST = LINES_MOST * (ADMISSION_SECRET + 2) };
	struct str bytes = { 0 };
	enum status status;
	size_t length;

	*out = (struct secrets){ .path = mem_strdup(path) };
	if (!path)
		return STATUS_OK;
	str_reserve(&bytes, BYTES_MOST + 1); /* so that it does not move and leave copies */
	stat(path, &out->about);
	status = file_read(path, BYTES_MOST, &bytes, err);
	length = bytes.length;
	if (status == STATUS_OK && strlen(str_text(&bytes)) != length)
		status = refuse(path, err);
	if (status == STATUS_OK)
		status = take_lines(out, bytes.text, err);
	mem_wipe_free(str_take(&bytes), length);
	return status;
}

static void secrets_done(struct secrets *secrets)
{
	forget(secrets);
	mem_free(secrets->path);
}

enum status admission_open(const char *token_file, const char *hmac_file, struct admission **out, struct error *err)
{
	struct admission *a = mem_alloc(sizeof *a);
	enum status status = read_secrets(token_file, &a->tokens, err);

	a->looked_ms = clock_mono_ms();
	if (status == STATUS_OK)
		status = read_secrets(hmac_file, &a->keys, err);
	if (status != STATUS_OK) {
		admission_close(a);
		a = NULL;
	}
	*out = a;
	return status;
}

void admission_close(struct admission *a)
{
	if (!a)
		return;
	secrets_done(&a->tokens);
	secrets_done(&a->keys);
	mem_free(a);
}

/* What is being written, or is gone, leaves the old secrets in force. */
static void renew(struct secrets *secrets)
{
	struct secrets now;
	struct stat about;

	if (!secrets->path || stat(secrets->path, &about) != 0 || (about.st_ino == secrets->about.st_ino && about.st_size == secrets->about.st_size &&
		about.st_mtim.tv_sec == secrets->about.st_mtim.tv_sec && about.st_mtim.tv_nsec == secrets->about.st_mtim.tv_nsec))
		return;
	if (read_secrets(secrets->path, &now, NULL) == STATUS_OK) {
		secrets_done(secrets);
		*secrets = now;
	} else {
		secrets_done(&now);
	}
}

/* Looks at all of them, whatever comes out. */
static bool has_token(const struct secrets *tokens, const char *authorization)
{
	static const char scheme[] = "Bearer ";
	bool fits = false;

	if (!authorization || strncasecmp(authorization, scheme, sizeof scheme - 1) != 0)
		return false;
	for (size_t i = 0; i < LINES_MOST; i++)
		fits = (tokens->lines[i] && hmac_same(tokens->lines[i], authorization + sizeof scheme - 1 + strspn(authorization + sizeof scheme - 1, " "))) || fits;
	return fits;
}

/* t=SECONDS,v1=HEX */
static bool is_signed(const struct secrets *keys, const char *signature, const char *body, size_t length, int64_t wall_ms)
{
	const char *comma = signature ? strchr(signature, ',') : NULL;
	char *seconds, *signed_text, hex[HMAC_HEX + 1];
	long long when;
	bool fits = false;

	if (!comma || strncmp(signature, "t=", 2) != 0 || strncmp(comma, ",v1=", 4) != 0)
		return false;
	seconds = mem_strndup(signature + 2, (size_t)(comma - signature) - 2);
	if (text_to_i64(seconds, 0, INT64_MAX / 1000, &when) && when * 1000 >= wall_ms - ADMISSION_SECONDS * 1000 && when * 1000 <= wall_ms + ADMISSION_SECONDS * 1000) {
		signed_text = mem_printf("%s.", seconds);
		fits = !body && strlen(comma + 4) == HMAC_HEX;
		for (size_t i = 0; body && i < LINES_MOST; i++) {
			if (!keys->lines[i])
				continue;
			hmac_sha256(keys->lines[i], signed_text, strlen(signed_text), body, length, hex);
			fits = hmac_same(hex, comma + 4) || fits;
		}
		mem_free(signed_text);
	}
	mem_free(seconds);
	return fits;
}

bool admission_fits(struct admission *a, const char *authorization, const char *signature, const char *body, size_t length, int64_t wall_ms)
{
	if (clock_mono_ms() - a->looked_ms >= LOOK_MS) {
		a->looked_ms = clock_mono_ms();
		renew(&a->tokens);
		renew(&a->keys);
	}
	if (!a->tokens.path && !a->keys.path)
		return false;
	return (!a->tokens.path || has_token(&a->tokens, authorization)) && (!a->keys.path || is_signed(&a->keys, signature, body, length, wall_ms));
}

const char *admission_open_file(const struct admission *a)
{
	if (a->tokens.path && (a->tokens.about.st_mode & 077))
		return a->tokens.path;
	return a->keys.path && (a->keys.about.st_mode & 077) ? a->keys.path : NULL;
}
