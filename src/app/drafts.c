#include "app/drafts.h"

#include "app/mappings.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/lockfile.h"
#include "base/mem.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum status app_draft_list(struct app *app, draft_list *out, struct error *err)
{
	enum status status = app_enter(app, USE_DRAFT_LIST, err);
	int64_t unreadable = 0;

	if (status == STATUS_OK)
		status = draft_all(app->store, out, &unreadable, err);
	if (unreadable)
		app_note(app, _("%lld drafts cannot be read and are left out"), (long long)unreadable);
	return status;
}

enum status app_draft_load(struct app *app, int64_t id, struct draft *out, struct error *err)
{
	enum status status = app_enter(app, USE_DRAFT_SHOW, err);

	if (status == STATUS_OK)
		return draft_load(app->store, id, out, err);
	draft_init(out);
	return status;
}

static enum status begin_draft(struct app *app, struct draft *draft, struct error *err)
{
	enum status status = app_begin(app, err);
	bool is_new = !draft->id;
	char *number = NULL;

	if (status != STATUS_OK)
		return status;
	status = is_new ? draft_insert(app->store, draft, err) : draft_save(app->store, draft, err);
	if (status == STATUS_OK)
		number = mem_printf("draft %lld", (long long)draft->id);
	status = app_end(app, status, USE_DRAFT_SAVE, draft_get(draft, DRAFT_NAME), number, err);
	mem_free(number);
	if (status != STATUS_OK && is_new)
		draft->id = 0;
	return status;
}

/* Of a mapping that somebody opens nothing is told before it is edited: until then it was only looked at. */
static bool is_first_edit(struct app *app, const struct draft *draft)
{
	struct draft stored;
	bool edited = true, first;

	if (!*draft_get(draft, DRAFT_MAPPING_OF) || draft_was_edited(app->store, draft->id, &edited, NULL) != STATUS_OK || edited)
		return false;
	first = draft_load(app->store, draft->id, &stored, NULL) == STATUS_OK && !mapping_same_rows(&draft->mapping, &stored.mapping);
	draft_done(&stored);
	return first;
}

/* An audit row for its beginning alone: it is written at each field that is left, and changes nothing that anybody else can see. */
enum status app_draft_save(struct app *app, struct draft *draft, struct error *err)
{
	enum status status = app_enter(app, USE_DRAFT_SAVE, err);

	if (status != STATUS_OK)
		return status;
	return draft->id && !is_first_edit(app, draft) ? draft_save(app->store, draft, err) : begin_draft(app, draft, err);
}

enum status app_draft_undo(struct app *app, struct draft *draft, bool redo, bool *done, struct error *err)
{
	enum status status = app_enter(app, redo ? USE_DRAFT_REDO : USE_DRAFT_UNDO, err);

	*done = false;
	return status == STATUS_OK ? draft_undo(app->store, draft, redo, done, err) : status;
}

/* Is this a dataflow that was never launched? Who lets it run by hand has launched it. */
static enum status is_unused(struct app *app, int64_t dataflow_id, bool *unused, struct error *err)
{
	struct dataflow dataflow;
	run_list runs = { 0 };
	enum status status;

	*unused = false;
	dataflow_init(&dataflow);
	status = dataflow_get(app->store, dataflow_id, &dataflow, err);
	if (status == STATUS_OK && !dataflow.enabled) {
		status = run_all(app->store, dataflow_id, &runs, err);
		*unused = status == STATUS_OK && runs.count == 0;
	} else if (status == STATUS_USAGE) {
		status = STATUS_OK; /* somebody has deleted it already */
	}
	run_list_done(&runs);
	dataflow_done(&dataflow);
	return status;
}

static enum status delete_made(struct app *app, const struct draft *draft, struct error *err)
{
	bool unused = false;
	enum status status = draft->dataflow_id ? is_unused(app, draft->dataflow_id, &unused, err) : STATUS_OK;

	if (status != STATUS_OK || !unused)
		return status;
	status = dataflow_delete(app->store, draft->dataflow_id, err);
	if (status == STATUS_OK && draft->destination_id) {
		status = destination_delete(app->store, draft->destination_id, err);
		/* Used by others by now, or gone: then it is theirs. */
		if (status == STATUS_USAGE)
			status = STATUS_OK;
	}
	return status;
}

static enum status delete_all(struct app *app, int64_t id, char **name, struct error *err)
{
	struct error why = { 0 };
	struct draft draft;
	enum status status = draft_load(app->store, id, &draft, &why);

