# Unit tests of src/app/.
check_PROGRAMS += tests/unit/test_app_use_cases
TESTS += tests/unit/test_app_use_cases
tests_unit_test_app_use_cases_SOURCES = tests/unit/test_app_use_cases.c
tests_unit_test_app_use_cases_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
