/* The door with TLS. Its certificate can be changed, and its handshake made to fail, while the sandbox goes on. */
#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "sandbox/box.h"

#include <string.h>

enum { PEM_MAX = 64 * 1024 };

/* Whoever came through this door is cut, in the middle of a call too. */
static void shut(struct sandbox *box)
{
	struct call *call, *next;

	for (call = box->calls; call; call = next) {
		next = call->next;
		if (request_server(call->request) == box->secure)
			call_free(call);
	}
	serve_free(box->secure);
	box->secure = NULL;
}

static enum status take_file(const char *path, char **text, struct error *err)
{
	struct str content = { 0 };
	enum status status = file_read(path, PEM_MAX, &content, err);

	if (status == STATUS_OK)
		mem_replace(text, str_text(&content));
	str_done(&content);
	return status;
}

static enum status take_files(struct sandbox *box, const char *spec, struct error *err)
{
	const char *comma = strchr(spec, ',');
	char *path = comma ? mem_strndup(spec, (size_t)(comma - spec)) : NULL;
	enum status status;

	if (!comma)
		return error_set(err, STATUS_USAGE, "usage", _("write CERTIFICATE,KEY: two files in PEM form"));
	status = take_file(path, &box->certificate, err);
	if (status == STATUS_OK)
		status = take_file(comma + 1, &box->key, err);
	mem_free(path);
	return status;
}

enum status secure_open(struct sandbox *box, const char *spec, struct error *err)
{
	bool off = strcmp(spec, "off") == 0, old = strcmp(spec, "old") == 0;
	enum status status = off || old ? STATUS_OK : take_files(box, spec, err);
	struct serve_handler handler = call_handler;

	if (status != STATUS_OK)
		return status;
	if (!off && !box->certificate)
		return error_set(err, STATUS_USAGE, "usage", _("write CERTIFICATE,KEY: two files in PEM form"));
	if (box->secure)
		shut(box);
	if (off)
		return STATUS_OK;
	handler.self = box;
	box->secure = serve_new(box->loop, box->secure_port, &(struct serve_tls){ .certificate = box->certificate, .key = box->key, .old = old }, &handler, err);
	if (!box->secure)
		return STATUS_FAILED;
	box->secure_port = serve_port(box->secure);
	return STATUS_OK;
}

void secure_done(struct sandbox *box)
{
	serve_free(box->secure);
	mem_free(box->certificate);
	mem_free(box->key);
}
