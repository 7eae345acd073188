noinst_LIBRARIES += libx509.a
libx509_a_SOURCES = \
	src/x509/alg.c src/x509/alg.h \
	src/x509/cert.c src/x509/cert.h \
	src/x509/cert_ext.c src/x509/cert_ext.h \
	src/x509/chain.c \
	src/x509/cms.c src/x509/cms.h \
	src/x509/crl.c src/x509/crl.h \
	src/x509/crl_read.c src/x509/crl_read.h \
	src/x509/der.c src/x509/der.h \
	src/x509/dn.c src/x509/dn.h \
	src/x509/encode.c src/x509/encode.h \
	src/x509/ext.c src/x509/ext.h \
	src/x509/issuers.c src/x509/issuers.h \
	src/x509/key/file_signer.c src/x509/key/file_signer.h \
	src/x509/key/key_value.c src/x509/key/key_value.h \
	src/x509/key/public_key.c src/x509/key/public_key.h \
	src/x509/key/rsa_flaws.c src/x509/key/rsa_flaws.h \
	src/x509/key/soft_key.c src/x509/key/soft_key.h \
	src/x509/key/spki.c src/x509/key/spki.h \
	src/x509/lint/azure.c \
	src/x509/lint/clients.c \
	src/x509/lint/lint.h \
	src/x509/lint/public_key.c \
	src/x509/lint/request.c \
	src/x509/lint/rfc5280.c \
	src/x509/lint/role.c src/x509/lint/role.h \
	src/x509/name.c src/x509/name.h \
	src/x509/ossl.c src/x509/ossl.h \
	src/x509/pfx/pfx.c src/x509/pfx/pfx.h \
	src/x509/pfx/pfx_inspect.c src/x509/pfx/pfx_inspect.h \
	src/x509/pfx/pfx_read.c src/x509/pfx/pfx_read.h \
	src/x509/request.c src/x509/request.h \
	src/x509/sign.c \
	src/x509/signed.c src/x509/signed.h \
	src/x509/signer.h \
	src/x509/tbs.c src/x509/tbs.h \
	src/x509/templates.c src/x509/templates.def src/x509/templates.h \
	src/x509/validity.c \
	src/x509/view.c src/x509/view.h

x509_kit = tests/unit/x509/x509_kit.c tests/unit/x509/x509_kit.h tests/unit/unit.h
unit_tests += tests/unit/x509/test_file_signer tests/unit/x509/test_name tests/unit/x509/test_der tests/unit/x509/test_tbs \
	tests/unit/x509/test_request tests/unit/x509/test_rsa_flaws tests/unit/x509/test_cert tests/unit/x509/test_encode tests/unit/x509/test_lint \
	tests/unit/x509/test_x509_peers tests/unit/x509/test_crl
