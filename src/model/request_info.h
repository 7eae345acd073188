/* SPDX-License-Identifier: MIT */
/* request_info.h - what a PKCS#10 request (RFC 2986) says, as plain facts for the gate.  Text is untrusted. */
#ifndef MODEL_REQUEST_INFO_H
#define MODEL_REQUEST_INFO_H

#include <stdbool.h>

#include "model/cert_info.h"
#include "model/key_spec.h"
#include "util/bytes.h"

#define REQUEST_ASKED_MAX 16

struct request_info {
	struct bytes der;            /* borrowed */
	char subject[512];           /* RFC 4514, UTF-8 */
	char cn[256];                /* the first commonName, "" = none: asked for, never granted by itself */
	unsigned n_cn;
	bool is_subject_text_bad;    /* NUL, control or bidi characters, or a string type that is no text */
	struct key_spec key;
	char key_name[24];
	bool is_exponent_bad;        /* RSA: even, 1, or over 2^256; NIST SP 800-56B: 65537 … 2^256 */
	bool is_roca;                /* CVE-2017-15361 */
	bool has_close_primes;       /* Fermat's method finds the factors */
	bool has_small_factor;
	bool is_ec_explicit;         /* curve by parameters instead of a name (RFC 5480, 2.1.1) */
	bool is_rsa_pss;             /* id-RSASSA-PSS as key type */
	bool is_point_bad;           /* EC: not on the curve */
	char sig_alg[48];
	bool is_sig_weak;            /* MD5, SHA-1 */
	bool is_signature_good;      /* proof of possession */
	bool is_der_strict;          /* encodes again to the same bytes */
	char asked[REQUEST_ASKED_MAX][64]; /* extensions asked for, names or dotted OIDs: none is granted */
	unsigned n_asked;
	char ignored[REQUEST_ASKED_MAX][64]; /* other attributes (Microsoft's, challengePassword) */
	unsigned n_ignored;
	char spki_sha256[SHA256_HEX];
	char sha256[SHA256_HEX];     /* of the whole request */
	struct buf spki;             /* DER of the SubjectPublicKeyInfo; owned, see request_clear() */
};

#endif
