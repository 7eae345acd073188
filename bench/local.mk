# Speed, as ratios within one run; no test looks at a clock.
EXTRA_PROGRAMS = bench/reference
CLEANFILES += bench/reference
bench_reference_SOURCES = bench/reference.c
bench_reference_LDADD = $(CRYPTO_LIBS) -ldl -lpthread
EXTRA_DIST += bench/bench.sh bench/scaling.sh
bench: p11ca bench/reference p11fault.la
	srcdir='$(srcdir)' top_builddir='$(top_builddir)' sh $(srcdir)/bench/bench.sh
	srcdir='$(srcdir)' top_builddir='$(top_builddir)' sh $(srcdir)/bench/scaling.sh
.PHONY: bench
