# Unit tests of src/screens/; its screens are tested in a terminal (tests/screen).
SCREENS_TESTS = \
	tests/unit/test_screens_actions \
	tests/unit/test_screens_reach \
	tests/unit/test_screens_words
check_PROGRAMS += $(SCREENS_TESTS)
TESTS += $(SCREENS_TESTS)
tests_unit_test_screens_actions_SOURCES = tests/unit/test_screens_actions.c
tests_unit_test_screens_actions_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_screens_words_SOURCES = tests/unit/test_screens_words.c
tests_unit_test_screens_words_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_screens_reach_SOURCES = tests/unit/test_screens_reach.c
tests_unit_test_screens_reach_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
