/* The folder for what the processes of one user share while the machine runs. */
#ifndef BASE_RUNTIME_H
#define BASE_RUNTIME_H

#include "base/error.h"

/* $XDG_RUNTIME_DIR/penstock, else /run/user/UID/penstock where that is ours, else penstock-UID in $TMPDIR or /tmp. It is made (0700) when it is not there.
 * Free with mem_free. NULL with err (may be NULL): it cannot be made, or it is not a folder of this user alone: a link, somebody else's, or one that others may write to. */
char *runtime_folder(struct error *err);

#endif
