# Unit tests of src/engine/ and of the store's tables that only the engine uses.
ENGINE_TESTS = \
	tests/unit/test_engine_fold \
	tests/unit/test_engine_lock \
	tests/unit/test_engine_preview \
	tests/unit/test_engine_record \
	tests/unit/test_engine_snapshot \
	tests/unit/test_ledger
check_PROGRAMS += $(ENGINE_TESTS)
TESTS += $(ENGINE_TESTS)
tests_unit_test_engine_fold_SOURCES = tests/unit/test_engine_fold.c tests/unit/place.h
tests_unit_test_engine_fold_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_engine_lock_SOURCES = tests/unit/test_engine_lock.c tests/unit/place.h
tests_unit_test_engine_lock_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_engine_preview_SOURCES = tests/unit/test_engine_preview.c tests/unit/place.h
tests_unit_test_engine_preview_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_engine_record_SOURCES = tests/unit/test_engine_record.c
tests_unit_test_engine_record_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_engine_snapshot_SOURCES = tests/unit/test_engine_snapshot.c tests/unit/place.h
tests_unit_test_engine_snapshot_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_ledger_SOURCES = tests/unit/test_ledger.c tests/unit/place.h
tests_unit_test_ledger_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
