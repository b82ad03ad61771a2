# Translations. Compiled in the build tree, installed for gettext; tools/update-po brings the catalogues up to date.
EXTRA_DIST += po/LINGUAS po/POTFILES.in po/fr.po tools/update-po tools/potfiles

if ENABLE_NLS
frmodir = $(localedir)/fr/LC_MESSAGES
frmo_DATA = po/fr/LC_MESSAGES/penstock.mo
CLEANFILES += po/fr/LC_MESSAGES/penstock.mo

po/fr/LC_MESSAGES/penstock.mo: po/fr.po
	$(AM_V_GEN)$(MKDIR_P) po/fr/LC_MESSAGES && $(MSGFMT) -o $@ $(top_srcdir)/po/fr.po
endif
