# Whole jobs against the practice Marketo.
SCENARIOS = \
	tests/scenario/adopt.sh \
	tests/scenario/config.sh \
	tests/scenario/demo.sh \
	tests/scenario/draft.sh \
	tests/scenario/faults.sh \
	tests/scenario/lists.sh \
	tests/scenario/permission.sh \
	tests/scenario/plan.sh \
	tests/scenario/progress.sh \
	tests/scenario/resync.sh \
	tests/scenario/sample.sh \
	tests/scenario/secret.sh \
	tests/scenario/setup.sh \
	tests/scenario/stop.sh \
	tests/scenario/store.sh \
	tests/scenario/trouble.sh \
	tests/scenario/usage.sh \
	tests/scenario/verify.sh
LONG_SCENARIOS = \
	tests/scenario/csv.sh \
	tests/scenario/input.sh \
	tests/scenario/limit.sh \
	tests/scenario/repair.sh \
	tests/scenario/replies.sh \
	tests/scenario/retry.sh
TESTS += $(SCENARIOS)
LONG_TESTS += $(LONG_SCENARIOS)
EXTRA_DIST += $(SCENARIOS) $(LONG_SCENARIOS) tests/scenario/lib.sh

# Small programs of theirs.
check_PROGRAMS += tests/tools/broken_main tests/tools/http_main tests/tools/measure tests/tools/sql_main
tests_tools_broken_main_SOURCES = tests/tools/broken_main.c
tests_tools_http_main_SOURCES = tests/tools/http_main.c
tests_tools_measure_SOURCES = tests/tools/measure.c
tests_tools_sql_main_SOURCES = tests/tools/sql_main.c
tests_tools_sql_main_LDADD = $(PENSTOCK_LIBS)

# The practice Marketo as a program of its own, with options that `penstock sandbox` has not.
check_PROGRAMS += tests/tools/sandbox_main
tests_tools_sandbox_main_SOURCES = tests/tools/sandbox_main.c
tests_tools_sandbox_main_LDADD = libpenstock.a $(PENSTOCK_LIBS)
