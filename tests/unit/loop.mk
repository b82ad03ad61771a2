# Unit tests of src/loop/.
check_PROGRAMS += tests/unit/test_loop
TESTS += tests/unit/test_loop
tests_unit_test_loop_SOURCES = tests/unit/test_loop.c
tests_unit_test_loop_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
