#include "engine/lock.h"

#include "base/i18n.h"
#include "base/mem.h"

#include <errno.h>
#include <string.h>

struct lock {
	int64_t account_id, about;
	int account, dataflow; /* -1: not held */
};

/* Free with mem_free. */
static char *account_path(struct store *store, int64_t account_id)
{
	return mem_printf("%s.%lld.lock", store_path(store), (long long)account_id);
}

/* Free with mem_free. */
static char *dataflow_path(struct store *store, int64_t dataflow_id)
{
	return mem_printf("%s.flow.%lld.lock", store_path(store), (long long)dataflow_id);
}

static enum status busy(const struct lockfile_holder *holder, const char *what, struct error *err)
{
	error_set(err, STATUS_FAILED, "busy", "%s", what);
	if (holder->pid)
		error_hint(err, _("wait for it to end (process %ld of %s); `penstock status` shows it"), (long)holder->pid, holder->user);
	else
		error_hint(err, _("wait for it to end; `penstock status` shows it"));
	return STATUS_FAILED;
}

/* Takes path, which is freed. */
static enum status take(char *path, const char *what, int *fd, struct error *err)
{
	char *user = store_user_name();
	struct lockfile_holder holder = { 0 };
	enum status status = STATUS_OK;

	switch (lockfile_take(path, user, fd, &holder)) {
	case LOCKFILE_OURS:
		break;
	case LOCKFILE_HELD:
		status = busy(&holder, what, err);
		break;
	case LOCKFILE_FAILED:
		status = error_set(err, STATUS_FAILED, "store", _("cannot open the lock file %s: %s"), path, strerror(errno));
		break;
	}
	mem_free(path);
	mem_free(user);
	return status;
}

static enum status take_account(struct lock *lock, struct store *store, struct error *err)
{
	enum status status = take(account_path(store, lock->account_id), _("another penstock is planning or running on this account"), &lock->account, err);

	if (status == STATUS_OK && lock->about)
		lockfile_about(lock->account, lock->about);
	return status;
}

enum status lock_take(struct store *store, int64_t account_id, int64_t dataflow_id, struct lock **out, struct error *err)
{
	struct lock *lock = mem_alloc(sizeof *lock);
	enum status status = STATUS_OK;

	*lock = (struct lock){ .account_id = account_id, .account = -1, .dataflow = -1 };
	if (dataflow_id)
		status = take(dataflow_path(store, dataflow_id), _("another penstock is working on this dataflow"), &lock->dataflow, err);
	if (status == STATUS_OK)
		status = take_account(lock, store, err);
	if (status != STATUS_OK) {
		lock_drop(lock);
		lock = NULL;
	}
	*out = lock;
	return status;
}

void lock_let_others(struct lock *lock)
{
	lockfile_drop(lock->account);
	lock->account = -1;
}

enum status lock_take_again(struct lock *lock, struct store *store, bool *ours, struct error *err)
{
	struct error failed = { 0 };
	enum status status = lock->account >= 0 ? STATUS_OK : take_account(lock, store, &failed);

	*ours = status == STATUS_OK;
	if (status == STATUS_OK || strcmp(failed.code, "busy") == 0)
		return STATUS_OK;
	if (err)
		*err = failed;
	return status;
}

void lock_about(struct lock *lock, int64_t run_id)
{
	lock->about = run_id;
	if (lock->account >= 0)
		lockfile_about(lock->account, run_id);
	if (lock->dataflow >= 0)
		lockfile_about(lock->dataflow, run_id);
}

void lock_drop(struct lock *lock)
{
	if (!lock)
		return;
	lockfile_drop(lock->account);
	lockfile_drop(lock->dataflow);
	mem_free(lock);
}

static bool path_is_held(char *path, struct lockfile_holder *holder)
{
	bool held = lockfile_is_held(path, holder);

	mem_free(path);
	return held;
}

bool lock_is_held(struct store *store, int64_t account_id, int64_t dataflow_id, struct lockfile_holder *holder)
{
	return path_is_held(dataflow_path(store, dataflow_id), holder) || (account_id && path_is_held(account_path(store, account_id), holder));
}
