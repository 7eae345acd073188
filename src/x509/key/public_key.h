/* SPDX-License-Identifier: MIT */
/* public_key.h - reads the properties of a public key for the rules in lint/public_key.c. */
#ifndef X509_KEY_PUBLIC_KEY_H
#define X509_KEY_PUBLIC_KEY_H

#include <openssl/evp.h>

#include "model/public_key_info.h"
#include "util/bytes.h"
#include "util/err.h"

/*
 * Reads a SubjectPublicKeyInfo and looks for flaws: RSA keys whose private key anybody can compute, points that are
 * not on their curve, encodings that are not canonical. About 0.3 ms. -1 (ERR_INPUT): not a SubjectPublicKeyInfo.
 */
int public_key_info_read(struct public_key_info *out, struct bytes spki, struct err *e) MUST_CHECK;
/* The same, and the key as OpenSSL decodes it, which the caller owns. *key NULL: OpenSSL does not decode it. */
int public_key_decode(struct public_key_info *out, EVP_PKEY **key, struct bytes spki, struct err *e) MUST_CHECK;

#endif
