# Files of src/marketo/, part of libpenstock.a.
libpenstock_a_SOURCES += src/marketo/call.c src/marketo/catalogue.c src/marketo/catalogue.h src/marketo/client.c src/marketo/client.h src/marketo/codes.c \
	src/marketo/codes.h src/marketo/explain.c src/marketo/find.c src/marketo/folders.c src/marketo/judge.c src/marketo/judge.h src/marketo/leads.c src/marketo/read.c \
	src/marketo/leads.h src/marketo/lists.c src/marketo/lists.h src/marketo/marketo.h src/marketo/members.c src/marketo/query.c src/marketo/query.h \
	src/marketo/records.c src/marketo/records.h src/marketo/token.c
