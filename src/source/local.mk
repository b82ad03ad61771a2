# Files of src/source/, part of libpenstock.a.
libpenstock_a_SOURCES += \
	src/source/check.c \
	src/source/csv.c \
	src/source/format.h \
	src/source/input.c src/source/input.h \
	src/source/ndjson.c \
	src/source/source.c src/source/source.h \
	src/source/tally.c src/source/tally.h
