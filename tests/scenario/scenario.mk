# Whole jobs against the practice Marketo.
SCENARIOS = \
	tests/scenario/adopt.sh \
	tests/scenario/alert.sh \
	tests/scenario/by_hand.sh \
	tests/scenario/certificate.sh \
	tests/scenario/config.sh \
	tests/scenario/consent.sh \
	tests/scenario/contract.sh \
	tests/scenario/daemon.sh \
	tests/scenario/demo.sh \
	tests/scenario/discard.sh \
	tests/scenario/draft.sh \
	tests/scenario/faults.sh \
	tests/scenario/follow_rest.sh \
	tests/scenario/governance.sh \
	tests/scenario/http.sh \
	tests/scenario/list_gone.sh \
	tests/scenario/lists.sh \
	tests/scenario/matching.sh \
	tests/scenario/metrics.sh \
	tests/scenario/migrate.sh \
	tests/scenario/operators.sh \
	tests/scenario/operators_work.sh \
	tests/scenario/permission.sh \
	tests/scenario/pending.sh \
	tests/scenario/plan.sh \
	tests/scenario/preview.sh \
	tests/scenario/progress.sh \
	tests/scenario/quota.sh \
	tests/scenario/recreated.sh \
	tests/scenario/reordered.sh \
	tests/scenario/resync.sh \
	tests/scenario/revisions.sh \
	tests/scenario/sample.sh \
	tests/scenario/schedule.sh \
	tests/scenario/secret.sh \
	tests/scenario/setup.sh \
	tests/scenario/sign_off.sh \
	tests/scenario/stop.sh \
	tests/scenario/store.sh \
	tests/scenario/tls.sh \
	tests/scenario/trouble.sh \
	tests/scenario/turn.sh \
	tests/scenario/upkeep.sh \
	tests/scenario/usage.sh \
	tests/scenario/verify.sh \
	tests/scenario/watching.sh
LONG_SCENARIOS = \
	tests/scenario/audit.sh \
	tests/scenario/bad_rows.sh \
	tests/scenario/csv.sh \
	tests/scenario/follow.sh \
	tests/scenario/gone_between.sh \
	tests/scenario/http_door.sh \
	tests/scenario/input.sh \
	tests/scenario/limit.sh \
	tests/scenario/migrate_odd.sh \
	tests/scenario/property.sh \
	tests/scenario/repair.sh \
	tests/scenario/replies.sh \
	tests/scenario/retry.sh
if HAVE_POSTGRESQL
LONG_SCENARIOS += tests/scenario/sql.sh
else
EXTRA_DIST += tests/scenario/sql.sh
endif
SLOW_SCENARIOS = \
	tests/scenario/leaving.sh \
	tests/scenario/shared.sh
TESTS += $(SCENARIOS)
LONG_TESTS += $(LONG_SCENARIOS)
SLOW_TESTS += $(SLOW_SCENARIOS)
EXTRA_DIST += $(SCENARIOS) $(LONG_SCENARIOS) $(SLOW_SCENARIOS) tests/scenario/http_lib.sh tests/scenario/lib.sh tests/scenario/migrate_lib.sh \
	tests/scenario/operators_lib.sh tests/scenario/model.awk

# Small programs of theirs.
check_PROGRAMS += tests/tools/broken_main tests/tools/http_main tests/tools/measure tests/tools/post_main tests/tools/sql_main
tests_tools_broken_main_SOURCES = tests/tools/broken_main.c
tests_tools_http_main_SOURCES = tests/tools/http_main.c
tests_tools_measure_SOURCES = tests/tools/measure.c
tests_tools_post_main_SOURCES = tests/tools/post_main.c
tests_tools_sql_main_SOURCES = tests/tools/sql_main.c
tests_tools_sql_main_LDADD = $(PENSTOCK_LIBS)

# The practice Marketo as a program of its own, with options that `penstock sandbox` has not.
check_PROGRAMS += tests/tools/sandbox_main
tests_tools_sandbox_main_SOURCES = tests/tools/sandbox_main.c
tests_tools_sandbox_main_LDADD = libpenstock.a $(PENSTOCK_LIBS)

# The program with a clock that tests wind. Its main is the installed one's.
check_PROGRAMS += tests/tools/penstock_clocked tests/tools/clock_main
tests_tools_penstock_clocked_SOURCES = src/main/main.c tests/tools/clocked.c tests/tools/clocked.h
tests_tools_penstock_clocked_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)
tests_tools_penstock_clocked_LDADD = libpenstock.a $(PENSTOCK_LIBS)
tests_tools_clock_main_SOURCES = tests/tools/clock_main.c tests/tools/clocked.h
tests_tools_clock_main_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)
tests_tools_clock_main_LDADD = libpenstock.a $(PENSTOCK_LIBS)
