/* SPDX-License-Identifier: MIT */
/*
 * request_info.h - the content of a PKCS#10 request (RFC 2986), as plain data for the request checks. Text is
 * untrusted.
 */
#ifndef MODEL_REQUEST_INFO_H
#define MODEL_REQUEST_INFO_H

#include <stdbool.h>

#include "model/cert_info.h"
#include "model/public_key_info.h"
#include "util/bytes.h"

#define REQUEST_ASKED_MAX 16

struct request_info {
	struct bytes der;            /* borrowed */
	char subject[512];           /* RFC 4514, UTF-8 */
	char cn[256];                /* the first commonName; "" = no commonName; granted only after authorisation */
	unsigned n_cn;
	bool is_subject_text_bad;    /* NUL, control or bidi characters, or a string type that is not text */
	struct public_key_info public_key;
	char sig_alg[48];
	bool is_sig_weak;            /* MD5, SHA-1 */
	bool is_sig_alg_bad;         /* the AlgorithmIdentifier has other parameters than its RFC defines */
	bool is_signature_good;      /* proof of possession */
	bool is_der_strict;          /* encoding it again yields the same bytes */
	char asked[REQUEST_ASKED_MAX][64]; /* requested extensions, names or dotted OIDs: not granted */
	unsigned n_asked;
	char ignored[REQUEST_ASKED_MAX][64]; /* other attributes (Microsoft's, challengePassword) */
	unsigned n_ignored;
	char sha256[SHA256_HEX];     /* of the whole request */
	struct buf spki;             /* DER of the SubjectPublicKeyInfo; owned, see request_clear() */
};

#endif
