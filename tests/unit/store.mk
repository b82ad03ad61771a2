# Unit tests of src/store/.
STORE_TESTS = \
	tests/unit/test_store \
	tests/unit/test_store_drafts \
	tests/unit/test_store_key \
	tests/unit/test_store_policies \
	tests/unit/test_store_runs \
	tests/unit/test_store_tables \
	tests/unit/test_store_upkeep
check_PROGRAMS += $(STORE_TESTS)
TESTS += $(STORE_TESTS)
tests_unit_test_store_SOURCES = tests/unit/test_store.c tests/unit/place.h
tests_unit_test_store_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_store_key_SOURCES = tests/unit/test_store_key.c tests/unit/place.h
tests_unit_test_store_key_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_store_tables_SOURCES = tests/unit/test_store_tables.c tests/unit/place.h
tests_unit_test_store_tables_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_store_runs_SOURCES = tests/unit/test_store_runs.c tests/unit/place.h
tests_unit_test_store_runs_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_store_drafts_SOURCES = tests/unit/test_store_drafts.c tests/unit/place.h
tests_unit_test_store_drafts_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_store_upkeep_SOURCES = tests/unit/test_store_upkeep.c tests/unit/place.h
tests_unit_test_store_upkeep_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_store_policies_SOURCES = tests/unit/test_store_policies.c tests/unit/place.h
tests_unit_test_store_policies_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
