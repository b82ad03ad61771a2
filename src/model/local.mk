# Files of src/model/, part of libpenstock.a.
libpenstock_a_SOURCES += \
	src/model/account.c src/model/account.h \
	src/model/alert.c src/model/alert.h \
	src/model/consent.c src/model/consent.h \
	src/model/dataflow.c \
	src/model/deny.c src/model/deny.h \
	src/model/destination.c src/model/destination.h \
	src/model/draft.c src/model/draft.h \
	src/model/field.c src/model/field.h \
	src/model/field_render.c \
	src/model/label.c \
	src/model/mapping.c src/model/mapping.h \
	src/model/mapping_check.c \
	src/model/mapping_diff.c \
	src/model/mapping_suggest.c \
	src/model/migration.c src/model/migration.h \
	src/model/namespace.c src/model/namespace.h \
	src/model/number.c src/model/number.h \
	src/model/operator.c src/model/operator.h \
	src/model/path.c \
	src/model/policy.c src/model/policy.h \
	src/model/preview.c src/model/preview.h \
	src/model/profile.c src/model/profile.h \
	src/model/run.c src/model/run.h \
	src/model/schedule.c src/model/schedule.h \
	src/model/suggestion.c src/model/suggestion.h \
	src/model/synonym.c src/model/synonym.h \
	src/model/truth.c src/model/truth.h \
	src/model/v1.c src/model/v1.h \
	src/model/violation.c \
	src/model/word.h

# The alias table is data/namespaces itself: one fact in one place.
AM_CPPFLAGS += -I$(top_builddir)/src
BUILT_SOURCES += src/model/namespaces.inc
CLEANFILES += src/model/namespaces.inc
EXTRA_DIST += src/model/namespaces.awk

src/model/namespaces.inc: data/namespaces src/model/namespaces.awk
	$(AM_V_GEN)$(MKDIR_P) src/model && \
		LC_ALL=C $(AWK) -f $(top_srcdir)/src/model/namespaces.awk $(top_srcdir)/data/namespaces > $@.new && mv -f $@.new $@
# BUILT_SOURCES serve `make all` and `make check`; this serves `make libpenstock.a` too.
src/model/namespace.$(OBJEXT): src/model/namespaces.inc

# The core policies likewise: data/policies.
BUILT_SOURCES += src/model/policies.inc
CLEANFILES += src/model/policies.inc
EXTRA_DIST += src/model/policies.awk

src/model/policies.inc: data/policies src/model/policies.awk
	$(AM_V_GEN)$(MKDIR_P) src/model && \
		LC_ALL=C $(AWK) -f $(top_srcdir)/src/model/policies.awk $(top_srcdir)/data/policies > $@.new && mv -f $@.new $@
src/model/policy.$(OBJEXT): src/model/policies.inc
