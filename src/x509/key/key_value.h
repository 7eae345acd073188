/* SPDX-License-Identifier: MIT */
/*
 * key_value.h - identifies a public key by its value instead of by the bytes of one encoding.
 *
 * The same RSA modulus or elliptic curve point can be written in many SubjectPublicKeyInfo structures.  The value
 * hash is the same for all of them; the canonical encoding is the only one that p11ca accepts from outside.
 */
#ifndef X509_KEY_KEY_VALUE_H
#define X509_KEY_KEY_VALUE_H

#include <stdbool.h>

#include "util/bytes.h"
#include "util/err.h"
#include "util/hash.h"

/*
 * The SubjectPublicKeyInfo is DER throughout, also inside the BIT STRING, and the only encoding of its key:
 * rsaEncryption with NULL (RFC 4055, 1.2), id-RSASSA-PSS with no parameters or those of alg_is_pss_standard(),
 * id-ecPublicKey with a named curve and the uncompressed point (RFC 5480, 2), Ed25519 without parameters (RFC 8410, 3);
 * another key, as OpenSSL encodes it.
 */
bool key_is_canonical(struct bytes spki);

/*
 * SHA-256 of the text "rsa:" and the modulus, "ec:p256:" (the curve) and the uncompressed point, or "ed25519:" and the
 * 32 bytes, in lower-case hex without leading zeros of the modulus.  Encodings that are not canonical have the hash of
 * their key, too.  Of any other key, or of bytes that are no key: SHA-256 of "spki:" and the bytes in hex.
 * -1 (ERR_INTERNAL): out of memory.
 */
int key_value_sha256(char out[SHA256_HEX], struct bytes spki, struct err *e) MUST_CHECK;
/* The same for the key in a certificate or in a TBSCertificate. *out is "" if der is neither. */
int key_value_of_cert(char out[SHA256_HEX], struct bytes der, struct err *e) MUST_CHECK;

#endif
