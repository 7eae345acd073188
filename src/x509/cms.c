/* SPDX-License-Identifier: MIT */
/* cms.c - see cms.h. */
#include "x509/cms.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <string.h>

#include "util/array.h"
#include "x509/alg.h"
#include "x509/der.h"
#include "x509/ossl.h"

AUTO_DEFINE(CMS_ContentInfo, CMS_ContentInfo_free);
AUTO_DEFINE(X509, X509_free);

static X509 *cms_parse_cert(struct bytes der)
{
	return der_to_item(der, ASN1_ITEM_rptr(X509));
}

static int cms_refuse(struct err *e, const char *code, const char *what)
{
	(void)ossl_fail(e, ERR_POLICY, "%s", what);
	return err_rule(e, code, "sign with an RSA or ECDSA key whose certificate has digitalSignature and is not a "
	    "CA certificate");
}

static int cms_check_signer(X509 *cert, const struct signer *s, enum sig_alg alg, struct err *e)
{
	uint32_t usage = X509_get_key_usage(cert); /* all bits are set without the extension */

	if (alg_digest(alg) == NULL)
		return cms_refuse(e, "cms-key", "CMS cannot be signed with this kind of key");
	if (EVP_PKEY_eq(X509_get0_pubkey(cert), s->public_key) != 1)
		return cms_refuse(e, "cms-signer", "the certificate is not for the key that signs");
	if ((X509_get_extension_flags(cert) & EXFLAG_CA) != 0 ||
	    (usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) == 0)
		return cms_refuse(e, "cms-signer", "the certificate may not sign documents");
	return 0;
}

static bool set_content(CMS_ContentInfo *cms, struct bytes content)
{
	ASN1_OCTET_STRING **place = CMS_get0_content(cms);
	AUTO(ASN1_OCTET_STRING) all = ASN1_OCTET_STRING_new();

	if (place == NULL || all == NULL || ASN1_OCTET_STRING_set(all, content.data, (int)content.len) != 1)
		return false;
	ASN1_OCTET_STRING_free(*place); /* an existing one is marked for streaming */
	*place = STEAL(all);
	return true;
}

static bool add_chain(CMS_ContentInfo *cms, const struct bytes chain[], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		AUTO(X509) cert = cms_parse_cert(chain[i]);

		if (cert == NULL || CMS_add1_cert(cms, cert) != 1)
			return false;
	}
	return true;
}

/* RFC 5652, 11.1 to 11.3. */
static bool add_attributes(CMS_SignerInfo *si, struct bytes content, const EVP_MD *md, int64_t at)
{
	const ASN1_OBJECT *data = OBJ_nid2obj(NID_pkcs7_data);
	AUTO(ASN1_TIME) when = at != 0 ? ASN1_TIME_set(NULL, (time_t)at) : NULL;
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len;

	return EVP_Digest(content.data, content.len, digest, &len, md, NULL) == 1 &&
	    CMS_signed_add1_attr_by_NID(si, NID_pkcs9_contentType, V_ASN1_OBJECT, data, -1) == 1 &&
	    CMS_signed_add1_attr_by_NID(si, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING, digest, (int)len) == 1 &&
	    (at == 0 ||
		(when != NULL && CMS_signed_add1_attr_by_NID(si, NID_pkcs9_signingTime, when->type, when, -1) == 1));
}

/*
 * The signed attributes as in the message. They are taken from the encoding instead of encoded here, because a SET is
 * sorted, and exactly these bytes are signed.
 */
static bool find_attributes(struct bytes cms, struct der_item *out)
{
	/* RFC 5652, 3 and 5.1 to 5.3: the items up to the attributes; some are entered, the others passed over. */
	static const struct {
		enum der_tag tag;
		bool is_entered;
	} path[] = {
		{ DER_SEQUENCE, true },      /* ContentInfo */
		{ DER_OID, false },
		{ DER_CONTEXT_0, true }, { DER_SEQUENCE, true }, /* SignedData */
		{ DER_INTEGER, false },
		{ DER_SET, false },          /* digestAlgorithms */
		{ DER_SEQUENCE, false },     /* encapContentInfo */
		{ DER_CONTEXT_0, false },    /* certificates */
		{ DER_SET, true }, { DER_SEQUENCE, true }, /* the first SignerInfo */
		{ DER_INTEGER, false },
		{ DER_SEQUENCE, false },     /* sid */
		{ DER_SEQUENCE, false },     /* digestAlgorithm */
		{ DER_CONTEXT_0, false },    /* signedAttrs */
	};

	for (size_t i = 0; i < ARRAY_LEN(path); i++) {
		if (!der_take(&cms, path[i].tag, out))
			return false;
		if (path[i].is_entered)
			cms = out->body;
	}
	return true;
}

