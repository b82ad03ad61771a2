# Kills and broken stores.
FAULTS = tests/fault/kill.sh tests/fault/again.sh tests/fault/matrix.sh tests/fault/repair.sh
LONG_TESTS += $(FAULTS)
EXTRA_DIST += $(FAULTS)
$(FAULTS:.sh=.log): tests/tools/http_main$(EXEEXT)
