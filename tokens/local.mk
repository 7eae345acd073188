noinst_LIBRARIES += libtokens.a
libtokens_a_SOURCES = \
	tokens/admin.c \
	tokens/attr.c \
	tokens/certs.c \
	tokens/ckr.c tokens/ckr.def \
	tokens/evidence.c \
	tokens/internal.h \
	tokens/key_cache.c \
	tokens/relogin.c \
	tokens/key_slots.c \
	tokens/keypair.c \
	tokens/keys.c \
	tokens/kinds/cloudhsm.c \
	tokens/kinds/generic.c \
	tokens/kinds/kind.h \
	tokens/kinds/kinds.c tokens/kinds/kinds.def \
	tokens/kinds/luna.c \
	tokens/kinds/nshield.c \
	tokens/kinds/nss.c \
	tokens/kinds/opencryptoki.c \
	tokens/kinds/opencryptoki_soft.c \
	tokens/kinds/opensc.c \
	tokens/kinds/opensc_piv.c \
	tokens/kinds/piv.c \
	tokens/kinds/schsm.c \
	tokens/kinds/softhsm.c \
	tokens/kinds/tpm2.c \
	tokens/kinds/utimaco.c \
	tokens/kinds/yubihsm.c \
	tokens/login.c \
	tokens/mech.c tokens/mech.def \
	tokens/module/libp11.c \
	tokens/module/module.c \
	tokens/module/module_trust.c \
	tokens/module/readers.c \
	tokens/module/restart.c \
	tokens/objects.c \
	tokens/pin_replay.c \
	tokens/proof.c \
	tokens/public_key.c \
	tokens/key_spec.c \
	tokens/sign.c tokens/sign.h \
	tokens/slots.c \
	tokens/session.c \
	tokens/state.c \
	tokens/token.h \
	tokens/uri.c tokens/uri.h
# Where p11-kit keeps its proxy, its modules and what is configured.
libtokens_a_CPPFLAGS = $(AM_CPPFLAGS) -DP11KIT_PROXY_PATH='"$(P11KIT_PROXY)"' \
	-DP11KIT_MODULE_FOLDER='"$(P11KIT_MODULE_PATH)"' -DP11KIT_PACKAGE_CONFIG='"$(P11KIT_MODULE_CONFIGS)"' \
	-DP11KIT_SYSTEM_CONFIG='"$(P11KIT_SYSCONF)/pkcs11"'

unit_tests += tests/unit/tokens/test_ckr
tests_unit_tokens_test_ckr_SOURCES = tests/unit/tokens/test_ckr.c tests/unit/unit.h
tests_unit_tokens_test_ckr_LDADD = $(TOKENS) $(CMOCKA_LIBS)
unit_tests += tests/unit/tokens/test_uri tests/unit/tokens/test_attr
tests_unit_tokens_test_uri_SOURCES = tests/unit/tokens/test_uri.c tests/unit/unit.h
tests_unit_tokens_test_uri_LDADD = $(TOKENS) $(CMOCKA_LIBS)
tests_unit_tokens_test_attr_SOURCES = tests/unit/tokens/test_attr.c tests/unit/unit.h
tests_unit_tokens_test_attr_LDADD = $(TOKENS) $(CMOCKA_LIBS)
# test_login has a token of its own; the others run on a real SoftHSM and are skipped without one.
unit_tests += tests/unit/tokens/test_login tests/unit/tokens/test_tokens_softhsm tests/unit/tokens/test_keys_softhsm tests/unit/tokens/test_tokens_faults
token_fixture = tests/unit/tokens/token_fixture.c tests/unit/tokens/token_fixture.h tests/unit/unit.h
tests_unit_tokens_test_tokens_softhsm_SOURCES = tests/unit/tokens/test_tokens_softhsm.c $(token_fixture)
tests_unit_tokens_test_tokens_softhsm_LDADD = $(TOKENS) $(CMOCKA_LIBS)
tests_unit_tokens_test_keys_softhsm_SOURCES = tests/unit/tokens/test_keys_softhsm.c $(token_fixture)
tests_unit_tokens_test_keys_softhsm_LDADD = $(TOKENS) $(CMOCKA_LIBS)
tests_unit_tokens_test_tokens_faults_SOURCES = tests/unit/tokens/test_tokens_faults.c $(token_fixture)
tests_unit_tokens_test_tokens_faults_LDADD = $(TOKENS) $(CMOCKA_LIBS)
unit_tests += tests/unit/tokens/test_key_ids tests/unit/tokens/test_token_lies
tests_unit_tokens_test_token_lies_SOURCES = tests/unit/tokens/test_token_lies.c $(token_fixture)
tests_unit_tokens_test_token_lies_LDADD = $(TOKENS) $(CMOCKA_LIBS)
tests_unit_tokens_test_key_ids_SOURCES = tests/unit/tokens/test_key_ids.c $(token_fixture)
tests_unit_tokens_test_key_ids_LDADD = $(TOKENS) $(CMOCKA_LIBS)
tests_unit_tokens_test_login_SOURCES = tests/unit/tokens/test_login.c $(token_fixture)
tests_unit_tokens_test_login_LDADD = $(TOKENS) $(CMOCKA_LIBS)

unit_tests += tests/fuzz/fuzz_uri
EXTRA_DIST += tests/fuzz/uri/all.txt tests/fuzz/uri/object.txt tests/fuzz/uri/query.txt tests/fuzz/uri/pin.txt
tests_fuzz_fuzz_uri_SOURCES = tests/fuzz/fuzz_uri.c tests/fuzz/run.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_uri_LDADD = $(TOKENS)
