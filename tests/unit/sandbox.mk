# Unit tests of src/sandbox/.
# These talk to the server by libcurl themselves: linked before our own, which loads it, they take the library as it is.

SANDBOX_TESTS = \
	tests/unit/test_sandbox_door \
	tests/unit/test_sandbox_faults \
	tests/unit/test_sandbox_find \
	tests/unit/test_sandbox_lists \
	tests/unit/test_sandbox_people
check_PROGRAMS += $(SANDBOX_TESTS)
TESTS += $(SANDBOX_TESTS)
tests_unit_test_sandbox_door_SOURCES = tests/unit/test_sandbox_door.c tests/unit/boxed.h tests/unit/talk.h
tests_unit_test_sandbox_door_LDADD = $(LIBCURL_LIBS) libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_sandbox_faults_SOURCES = tests/unit/test_sandbox_faults.c tests/unit/boxed.h tests/unit/talk.h
tests_unit_test_sandbox_faults_LDADD = $(LIBCURL_LIBS) libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_sandbox_find_SOURCES = tests/unit/test_sandbox_find.c tests/unit/boxed.h tests/unit/talk.h
tests_unit_test_sandbox_find_LDADD = $(LIBCURL_LIBS) libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_sandbox_lists_SOURCES = tests/unit/test_sandbox_lists.c tests/unit/boxed.h tests/unit/talk.h
tests_unit_test_sandbox_lists_LDADD = $(LIBCURL_LIBS) libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_sandbox_people_SOURCES = tests/unit/test_sandbox_people.c tests/unit/boxed.h tests/unit/talk.h
tests_unit_test_sandbox_people_LDADD = $(LIBCURL_LIBS) libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
