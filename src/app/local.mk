# One door for every change: the use cases.
libpenstock_a_SOURCES += \
	src/app/accounts.c src/app/accounts.h \
	src/app/admission.c src/app/admission.h \
	src/app/alerts.c src/app/alerts.h \
	src/app/app.c src/app/app.h \
	src/app/ask.c src/app/ask.h \
	src/app/audit.c src/app/audit.h \
	src/app/changed.c src/app/changed.h \
	src/app/client.c src/app/client.h \
	src/app/daemon.c src/app/daemon.h \
	src/app/dataflows.c src/app/dataflows.h \
	src/app/destinations.c src/app/destinations.h \
	src/app/discard.c \
	src/app/draft_apply.c \
	src/app/draft_edit.c \
	src/app/draft_rules.c \
	src/app/drafts.c src/app/drafts.h \
	src/app/events.c src/app/events.h \
	src/app/fields.c src/app/fields.h \
	src/app/flow.c src/app/flow.h \
	src/app/follow.c \
	src/app/going.c src/app/going.h \
	src/app/governance.c src/app/governance.h \
	src/app/guests.c src/app/guests.h \
	src/app/incidents.c src/app/incidents.h \
	src/app/journal.c src/app/journal.h \
	src/app/labels.c src/app/labels.h \
	src/app/lists.c src/app/lists.h \
	src/app/mappings.c src/app/mappings.h \
	src/app/masks.c src/app/masks.h \
	src/app/members.c src/app/members.h \
	src/app/metrics.c src/app/metrics.h \
	src/app/migrate.c src/app/migrate.h \
	src/app/migrate_apply.c \
	src/app/migrate_compare.c \
	src/app/migrate_import.c \
	src/app/migrate_plan.c src/app/migrate_plan.h \
	src/app/migrate_planner.c \
	src/app/migrate_undo.c \
	src/app/notify.c src/app/notify.h \
	src/app/operators.c src/app/operators.h \
	src/app/policies.c src/app/policies.h \
	src/app/receive.c src/app/receive.h \
	src/app/preview.c src/app/preview.h \
	src/app/revisions.c src/app/revisions.h \
	src/app/runs.c src/app/runs.h \
	src/app/sources.c src/app/sources.h \
	src/app/standing.c \
	src/app/status.c src/app/status.h \
	src/app/stop.c \
	src/app/supervise.c src/app/supervise.h \
	src/app/survey.c \
	src/app/tell.c src/app/tell.h \
	src/app/tests.c src/app/tests.h \
	src/app/truth.c src/app/truth.h \
	src/app/turn.c src/app/turn.h \
	src/app/upkeep.c src/app/upkeep.h \
	src/app/use_cases.c src/app/use_cases.h \
	src/app/v1.c src/app/v1.h
