# The terminal: on, off, typed, painted.
libpenstock_a_SOURCES += \
	src/tui/aside.c src/tui/aside.h \
	src/tui/cells.c src/tui/cells.h \
	src/tui/clipboard.c src/tui/clipboard.h \
	src/tui/cursor.c src/tui/cursor.h \
	src/tui/device.c src/tui/device.h \
	src/tui/editor.c src/tui/editor.h src/tui/editor_paint.c \
	src/tui/filter.c src/tui/filter.h \
	src/tui/fuzzy.c src/tui/fuzzy.h \
	src/tui/keys.c src/tui/keys.h \
	src/tui/paint.c src/tui/paint.h src/tui/paint_text.c \
	src/tui/press.c src/tui/press.h \
	src/tui/restore.c src/tui/restore.h \
	src/tui/terminal.c src/tui/terminal.h \
	src/tui/terminfo.c src/tui/terminfo.h \
	src/tui/witness.c src/tui/witness.h
