/* SPDX-License-Identifier: MIT */
/* alg.h - AlgorithmIdentifiers of signatures: writes those of p11ca, and judges those of others. */
#ifndef X509_ALG_H
#define X509_ALG_H

#include <openssl/evp.h>
#include <stdbool.h>

#include "model/sig_alg.h"
#include "util/bytes.h"
#include "util/err.h"

/* The digest of the algorithm; NULL: the algorithm signs the message itself (Ed25519). */
const EVP_MD *alg_digest(enum sig_alg alg);
/* Appends the DER AlgorithmIdentifier. */
int alg_encode(struct buf *out, enum sig_alg alg, struct err *e) MUST_CHECK;

/*
 * OpenSSL's long name of a DER AlgorithmIdentifier ("sha256WithRSAEncryption"), or its dotted OID; *is_weak: the
 * digest is not SHA-2 or SHA-3 with 256 bits or more (MD5 and SHA-1 have collisions), or the identifier is malformed.
 */
void alg_read(char *name, size_t size, bool *is_weak, struct bytes alg);
/*
 * The AlgorithmIdentifier of a signature is exactly as its RFC has it: RSA PKCS#1 v1.5 with NULL (RFC 4055, 5),
 * ECDSA and Ed25519 without parameters (RFC 5758, 3.2; RFC 8410, 3); RSASSA-PSS with a SHA-2 digest, MGF1 with the same
 * digest, and a salt as long as the digest (RFC 4055, 3.1).  False for anything else, MD5 and SHA-1 included.
 */
bool alg_is_standard(struct bytes alg);
/* The AlgorithmIdentifier of a key for RSASSA-PSS only: no parameters, or those of alg_is_standard(). */
bool alg_is_pss_key(struct bytes alg);

#endif
