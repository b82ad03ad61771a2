# Files of src/source/, part of libpenstock.a.
libpenstock_a_SOURCES += \
	src/source/check.c \
	src/source/csv.c \
	src/source/format.h \
	src/source/input.c src/source/input.h \
	src/source/limit.c src/source/limit.h \
	src/source/ndjson.c \
	src/source/source.c src/source/source.h \
	src/source/spool.c src/source/spool.h \
	src/source/sql.c src/source/sql.h \
	src/source/sql_sqlite.c \
	src/source/tally.c src/source/tally.h
if HAVE_POSTGRESQL
libpenstock_a_SOURCES += src/source/libpq.c src/source/sql_postgresql.c
else
libpenstock_a_SOURCES += src/source/sql_none.c
endif
