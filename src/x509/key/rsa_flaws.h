/* SPDX-License-Identifier: MIT */
/* rsa_flaws.h - finds public RSA keys whose private key anybody can compute. */
#ifndef X509_KEY_RSA_FLAWS_H
#define X509_KEY_RSA_FLAWS_H

#include <stdbool.h>

#include "util/bytes.h"
#include "util/err.h"

struct rsa_flaws {
	bool is_exponent_bad;        /* even, below 65537 or over 2^256 (NIST SP 800-56B rev. 2, 6.2) */
	bool is_roca;                /* CVE-2017-15361 */
	bool has_close_primes;       /* found by 100 rounds of Fermat's method */
	bool has_small_factor;       /* below 1000 */
};

/*
 * Big-endian numbers. A modulus over 16384 bits is not checked: OpenSSL verifies no signature by it. -1
 * (ERR_INTERNAL).
 */
int rsa_flaws_find(struct rsa_flaws *out, struct bytes modulus, struct bytes exponent, struct err *e) MUST_CHECK;

#endif
