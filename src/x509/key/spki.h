/* SPDX-License-Identifier: MIT */
/* spki.h - reads a SubjectPublicKeyInfo (RFC 5280, 4.1.2.7) without decoding the key by OpenSSL. */
#ifndef X509_KEY_SPKI_H
#define X509_KEY_SPKI_H

#include <stdbool.h>

#include "model/key_spec.h"
#include "util/bytes.h"
#include "util/err.h"

struct spki_facts {
	struct key_spec key;         /* KEY_OTHER if key_specs.def does not have the type or curve; bits 0 = unknown */
	char name[24];               /* "rsa:2048", "rsa:1024", "ec:secp256k1", "rsa-pss:2048", "dsaEncryption" */
	bool is_ec;                  /* id-ecPublicKey, any curve */
	bool is_rsa_pss;             /* id-RSASSA-PSS as key type (RFC 4055) */
	bool is_ec_explicit;         /* curve by parameters (forbidden by RFC 5480, 2.1.1) */
	bool is_ec_point_bad;        /* the point at infinity, or of a wrong length; not checked: on the curve */
	struct bytes modulus, exponent; /* RSA: big-endian, no leading zeros; borrowed */
	struct bytes key_bits;       /* the subjectPublicKey's bits (hashed in RFC 5280, 4.2.1.2); borrowed */
};

/*
 * Reads every encoding of a key; key_is_canonical() checks the encoding.
 * -1 (ERR_INPUT, "key-encoding"): not a SubjectPublicKeyInfo, bytes after it, or not a key.
 */
int spki_read(struct spki_facts *out, struct bytes spki, struct err *e) MUST_CHECK;

#endif
