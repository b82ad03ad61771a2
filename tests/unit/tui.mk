# Unit tests of src/tui/.
TUI_TESTS = \
	tests/unit/test_tui_clipboard \
	tests/unit/test_tui_cursor \
	tests/unit/test_tui_editor \
	tests/unit/test_tui_filter \
	tests/unit/test_tui_fuzzy \
	tests/unit/test_tui_keys \
	tests/unit/test_tui_paint \
	tests/unit/test_tui_press \
	tests/unit/test_tui_terminal
check_PROGRAMS += $(TUI_TESTS)
TESTS += $(TUI_TESTS)
tests_unit_test_tui_clipboard_SOURCES = tests/unit/test_tui_clipboard.c
tests_unit_test_tui_clipboard_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_tui_cursor_SOURCES = tests/unit/test_tui_cursor.c
tests_unit_test_tui_cursor_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_tui_editor_SOURCES = tests/unit/test_tui_editor.c
tests_unit_test_tui_editor_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_tui_filter_SOURCES = tests/unit/test_tui_filter.c
tests_unit_test_tui_filter_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_tui_fuzzy_SOURCES = tests/unit/test_tui_fuzzy.c
tests_unit_test_tui_fuzzy_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_tui_keys_SOURCES = tests/unit/test_tui_keys.c
tests_unit_test_tui_keys_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_tui_paint_SOURCES = tests/unit/test_tui_paint.c
tests_unit_test_tui_paint_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_tui_press_SOURCES = tests/unit/test_tui_press.c
tests_unit_test_tui_press_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_tui_terminal_SOURCES = tests/unit/test_tui_terminal.c tests/unit/tui_stage.c tests/unit/tui_stage.h
tests_unit_test_tui_terminal_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
