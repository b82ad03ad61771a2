#include "engine/lock.h"

#include "base/i18n.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

struct lock {
	int fd;
};

enum status lock_take(struct store *store, int64_t account_id, struct lock **out, struct error *err)
{
	char *path = mem_printf("%s.%lld.lock", store_path(store), (long long)account_id);
	enum status status = STATUS_OK;
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	*out = NULL;
	if (fd < 0) {
		status = error_set(err, STATUS_FAILED, "store", _("cannot open the lock file %s: %s"), path, strerror(errno));
	} else if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		status = error_set(err, STATUS_FAILED, "busy", _("another penstock is planning or running on this account"));
		error_hint(err, _("wait for it to end; `penstock status` shows it"));
		close(fd);
	} else {
		*out = mem_alloc(sizeof **out);
		(*out)->fd = fd;
	}
	mem_free(path);
	return status;
}

void lock_drop(struct lock *lock)
{
	if (!lock)
		return;
	close(lock->fd);
	mem_free(lock);
}
