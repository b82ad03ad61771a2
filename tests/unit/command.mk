# Unit tests of src/command/.
COMMAND_TESTS = \
	tests/unit/test_command_args \
	tests/unit/test_command_config \
	tests/unit/test_command_expected \
	tests/unit/test_command_print \
	tests/unit/test_command_remote \
	tests/unit/test_command_terminal
check_PROGRAMS += $(COMMAND_TESTS)
TESTS += $(COMMAND_TESTS)
tests_unit_test_command_args_SOURCES = tests/unit/test_command_args.c
tests_unit_test_command_args_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_command_config_SOURCES = tests/unit/test_command_config.c
tests_unit_test_command_config_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_command_expected_SOURCES = tests/unit/test_command_expected.c tests/unit/place.h
tests_unit_test_command_expected_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_command_print_SOURCES = tests/unit/test_command_print.c
tests_unit_test_command_print_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_command_remote_SOURCES = tests/unit/test_command_remote.c
tests_unit_test_command_remote_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_command_terminal_SOURCES = tests/unit/test_command_terminal.c
tests_unit_test_command_terminal_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
