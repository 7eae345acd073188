noinst_LIBRARIES += libmodel.a
libmodel_a_SOURCES = \
	src/model/cert_info.h \
	src/model/cert_template.h \
	src/model/client_report.c src/model/client_report.h \
	src/model/evidence.c src/model/evidence.def src/model/evidence.h \
	src/model/finding.c src/model/finding.h \
	src/model/gateway.c src/model/gateway.h \
	src/model/gateway_change.c src/model/gateway_change.h \
	src/model/gateway_template.c src/model/gateway_template.h \
	src/model/key_ref.h \
	src/model/key_spec.c src/model/key_spec.h \
	src/model/key_specs.def \
	src/model/ledger_rows.h \
	src/model/module_init.h \
	src/model/object_info.h \
	src/model/package.c src/model/package.h \
	src/model/pfx_encryption.h \
	src/model/profile_formats.def \
	src/model/public_key_info.h \
	src/model/request_info.h \
	src/model/revoke_reason.c src/model/revoke_reason.def src/model/revoke_reason.h \
	src/model/row_state.c src/model/row_state.h \
	src/model/sig_alg.h \
	src/model/token_info.h \
	src/model/vpn_profile.c src/model/vpn_profile.h

unit_tests += tests/unit/model/test_finding tests/unit/model/test_model
tests_unit_model_test_finding_SOURCES = tests/unit/model/test_finding.c tests/unit/unit.h
tests_unit_model_test_finding_LDADD = $(MODEL) $(CMOCKA_LIBS)
tests_unit_model_test_model_SOURCES = tests/unit/model/test_model.c tests/unit/unit.h
tests_unit_model_test_model_LDADD = $(MODEL) $(CMOCKA_LIBS)
