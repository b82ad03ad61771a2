# Unit tests of src/loop/.
LOOP_TESTS = \
	tests/unit/test_loop \
	tests/unit/test_loop_process
check_PROGRAMS += $(LOOP_TESTS)
TESTS += $(LOOP_TESTS)
tests_unit_test_loop_SOURCES = tests/unit/test_loop.c
tests_unit_test_loop_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_loop_process_SOURCES = tests/unit/test_loop_process.c tests/unit/place.h
tests_unit_test_loop_process_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
