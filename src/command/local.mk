# The command line: a file a noun.
libpenstock_a_SOURCES += \
	src/command/account.c \
	src/command/alert.c \
	src/command/args.c src/command/args.h \
	src/command/check.c src/command/check.h \
	src/command/child.c src/command/child.h \
	src/command/command.c src/command/command.h \
	src/command/config.c src/command/config.h \
	src/command/csv.c src/command/csv.h \
	src/command/daemon.c \
	src/command/dataflow.c \
	src/command/demo.c \
	src/command/destination.c \
	src/command/draft.c \
	src/command/expected.c src/command/expected.h \
	src/command/help.c src/command/help.h \
	src/command/instance.c \
	src/command/label.c \
	src/command/mapping.c \
	src/command/mapping_export.c src/command/mapping_export.h \
	src/command/markdown.c src/command/markdown.h \
	src/command/migrate.c src/command/migrate.h \
	src/command/migrate_plan.c \
	src/command/migrate_report.c \
	src/command/policy.c \
	src/command/practice.h \
	src/command/preview.c src/command/preview.h \
	src/command/progress.c src/command/progress.h \
	src/command/receive.c \
	src/command/remote.c src/command/remote.h \
	src/command/report.c src/command/report.h \
	src/command/revision.c \
	src/command/run.c \
	src/command/sandbox.c \
	src/command/secret.c src/command/secret.h \
	src/command/session.c src/command/session.h \
	src/command/source.c \
	src/command/table.c src/command/table.h \
	src/command/tell_run.c src/command/tell_run.h \
	src/command/terminal.c src/command/terminal.h \
	src/command/truth.c \
	src/command/upkeep.c \
	src/command/watch.c
