/* SPDX-License-Identifier: MIT */
/* x509_kit.c - see x509_kit.h. */
#include "tests/unit/x509/x509_kit.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "tests/unit/unit.h"
#include "util/file.h"
#include "x509/key/file_signer.h"
#include "x509/name.h"
#include "x509/ossl.h"
#include "x509/templates.h"

AUTO_DEFINE(X509, X509_free);

int64_t kit_now = KIT_NOW;

static const unsigned char serial[16] = { 0x4f, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };

EVP_PKEY *kit_test_key(const char *name)
{
	AUTO_VALUE(buf) pem = { 0 };
	char path[64];
	BIO *bio;
	EVP_PKEY *key;

	(void)snprintf(path, sizeof(path), "keys/%s.pem", name);
	kit_data(&pem, path);
	bio = BIO_new_mem_buf(pem.data, (int)pem.len);
	key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
	BIO_free(bio);
	assert_non_null(key);
	return key;
}

EVP_PKEY *kit_rsa(void)
{
	static EVP_PKEY *key;

	if (key == NULL)
		key = kit_test_key("test-rsa-2048");
	return key;
}

EVP_PKEY *kit_key(const char *kind)
{
	EVP_PKEY *key;

	if (strcmp(kind, "rsa") == 0) {
		key = kit_rsa();
		assert_int_equal(EVP_PKEY_up_ref(key), 1);
	} else if (strcmp(kind, "ED25519") == 0) {
		key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	} else {
		key = EVP_EC_gen(kind);
	}
	assert_non_null(key);
	return key;
}

static const struct cert_template *find(const char *template)
{
	const struct cert_template *t = NULL;
	struct err e = ERR_INIT;

	assert_int_equal(template_find(&t, template, &e), 0);
	return t;
}

void kit_root(struct kit_root *out, const char *template, const char *key_kind)
{
	AUTO_VALUE(buf) tbs = { 0 };
	struct tbs_spec spec = { .template = find(template), .serial = { serial, sizeof(serial) },
		.not_before = kit_now - 300, .not_after = kit_now + 3650 * INT64_C(86400) };
	struct err e = ERR_INIT;

	*out = (struct kit_root){ .key = kit_key(key_kind) };
	file_signer_init(&out->signer, out->key);
	assert_int_equal(sig_alg_for(&spec.alg, out->key, &e), 0);
	assert_int_equal(name_parse(&out->subject, "CN=Contoso P2S Root,O=Contoso", &e), 0);
	assert_int_equal(spki_encode(&out->spki, out->key, &e), 0);
	spec.subject = buf_bytes(&out->subject);
	spec.spki = buf_bytes(&out->spki);
	if (tbs_build(&tbs, &spec, &e) < 0 || x509_sign_cert(buf_bytes(&tbs), &out->signer, &out->cert, &e) < 0)
		fail_msg("root: %s (%s)", e.what, e.cause);
}

void kit_root_clear(struct kit_root *r)
{
	signer_close(&r->signer);
	EVP_PKEY_free(r->key);
	buf_clear(&r->subject);
	buf_clear(&r->spki);
	buf_clear(&r->cert);
}

void kit_spec(struct tbs_spec *out, const struct kit_root *root, const char *template, const char *cn,
    const EVP_PKEY *key, struct buf *subject, struct buf *spki)
{
	struct err e = ERR_INIT;

	*out = (struct tbs_spec){ .template = find(template), .cn = cn, .issuer_cert = buf_bytes(&root->cert),
		.serial = { serial, sizeof(serial) }, .not_before = kit_now - 300,
		.not_after = kit_now + 365 * INT64_C(86400) };
	assert_int_equal(sig_alg_for(&out->alg, root->key, &e), 0);
	assert_int_equal(name_from_cn(subject, cn, false, &e), 0);
	assert_int_equal(spki_encode(spki, key, &e), 0);
	out->subject = buf_bytes(subject);
	out->spki = buf_bytes(spki);
}

void kit_client(struct buf *der, const struct kit_root *root, const char *template, const char *cn, EVP_PKEY *key)
{
	AUTO_VALUE(buf) subject = { 0 };
	AUTO_VALUE(buf) spki = { 0 };
	AUTO_VALUE(buf) tbs = { 0 };
	struct tbs_spec spec;
	struct err e = ERR_INIT;

	kit_spec(&spec, root, template, cn, key, &subject, &spki);
	if (tbs_build(&tbs, &spec, &e) < 0 || x509_sign_cert(buf_bytes(&tbs), &root->signer, der, &e) < 0)
		fail_msg("client: %s (%s)", e.what, e.cause);
}

