noinst_LIBRARIES += libledger.a
libledger_a_SOURCES = \
	src/ledger/backup.c \
	src/ledger/precedents.c \
	src/ledger/cert_query.c \
	src/ledger/certs.c \
	src/ledger/crls.c \
	src/ledger/db/db.c src/ledger/db/db.h \
	src/ledger/db/row.c \
	src/ledger/db/schema.c \
	src/ledger/db/value.c \
	src/ledger/event.c \
	src/ledger/log.c \
	src/ledger/fact.c \
	src/ledger/gateways.c \
	src/ledger/home.c \
	src/ledger/import.c \
	src/ledger/import_root.c \
	src/ledger/internal.h \
	src/ledger/keys.c \
	src/ledger/ledger.c src/ledger/ledger.h \
	src/ledger/location.c \
	src/ledger/location_read.c \
	src/ledger/profiles.c \
	src/ledger/restore.c \
	src/ledger/revoke.c \
	src/ledger/roots.c \
	src/ledger/sums.c \
	src/ledger/transitions.def \
	src/ledger/txn.c \
	src/ledger/verify/verify.c \
	src/ledger/verify/verify_fault.c \
	src/ledger/verify/verify_rows.c \
	src/ledger/verify/verify_states.c \
	src/ledger/writer.c

unit_tests += tests/unit/ledger/test_ledger tests/unit/ledger/test_ledger_certs tests/unit/ledger/test_ledger_verify \
	tests/unit/ledger/test_ledger_many tests/unit/ledger/test_ledger_profiles
tests_unit_ledger_test_ledger_SOURCES = tests/unit/ledger/test_ledger.c tests/unit/ledger/ledger_unit.h tests/unit/unit.h
tests_unit_ledger_test_ledger_LDADD = $(LEDGER) $(CMOCKA_LIBS)
tests_unit_ledger_test_ledger_certs_SOURCES = tests/unit/ledger/test_ledger_certs.c tests/unit/ledger/ledger_unit.h tests/unit/unit.h
tests_unit_ledger_test_ledger_certs_LDADD = $(LEDGER) $(CMOCKA_LIBS)
tests_unit_ledger_test_ledger_verify_SOURCES = tests/unit/ledger/test_ledger_verify.c tests/unit/ledger/ledger_unit.h tests/unit/unit.h
tests_unit_ledger_test_ledger_verify_LDADD = $(LEDGER) $(CMOCKA_LIBS)
tests_unit_ledger_test_ledger_many_SOURCES = tests/unit/ledger/test_ledger_many.c tests/unit/ledger/ledger_unit.h tests/unit/unit.h
tests_unit_ledger_test_ledger_many_LDADD = $(LEDGER) $(CMOCKA_LIBS)
tests_unit_ledger_test_ledger_profiles_SOURCES = tests/unit/ledger/test_ledger_profiles.c tests/unit/ledger/ledger_unit.h tests/unit/unit.h
tests_unit_ledger_test_ledger_profiles_LDADD = $(LEDGER) $(CMOCKA_LIBS)
unit_tests += tests/unit/ledger/test_ledger_revoke
tests_unit_ledger_test_ledger_revoke_SOURCES = tests/unit/ledger/test_ledger_revoke.c tests/unit/ledger/ledger_unit.h tests/unit/unit.h
tests_unit_ledger_test_ledger_revoke_LDADD = $(LEDGER) $(CMOCKA_LIBS)
unit_tests += tests/unit/ledger/test_ledger_location tests/unit/ledger/test_ledger_removed
tests_unit_ledger_test_ledger_removed_SOURCES = tests/unit/ledger/test_ledger_removed.c tests/unit/ledger/ledger_unit.h tests/unit/unit.h
tests_unit_ledger_test_ledger_removed_LDADD = $(LEDGER) $(CMOCKA_LIBS)
tests_unit_ledger_test_ledger_location_SOURCES = tests/unit/ledger/test_ledger_location.c tests/unit/ledger/ledger_unit.h tests/unit/unit.h
tests_unit_ledger_test_ledger_location_LDADD = $(LEDGER) $(CMOCKA_LIBS)
unit_tests += tests/unit/ledger/test_ledger_states
tests_unit_ledger_test_ledger_states_SOURCES = tests/unit/ledger/test_ledger_states.c tests/unit/ledger/ledger_unit.h tests/unit/unit.h
tests_unit_ledger_test_ledger_states_LDADD = $(LEDGER) $(CMOCKA_LIBS)
