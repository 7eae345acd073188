/* SPDX-License-Identifier: MIT */
/* public_key_info.h - the properties of a public key, as plain data for the rules that every key must pass. */
#ifndef MODEL_PUBLIC_KEY_INFO_H
#define MODEL_PUBLIC_KEY_INFO_H

#include <stdbool.h>

#include "model/key_spec.h"
#include "util/hash.h"

struct public_key_info {
	struct key_spec spec;
	char name[24];               /* "rsa:2048", or "rsa:1024", "ec:secp256k1", … */
	bool is_encoding_bad;        /* the SubjectPublicKeyInfo is not the canonical encoding of its key */
	bool is_exponent_bad;        /* RSA: even, 1, or over 2^256; NIST SP 800-56B: 65537 … 2^256 */
	bool is_roca;                /* ROCA, CVE-2017-15361 */
	bool has_close_primes;       /* Fermat's method finds the prime factors */
	bool has_small_factor;
	bool is_ec_explicit;         /* curve given by parameters instead of a name (RFC 5480, 2.1.1) */
	bool is_rsa_pss;             /* key type id-RSASSA-PSS */
	bool is_point_bad;           /* EC: the point is not on the curve */
	char spki_sha256[SHA256_HEX]; /* of one encoding of the key */
	char key_sha256[SHA256_HEX]; /* of the key's value; independent of the encoding: x509/key/key_value.h */
};

#endif
