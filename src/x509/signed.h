/* SPDX-License-Identifier: MIT */
/* signed.h - SIGNED { ToBeSigned } of X.509: what certificates, requests and CRLs have in common. */
#ifndef X509_SIGNED_H
#define X509_SIGNED_H

#include <openssl/evp.h>
#include <stdbool.h>

#include "util/bytes.h"
#include "util/err.h"

struct signed_view {
	struct bytes tbs, alg;       /* whole DER items, borrowed */
	struct bytes sig;            /* the bits of the BIT STRING, borrowed */
};

/* False: not such a structure, bytes after it, or a signature that is not whole bytes. */
bool signed_parse(struct signed_view *out, struct bytes der);
/* Appends SEQUENCE { tbs, alg, BIT STRING sig }, each byte for byte. */
int signed_build(struct buf *out, const struct signed_view *parts, struct err *e) MUST_CHECK;
/* The signature is by this key, with whatever algorithm it names; leaves nothing in OpenSSL's error queue. */
bool signed_verify(const struct signed_view *v, EVP_PKEY *public_key);

#endif
