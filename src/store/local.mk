# Files of src/store/, part of libpenstock.a.
libpenstock_a_SOURCES += \
	src/store/accounts.c \
	src/store/alerts.c src/store/alerts.h \
	src/store/audit.c \
	src/store/catalogue.c \
	src/store/change.c src/store/change.h \
	src/store/dataflows.c \
	src/store/destinations.c \
	src/store/drafts.c \
	src/store/edits.c \
	src/store/failures.c \
	src/store/follow_place.c src/store/follow_place.h \
	src/store/health.c src/store/health.h \
	src/store/hmac.c src/store/hmac.h \
	src/store/inside.h \
	src/store/key.c \
	src/store/ledger.c src/store/ledger.h \
	src/store/mappings.c \
	src/store/meta.c \
	src/store/migration_people.c \
	src/store/migrations.c src/store/migrations.h \
	src/store/names.c \
	src/store/policies.c \
	src/store/retention.c src/store/retention.h \
	src/store/revisions.c \
	src/store/run_ends.c \
	src/store/runs.c \
	src/store/schema.c src/store/schema.h \
	src/store/scratch.c \
	src/store/seal.c \
	src/store/store.c src/store/store.h \
	src/store/tables.h \
	src/store/totals.c src/store/totals.h
