/* SPDX-License-Identifier: MIT */
/* spki.h - what a SubjectPublicKeyInfo (RFC 5280, 4.1.2.7) says, without having OpenSSL decode the key. */
#ifndef X509_KEY_SPKI_H
#define X509_KEY_SPKI_H

#include <stdbool.h>

#include "model/key_spec.h"
#include "util/bytes.h"
#include "util/err.h"

struct spki_facts {
	struct key_spec key;         /* KEY_OTHER for what key_specs.def has no type or curve of; bits 0 = not known */
	char name[24];               /* "rsa:2048", "rsa:1024", "ec:secp256k1", "rsa-pss:2048", "dsaEncryption" */
	bool is_ec;                  /* id-ecPublicKey, whatever its curve */
	bool is_rsa_pss;             /* id-RSASSA-PSS as key type (RFC 4055) */
	bool is_ec_explicit;         /* curve by parameters (RFC 5480, 2.1.1 forbids it) */
	bool is_ec_point_bad;        /* the point at infinity, or not of the curve's length; not: whether it is on it */
	struct bytes modulus, exponent; /* RSA: big-endian, no leading zeros; borrowed */
	struct bytes key_bits;       /* the subjectPublicKey's bits (what RFC 5280, 4.2.1.2 hashes); borrowed */
};

/*
 * Reads every encoding of a key; whether it is the canonical one is for key_is_canonical().
 * -1 (ERR_INPUT, "key-encoding"): not a SubjectPublicKeyInfo, bytes after it, or no key.
 */
int spki_read(struct spki_facts *out, struct bytes spki, struct err *e) MUST_CHECK;

#endif
