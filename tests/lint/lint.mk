# Checks of the source text.
LINTS = tests/lint/rooms.sh tests/lint/potfiles.sh tests/lint/translations.sh tests/lint/text.sh \
	tests/lint/style.sh tests/lint/symbols.sh tests/lint/readme.sh tests/lint/man.sh tests/lint/ux.sh tests/lint/selftest.sh
TESTS += $(LINTS)
EXTRA_DIST += tools/update-readme $(LINTS) tests/lint/rooms tests/lint/cppcheck.suppressions
