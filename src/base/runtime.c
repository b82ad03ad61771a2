#include "base/runtime.h"

#include "base/i18n.h"
#include "base/mem.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A folder of ours that nobody else can put anything into. */
static bool is_ours(const char *path)
{
	struct stat is;

	return lstat(path, &is) == 0 && S_ISDIR(is.st_mode) && is.st_uid == geteuid() && !(is.st_mode & (S_IWGRP | S_IWOTH));
}

/* Free with mem_free. */
static char *choose(void)
{
	const char *given = getenv("XDG_RUNTIME_DIR"), *temporary = getenv("TMPDIR");
	long user = (long)geteuid();
	char *system, *folder;

	if (given && *given == '/')
		return mem_printf("%s/penstock", given);
	system = mem_printf("/run/user/%ld", user);
	if (is_ours(system))
		folder = mem_printf("%s/penstock", system);
	else
		folder = mem_printf("%s/penstock-%ld", temporary && *temporary == '/' ? temporary : "/tmp", user);
	mem_free(system);
	return folder;
}

char *runtime_folder(struct error *err)
{
	char *folder = choose();

	if (mkdir(folder, 0700) != 0 && errno != EEXIST)
		error_set(err, STATUS_FAILED, "runtime", _("cannot make the folder %s: %s"), folder, strerror(errno));
	else if (!is_ours(folder))
		error_set(err, STATUS_FAILED, "runtime", _("%s is not a folder of this user alone"), folder);
	else
		return folder;
	mem_free(folder);
	return NULL;
}
