# Unit tests of src/net/.
NET_TESTS = \
	tests/unit/test_net_curl \
	tests/unit/test_net_gate \
	tests/unit/test_net_pulse \
	tests/unit/test_net_shared
check_PROGRAMS += $(NET_TESTS)
TESTS += $(NET_TESTS)
tests_unit_test_net_curl_SOURCES = tests/unit/test_net_curl.c
tests_unit_test_net_curl_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_net_gate_SOURCES = tests/unit/test_net_gate.c tests/unit/fake_net.c tests/unit/fake_net.h
tests_unit_test_net_gate_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_net_pulse_SOURCES = tests/unit/test_net_pulse.c
tests_unit_test_net_pulse_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
tests_unit_test_net_shared_SOURCES = tests/unit/test_net_shared.c tests/unit/fake_net.c tests/unit/fake_net.h tests/unit/place.h
tests_unit_test_net_shared_LDADD = libpenstock.a $(CMOCKA_LIBS) $(PENSTOCK_LIBS)
