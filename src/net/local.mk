# Files of src/net/, part of libpenstock.a.
libpenstock_a_SOURCES += \
	src/net/backoff.c \
	src/net/book.c src/net/book.h \
	src/net/curl.c \
	src/net/gate.c src/net/gate.h \
	src/net/headers.c src/net/headers.h \
	src/net/libcurl.c \
	src/net/net.h \
	src/net/pulse.c src/net/pulse.h \
	src/net/shelf.c src/net/shelf.h \
	src/net/transfer.c src/net/transfer.h
