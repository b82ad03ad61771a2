#include "source/follow.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "source/follow_inside.h"
#include "source/format.h"
#include "source/http.h"
#include "source/inbox.h"

#include <errno.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

struct follow {
	const struct follow_kind *kind;
	void *state;
	int notify;
	struct source *batch;
};

static enum status refuse(const char *spec, const char *why, struct error *err)
{
	error_set(err, STATUS_USAGE, "source", _("%s cannot be followed: %s"), spec, why);
	error_hint(err, _("A file of profile messages (NDJSON) can, and a folder that such files are put into."));
	return STATUS_USAGE;
}

static bool has_ending(const char *path, const char *ending)
{
	size_t length = strlen(path), tail = strlen(ending);

	return length >= tail && text_case_eq(path + length - tail, ending);
}

/* What is posted is followed where it waits. */
static enum status choose_inbox(const char *spec, char **path, struct error *err)
{
	struct http_spec http;
	enum status status = http_parse(spec, &http, err);

	if (status == STATUS_OK && !http.settings[HTTP_SPOOL])
		status = http_refuse_homeless(err);
	if (status == STATUS_OK)
		status = inbox_make(http.settings[HTTP_SPOOL], err);
	if (status == STATUS_OK)
		*path = mem_strdup(http.settings[HTTP_SPOOL]);
	http_done(&http);
	return status;
}

/* What a specification of something in the file system means. */
static enum status choose_path(const char *spec, const char *path, bool spool, bool plain, const struct follow_kind **kind, struct error *err)
{
	struct stat about;
	bool there;

	if (strcmp(path, "-") == 0)
		return refuse(spec, _("it is standard input, which a run without --follow reads to its end"), err);
	if (!plain && (strstr(spec, "://") || strncmp(spec, "csv:", 4) == 0 || strncmp(spec, "sqlite:", 7) == 0 || has_ending(spec, ".csv") || has_ending(spec, ".tsv")))
		return refuse(spec, _("it is a table, which is a whole audience each time it is read"), err);
	there = stat(path, &about) == 0;
	*kind = spool || (there && S_ISDIR(about.st_mode)) ? &follow_spool_kind : &follow_file_kind;
	if (spool && (!there || !S_ISDIR(about.st_mode)))
		return refuse(spec, _("it is no folder"), err);
	if (there && !S_ISDIR(about.st_mode) && !S_ISREG(about.st_mode))
		return refuse(spec, _("it is neither a file nor a folder"), err);
	return STATUS_OK;
}

/* What a specification means. *path: free with mem_free. */
static enum status choose(const char *spec, char **path, const struct follow_kind **kind, struct error *err)
{
	bool spool = strncmp(spec, "spool:", 6) == 0, plain = strncmp(spec, "ndjson:", 7) == 0;

	*path = NULL;
	*kind = &follow_inbox_kind;
	if (http_is(spec))
		return choose_inbox(spec, path, err);
	*path = mem_strdup(spool ? spec + 6 : plain ? spec + 7 : spec);
	return choose_path(spec, *path, spool, plain, kind, err);
}

/* Events come for all names of the folder; for the file itself the kind adds a watch of its own. */
static enum status watch_folder(struct follow *follow, const char *path, struct error *err)
{
	const char *slash = strrchr(path, '/');
	char *folder = follow->kind != &follow_file_kind ? mem_strdup(path) : !slash ? mem_strdup(".") : slash == path ? mem_strdup("/") :
		mem_strndup(path, (size_t)(slash - path));
	enum status status = STATUS_OK;

	follow->notify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (follow->notify < 0 || inotify_add_watch(follow->notify, folder, IN_CREATE | IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ONLYDIR) < 0) {
		status = error_set(err, STATUS_FAILED, "source", _("cannot watch the folder %s: %s"), folder, strerror(errno));
		error_hint(err, _("Check the path and the permissions of the folder."));
	}
	mem_free(folder);
	return status;
}

enum status follow_open(const char *spec, const char *position, struct follow **out, struct error *err)
{
	struct follow *follow = mem_alloc(sizeof *follow);
	char *path;
	enum status status = choose(spec, &path, &follow->kind, err);

	follow->notify = -1;
	if (status == STATUS_OK)
		status = watch_folder(follow, path, err);
	if (status == STATUS_OK)
		follow->state = follow->kind->open(path, follow->notify);
	if (status == STATUS_OK && position && !follow->kind->resume(follow->state, position))
		status = error_set(err, STATUS_FAILED, "position", _("the place where following %s has stopped cannot be understood"), spec);
	if (status != STATUS_OK) {
		follow_close(follow);
		follow = NULL;
	}
	mem_free(path);
	*out = follow;
	return status;
}

void follow_close(struct follow *follow)
{
	if (!follow)
		return;
	source_close(follow->batch);
	if (follow->state)
		follow->kind->close(follow->state);
	if (follow->notify >= 0)
		close(follow->notify);
	mem_free(follow);
}

int follow_descriptor(const struct follow *follow)
{
	return follow->notify;
}

/* What the events say does not matter: that something may have changed is enough. */
static void drain(int notify)
{
	char events[4096];

	while (read(notify, events, sizeof events) > 0)
		;
}

enum status follow_look(struct follow *follow, int64_t *waiting, struct error *err)
{
	*waiting = 0;
	source_close(follow->batch);
	follow->batch = NULL;
	drain(follow->notify);
	return follow->kind->look(follow->state, waiting, err);
}

struct source *follow_batch(struct follow *follow)
{
	follow->batch = follow->kind->batch(follow->state);
	return follow->batch;
}

void follow_position(struct follow *follow, struct str *out)
{
	follow->kind->position(follow->state, out);
}

enum status follow_taken(struct follow *follow, struct error *err)
{
	return follow->kind->taken(follow->state, err);
}
