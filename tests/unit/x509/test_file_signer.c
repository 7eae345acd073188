/* SPDX-License-Identifier: MIT */
/* test_file_signer.c - TBS, signature, certificate with each kind of key; and what must not pass. */
#include "tests/unit/unit.h"

#include "x509/key/file_signer.h"
#include "x509/ossl.h"
#include "tests/unit/x509/x509_kit.h"

AUTO_DEFINE(X509, X509_free);
AUTO_DEFINE(X509_REQ, X509_REQ_free);

static void sign_and_read_back(const char *kind, const char *template, int want_nid)
{
	AUTO_VALUE(kit_root) root = { 0 };
	AUTO_VALUE(buf) request = { 0 };
	AUTO(X509) cert = NULL;
	AUTO(X509_REQ) req = NULL;
	const unsigned char *p;

	kit_root(&root, template, kind);
	p = root.cert.data;
	cert = d2i_X509(NULL, &p, (long)root.cert.len);
	assert_non_null(cert);
	assert_ptr_equal(p, root.cert.data + root.cert.len);
	assert_int_equal(X509_verify(cert, root.key), 1);
	assert_int_equal(X509_get_signature_nid(cert), want_nid);
	assert_int_equal(X509_get_version(cert), X509_VERSION_3);
	kit_request(&request, "alice", root.key);
	p = request.data;
	req = d2i_X509_REQ(NULL, &p, (long)request.len);
	assert_non_null(req);
	assert_int_equal(X509_REQ_verify(req, root.key), 1);
	assert_int_equal(X509_REQ_get_signature_nid(req), want_nid);
}

TEST(every_kind_of_key)
{
	sign_and_read_back("rsa", "azure-root", NID_sha256WithRSAEncryption);
	sign_and_read_back("P-256", "vpn-root", NID_ecdsa_with_SHA256);
	sign_and_read_back("P-384", "vpn-root", NID_ecdsa_with_SHA384);
	sign_and_read_back("P-521", "vpn-root", NID_ecdsa_with_SHA512);
	sign_and_read_back("ED25519", "vpn-root", NID_ED25519);
}

TEST(p256_many_times) /* r and s change length, and end in zero bits */
{
	for (int i = 0; i < 50; i++)
		sign_and_read_back("P-256", "vpn-root", NID_ecdsa_with_SHA256);
}

TEST(a_clone_lives_on_its_own)
{
	AUTO(EVP_PKEY) key = kit_key("P-256");
	AUTO_VALUE(signer) s = { 0 };
	AUTO_VALUE(signer) other = { 0 };
	AUTO_VALUE(buf) sig = { 0 };
	const struct bytes message = { (const unsigned char *)"message", 7 };
	struct err e = ERR_INIT;

	file_signer_init(&s, key);
	assert_int_equal(s.clone(s.self, &other, &e), 0);
	signer_close(&s);
	assert_int_equal(signer_sign(&other, SIG_ECDSA_SHA256, message, &sig, &e), 0);
	assert_int_equal(sig_verify(key, SIG_ECDSA_SHA256, message, buf_bytes(&sig), &e), 0);
	assert_int_equal(sig_verify(key, SIG_ECDSA_SHA256, (struct bytes){ message.data, 6 }, buf_bytes(&sig), &e), -1);
	assert_int_equal(e.status, ERR_TOKEN);
}

static int lie(void *self, enum sig_alg alg, struct bytes message, struct buf *out, struct err *e)
{
	(void)self;
	(void)alg;
	(void)message;
	return buf_add(out, "not a signature", 15, e);
}

TEST(a_wrong_signature_never_gets_out)
{
	AUTO_VALUE(kit_root) root = { 0 };
	AUTO_VALUE(buf) subject = { 0 };
	AUTO_VALUE(buf) spki = { 0 };
	AUTO_VALUE(buf) tbs = { 0 };
	AUTO_VALUE(buf) der = { 0 };
	struct tbs_spec spec;
	struct signer liar;
	struct err e = ERR_INIT;

	kit_root(&root, "azure-root", "rsa");
	kit_spec(&spec, &root, "azure-client", "alice", root.key, &subject, &spki);
	assert_int_equal(tbs_build(&tbs, &spec, &e), 0);
	liar = (struct signer){ .public_key = root.key, .sign = lie };
	assert_int_equal(x509_sign_cert(buf_bytes(&tbs), &liar, &der, &e), -1);
	assert_int_equal(e.status, ERR_TOKEN);
	assert_int_equal(signer_sign(&liar, SIG_RSA_SHA256, buf_bytes(&tbs), &der, &e), -1);
	assert_int_equal(e.status, ERR_TOKEN);
	assert_int_equal(der.len, 0);
}

TEST(what_cannot_be_signed)
{
	AUTO_VALUE(kit_root) root = { 0 };
	AUTO_VALUE(signer) p384 = { 0 };
	AUTO_VALUE(signer) k256 = { 0 };
	AUTO(EVP_PKEY) key = kit_key("P-384");
	AUTO(EVP_PKEY) odd = kit_key("secp256k1");
	AUTO_VALUE(buf) subject = { 0 };
	AUTO_VALUE(buf) spki = { 0 };
	AUTO_VALUE(buf) tbs = { 0 };
	AUTO_VALUE(buf) der = { 0 };
	unsigned char *critical;
	struct tbs_spec spec;
	struct err e = ERR_INIT;

	kit_root(&root, "azure-root", "rsa");
	file_signer_init(&p384, key);
	file_signer_init(&k256, odd);
	kit_spec(&spec, &root, "azure-client", "alice", root.key, &subject, &spki);
	assert_int_equal(tbs_build(&tbs, &spec, &e), 0);
	assert_int_equal(x509_sign_cert(buf_bytes(&tbs), &p384, &der, &e), -1); /* the TBS says RSA */
	assert_int_equal(e.status, ERR_INPUT);
	assert_int_equal(x509_sign_cert(buf_bytes(&tbs), &k256, &der, &e), -1);
	assert_int_equal(e.status, ERR_POLICY);
	assert_int_equal(x509_sign_cert((struct bytes){ tbs.data, tbs.len - 1 }, &root.signer, &der, &e), -1);
	assert_int_equal(e.status, ERR_INPUT);
	/* critical: TRUE is 0xff in DER, and anything but 0 in BER */
	critical = memmem(tbs.data, tbs.len, "\x01\x01\xff", 3);
	assert_non_null(critical);
	critical[2] = 1;
	assert_int_equal(x509_sign_cert(buf_bytes(&tbs), &root.signer, &der, &e), -1);
	assert_int_equal(e.status, ERR_INPUT);
	critical[2] = 0xff;
	assert_int_equal(x509_sign_request(
			     (struct bytes){ (const unsigned char *)"p11ca key proof v1", 18 }, &root.signer, &der, &e),
	    -1);
	assert_int_equal(e.status, ERR_INPUT);
	assert_int_equal(der.len, 0);
	assert_int_equal(x509_sign_cert(buf_bytes(&tbs), &root.signer, &der, &e), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_key),
		cmocka_unit_test(p256_many_times),
		cmocka_unit_test(a_clone_lives_on_its_own),
		cmocka_unit_test(a_wrong_signature_never_gets_out),
		cmocka_unit_test(what_cannot_be_signed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
