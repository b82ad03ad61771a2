# Files of src/source/, part of libpenstock.a.
libpenstock_a_SOURCES += \
	src/source/check.c \
	src/source/csv.c \
	src/source/follow.c src/source/follow.h \
	src/source/follow_file.c src/source/follow_inside.h \
	src/source/follow_inbox.c \
	src/source/follow_spool.c \
	src/source/format.h \
	src/source/http.c src/source/http.h \
	src/source/inbox.c src/source/inbox.h \
	src/source/input.c src/source/input.h \
	src/source/lines.c src/source/lines.h \
	src/source/limit.c src/source/limit.h \
	src/source/ndjson.c \
	src/source/receiver.c src/source/receiver.h \
	src/source/receiver_counts.c src/source/receiver_counts.h \
	src/source/source.c src/source/source.h \
	src/source/spool.c src/source/spool.h \
	src/source/sql.c src/source/sql.h \
	src/source/sql_sqlite.c \
	src/source/tally.c src/source/tally.h \
	src/source/waiting.c
if HAVE_POSTGRESQL
libpenstock_a_SOURCES += src/source/libpq.c src/source/sql_postgresql.c
else
libpenstock_a_SOURCES += src/source/sql_none.c
endif
