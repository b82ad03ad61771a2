libpenstock_a_SOURCES += \
	src/loop/loop.c src/loop/loop.h \
	src/loop/process.c src/loop/process.h \
	src/loop/signals.c src/loop/signals.h \
	src/loop/timers.c src/loop/timers.h
