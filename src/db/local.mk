# Files of src/db/, part of libpenstock.a.
libpenstock_a_SOURCES += \
	src/db/db.h \
	src/db/inside.h \
	src/db/open.c \
	src/db/query.c \
	src/db/transaction.c \
	src/db/trouble.c