void kit_request(struct buf *der, const char *cn, EVP_PKEY *key)
{
	AUTO_VALUE(buf) subject = { 0 };
	AUTO_VALUE(buf) spki = { 0 };
	AUTO_VALUE(buf) tbs = { 0 };
	AUTO_VALUE(signer) s = { 0 };
	struct err e = ERR_INIT;

	file_signer_init(&s, key);
	assert_int_equal(name_from_cn(&subject, cn, false, &e), 0);
	assert_int_equal(spki_encode(&spki, key, &e), 0);
	assert_int_equal(tbs_build_request(&tbs, buf_bytes(&subject), buf_bytes(&spki), &e), 0);
	if (x509_sign_request(buf_bytes(&tbs), &s, der, &e) < 0)
		fail_msg("request: %s (%s)", e.what, e.cause);
}

static void add_ext(X509 *cert, X509 *issuer, const struct kit_ext *x)
{
	AUTO(X509_EXTENSION) ext = NULL;
	X509V3_CTX ctx;

	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	X509V3_set_ctx_nodb(&ctx);
	ext = X509V3_EXT_conf(NULL, &ctx, x->name, x->value);
	if (ext == NULL || X509_add_ext(cert, ext, -1) != 1)
		fail_msg("extension %s", x->name);
}

static void set_dates(X509 *cert, const struct kit_others *o)
{
	int64_t from = o->not_before != 0 ? o->not_before : KIT_NOW;

	assert_non_null(ASN1_TIME_set(X509_getm_notBefore(cert), from));
	assert_non_null(ASN1_TIME_set(X509_getm_notAfter(cert), o->not_after != 0 ? o->not_after : from + 365 * 86400));
}

static void set_names(X509 *cert, X509 *issuer, const char *subject)
{
	AUTO_VALUE(buf) der = { 0 };
	AUTO(X509_NAME) name = X509_NAME_new();
	struct err e = ERR_INIT;

	if (subject[0] != '\0') {
		const unsigned char *p;

		assert_int_equal(name_parse(&der, subject, &e), 0);
		p = der.data;
		assert_non_null(d2i_X509_NAME(&name, &p, (long)der.len));
	}
	assert_int_equal(X509_set_subject_name(cert, name), 1);
	assert_int_equal(X509_set_issuer_name(cert, issuer != cert ? X509_get_subject_name(issuer) : name), 1);
}

void kit_others(struct buf *der, const struct kit_others *o)
{
	AUTO(X509) cert = X509_new();
	AUTO(X509) other = NULL;
	EVP_PKEY *key = o->key != NULL ? o->key : kit_rsa();
	X509 *issuer = cert;
	unsigned char *at = NULL;
	struct err e = ERR_INIT;
	int len;

	if (o->issuer != NULL) {
		const unsigned char *p = o->issuer->data;

		issuer = other = d2i_X509(NULL, &p, (long)o->issuer->len);
	}
	assert_non_null(issuer);
	assert_int_equal(X509_set_version(cert, o->exts != NULL ? X509_VERSION_3 : X509_VERSION_1), 1);
	assert_int_equal(ASN1_INTEGER_set(X509_get_serialNumber(cert), o->serial != 0 ? o->serial : 7), 1);
	assert_int_equal(X509_set_pubkey(cert, key), 1);
	set_dates(cert, o);
	set_names(cert, issuer, o->subject);
	for (const struct kit_ext *x = o->exts; x != NULL && x->name != NULL; x++)
		add_ext(cert, issuer, x);
	assert_true(X509_sign(cert, o->issuer_key != NULL ? o->issuer_key : kit_rsa(),
			o->md != NULL ? o->md : EVP_sha256()) > 0);
	len = i2d_X509(cert, &at);
	assert_int_equal(buf_add(der, at, (size_t)len, &e), 0);
	OPENSSL_free(at);
}

void kit_data(struct buf *out, const char *name)
{
	const char *folder = getenv("srcdir");
	struct err e = ERR_INIT;
	char path[512];

	(void)snprintf(path, sizeof(path), "%s/tests/data/%s", folder != NULL ? folder : ".", name);
	if (file_read(out, path, 1 << 20, &e) < 0)
		fail_msg("%s: %s", e.what, e.cause);
}
