# Samples and plain-text data. The program looks in data/ beside itself (a build tree), then in $(pkgdatadir).
EXTRA_DIST += data/make-sample data/namespaces data/policies
pkgdata_DATA += data/namespaces data/policies data/sample.ndjson
noinst_DATA += data/sample.summary
CLEANFILES += data/sample.ndjson data/sample.summary

data/sample.ndjson: data/make-sample
	$(AM_V_GEN)$(MKDIR_P) data && LC_ALL=C $(AWK) -f $(top_srcdir)/data/make-sample -v summary=data/sample.summary.new > $@.new && \
		mv -f data/sample.summary.new data/sample.summary && mv -f $@.new $@

data/sample.summary: data/sample.ndjson
	@test -f $@ || { rm -f data/sample.ndjson; $(MAKE) $(AM_MAKEFLAGS) data/sample.ndjson; }
