# The console's screens.
libpenstock_a_SOURCES += \
	src/screens/actions.c src/screens/actions.h \
	src/screens/alert_new.c src/screens/alert_new.h \
	src/screens/answers.c src/screens/answers.h \
	src/screens/browse.c src/screens/browse.h src/screens/browse_draw.c src/screens/browse_filter.c src/screens/browse_inside.h src/screens/browse_kinds.c \
	src/screens/browse_sort.c \
	src/screens/commands.c src/screens/commands.h \
	src/screens/complete.c src/screens/complete.h \
	src/screens/console.c src/screens/console.h \
	src/screens/deeds.c \
	src/screens/dialog.c \
	src/screens/edit_words.c \
	src/screens/flow_rules.c \
	src/screens/flow_state.c src/screens/flow_state.h \
	src/screens/form.c src/screens/form.h \
	src/screens/frame.c src/screens/frame.h \
	src/screens/gauges.c src/screens/gauges.h \
	src/screens/help.c \
	src/screens/hints.c src/screens/hints.h \
	src/screens/home.c src/screens/home_draw.c src/screens/home_inside.h \
	src/screens/live.c src/screens/live.h \
	src/screens/mapping_draw.c \
	src/screens/mapping_edit.c \
	src/screens/mapping_lines.c \
	src/screens/mapping_preview.c \
	src/screens/migrate.c src/screens/migrate.h \
	src/screens/migrate_draw.c \
	src/screens/monitor.h src/screens/monitor_all.c src/screens/monitor_inside.h src/screens/monitor_run.c src/screens/monitor_run_draw.c \
	src/screens/palette.c \
	src/screens/picker.c \
	src/screens/popups.h \
	src/screens/prompt.c \
	src/screens/review_draw.c \
	src/screens/sign_off.c \
	src/screens/step_audiences.c \
	src/screens/step_connect.c \
	src/screens/step_details.c \
	src/screens/step_governance.c \
	src/screens/step_mapping.c \
	src/screens/step_review.c \
	src/screens/wizard.c src/screens/wizard.h src/screens/wizard_questions.c \
	src/screens/words.c src/screens/words.h
