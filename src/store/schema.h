/* The numbered migrations of the store, one SQL text each. */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include "db/db.h"

extern const struct db_migration store_migrations[];
extern const size_t store_migration_count;

#endif
