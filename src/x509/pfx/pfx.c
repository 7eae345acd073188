/* SPDX-License-Identifier: MIT */
/* pfx.c - see pfx.h. */
#include "x509/pfx/pfx.h"

#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <string.h>

#include "x509/cert.h"
#include "x509/der.h"
#include "x509/key/file_signer.h"
#include "x509/ossl.h"
#include "x509/pfx/pfx_inspect.h"

/*
 * .NET refuses a PKCS#12 of more than 600,000 iterations in total when a program opens it without a password prompt
 * (KB5025823); p11ca's files have three derivations: key, certificates, MAC.
 */
#define ITERATIONS 100000
#define CHAIN_MAX 8

AUTO_DEFINE(PKCS12, PKCS12_free);
AUTO_DEFINE(X509, X509_free);
typedef STACK_OF(X509) x509_stack;
static inline void stack_free(x509_stack *s)
{
	sk_X509_pop_free(s, X509_free);
}
AUTO_DEFINE(x509_stack, stack_free);

static const struct compat_row {
	int pbe;                     /* encryption of key and certificates */
	const EVP_MD *(*mac)(void);
} compat_rows[] = {
	[PFX_MODERN] = { NID_aes_256_cbc, EVP_sha256 },
	[PFX_LEGACY] = { NID_pbe_WithSHA1And3_Key_TripleDES_CBC, EVP_sha1 },
};

static int pfx_iterations(const struct pfx *p)
{
	return p->iterations > 0 ? (int)p->iterations : ITERATIONS;
}

static X509 *pfx_parse_cert(struct bytes der)
{
	return der_to_item(der, ASN1_ITEM_rptr(X509));
}

static int pfx_check_key(const struct pfx *p, struct err *e)
{
	AUTO(X509) cert = pfx_parse_cert(p->cert);

	if (cert == NULL)
		return ossl_fail(e, ERR_INPUT, "not a certificate");
	if (EVP_PKEY_eq(X509_get0_pubkey(cert), p->key) != 1) {
		(void)ossl_fail(e, ERR_POLICY, "the certificate is not for this key");
		return err_rule(e, "pfx-key", "give the certificate that was issued for this key");
	}
	return 0;
}

static int chain_fail(struct err *e, const char *what)
{
	(void)err_set(e, ERR_POLICY, "%s", what);
	return err_rule(e, "pfx-chain", "give every issuer, from the client's to the self-signed root, in order");
}

static int pfx_check_chain(const struct pfx *p, struct err *e)
{
	struct cert_info top;
	struct bytes at = p->cert;
	struct err why = ERR_INIT;

	if (p->n_chain > CHAIN_MAX)
		return chain_fail(e, "the chain has too many certificates");
	for (size_t i = 0; i < p->n_chain; at = p->chain[i++])
		if (cert_verify(at, p->chain[i], 0, &why) < 0) {
			(void)chain_fail(e, "a certificate of the chain did not issue the one before it");
			return err_cause(e, "%s", why.what);
		}
	if (p->n_chain == 0)
		return 0;
	if (cert_read(&top, at, e) < 0)
		return -1;
	return top.is_self_signed ? 0 : chain_fail(e, "the chain does not end with a self-signed root");
}

static int pfx_encode(struct buf *out, const struct pfx *p, struct err *e)
{
	const struct compat_row *c = &compat_rows[p->compat];
	const char *password = (const char *)p->password->data;
	AUTO(X509) cert = pfx_parse_cert(p->cert);
	AUTO(x509_stack) chain = sk_X509_new_null();
	AUTO(PKCS12) p12 = NULL;

	for (size_t i = 0; chain != NULL && i < p->n_chain; i++) {
		X509 *issuer = pfx_parse_cert(p->chain[i]);

		if (issuer == NULL || sk_X509_push(chain, issuer) <= 0) {
			X509_free(issuer);
			return ossl_fail(e, ERR_INPUT, "not a certificate");
		}
	}
	if (cert != NULL && chain != NULL) /* mac_iter -1: no MAC yet, because this call would use SHA-256 always */
		p12 = PKCS12_create(password, p->name, p->key, cert, chain, c->pbe, c->pbe, pfx_iterations(p), -1, 0);
	if (p12 == NULL || PKCS12_set_mac(p12, password, -1, NULL, 0, pfx_iterations(p), c->mac()) != 1)
		return ossl_fail(e, ERR_INTERNAL, "cannot write the PFX");
	return der_add_item(out, p12, ASN1_ITEM_rptr(PKCS12), e);
}

static bool is_same_cert(const X509 *got, struct bytes want)
{
	AUTO_VALUE(buf) der = { 0 };
	struct err e = ERR_INIT;

	return der_add_item(&der, got, ASN1_ITEM_rptr(X509), &e) == 0 && der.len == want.len &&
	    memcmp(der.data, want.data, want.len) == 0;
}

/* A signature proves that the private half is the given key. */
static int check_private(EVP_PKEY *got, const struct pfx *p, struct err *e)
{
	static const unsigned char message[] = "p11ca pfx";
	const struct bytes m = { message, sizeof(message) - 1 };
	AUTO_VALUE(signer) s = { 0 };
	AUTO_VALUE(buf) sig = { 0 };
	enum sig_alg alg;

	file_signer_init(&s, got);
	if (sig_alg_for(&alg, p->key, e) < 0 || s.sign(s.self, alg, m, &sig, e) < 0)
		return -1;
	return sig_verify(p->key, alg, m, buf_bytes(&sig), e);
}

/* RFC 7292 leaves readers much freedom, so the written file is opened again as other programs do. */
static int pfx_read_back(struct bytes der, const struct pfx *p, struct err *e)
{
	const char *password = (const char *)p->password->data;
	AUTO(PKCS12) p12 = der_to_item(der, ASN1_ITEM_rptr(PKCS12));
	AUTO(EVP_PKEY) key = NULL;
	AUTO(X509) cert = NULL;
	AUTO(x509_stack) chain = NULL;
	bool is_same;

	if (p12 == NULL || PKCS12_parse(p12, password, &key, &cert, &chain) != 1 || key == NULL || cert == NULL)
		return ossl_fail(e, ERR_INTERNAL, "the PFX that was written does not open");
	is_same = is_same_cert(cert, p->cert) && (size_t)(chain == NULL ? 0 : sk_X509_num(chain)) == p->n_chain;
	for (size_t i = 0; is_same && i < p->n_chain; i++)
		is_same = is_same_cert(sk_X509_value(chain, (int)i), p->chain[i]);
	if (!is_same)
		return err_set(e, ERR_INTERNAL, "the written PFX contains other certificates");
	return check_private(key, p, e);
}

int pfx_write(struct buf *out, const struct pfx *p, struct err *e)
{
	AUTO_VALUE(buf) der = { 0 };

	if (pfx_check_password(p->password, e) < 0 || pfx_check_key(p, e) < 0 || pfx_check_chain(p, e) < 0 ||
	    pfx_encode(&der, p, e) < 0 || pfx_read_back(buf_bytes(&der), p, e) < 0)
		return err_while(e, "writing a PFX");
	return buf_add(out, der.data, der.len, e);
}
