# Unit tests of src/serve/.
# These talk to the server by libcurl themselves: linked before our own, which loads it, they take the library as it is.
check_PROGRAMS += tests/unit/test_serve
TESTS += tests/unit/test_serve
tests_unit_test_serve_SOURCES = tests/unit/test_serve.c tests/unit/talk.h
tests_unit_test_serve_LDADD = $(LIBCURL_LIBS) libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
