# One door for every change: the use cases.
libpenstock_a_SOURCES += \
	src/app/accounts.c src/app/accounts.h \
	src/app/app.c src/app/app.h \
	src/app/ask.c src/app/ask.h \
	src/app/audit.c src/app/audit.h \
	src/app/client.c src/app/client.h \
	src/app/dataflows.c src/app/dataflows.h \
	src/app/destinations.c src/app/destinations.h \
	src/app/draft_apply.c \
	src/app/drafts.c src/app/drafts.h \
	src/app/fields.c src/app/fields.h \
	src/app/flow.c src/app/flow.h \
	src/app/lists.c src/app/lists.h \
	src/app/mappings.c src/app/mappings.h \
	src/app/members.c src/app/members.h \
	src/app/runs.c src/app/runs.h \
	src/app/sources.c src/app/sources.h \
	src/app/status.c src/app/status.h \
	src/app/stop.c \
	src/app/survey.c \
	src/app/tests.c src/app/tests.h \
	src/app/truth.c src/app/truth.h \
	src/app/use_cases.c src/app/use_cases.h
