# The program itself.
bin_PROGRAMS += penstock
penstock_SOURCES = src/main/main.c
penstock_LDADD = libpenstock.a $(PENSTOCK_LIBS)
