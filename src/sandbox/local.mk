# The practice Marketo.
libpenstock_a_SOURCES += \
	src/sandbox/assets.c \
	src/sandbox/box.h \
	src/sandbox/call.c \
	src/sandbox/faults.c \
	src/sandbox/fields.c src/sandbox/fields.h \
	src/sandbox/find.c \
	src/sandbox/folders.c \
	src/sandbox/hold.c \
	src/sandbox/hooks.c \
	src/sandbox/limits.c \
	src/sandbox/listdata.c \
	src/sandbox/lists.c src/sandbox/lists.h \
	src/sandbox/log.c \
	src/sandbox/params.c \
	src/sandbox/people.c src/sandbox/people.h \
	src/sandbox/routes.c \
	src/sandbox/sandbox.c src/sandbox/sandbox.h \
	src/sandbox/secure.c \
	src/sandbox/seed.c \
	src/sandbox/stats.c \
	src/sandbox/sync.c \
	src/sandbox/token.c \
	src/sandbox/values.c
