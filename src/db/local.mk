# Files of src/db/, part of libpenstock.a.
libpenstock_a_SOURCES += \
	src/db/backup.c \
	src/db/check.c \
	src/db/db.h \
	src/db/inside.h \
	src/db/open.c \
	src/db/other.c \
	src/db/query.c \
	src/db/transaction.c \
	src/db/trouble.c
