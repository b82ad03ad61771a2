#include "engine/lock.h"

#include "base/i18n.h"
#include "base/mem.h"

#include <errno.h>
#include <string.h>

struct lock {
	int fd;
};

/* Free with mem_free. */
static char *lock_path(struct store *store, int64_t account_id)
{
	return mem_printf("%s.%lld.lock", store_path(store), (long long)account_id);
}

static enum status busy(const struct lockfile_holder *holder, struct error *err)
{
	error_set(err, STATUS_FAILED, "busy", _("another penstock is planning or running on this account"));
	if (holder->pid)
		error_hint(err, _("wait for it to end (process %ld of %s); `penstock status` shows it"), (long)holder->pid, holder->user);
	else
		error_hint(err, _("wait for it to end; `penstock status` shows it"));
	return STATUS_FAILED;
}

enum status lock_take(struct store *store, int64_t account_id, struct lock **out, struct error *err)
{
	char *path = lock_path(store, account_id), *user = store_user_name();
	struct lockfile_holder holder = {0};
	enum status status = STATUS_OK;
	int fd;

	*out = NULL;
	switch (lockfile_take(path, user, &fd, &holder)) {
	case LOCKFILE_OURS:
		*out = mem_alloc(sizeof **out);
		(*out)->fd = fd;
		break;
	case LOCKFILE_HELD:
		status = busy(&holder, err);
		break;
	case LOCKFILE_FAILED:
		status = error_set(err, STATUS_FAILED, "store", _("cannot open the lock file %s: %s"), path, strerror(errno));
		break;
	}
	mem_free(path);
	mem_free(user);
	return status;
}

void lock_about(struct lock *lock, int64_t run_id)
{
	lockfile_about(lock->fd, run_id);
}

void lock_drop(struct lock *lock)
{
	if (!lock)
		return;
	lockfile_drop(lock->fd);
	mem_free(lock);
}

bool lock_is_held(struct store *store, int64_t account_id, struct lockfile_holder *holder)
{
	char *path = lock_path(store, account_id);
	bool held = lockfile_is_held(path, holder);

	mem_free(path);
	return held;
}
