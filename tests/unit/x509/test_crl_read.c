/* SPDX-License-Identifier: MIT */
/* test_crl_read.c - revocation lists of others: what they say, and what must not be read past. */
#include "tests/unit/unit.h"

#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "x509/crl.h"
#include "x509/crl_read.h"
#include "x509/ossl.h"
#include "tests/unit/x509/x509_kit.h"

AUTO_DEFINE(X509, X509_free);
AUTO_DEFINE(X509_CRL, X509_CRL_free);

static struct err e;

struct seen {
	struct crl_revoked last;
	unsigned n, stop_at;
};

static int see(const struct crl_revoked *r, void *arg, struct err *unused)
{
	struct seen *s = arg;

	(void)unused;
	s->last = *r;
	return ++s->n == s->stop_at ? err_set(&e, ERR_INPUT, "enough") : 0;
}

static int read_all(struct crl_info *info, struct seen *s, const struct buf *crl, const struct buf *issuer)
{
	*s = (struct seen){ .stop_at = s->stop_at };
	return crl_read(info, buf_bytes(crl), buf_bytes(issuer), see, s, &e);
}

static void add_integer(X509_CRL *crl, int nid, int64_t n, int critical)
{
	AUTO(ASN1_INTEGER) value = ASN1_INTEGER_new();

	assert_non_null(value);
	assert_int_equal(ASN1_INTEGER_set_int64(value, n), 1);
	assert_int_equal(X509_CRL_add1_ext_i2d(crl, nid, value, critical, X509V3_ADD_APPEND), 1);
}

/* As OpenSSL makes it, for changes that our own writer never makes. */
static X509_CRL *others(const struct kit_root *root)
{
	const unsigned char *p = root->cert.data;
	AUTO(X509) cert = d2i_X509(NULL, &p, (long)root->cert.len);
	AUTO(ASN1_TIME) at = ASN1_TIME_set(NULL, KIT_NOW);
	AUTO(ASN1_TIME) next = ASN1_TIME_set(NULL, KIT_NOW + 86400);
	X509_CRL *crl = X509_CRL_new();

	assert_non_null(crl);
	assert_int_equal(X509_CRL_set_version(crl, 1), 1);
	assert_int_equal(X509_CRL_set_issuer_name(crl, X509_get_subject_name(cert)), 1);
	assert_int_equal(X509_CRL_set1_lastUpdate(crl, at), 1);
	assert_int_equal(X509_CRL_set1_nextUpdate(crl, next), 1);
	return crl;
}

static X509_REVOKED *add_entry(X509_CRL *crl, int64_t serial, int reason)
{
	AUTO(ASN1_TIME) at = ASN1_TIME_set(NULL, KIT_NOW - 60);
	AUTO(ASN1_INTEGER) number = ASN1_INTEGER_new();
	X509_REVOKED *entry = X509_REVOKED_new();
	ASN1_ENUMERATED *code = ASN1_ENUMERATED_new();

	assert_int_equal(ASN1_INTEGER_set_int64(number, serial), 1);
	assert_int_equal(X509_REVOKED_set_serialNumber(entry, number), 1);
	assert_int_equal(X509_REVOKED_set_revocationDate(entry, at), 1);
	assert_int_equal(ASN1_ENUMERATED_set(code, reason), 1);
	if (reason >= 0)
		assert_int_equal(X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, code, 0, 0), 1);
	ASN1_ENUMERATED_free(code);
	assert_int_equal(X509_CRL_add0_revoked(crl, entry), 1);
	return entry;
}

static void sign(struct buf *der, X509_CRL *crl, EVP_PKEY *key)
{
	unsigned char *at = NULL;
	int len;

	assert_true(X509_CRL_sign(crl, key, EVP_sha256()) > 0);
	len = i2d_X509_CRL(crl, &at);
	assert_true(len > 0);
	assert_int_equal(buf_add(der, at, (size_t)len, &e), 0);
	OPENSSL_free(at);
}

TEST(ours_says_what_was_put_in)
{
	static const unsigned char serial[] = { 0x81, 2, 3 };
	const struct crl_entry entry = { { serial, 3 }, false, KIT_NOW - 60, 1 };
	AUTO_VALUE(kit_root) root = { 0 };
	AUTO_VALUE(buf) entries = { 0 };
	AUTO_VALUE(buf) tbs = { 0 };
	AUTO_VALUE(buf) der = { 0 };
	struct crl_spec spec = { .number = 77, .this_update = KIT_NOW, .next_update = KIT_NOW + 86400 };
	struct crl_info info;
	struct seen s = { .stop_at = 0 };
	char hash[SHA256_HEX];

	kit_root(&root, "vpn-root", "P-256");
	assert_int_equal(crl_add_entry(&entries, &entry, &e), 0);
	spec.issuer_cert = buf_bytes(&root.cert);
	spec.entries = buf_bytes(&entries);
	assert_int_equal(sig_alg_for(&spec.alg, root.key, &e), 0);
	assert_int_equal(crl_build(&tbs, &spec, &e), 0);
	assert_int_equal(x509_sign_crl(buf_bytes(&tbs), &root.signer, &der, &e), 0);
	assert_int_equal(read_all(&info, &s, &der, &root.cert), 0);
	assert_int_equal(info.number, 77);
	assert_int_equal(info.this_update, KIT_NOW);
	assert_int_equal(info.next_update, KIT_NOW + 86400);
	assert_int_equal(info.n_entries, 1);
	assert_int_equal(hash_sha256_hex(hash, buf_bytes(&tbs), &e), 0);
	assert_string_equal(info.tbs_sha256, hash);
	assert_string_equal(s.last.serial, "810203");
	assert_string_equal(s.last.reason, "keyCompromise");
	assert_int_equal(s.last.revoked_at, KIT_NOW - 60);
}