	*name = mem_strdup(draft_get(&draft, DRAFT_NAME));
	if (status == STATUS_OK)
		status = delete_made(app, &draft, err);
	else if (strcmp(why.code, "draft") == 0)
		status = STATUS_OK; /* what it has made cannot be known */
	else if (err)
		*err = why;
	if (status == STATUS_OK)
		status = draft_delete(app->store, id, err);
	draft_done(&draft);
	return status;
}

static char *lock_path(const struct app *app, int64_t id)
{
	return mem_printf("%s.draft-%lld.lock", app->db, (long long)id);
}

void draft_remove_lock(const struct app *app, int64_t id)
{
	char *path = lock_path(app, id);

	unlink(path);
	mem_free(path);
}

static enum status delete_told(struct app *app, int64_t id, struct error *err)
{
	char *name = NULL;
	enum status status = app_begin(app, err);

	if (status != STATUS_OK)
		return status;
	status = delete_all(app, id, &name, err);
	status = app_end(app, status, USE_DRAFT_DELETE, name, NULL, err);
	mem_free(name);
	return status;
}

/* Is it a mapping that was only looked at? */
static bool is_look(struct app *app, int64_t id)
{
	struct draft draft;
	bool edited = true, look = draft_load(app->store, id, &draft, NULL) == STATUS_OK && *draft_get(&draft, DRAFT_MAPPING_OF);

	look = look && draft_was_edited(app->store, id, &edited, NULL) == STATUS_OK && !edited;
	draft_done(&draft);
	return look;
}

enum status app_draft_delete(struct app *app, int64_t id, struct error *err)
{
	enum status status = app_enter(app, USE_DRAFT_DELETE, err);

	if (status == STATUS_OK)
		status = is_look(app, id) ? draft_delete(app->store, id, err) : delete_told(app, id, err);
	if (status == STATUS_OK)
		draft_remove_lock(app, id);
	return status;
}

static enum status launch(struct app *app, const struct draft *draft, struct error *err)
{
	struct dataflow dataflow;
	enum status status = dataflow_get(app->store, draft->dataflow_id, &dataflow, err);

	dataflow.enabled = true;
	if (status == STATUS_OK)
		status = dataflow_save(app->store, &dataflow, err);
	if (status == STATUS_OK)
		status = draft_delete(app->store, draft->id, err);
	dataflow_done(&dataflow);
	return status;
}

enum status app_draft_finish(struct app *app, struct draft *draft, struct error *err)
{
	enum status status = app_enter(app, USE_DATAFLOW_ENABLE, err);

	if (status == STATUS_OK)
		status = app_begin(app, err);
	if (status != STATUS_OK)
		return status;
	status = launch(app, draft, err);
	status = app_end(app, status, USE_DATAFLOW_ENABLE, draft_get(draft, DRAFT_NAME), "draft", err);
	if (status == STATUS_OK) {
		draft_remove_lock(app, draft->id);
		draft->id = 0;
	}
	return status;
}

static enum status in_use(const struct lockfile_holder *holder, struct error *err)
{
	char since[CLOCK_TEXT];

	if (holder->pid)
		error_set(err, STATUS_USAGE, "in_use", _("the draft is open in another console: user %s, process %ld, since %s"), holder->user, (long)holder->pid,
			clock_format(holder->since_ms, since));
	else
		error_set(err, STATUS_USAGE, "in_use", _("the draft is open in another console"));
	error_hint(err, _("leave it there first"));
	return STATUS_USAGE;
}

/* A lock of a draft that is not there would lie about for ever. One that cannot be read is there. */
static enum status is_there(struct app *app, int64_t id, struct error *err)
{
	struct draft draft;
	enum status status = app_draft_load(app, id, &draft, err);

	if (status != STATUS_OK && app->store && strcmp(err->code, "draft") == 0)
		status = STATUS_OK;
	draft_done(&draft);
	return status;
}

enum status draft_lock(struct app *app, int64_t id, int *fd, struct error *err)
{
	struct lockfile_holder holder = { 0 };
	enum status status = is_there(app, id, err);
	char *path, *user;

	*fd = -1;
	if (status != STATUS_OK)
		return status;
	path = lock_path(app, id);
	user = store_user_name();
	switch (lockfile_take(path, user, fd, &holder)) {
	case LOCKFILE_OURS:
		break;
	case LOCKFILE_HELD:
		status = in_use(&holder, err);
		break;
	case LOCKFILE_FAILED:
		status = error_set(err, STATUS_FAILED, "store", _("cannot open the lock file %s: %s"), path, strerror(errno));
		break;
	}
	mem_free(path);
	mem_free(user);
	return status;
}

void draft_unlock(int fd)
{
	lockfile_drop(fd);
}
