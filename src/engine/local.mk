# Files of src/engine/, part of libpenstock.a.
libpenstock_a_SOURCES += \
	src/engine/adopt.c \
	src/engine/answers.c \
	src/engine/audiences.c src/engine/audiences.h \
	src/engine/calls.c \
	src/engine/census.c src/engine/census.h \
	src/engine/changes.c src/engine/changes.h \
	src/engine/discard.c \
	src/engine/engine.c src/engine/engine.h \
	src/engine/estimate.c src/engine/estimate.h \
	src/engine/feed.c \
	src/engine/fold.c src/engine/fold.h \
	src/engine/follow.c \
	src/engine/guard.c src/engine/guard.h \
	src/engine/identify.c src/engine/identify.h \
	src/engine/key.c src/engine/key.h \
	src/engine/leavers.c src/engine/leavers.h \
	src/engine/left_out.c src/engine/left_out.h \
	src/engine/lock.c src/engine/lock.h \
	src/engine/merge.c src/engine/merge.h \
	src/engine/message.c src/engine/message.h \
	src/engine/pack.h \
	src/engine/preview.c \
	src/engine/read.c src/engine/read.h \
	src/engine/recipe.c src/engine/recipe.h \
	src/engine/record.c \
	src/engine/repair.c \
	src/engine/resolve.c src/engine/resolve.h \
	src/engine/retry.c \
	src/engine/roll.c src/engine/roll.h \
	src/engine/persons.c src/engine/persons.h \
	src/engine/roster.c \
	src/engine/send.c src/engine/send.h \
	src/engine/sender.h \
	src/engine/steps.c \
	src/engine/value.c src/engine/value.h \
	src/engine/verify.c src/engine/verify.h \
	src/engine/wait.c src/engine/wait.h \
	src/engine/work.h
