# The HTTP server face.
libpenstock_a_SOURCES += \
	src/serve/escape.c src/serve/escape.h \
	src/serve/gzip.c src/serve/gzip.h \
	src/serve/libmicrohttpd.c \
	src/serve/listen.c src/serve/listen.h \
	src/serve/manners.c src/serve/manners.h \
	src/serve/server.c src/serve/server.h \
	src/serve/spoil.c src/serve/spoil.h
