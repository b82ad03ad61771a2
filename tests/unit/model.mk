# Unit tests of src/model/.
MODEL_TESTS = \
	tests/unit/test_model_account \
	tests/unit/test_model_alert \
	tests/unit/test_model_consent \
	tests/unit/test_model_destination \
	tests/unit/test_model_draft \
	tests/unit/test_model_field \
	tests/unit/test_model_mapping \
	tests/unit/test_model_operator \
	tests/unit/test_model_policy \
	tests/unit/test_model_profile \
	tests/unit/test_model_run \
	tests/unit/test_model_schedule \
	tests/unit/test_model_v1
check_PROGRAMS += $(MODEL_TESTS)
TESTS += $(MODEL_TESTS)
tests_unit_test_model_account_SOURCES = tests/unit/test_model_account.c
tests_unit_test_model_account_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_model_destination_SOURCES = tests/unit/test_model_destination.c
tests_unit_test_model_destination_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_model_field_SOURCES = tests/unit/test_model_field.c
tests_unit_test_model_field_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_model_mapping_SOURCES = tests/unit/test_model_mapping.c
tests_unit_test_model_mapping_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_model_profile_SOURCES = tests/unit/test_model_profile.c
tests_unit_test_model_profile_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_model_run_SOURCES = tests/unit/test_model_run.c
tests_unit_test_model_run_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_model_draft_SOURCES = tests/unit/test_model_draft.c
tests_unit_test_model_draft_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_model_policy_SOURCES = tests/unit/test_model_policy.c
tests_unit_test_model_policy_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_model_consent_SOURCES = tests/unit/test_model_consent.c
tests_unit_test_model_consent_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_model_schedule_SOURCES = tests/unit/test_model_schedule.c
tests_unit_test_model_schedule_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_model_alert_SOURCES = tests/unit/test_model_alert.c
tests_unit_test_model_alert_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_model_v1_SOURCES = tests/unit/test_model_v1.c
tests_unit_test_model_v1_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_model_operator_SOURCES = tests/unit/test_model_operator.c
tests_unit_test_model_operator_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
