# Unit tests of src/db/.
check_PROGRAMS += tests/unit/test_db
TESTS += tests/unit/test_db
tests_unit_test_db_SOURCES = tests/unit/test_db.c tests/unit/place.h
tests_unit_test_db_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
