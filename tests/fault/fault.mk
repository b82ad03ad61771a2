# Kills and broken stores.
FAULTS = \
	tests/fault/again.sh \
	tests/fault/follow.sh \
	tests/fault/full.sh \
	tests/fault/http.sh \
	tests/fault/kill.sh \
	tests/fault/lost.sh \
	tests/fault/repair.sh
SLOW_FAULTS = \
	tests/fault/daemon.sh \
	tests/fault/day.sh \
	tests/fault/matrix.sh \
	tests/fault/quota.sh
LONG_TESTS += $(FAULTS)
SLOW_TESTS += $(SLOW_FAULTS)
EXTRA_DIST += $(FAULTS) $(SLOW_FAULTS) tests/fault/lib.sh tests/fault/kill_many.sh
$(FAULTS:.sh=.log) $(SLOW_FAULTS:.sh=.log): tests/tools/http_main$(EXEEXT) tests/tools/post_main$(EXEEXT) tests/tools/penstock_clocked$(EXEEXT) tests/tools/clock_main$(EXEEXT)
