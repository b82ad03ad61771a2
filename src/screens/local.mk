# The console's screens.
libpenstock_a_SOURCES += \
	src/screens/actions.c src/screens/actions.h \
	src/screens/answers.c src/screens/answers.h \
	src/screens/complete.c src/screens/complete.h \
	src/screens/console.c src/screens/console.h \
	src/screens/dialog.c \
	src/screens/form.c src/screens/form.h \
	src/screens/frame.c src/screens/frame.h \
	src/screens/help.c \
	src/screens/home.c \
	src/screens/mapping_lines.c \
	src/screens/monitor.c \
	src/screens/monitor.h \
	src/screens/picker.c \
	src/screens/popups.h \
	src/screens/prompt.c \
	src/screens/step_audiences.c \
	src/screens/step_connect.c \
	src/screens/step_details.c \
	src/screens/step_governance.c \
	src/screens/step_mapping.c \
	src/screens/step_review.c \
	src/screens/wizard.c src/screens/wizard.h \
	src/screens/words.c src/screens/words.h