TEST(reasons_and_odd_serials)
{
	AUTO_VALUE(kit_root) root = { 0 };
	AUTO(X509_CRL) crl = NULL;
	AUTO_VALUE(buf) der = { 0 };
	struct crl_info info;
	struct seen s = { .stop_at = 0 };

	kit_root(&root, "vpn-root", "P-256");
	crl = others(&root);
	(void)add_entry(crl, 5, -1);
	(void)add_entry(crl, -6, 99); /* MakeCert's serials may be negative; an invalid reason */
	sign(&der, crl, root.key);
	assert_int_equal(read_all(&info, &s, &der, &root.cert), 0);
	assert_int_equal(info.number, 0); /* it has none */
	assert_int_equal(s.n, 2);
	assert_string_equal(s.last.reason, "unspecified");
	assert_string_equal(s.last.serial, "-06");
	s.stop_at = 1;
	assert_int_equal(read_all(&info, &s, &der, &root.cert), -1);
	assert_string_equal(e.what, "enough");
	assert_int_equal(s.n, 1);
}

TEST(by_another_root_or_changed)
{
	AUTO_VALUE(kit_root) root = { 0 };
	AUTO_VALUE(kit_root) other = { 0 };
	AUTO(X509_CRL) crl = NULL;
	AUTO_VALUE(buf) der = { 0 };
	struct crl_info info;
	struct seen s = { .stop_at = 0 };

	kit_root(&root, "vpn-root", "P-256");
	kit_root(&other, "vpn-root", "P-256"); /* the same name, another key */
	crl = others(&root);
	(void)add_entry(crl, 5, 1);
	sign(&der, crl, root.key);
	assert_int_equal(read_all(&info, &s, &der, &other.cert), -1);
	assert_string_equal(e.code, "crl-issuer");
	for (size_t i = 0; i < der.len; i++) { /* no changed byte is read as another list */
		der.data[i] ^= 0x41;
		assert_int_equal(read_all(&info, &s, &der, &root.cert), -1);
		der.data[i] ^= 0x41;
	}
	assert_int_equal(read_all(&info, &s, &der, &root.cert), 0);
	for (size_t len = 0; len < der.len; len++) {
		const struct bytes cut = { der.data, len };

		assert_int_equal(crl_read(&info, cut, buf_bytes(&root.cert), see, &s, &e), -1);
	}
	assert_int_equal(buf_add(&der, "", 1, &e), 0);
	assert_int_equal(read_all(&info, &s, &der, &root.cert), -1);
}

enum trick { DELTA, INDIRECT, CRITICAL, CRITICAL_ENTRY, HUGE_NUMBER, NEGATIVE_NUMBER, N_TRICKS };

static void add_trick(X509_CRL *crl, enum trick trick)
{
	AUTO(ASN1_OCTET_STRING) text = ASN1_OCTET_STRING_new();
	ISSUING_DIST_POINT *idp = ISSUING_DIST_POINT_new();
	X509_REVOKED *entry = add_entry(crl, 5, 1);

	assert_int_equal(ASN1_OCTET_STRING_set(text, (const unsigned char *)"x", 1), 1);
	idp->indirectCRL = 0xff;
	switch (trick) {
	case DELTA: add_integer(crl, NID_delta_crl, 3, 1); break;
	case INDIRECT:
		assert_int_equal(X509_CRL_add1_ext_i2d(crl, NID_issuing_distribution_point, idp, 1, 0), 1);
		break;
	case CRITICAL: assert_int_equal(X509_CRL_add1_ext_i2d(crl, NID_netscape_comment, text, 1, 0), 1); break;
	case CRITICAL_ENTRY:
		assert_int_equal(X509_REVOKED_add1_ext_i2d(entry, NID_subject_key_identifier, text, 1, 0), 1);
		break;
	case HUGE_NUMBER: add_integer(crl, NID_crl_number, INT64_MAX, 0); break;
	case NEGATIVE_NUMBER: add_integer(crl, NID_crl_number, -1, 0); break;
	case N_TRICKS: break;
	}
	ISSUING_DIST_POINT_free(idp);
}

TEST(what_changes_the_meaning_is_not_passed_over)
{
	AUTO_VALUE(kit_root) root = { 0 };

	kit_root(&root, "vpn-root", "P-256");
	for (enum trick trick = DELTA; trick < N_TRICKS; trick++) {
		AUTO(X509_CRL) crl = others(&root);
		AUTO_VALUE(buf) der = { 0 };
		struct crl_info info;
		struct seen s = { .stop_at = 0 };

		add_trick(crl, trick);
		sign(&der, crl, root.key);
		e = (struct err)ERR_INIT;
		assert_int_equal(read_all(&info, &s, &der, &root.cert), -1);
		assert_int_equal(e.status, ERR_INPUT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ours_says_what_was_put_in),
		cmocka_unit_test(reasons_and_odd_serials),
		cmocka_unit_test(by_another_root_or_changed),
		cmocka_unit_test(what_changes_the_meaning_is_not_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
