# Unit tests of src/sandbox/, and the practice Marketo as a program of its own: make tests/tools/sandbox_main
EXTRA_PROGRAMS += tests/tools/sandbox_main
tests_tools_sandbox_main_SOURCES = tests/tools/sandbox_main.c
tests_tools_sandbox_main_LDADD = libpenstock.a $(PENSTOCK_LIBS)
CLEANFILES += tests/tools/sandbox_main$(EXEEXT)
