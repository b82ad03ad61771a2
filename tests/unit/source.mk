# Unit tests of src/source/.
check_PROGRAMS += tests/unit/test_source
TESTS += tests/unit/test_source
tests_unit_test_source_SOURCES = tests/unit/test_source.c
tests_unit_test_source_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
