# Unit tests of src/base/.
BASE_TESTS = \
	tests/unit/test_base_certificate \
	tests/unit/test_base_clock \
	tests/unit/test_base_file \
	tests/unit/test_base_json \
	tests/unit/test_base_library \
	tests/unit/test_base_lockfile \
	tests/unit/test_base_text
check_PROGRAMS += $(BASE_TESTS)
TESTS += $(BASE_TESTS)
tests_unit_test_base_certificate_SOURCES = tests/unit/test_base_certificate.c
tests_unit_test_base_certificate_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_base_clock_SOURCES = tests/unit/test_base_clock.c
tests_unit_test_base_clock_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_base_file_SOURCES = tests/unit/test_base_file.c
tests_unit_test_base_file_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_base_json_SOURCES = tests/unit/test_base_json.c
tests_unit_test_base_json_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_base_library_SOURCES = tests/unit/test_base_library.c
tests_unit_test_base_library_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_base_lockfile_SOURCES = tests/unit/test_base_lockfile.c tests/unit/place.h
tests_unit_test_base_lockfile_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_base_text_SOURCES = tests/unit/test_base_text.c
tests_unit_test_base_text_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)

# The fuzz target as a program that runs the files it is given: make tests/fuzz/fuzz_json
EXTRA_PROGRAMS += tests/fuzz/fuzz_json
tests_fuzz_fuzz_json_SOURCES = tests/fuzz/fuzz_json.c
tests_fuzz_fuzz_json_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_MAIN
tests_fuzz_fuzz_json_LDADD = libpenstock.a $(PENSTOCK_LIBS)
CLEANFILES += tests/fuzz/fuzz_json$(EXEEXT)
