# Kills and broken stores.
FAULTS = tests/fault/kill.sh tests/fault/matrix.sh
TESTS += $(FAULTS)
EXTRA_DIST += $(FAULTS)
$(FAULTS:.sh=.log): tests/tools/http_main$(EXEEXT)
