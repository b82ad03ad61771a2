# Measurements: `make bench` (some minutes, not part of make check). BENCH_PROFILES says how many.
EXTRA_DIST += tests/bench/console.sh
EXTRA_DIST += tests/bench/run.sh tests/bench/rate.sh tests/bench/split.awk

.PHONY: bench
bench: all tests/tools/http_main$(EXEEXT) tests/tools/measure$(EXEEXT)
	$(AM_TESTS_ENVIRONMENT) $(SHELL) $(top_srcdir)/tests/bench/rate.sh && \
		$(SHELL) $(top_srcdir)/tests/bench/run.sh $(BENCH_PROFILES)

# How fast the console is: PRESSES says how often each key is typed.
.PHONY: bench-console
bench-console: all tests/screen/driver$(EXEEXT) tests/tools/sql_main$(EXEEXT)
	$(AM_TESTS_ENVIRONMENT) $(SHELL) $(top_srcdir)/tests/bench/console.sh $(PRESSES)

# How long the reading of one profile line takes: make tests/bench/bench_json && tests/bench/bench_json [LINES]
EXTRA_PROGRAMS += tests/bench/bench_json
tests_bench_bench_json_SOURCES = tests/bench/bench_json.c
tests_bench_bench_json_LDADD = libpenstock.a $(PENSTOCK_LIBS)
CLEANFILES += tests/bench/bench_json$(EXEEXT)
