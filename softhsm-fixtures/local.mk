# SoftHSM tokens for tests, of this program and of others: a command, and the sets that it unpacks.
dist_bin_SCRIPTS = softhsm-fixtures/softhsm-fixture
dist_man_MANS = man/softhsm-fixture.1
fixturesdir = $(datadir)/softhsm-fixtures
dist_fixtures_DATA = softhsm-fixtures/README.md softhsm-fixtures/show.awk softhsm-fixtures/softhsm.sh
fixture_setsdir = $(fixturesdir)/sets
dist_fixture_sets_DATA = \
	softhsm-fixtures/sets/azure.manifest \
	softhsm-fixtures/sets/azure.objects \
	softhsm-fixtures/sets/azure.tar.gz \
	softhsm-fixtures/sets/bad.manifest \
	softhsm-fixtures/sets/bad.objects \
	softhsm-fixtures/sets/bad.tar.gz \
	softhsm-fixtures/sets/bad.verdicts \
	softhsm-fixtures/sets/kinds.manifest \
	softhsm-fixtures/sets/kinds.objects \
	softhsm-fixtures/sets/kinds.tar.gz \
	softhsm-fixtures/sets/many.manifest \
	softhsm-fixtures/sets/many.objects \
	softhsm-fixtures/sets/many.tar.gz \
	softhsm-fixtures/sets/minimal.manifest \
	softhsm-fixtures/sets/minimal.objects \
	softhsm-fixtures/sets/minimal.tar.gz
fixture_keysdir = $(fixturesdir)/keys
dist_fixture_keys_DATA = \
	softhsm-fixtures/keys/README \
	softhsm-fixtures/keys/test-azure-alice.pem \
	softhsm-fixtures/keys/test-azure-bob.pem \
	softhsm-fixtures/keys/test-azure-carol.pem \
	softhsm-fixtures/keys/test-azure-gateway-root.pem \
	softhsm-fixtures/keys/test-azure-root.pem \
	softhsm-fixtures/keys/test-bad-certificate-only.pem \
	softhsm-fixtures/keys/test-bad-close-primes.pem \
	softhsm-fixtures/keys/test-bad-decrypt.pem \
	softhsm-fixtures/keys/test-bad-duplicate-1.pem \
	softhsm-fixtures/keys/test-bad-duplicate-2.pem \
	softhsm-fixtures/keys/test-bad-expired-root.pem \
	softhsm-fixtures/keys/test-bad-exponent-3.pem \
	softhsm-fixtures/keys/test-bad-extractable.pem \
	softhsm-fixtures/keys/test-bad-good-root.pem \
	softhsm-fixtures/keys/test-bad-key-only.pem \
	softhsm-fixtures/keys/test-bad-no-basic-constraints.pem \
	softhsm-fixtures/keys/test-bad-not-private.pem \
	softhsm-fixtures/keys/test-bad-other-certificate.pem \
	softhsm-fixtures/keys/test-bad-other-key.pem \
	softhsm-fixtures/keys/test-bad-roca.pem \
	softhsm-fixtures/keys/test-bad-rsa-1024.pem \
	softhsm-fixtures/keys/test-bad-wrong-pair-private.pem \
	softhsm-fixtures/keys/test-bad-wrong-pair-public.pem \
	softhsm-fixtures/keys/test-kinds-ed25519.pem \
	softhsm-fixtures/keys/test-kinds-foreign.pem \
	softhsm-fixtures/keys/test-kinds-p256.pem \
	softhsm-fixtures/keys/test-kinds-p384.pem \
	softhsm-fixtures/keys/test-kinds-p521.pem \
	softhsm-fixtures/keys/test-kinds-rsa2048.pem \
	softhsm-fixtures/keys/test-kinds-rsa3072.pem \
	softhsm-fixtures/keys/test-kinds-rsa4096.pem \
	softhsm-fixtures/keys/test-kinds-same-1.pem \
	softhsm-fixtures/keys/test-kinds-same-2.pem \
	softhsm-fixtures/keys/test-many-root.pem \
	softhsm-fixtures/keys/test-many.txt \
	softhsm-fixtures/keys/test-minimal-card.pem \
	softhsm-fixtures/keys/test-minimal-root.pem
fixture_examplesdir = $(fixturesdir)/examples
dist_fixture_examples_DATA = \
	softhsm-fixtures/examples/Dockerfile \
	softhsm-fixtures/examples/azure-pipelines.yml \
	softhsm-fixtures/examples/github-actions.yml \
	softhsm-fixtures/examples/gitlab-ci.yml \
	softhsm-fixtures/examples/pkcs11_test.go \
	softhsm-fixtures/examples/test_pkcs11.py
dist_fixture_examples_SCRIPTS = softhsm-fixtures/examples/plain.sh
EXTRA_DIST += softhsm-fixtures/demo.sh softhsm-fixtures/generate/azure.py softhsm-fixtures/generate/many.py \
	softhsm-fixtures/generate/der.py softhsm-fixtures/generate/generate.py \
	softhsm-fixtures/generate/sets.py softhsm-fixtures/generate/store.py softhsm-fixtures/generate/tables.py

shell_tests += \
	tests/fixtures/examples.t \
	tests/fixtures/fixture.t \
	tests/fixtures/generate.t \
	tests/fixtures/golden.t \
	tests/fixtures/programs.t \
	tests/fixtures/sets.t \
	tests/fixtures/verdicts.t
