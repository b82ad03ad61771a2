# Unit tests of src/source/.
SOURCE_TESTS = \
	tests/unit/test_source \
	tests/unit/test_source_csv \
	tests/unit/test_source_follow \
	tests/unit/test_source_http \
	tests/unit/test_source_receiver
check_PROGRAMS += $(SOURCE_TESTS)
TESTS += $(SOURCE_TESTS)
tests_unit_test_source_SOURCES = tests/unit/test_source.c
tests_unit_test_source_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_source_csv_SOURCES = tests/unit/test_source_csv.c
tests_unit_test_source_csv_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_source_follow_SOURCES = tests/unit/test_source_follow.c
tests_unit_test_source_follow_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_source_http_SOURCES = tests/unit/test_source_http.c
tests_unit_test_source_http_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
# It talks by libcurl itself: linked before our own, which loads it.
tests_unit_test_source_receiver_SOURCES = tests/unit/test_source_receiver.c tests/unit/talk.h
tests_unit_test_source_receiver_LDADD = $(LIBCURL_LIBS) libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
