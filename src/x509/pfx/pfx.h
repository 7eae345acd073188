/* SPDX-License-Identifier: MIT */
/* pfx.h - writes a PKCS#12 (RFC 7292): a software key, its certificate and the chain in one encrypted file. */
#ifndef X509_PFX_PFX_H
#define X509_PFX_PFX_H

#include <openssl/evp.h>

#include "util/bytes.h"
#include "util/err.h"
#include "util/secret.h"

/*
 * MODERN: AES-256 and PBKDF2 with HMAC-SHA-256, MAC with SHA-256 (Windows 10 1709 and later, OpenSSL, GnuTLS, NSS).
 * LEGACY: 3DES and SHA-1 throughout: older Windows, and Apple's keychains, which accept no other MAC.
 */
enum pfx_compat { PFX_MODERN, PFX_LEGACY };

struct pfx {
	EVP_PKEY *key;               /* borrowed; must be a software key */
	struct bytes cert;           /* DER, certifies key */
	const struct bytes *chain;   /* DER of each issuer, the nearest first, up to a self-signed one */
	size_t n_chain;              /* 0: no chain, for Apple's pkcs12 payload, which accepts one certificate only */
	const char *name;            /* friendlyName, UTF-8; NULL = none */
	const struct secret *password; /* UTF-8, 12 characters or more */
	enum pfx_compat compat;
	unsigned iterations;         /* of each key derivation; 0 = 100,000, the default; tests use fewer */
};

/*
 * Appends the DER, after it was opened with the password again and key, certificate and chain compared (the key by a
 * signature). Salts are random, so the bytes differ each time.
 * -1: ERR_POLICY "pfx-key" (the certificate is for another key), "pfx-chain" (incomplete, or of other issuers), or as
 * pfx_check_password(); ERR_INPUT: not a certificate; ERR_INTERNAL: not a software key, the library, memory.
 */
int pfx_write(struct buf *out, const struct pfx *p, struct err *e) MUST_CHECK;

#endif
