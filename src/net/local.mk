# Files of src/net/, part of libpenstock.a.
libpenstock_a_SOURCES += \
	src/net/backoff.c \
	src/net/curl.c \
	src/net/gate.c src/net/gate.h \
	src/net/headers.c src/net/headers.h \
	src/net/libcurl.c \
	src/net/net.h \
	src/net/transfer.c src/net/transfer.h
