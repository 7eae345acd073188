/* SPDX-License-Identifier: MIT */
/* hash.h - SHA-256 and SHA-1 of bytes. SHA-1 is used for thumbprints and key ids, never for signatures. */
#ifndef UTIL_HASH_H
#define UTIL_HASH_H

#include "util/bytes.h"
#include "util/err.h"

#define SHA256_LEN 32
#define SHA1_LEN 20
#define SHA256_HEX (2 * SHA256_LEN + 1) /* with the NUL */
#define SHA1_HEX (2 * SHA1_LEN + 1)

/* -1 (ERR_INTERNAL): the library lacks the digest, or out of memory. */
int hash_sha256(unsigned char out[SHA256_LEN], struct bytes b, struct err *e) MUST_CHECK;
int hash_sha1(unsigned char out[SHA1_LEN], struct bytes b, struct err *e) MUST_CHECK;
/* The same as lower-case hex. */
int hash_sha256_hex(char out[SHA256_HEX], struct bytes b, struct err *e) MUST_CHECK;
int hash_sha1_hex(char out[SHA1_HEX], struct bytes b, struct err *e) MUST_CHECK;

#endif
