# Replays of recorded replies.
check_PROGRAMS += tests/cases/test_cases
TESTS += tests/cases/test_cases
tests_cases_test_cases_SOURCES = tests/cases/test_cases.c tests/unit/fake_net.c tests/unit/fake_net.h
tests_cases_test_cases_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
EXTRA_DIST += tests/cases/data/README.md tests/cases/data/bulk.json tests/cases/data/csv.json tests/cases/data/describe.json \
	tests/cases/data/errors.json tests/cases/data/find.json tests/cases/data/leads-delete.json tests/cases/data/lists.json \
	tests/cases/data/members.json tests/cases/data/oauth.json tests/cases/data/upsert.json
