# Tests of the console in a pseudo-terminal. A test is one short file (see lib.sh), and one line here.
SCREENS = \
	tests/screen/alerts.sh \
	tests/screen/browse.sh \
	tests/screen/errors.sh \
	tests/screen/finding.sh \
	tests/screen/folders.sh \
	tests/screen/governance.sh \
	tests/screen/harness.sh \
	tests/screen/harness_hostile.sh \
	tests/screen/harness_input.sh \
	tests/screen/harness_leave.sh \
	tests/screen/home_rows.sh \
	tests/screen/hostile.sh \
	tests/screen/leave.sh \
	tests/screen/mapping.sh \
	tests/screen/mapping_edit.sh \
	tests/screen/mapping_link.sh \
	tests/screen/mapping_look.sh \
	tests/screen/migrate.sh \
	tests/screen/monitor.sh \
	tests/screen/operators.sh \
	tests/screen/own.sh \
	tests/screen/palette.sh \
	tests/screen/prompts.sh \
	tests/screen/random.sh \
	tests/screen/readme.sh \
	tests/screen/review_survey.sh \
	tests/screen/rules_form.sh \
	tests/screen/rules_keys.sh \
	tests/screen/rules_live.sh \
	tests/screen/rules_many.sh \
	tests/screen/rules_trouble.sh \
	tests/screen/sign_off.sh \
	tests/screen/small.sh \
	tests/screen/undo.sh \
	tests/screen/wizard.sh \
	tests/screen/wizard_http.sh \
	tests/screen/wizard_rules.sh
# They wait for servers that do not answer, or for many screens.
LONG_SCREENS = \
	tests/screen/bytes.sh \
	tests/screen/leave_run.sh \
	tests/screen/resize.sh \
	tests/screen/sizes.sh \
	tests/screen/wizard_answers.sh \
	tests/screen/wizard_faults.sh \
	tests/screen/wizard_kill.sh \
	tests/screen/wizard_lost.sh \
	tests/screen/wizard_resolver.sh
SLOW_SCREENS = \
	tests/screen/migrate_forty.sh \
	tests/screen/random_long.sh

# The driver keeps the screen; the sample is the subject of the driver's own test.
SCREEN_DRIVER = \
	tests/screen/acting.c \
	tests/screen/commands.c \
	tests/screen/driver.c \
	tests/screen/driver.h \
	tests/screen/frames.c \
	tests/screen/frames.h \
	tests/screen/hostile.c \
	tests/screen/hostile.h \
	tests/screen/keys.c \
	tests/screen/keys.h \
	tests/screen/looking.c \
	tests/screen/picture.c \
	tests/screen/picture.h \
	tests/screen/terminal.c \
	tests/screen/terminal.h \
	tests/screen/words.c \
	tests/screen/words.h
tests_screen_driver_SOURCES = $(SCREEN_DRIVER)
tests_screen_driver_CFLAGS = $(AM_CFLAGS) $(VTERM_CFLAGS)
tests_screen_driver_LDADD = libpenstock.a $(VTERM_LIBS)
tests_screen_sample_SOURCES = tests/screen/sample.c
tests_screen_sample_CFLAGS = $(AM_CFLAGS) $(NCURSES_CFLAGS)
tests_screen_sample_LDADD = $(NCURSES_LIBS)

EXTRA_PROGRAMS += tests/screen/driver tests/screen/sample
if HAVE_VTERM
check_PROGRAMS += tests/screen/driver tests/screen/sample
TESTS += $(SCREENS)
LONG_TESTS += $(LONG_SCREENS)
SLOW_TESTS += $(SLOW_SCREENS)
endif
EXTRA_DIST += $(SCREENS) $(LONG_SCREENS) $(SLOW_SCREENS) tests/screen/lib.sh tests/screen/harness_lib.sh tests/screen/faults_lib.sh \
	tests/screen/random_lib.sh tests/screen/wizard_lib.sh tests/screen/golden
$(SCREENS:.sh=.log) $(LONG_SCREENS:.sh=.log) $(SLOW_SCREENS:.sh=.log): tests/screen/driver$(EXEEXT) tests/screen/sample$(EXEEXT)
