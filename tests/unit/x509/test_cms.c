/* SPDX-License-Identifier: MIT */
/* test_cms.c - a message that OpenSSL verifies, signed with a key that it never sees. */
#include "tests/unit/unit.h"

#include <openssl/cms.h>

#include "x509/cms.h"
#include "x509/key/file_signer.h"
#include "x509/ossl.h"
#include "tests/unit/x509/x509_kit.h"

AUTO_DEFINE(CMS_ContentInfo, CMS_ContentInfo_free);
AUTO_DEFINE(X509, X509_free);
AUTO_DEFINE(X509_STORE, X509_STORE_free);

static const struct bytes content = { (const unsigned char *)"<plist>\r\n\0 \n</plist>", 21 };

struct fixture {
	struct kit_root root;
	struct buf cert, spki, other;
	EVP_PKEY *key, *public_key;
	struct signer signer;        /* public_key has no private half */
	struct bytes chain[1];
};

static void fixture(struct fixture *f, const char *kind)
{
	struct err e = ERR_INIT;

	memset(f, 0, sizeof(*f));
	kit_root(&f->root, "vpn-root", "P-256");
	f->key = kit_key(kind);
	kit_client(&f->cert, &f->root, "vpn-client", "signer", f->key);
	assert_int_equal(spki_encode(&f->spki, f->key, &e), 0);
	assert_int_equal(spki_parse(&f->public_key, buf_bytes(&f->spki), &e), 0);
	file_signer_init(&f->signer, f->key);
	f->signer.public_key = f->public_key;
	/* Not the root: the kit gives all certificates one serial, and CMS finds the signer by it. */
	kit_others(&f->other, &(struct kit_others){ .subject = "CN=Another" });
	f->chain[0] = buf_bytes(&f->other);
}

static void fixture_clear(struct fixture *f)
{
	signer_close(&f->signer);
	kit_root_clear(&f->root);
	EVP_PKEY_free(f->key);
	EVP_PKEY_free(f->public_key);
	buf_clear(&f->cert);
	buf_clear(&f->spki);
	buf_clear(&f->other);
}
AUTO_VALUE_DEFINE(fixture, fixture_clear);

/* With the root trusted and any purpose, at the time of the kit. */
static int verify(const struct buf *der, const struct fixture *f, struct buf *got)
{
	const unsigned char *p = der->data, *r = f->root.cert.data;
	AUTO(CMS_ContentInfo) cms = d2i_CMS_ContentInfo(NULL, &p, (long)der->len);
	AUTO(X509) root = d2i_X509(NULL, &r, (long)f->root.cert.len);
	AUTO(X509_STORE) store = X509_STORE_new();
	AUTO(BIO) out = BIO_new(BIO_s_mem());
	struct err e = ERR_INIT;
	char *at;
	long len;
	int result;

	assert_non_null(cms);
	assert_int_equal(X509_STORE_add_cert(store, root), 1);
	assert_int_equal(X509_STORE_set_purpose(store, X509_PURPOSE_ANY), 1);
	X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), KIT_NOW);
	result = CMS_verify(cms, NULL, store, NULL, out, CMS_BINARY);
	len = BIO_get_mem_data(out, &at);
	assert_int_equal(buf_add(got, at, (size_t)len, &e), 0);
	return result;
}

static void signs(const char *kind, int64_t at)
{
	AUTO_VALUE(fixture) f = { 0 };
	AUTO_VALUE(buf) der = { 0 };
	AUTO_VALUE(buf) got = { 0 };
	struct err e = ERR_INIT;

	fixture(&f, kind);
	if (x509_sign_cms(&der, &(struct cms_spec){ content, buf_bytes(&f.cert), f.chain, 1, at, &f.signer }, &e) < 0)
		fail_msg("%s: %s (%s)", kind, e.what, e.cause);
	assert_int_equal(verify(&der, &f, &got), 1);
	assert_int_equal(got.len, content.len);
	assert_memory_equal(got.data, content.data, got.len);
	assert_non_null(memmem(der.data, der.len, f.other.data, f.other.len));
	der.data[der.len - 5] ^= 1; /* of the signature */
	got.len = 0;
	assert_int_not_equal(verify(&der, &f, &got), 1);
}

TEST(every_kind_of_key)
{
	signs("rsa", KIT_NOW);
	signs("P-256", KIT_NOW);
	signs("P-384", 0);
	signs("P-521", KIT_NOW);
}

TEST(the_same_bytes_again)
{
	AUTO_VALUE(fixture) f = { 0 };
	AUTO_VALUE(buf) a = { 0 };
	AUTO_VALUE(buf) b = { 0 };
	struct err e = ERR_INIT;

	fixture(&f, "rsa");
	assert_int_equal(x509_sign_cms(&a,
	    &(struct cms_spec){ content, buf_bytes(&f.cert), f.chain, 1, KIT_NOW, &f.signer }, &e), 0);
	assert_int_equal(x509_sign_cms(&b,
	    &(struct cms_spec){ content, buf_bytes(&f.cert), f.chain, 1, KIT_NOW, &f.signer }, &e), 0);
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.data, b.data, a.len);
}

static void refused(const struct fixture *f, const struct buf *cert, const struct signer *s, const char *code)
{
	AUTO_VALUE(buf) der = { 0 };
	struct err e = ERR_INIT;

	(void)f;
	assert_int_equal(x509_sign_cms(&der,
	    &(struct cms_spec){ content, buf_bytes(cert), NULL, 0, 0, s }, &e), -1);
	assert_int_equal(e.status, ERR_POLICY);
	assert_string_equal(e.code, code);
	assert_int_equal(der.len, 0);
}

TEST(who_may_not_sign)
{
	AUTO_VALUE(fixture) f = { 0 };
	AUTO_VALUE(fixture) ed = { 0 };
	AUTO_VALUE(buf) der = { 0 };
	struct err e = ERR_INIT;

	fixture(&f, "P-256");
	fixture(&ed, "ED25519");
	refused(&f, &f.root.cert, &f.root.signer, "cms-signer"); /* a CA */
	refused(&f, &ed.cert, &f.signer, "cms-signer");          /* somebody else's */
	refused(&f, &ed.cert, &ed.signer, "cms-key");
	assert_int_equal(x509_sign_cms(&der,
	    &(struct cms_spec){ content, content, NULL, 0, 0, &f.signer }, &e), -1);
	assert_int_equal(e.status, ERR_INPUT);
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
	AUTO_VALUE(fixture) f = { 0 };
	AUTO_VALUE(buf) der = { 0 };
	struct signer liar;
	struct err e = ERR_INIT;

	fixture(&f, "P-256");
	liar = (struct signer){ .public_key = f.public_key, .sign = lie };
	assert_int_equal(x509_sign_cms(&der,
	    &(struct cms_spec){ content, buf_bytes(&f.cert), NULL, 0, 0, &liar }, &e), -1);
	assert_int_equal(e.status, ERR_TOKEN);
	assert_int_equal(der.len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_key),
		cmocka_unit_test(the_same_bytes_again),
		cmocka_unit_test(who_may_not_sign),
		cmocka_unit_test(a_wrong_signature_never_gets_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
