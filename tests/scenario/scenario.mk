# Whole jobs against the practice Marketo.
SCENARIOS = \
	tests/scenario/demo.sh \
	tests/scenario/input.sh \
	tests/scenario/lists.sh \
	tests/scenario/permission.sh \
	tests/scenario/sample.sh \
	tests/scenario/secret.sh \
	tests/scenario/setup.sh \
	tests/scenario/stop.sh \
	tests/scenario/store.sh \
	tests/scenario/trouble.sh \
	tests/scenario/usage.sh
TESTS += $(SCENARIOS)
EXTRA_DIST += $(SCENARIOS) tests/scenario/lib.sh

# Two small programs of theirs.
check_PROGRAMS += tests/tools/http_main
tests_tools_http_main_SOURCES = tests/tools/http_main.c
$(SCENARIOS:.sh=.log): tests/tools/http_main$(EXEEXT) tests/tools/sandbox_main$(EXEEXT)
