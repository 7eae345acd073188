/* SPDX-License-Identifier: MIT */
/* alg.c - see alg.h. */
#include "x509/alg.h"

#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/rsa.h>
#include <string.h>

#include "x509/der.h"
#include "x509/ossl.h"
#include "util/array.h"

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

	for (size_t i = 0; i < ARRAY_LEN(strong); i++)
		if (strong[i] == nid)
			return true;
	return false;
}

/* RFC 4055, 3.1: the digest is a parameter; without it the digest is SHA-1. */
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

/* A hash or mask algorithm in PSS parameters; RFC 4055, 2.1 allows NULL or no parameters. */
static int digest_of(const X509_ALGOR *a)
{
	const int nid = a != NULL ? OBJ_obj2nid(a->algorithm) : NID_undef;

	if (a == NULL || (a->parameter != NULL && ASN1_TYPE_get(a->parameter) != V_ASN1_NULL))
		return NID_undef;
	return nid == NID_sha256 || nid == NID_sha384 || nid == NID_sha512 ? nid : NID_undef;
}

static int mgf1_digest_of(const X509_ALGOR *mgf)
{
	AUTO(X509_ALGOR) digest = NULL;

	if (mgf == NULL || OBJ_obj2nid(mgf->algorithm) != NID_mgf1)
		return NID_undef;
	digest = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(X509_ALGOR), mgf->parameter);
	return digest_of(digest);
}

static bool is_pss_standard(const X509_ALGOR *a)
{
	AUTO(RSA_PSS_PARAMS) pss = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(RSA_PSS_PARAMS), a->parameter);
	const int nid = pss != NULL ? digest_of(pss->hashAlgorithm) : NID_undef;

	/* DER omits a default trailer (X.690, 11.5), and RFC 4055 defines no other */
	return nid != NID_undef && mgf1_digest_of(pss->maskGenAlgorithm) == nid && pss->trailerField == NULL &&
	    pss->saltLength != NULL && ASN1_INTEGER_get(pss->saltLength) == EVP_MD_get_size(EVP_get_digestbynid(nid));
}

static const struct standard_row {
	int nid, parameters;
} standard_rows[] = {
	{ NID_sha256WithRSAEncryption, V_ASN1_NULL }, { NID_sha384WithRSAEncryption, V_ASN1_NULL },
	{ NID_sha512WithRSAEncryption, V_ASN1_NULL }, { NID_RSA_SHA3_256, V_ASN1_NULL },
	{ NID_RSA_SHA3_384, V_ASN1_NULL }, { NID_RSA_SHA3_512, V_ASN1_NULL },
	{ NID_ecdsa_with_SHA256, V_ASN1_UNDEF }, { NID_ecdsa_with_SHA384, V_ASN1_UNDEF },
	{ NID_ecdsa_with_SHA512, V_ASN1_UNDEF }, { NID_ecdsa_with_SHA3_256, V_ASN1_UNDEF },
	{ NID_ecdsa_with_SHA3_384, V_ASN1_UNDEF }, { NID_ecdsa_with_SHA3_512, V_ASN1_UNDEF },
	{ NID_ED25519, V_ASN1_UNDEF },
};

static bool are_parameters_standard(const X509_ALGOR *a)
{
	const int nid = OBJ_obj2nid(a->algorithm);

	if (nid == NID_rsassaPss)
		return is_pss_standard(a);
	for (size_t i = 0; i < ARRAY_LEN(standard_rows); i++)
		if (standard_rows[i].nid == nid)
			return (a->parameter != NULL ? ASN1_TYPE_get(a->parameter) : V_ASN1_UNDEF) ==
			    standard_rows[i].parameters;
	return false;
}

/* The decoded members encode to the same bytes again, so the encoding contains nothing else. */
static bool alg_is_encoded_again(const X509_ALGOR *a, struct bytes der)
{
	AUTO_VALUE(buf) again = { 0 };
	struct err ignored = ERR_INIT;

	return der_is_strict(der) && der_add_item(&again, a, ASN1_ITEM_rptr(X509_ALGOR), &ignored) == 0 &&
	    again.len == der.len && memcmp(again.data, der.data, der.len) == 0;
}

bool alg_is_standard(struct bytes alg)
{
	AUTO(X509_ALGOR) a = NULL;
	bool is_standard;

	(void)ERR_set_mark();
	a = der_to_item(alg, ASN1_ITEM_rptr(X509_ALGOR));
	is_standard = a != NULL && alg_is_encoded_again(a, alg) && are_parameters_standard(a);
	(void)ERR_pop_to_mark();
	return is_standard;
}

bool alg_is_pss_key(struct bytes alg)
{
	static const unsigned char none[] = { 0x30, 0x0b, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01,
		0x0a };

	return (alg.len == sizeof(none) && memcmp(alg.data, none, sizeof(none)) == 0) ||
	    (alg.len > sizeof(none) && alg_is_standard(alg) && memcmp(alg.data + 2, none + 2, sizeof(none) - 2) == 0);
}
