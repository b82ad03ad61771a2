# Measurements: `make bench` (some minutes, not part of make check). BENCH_PROFILES says how many.
EXTRA_PROGRAMS += tests/bench/measure
tests_bench_measure_SOURCES = tests/bench/measure.c
EXTRA_DIST += tests/bench/run.sh
CLEANFILES += tests/bench/measure$(EXEEXT)

.PHONY: bench
bench: all tests/bench/measure$(EXEEXT)
	$(AM_TESTS_ENVIRONMENT) $(SHELL) $(top_srcdir)/tests/bench/run.sh $(BENCH_PROFILES)