unit_tests += tests/unit/x509/test_issuers tests/unit/x509/test_crl_read
tests_unit_x509_test_issuers_SOURCES = tests/unit/x509/test_issuers.c $(x509_kit)
tests_unit_x509_test_issuers_LDADD = $(X509) $(CMOCKA_LIBS)
tests_unit_x509_test_crl_read_SOURCES = tests/unit/x509/test_crl_read.c $(x509_kit)
tests_unit_x509_test_crl_read_LDADD = $(X509) $(CMOCKA_LIBS)
tests_unit_x509_test_crl_SOURCES = tests/unit/x509/test_crl.c $(x509_kit)
tests_unit_x509_test_crl_LDADD = $(X509) $(CMOCKA_LIBS)
tests_unit_x509_test_file_signer_SOURCES = tests/unit/x509/test_file_signer.c $(x509_kit)
tests_unit_x509_test_file_signer_LDADD = $(X509) $(CMOCKA_LIBS)
tests_unit_x509_test_name_SOURCES = tests/unit/x509/test_name.c $(x509_kit)
tests_unit_x509_test_name_LDADD = $(X509) $(CMOCKA_LIBS)
tests_unit_x509_test_der_SOURCES = tests/unit/x509/test_der.c $(x509_kit)
tests_unit_x509_test_der_LDADD = $(X509) $(CMOCKA_LIBS)
tests_unit_x509_test_tbs_SOURCES = tests/unit/x509/test_tbs.c $(x509_kit)
tests_unit_x509_test_tbs_LDADD = $(X509) $(CMOCKA_LIBS)
tests_unit_x509_test_request_SOURCES = tests/unit/x509/test_request.c $(x509_kit)
tests_unit_x509_test_request_LDADD = $(X509) $(CMOCKA_LIBS)
tests_unit_x509_test_rsa_flaws_SOURCES = tests/unit/x509/test_rsa_flaws.c $(x509_kit)
tests_unit_x509_test_rsa_flaws_LDADD = $(X509) $(CMOCKA_LIBS)
tests_unit_x509_test_cert_SOURCES = tests/unit/x509/test_cert.c $(x509_kit)
tests_unit_x509_test_cert_LDADD = $(X509) $(CMOCKA_LIBS)
tests_unit_x509_test_encode_SOURCES = tests/unit/x509/test_encode.c $(x509_kit)
tests_unit_x509_test_encode_LDADD = $(X509) $(CMOCKA_LIBS)
tests_unit_x509_test_lint_SOURCES = tests/unit/x509/test_lint.c $(x509_kit)
tests_unit_x509_test_lint_LDADD = $(X509) $(CMOCKA_LIBS)
tests_unit_x509_test_x509_peers_SOURCES = tests/unit/x509/test_x509_peers.c $(x509_kit)
tests_unit_x509_test_x509_peers_LDADD = $(X509) $(CMOCKA_LIBS)

unit_tests += tests/unit/x509/test_pfx tests/unit/x509/test_cms tests/unit/x509/test_key_value tests/unit/x509/test_chain
tests_unit_x509_test_chain_SOURCES = tests/unit/x509/test_chain.c $(x509_kit)
tests_unit_x509_test_chain_LDADD = $(X509) $(CMOCKA_LIBS)
tests_unit_x509_test_key_value_SOURCES = tests/unit/x509/test_key_value.c $(x509_kit)
tests_unit_x509_test_key_value_LDADD = $(X509) $(CMOCKA_LIBS)
tests_unit_x509_test_pfx_SOURCES = tests/unit/x509/test_pfx.c $(x509_kit)
tests_unit_x509_test_pfx_LDADD = $(X509) $(CMOCKA_LIBS)
tests_unit_x509_test_cms_SOURCES = tests/unit/x509/test_cms.c $(x509_kit)
tests_unit_x509_test_cms_LDADD = $(X509) $(CMOCKA_LIBS)

EXTRA_DIST += tests/integration/encodings.py tests/data/ledger/README tests/data/ledger/version-8.sql tests/data/ledger/test-client-rsa.pem \
	tests/data/ledger/test-client-ec.pem
EXTRA_DIST += tests/data/keys/README tests/data/keys/test-rsa-2048.pem tests/data/keys/test-rsa-1024.pem \
	tests/data/keys/test-rsa-pss-2048.pem tests/data/keys/test-rsa-roca.pem tests/data/keys/test-rsa-close-primes.pem \
	tests/data/keys/test-rsa-exponent-3.pem

unit_tests += tests/fuzz/fuzz_cert tests/fuzz/fuzz_request
EXTRA_DIST += tests/fuzz/cert/root.pem tests/fuzz/cert/client.der tests/fuzz/cert/odd.der tests/fuzz/cert/chain.pem \
	tests/fuzz/cert/checkpoint.der tests/fuzz/request/rsa.pem tests/fuzz/request/rsa.der \
	tests/fuzz/request/ec.der tests/fuzz/request/odd.der
tests_fuzz_fuzz_cert_SOURCES = tests/fuzz/fuzz_cert.c tests/fuzz/run.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_cert_LDADD = $(X509)
tests_fuzz_fuzz_request_SOURCES = tests/fuzz/fuzz_request.c tests/fuzz/run.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_request_LDADD = $(X509)
