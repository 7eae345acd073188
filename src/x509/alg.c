/* SPDX-License-Identifier: MIT */
/* alg.c - see alg.h. */
#include "x509/alg.h"

#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/rsa.h>

#include "x509/der.h"
#include "x509/ossl.h"

AUTO_DEFINE(RSA_PSS_PARAMS, RSA_PSS_PARAMS_free);

static const struct alg_row {
	int nid, parameters;         /* RFC 4055, 5: NULL for RSA; RFC 5758, 3.2 and RFC 8410, 3: absent */
	const EVP_MD *(*digest)(void);
} alg_rows[] = {
	[SIG_RSA_SHA256] = { NID_sha256WithRSAEncryption, V_ASN1_NULL, EVP_sha256 },
	[SIG_ECDSA_SHA256] = { NID_ecdsa_with_SHA256, V_ASN1_UNDEF, EVP_sha256 },
	[SIG_ECDSA_SHA384] = { NID_ecdsa_with_SHA384, V_ASN1_UNDEF, EVP_sha384 },
	[SIG_ECDSA_SHA512] = { NID_ecdsa_with_SHA512, V_ASN1_UNDEF, EVP_sha512 },
	[SIG_ED25519] = { NID_ED25519, V_ASN1_UNDEF, NULL },
};

const EVP_MD *alg_digest(enum sig_alg alg)
{
	return alg_rows[alg].digest != NULL ? alg_rows[alg].digest() : NULL;
}

int alg_encode(struct buf *out, enum sig_alg alg, struct err *e)
{
	AUTO(X509_ALGOR) a = X509_ALGOR_new();

	if (a == NULL ||
	    X509_ALGOR_set0(a, OBJ_nid2obj(alg_rows[alg].nid), alg_rows[alg].parameters, NULL) != 1)
		return ossl_fail(e, ERR_INTERNAL, "out of memory");
	return der_add_item(out, a, ASN1_ITEM_rptr(X509_ALGOR), e);
}

static bool is_strong_digest(int nid)
{
	static const int strong[] = { NID_sha256, NID_sha384, NID_sha512, NID_sha3_256, NID_sha3_384, NID_sha3_512 };

	for (size_t i = 0; i < sizeof(strong) / sizeof(strong[0]); i++)
		if (strong[i] == nid)
			return true;
	return false;
}

/* RFC 4055, 3.1: the digest is a parameter, and SHA-1 where none is given. */
static bool is_pss_weak(const X509_ALGOR *a)
{
	AUTO(RSA_PSS_PARAMS) pss = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(RSA_PSS_PARAMS), a->parameter);

	return pss == NULL || pss->hashAlgorithm == NULL ||
	    !is_strong_digest(OBJ_obj2nid(pss->hashAlgorithm->algorithm));
}

static bool is_weak_alg(const X509_ALGOR *a)
{
	int nid = OBJ_obj2nid(a->algorithm), digest;

	if (nid == NID_rsassaPss)
		return is_pss_weak(a);
	if (nid == NID_ED25519 || nid == NID_ED448)
		return false;
	return OBJ_find_sigid_algs(nid, &digest, NULL) != 1 || !is_strong_digest(digest);
}

void alg_read(char *name, size_t size, bool *is_weak, struct bytes alg)
{
	AUTO(X509_ALGOR) a = NULL;

	(void)ERR_set_mark();
	a = der_to_item(alg, ASN1_ITEM_rptr(X509_ALGOR));
	if (a == NULL || OBJ_obj2txt(name, (int)size, a->algorithm, 0) <= 0)
		(void)snprintf(name, size, "malformed");
	*is_weak = a == NULL || is_weak_alg(a);
	(void)ERR_pop_to_mark();
}
