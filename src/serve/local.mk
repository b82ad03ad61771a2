# The HTTP server face.
libpenstock_a_SOURCES += \
	src/serve/gzip.c src/serve/gzip.h \
	src/serve/libmicrohttpd.c \
	src/serve/server.c src/serve/server.h \
	src/serve/spoil.c src/serve/spoil.h