/* RFC 5652, 5.4: the attributes are signed as a SET OF, not with the [0] of the message. */
static int sign_attributes(CMS_ContentInfo *cms, CMS_SignerInfo *si, enum sig_alg alg, const struct signer *s,
    struct err *e)
{
	AUTO_VALUE(buf) draft = { 0 };
	AUTO_VALUE(buf) attributes = { 0 };
	AUTO_VALUE(buf) sig = { 0 };
	struct der_item found;

	if (der_add_item(&draft, cms, ASN1_ITEM_rptr(CMS_ContentInfo), e) < 0)
		return -1;
	if (!find_attributes(buf_bytes(&draft), &found))
		return err_set(e, ERR_INTERNAL, "the CMS message does not read back");
	if (der_add(&attributes, DER_SET, found.body, e) < 0 ||
	    signer_sign(s, alg, buf_bytes(&attributes), &sig, e) < 0)
		return -1;
	if (ASN1_STRING_set(CMS_SignerInfo_get0_signature(si), sig.data, (int)sig.len) != 1)
		return ossl_fail(e, ERR_INTERNAL, "out of memory");
	return 0;
}

/* Verifies the signature only; the caller decides whether to trust the signer. */
static bool cms_is_signature_right(CMS_ContentInfo *cms, BIO *content)
{
	return CMS_verify(cms, NULL, NULL, NULL, content, CMS_NO_SIGNER_CERT_VERIFY | CMS_BINARY) == 1;
}

static struct bytes cms_bytes_of(BIO *bio)
{
	char *at;
	long len = BIO_get_mem_data(bio, &at);

	return (struct bytes){ (const unsigned char *)at, len > 0 ? (size_t)len : 0 };
}

static int cms_read_back(struct bytes der, struct bytes content, struct err *e)
{
	AUTO(CMS_ContentInfo) cms = der_to_item(der, ASN1_ITEM_rptr(CMS_ContentInfo));
	AUTO(BIO) out = BIO_new(BIO_s_mem());
	struct bytes got;

	if (cms == NULL || out == NULL || !cms_is_signature_right(cms, out))
		return ossl_fail(e, ERR_INTERNAL, "the CMS message that was written does not verify");
	got = cms_bytes_of(out);
	if (got.len != content.len || (got.len > 0 && memcmp(got.data, content.data, content.len) != 0))
		return err_set(e, ERR_INTERNAL, "the written CMS message has different content");
	return 0;
}

/* Call after CMS_verify(), which finds the signers. */
static int add_signer(struct buf *out, CMS_ContentInfo *cms, struct err *e)
{
	STACK_OF(X509) *signers = CMS_get0_signers(cms);
	X509 *cert = sk_X509_num(signers) == 1 ? sk_X509_value(signers, 0) : NULL;
	int result = cert == NULL ? err_set(e, ERR_INPUT, "the CMS message does not have exactly one signer")
				  : der_add_item(out, cert, ASN1_ITEM_rptr(X509), e);

	sk_X509_free(signers);
	return result;
}

