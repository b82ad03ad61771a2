# Unit tests of src/marketo/.
MARKETO_TESTS = \
	tests/unit/test_marketo_client \
	tests/unit/test_marketo_endpoints
check_PROGRAMS += $(MARKETO_TESTS)
TESTS += $(MARKETO_TESTS)
MARKETO_WORLD = tests/unit/fake_net.c tests/unit/fake_net.h tests/unit/marketo_world.c tests/unit/marketo_world.h
tests_unit_test_marketo_client_SOURCES = tests/unit/test_marketo_client.c $(MARKETO_WORLD)
tests_unit_test_marketo_client_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_marketo_endpoints_SOURCES = tests/unit/test_marketo_endpoints.c $(MARKETO_WORLD)
tests_unit_test_marketo_endpoints_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
