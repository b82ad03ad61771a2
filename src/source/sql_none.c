/* Instead of sql_postgresql.c where there is no libpq. */
#include "source/sql.h"

#include "base/i18n.h"

static enum status check(const char *database, struct error *err)
{
	(void)database;
	error_set(err, STATUS_USAGE, "source", _("this penstock was built without PostgreSQL"));
	error_hint(err, _("Build it where libpq is installed with its headers, without --without-postgresql."));
	return STATUS_USAGE;
}

/* Nobody gets past check(). */
const struct sql_driver postgresql_driver = { .check = check };