int x509_read_cms(struct buf *content, struct buf *cert, struct bytes der, struct err *e)
{
	AUTO(CMS_ContentInfo) cms = der_to_item(der, ASN1_ITEM_rptr(CMS_ContentInfo));
	AUTO(BIO) out = BIO_new(BIO_s_mem());
	struct bytes got;

	if (cms == NULL || OBJ_obj2nid(CMS_get0_type(cms)) != NID_pkcs7_signed || CMS_is_detached(cms) != 0)
		return ossl_fail(e, ERR_INPUT, "not a signed CMS message with its content");
	if (out == NULL)
		return err_oom(e);
	if (!cms_is_signature_right(cms, out)) {
		(void)ossl_fail(e, ERR_POLICY, "the signature of the CMS message does not verify");
		return err_rule(e, "cms-signature",
		    "the file was changed after it was signed: get another copy");
	}
	got = cms_bytes_of(out);
	return add_signer(cert, cms, e) < 0 ? -1 : buf_add(content, got.data, got.len, e);
}

bool x509_is_cms(struct bytes der)
{
	/* 1.2.840.113549.1.7.2 */
	static const unsigned char signed_data[] = { 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02 };
	struct der_item all;

	return der_take(&der, DER_SEQUENCE, &all) && all.body.len >= sizeof(signed_data) &&
	    memcmp(all.body.data, signed_data, sizeof(signed_data)) == 0;
}

static void free_certs(STACK_OF(X509) **certs)
{
	sk_X509_pop_free(*certs, X509_free);
}

int x509_cms_certs(struct bytes der, int (*fn)(struct bytes der, void *arg, struct err *e), void *arg, struct err *e)
{
	AUTO(CMS_ContentInfo) cms = der_to_item(der, ASN1_ITEM_rptr(CMS_ContentInfo));
	__attribute__((__cleanup__(free_certs))) STACK_OF(X509) *certs = NULL;

	if (cms == NULL || OBJ_obj2nid(CMS_get0_type(cms)) != NID_pkcs7_signed)
		return ossl_fail(e, ERR_INPUT, "not a PKCS#7 message with certificates");
	certs = CMS_get1_certs(cms);
	if (certs == NULL || sk_X509_num(certs) == 0)
		return ossl_fail(e, ERR_INPUT, "the PKCS#7 message has no certificates");
	for (int i = 0; i < sk_X509_num(certs); i++) {
		AUTO_VALUE(buf) one = { 0 };

		if (der_add_item(&one, sk_X509_value(certs, i), ASN1_ITEM_rptr(X509), e) < 0 ||
		    fn(buf_bytes(&one), arg, e) < 0)
			return -1;
	}
	return 0;
}

static int cms_build(struct buf *out, const struct cms_spec *spec, X509 *cert, enum sig_alg alg, struct err *e)
{
	const EVP_MD *digest = alg_digest(alg);
	AUTO(CMS_ContentInfo) cms = CMS_sign(NULL, NULL, NULL, NULL, CMS_PARTIAL | CMS_BINARY);
	CMS_SignerInfo *si = cms == NULL ? NULL
					 : CMS_add1_signer(cms, cert, spec->signer->public_key, digest,
					       CMS_PARTIAL | CMS_BINARY | CMS_NOSMIMECAP);

	if (si == NULL || !add_chain(cms, spec->chain, spec->n_chain) || !set_content(cms, spec->content) ||
	    !add_attributes(si, spec->content, digest, spec->time))
		return ossl_fail(e, ERR_INTERNAL, "cannot build a CMS message");
	if (sign_attributes(cms, si, alg, spec->signer, e) < 0)
		return -1;
	return der_add_item(out, cms, ASN1_ITEM_rptr(CMS_ContentInfo), e);
}

int x509_sign_cms(struct buf *der, const struct cms_spec *spec, struct err *e)
{
	AUTO_VALUE(buf) built = { 0 };
	AUTO(X509) cert = cms_parse_cert(spec->cert);
	enum sig_alg alg;

	if (spec->content.len > INT32_MAX / 2)
		return err_set(e, ERR_INPUT, "too long for a CMS message");
	if (cert == NULL)
		return ossl_fail(e, ERR_INPUT, "not a certificate");
	if (sig_alg_for(&alg, spec->signer->public_key, e) < 0 || cms_check_signer(cert, spec->signer, alg, e) < 0 ||
	    cms_build(&built, spec, cert, alg, e) < 0 || cms_read_back(buf_bytes(&built), spec->content, e) < 0)
		return err_while(e, "signing a CMS message");
	return buf_add(der, built.data, built.len, e);
}
