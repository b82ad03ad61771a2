# Unit tests of src/serve/.
check_PROGRAMS += tests/unit/test_serve
TESTS += tests/unit/test_serve
tests_unit_test_serve_SOURCES = tests/unit/test_serve.c tests/unit/talk.h
tests_unit_test_serve_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
