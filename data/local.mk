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

# The manual page and the completion are written by the program's own help.
EXTRA_DIST += data/make-man data/penstock.service.in data/penstock-user.service.in data/penstock.permissions data/penstock.sysusers
generated_files = data/penstock.1 data/penstock.bash data/penstock.service data/penstock-user.service
CLEANFILES += $(generated_files)
noinst_DATA += $(generated_files)
man1_MANS = data/penstock.1

data/penstock.1: data/make-man penstock$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) data && $(SHELL) $(top_srcdir)/data/make-man man ./penstock$(EXEEXT) > $@.new && mv -f $@.new $@

data/penstock.bash: data/make-man penstock$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) data && $(SHELL) $(top_srcdir)/data/make-man completion ./penstock$(EXEEXT) > $@.new && mv -f $@.new $@

data/penstock.service: data/penstock.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) data && sed 's|@bindir[@]|$(bindir)|g' $(top_srcdir)/data/penstock.service.in > $@

data/penstock-user.service: data/penstock-user.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) data && sed 's|@bindir[@]|$(bindir)|g' $(top_srcdir)/data/penstock-user.service.in > $@

# Where systemd and bash look below the prefix.
install-data-local: $(generated_files)
	$(MKDIR_P) '$(DESTDIR)$(prefix)/lib/systemd/system' '$(DESTDIR)$(prefix)/lib/systemd/user' '$(DESTDIR)$(prefix)/lib/sysusers.d' \
		'$(DESTDIR)$(datadir)/bash-completion/completions'
	$(INSTALL_DATA) data/penstock.service '$(DESTDIR)$(prefix)/lib/systemd/system/penstock.service'
	$(INSTALL_DATA) data/penstock-user.service '$(DESTDIR)$(prefix)/lib/systemd/user/penstock.service'
	$(INSTALL_DATA) $(top_srcdir)/data/penstock.sysusers '$(DESTDIR)$(prefix)/lib/sysusers.d/penstock.conf'
	$(MKDIR_P) '$(DESTDIR)$(docdir)'
	$(INSTALL_DATA) $(top_srcdir)/data/penstock.permissions '$(DESTDIR)$(docdir)/permissions'
	$(INSTALL_DATA) data/penstock.bash '$(DESTDIR)$(datadir)/bash-completion/completions/penstock'

uninstall-local:
	rm -f '$(DESTDIR)$(prefix)/lib/systemd/system/penstock.service' '$(DESTDIR)$(prefix)/lib/systemd/user/penstock.service' \
		'$(DESTDIR)$(prefix)/lib/sysusers.d/penstock.conf' '$(DESTDIR)$(datadir)/bash-completion/completions/penstock' '$(DESTDIR)$(docdir)/permissions'
