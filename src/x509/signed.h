/* SPDX-License-Identifier: MIT */
/* signed.h - SIGNED { ToBeSigned } of X.509, the common structure of certificates, requests and CRLs. */
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

/* False: another structure, bytes after it, or a signature with unused bits. */
bool signed_parse(struct signed_view *out, struct bytes der);
/* Appends SEQUENCE { tbs, alg, BIT STRING sig }, each byte for byte. */
int signed_build(struct buf *out, const struct signed_view *parts, struct err *e) MUST_CHECK;
/* Whether the signature is by this key, with any algorithm; leaves no error in OpenSSL's queue. */
bool signed_verify(const struct signed_view *v, EVP_PKEY *public_key);

#endif
