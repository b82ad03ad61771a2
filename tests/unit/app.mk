# Unit tests of src/app/.
APP_TESTS = \
	tests/unit/test_app_admission \
	tests/unit/test_app_ask \
	tests/unit/test_app_daemon \
	tests/unit/test_app_drafts \
	tests/unit/test_app_guests \
	tests/unit/test_app_use_cases
check_PROGRAMS += $(APP_TESTS)
TESTS += $(APP_TESTS)
tests_unit_test_app_use_cases_SOURCES = tests/unit/test_app_use_cases.c
tests_unit_test_app_use_cases_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_app_ask_SOURCES = tests/unit/test_app_ask.c tests/unit/place.h
tests_unit_test_app_ask_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_app_drafts_SOURCES = tests/unit/test_app_drafts.c tests/unit/place.h
tests_unit_test_app_drafts_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_app_daemon_SOURCES = tests/unit/test_app_daemon.c tests/unit/place.h
tests_unit_test_app_daemon_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_app_admission_SOURCES = tests/unit/test_app_admission.c
tests_unit_test_app_admission_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_app_guests_SOURCES = tests/unit/test_app_guests.c tests/unit/place.h
tests_unit_test_app_guests_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
