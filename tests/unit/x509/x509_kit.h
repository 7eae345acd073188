/* SPDX-License-Identifier: MIT */
/* x509_kit.h - roots, clients and requests with software keys, for the tests of x509/.  Asserts on failure. */
#ifndef TESTS_UNIT_X509_X509_KIT_H
#define TESTS_UNIT_X509_X509_KIT_H

#include <openssl/evp.h>

#include "util/bytes.h"
#include "util/cleanup.h"
#include "x509/signer.h"
#include "x509/tbs.h"

#define KIT_NOW INT64_C(1800000000) /* 2027-01-15 */

extern int64_t kit_now; /* when roots and clients are made: KIT_NOW, or what a test sets */

/* A published test key of tests/data/keys, as making RSA keys takes long: the caller's. */
EVP_PKEY *kit_test_key(const char *name);
/* The same RSA-2048 key all through a program; borrowed. */
EVP_PKEY *kit_rsa(void);
EVP_PKEY *kit_key(
    const char *kind); /* "rsa" (borrowed from kit_rsa by reference), "P-256", "P-384", "P-521", "ED25519" */

struct kit_root {
	EVP_PKEY *key;
	struct signer signer;
	struct buf subject, spki, cert;
};
void kit_root(struct kit_root *out, const char *template, const char *key_kind);
void kit_root_clear(struct kit_root *r);
AUTO_VALUE_DEFINE(kit_root, kit_root_clear);

/* A spec for a client below root, whose subject and spki are appended to the buffers that it borrows. */
void kit_spec(struct tbs_spec *out, const struct kit_root *root, const char *template, const char *cn,
    const EVP_PKEY *key, struct buf *subject, struct buf *spki);
void kit_client(struct buf *der, const struct kit_root *root, const char *template, const char *cn, EVP_PKEY *key);
void kit_request(struct buf *der, const char *cn, EVP_PKEY *key);

/* Somebody else's certificate, as OpenSSL makes it from text. */
struct kit_ext {
	const char *name, *value;    /* "extendedKeyUsage", "clientAuth"; ends with name NULL */
};
struct kit_others {
	const char *subject;         /* RFC 4514 */
	const struct buf *issuer;    /* its certificate; NULL = self-signed */
	EVP_PKEY *key, *issuer_key;  /* NULL = kit_rsa() */
	const EVP_MD *md;            /* NULL = SHA-256 */
	long serial;                 /* 0 = 7 */
	int64_t not_before, not_after; /* 0 = KIT_NOW, a year later */
	const struct kit_ext *exts;
};
void kit_others(struct buf *der, const struct kit_others *o);

/* A file below tests/data, appended. */
void kit_data(struct buf *out, const char *name);

#endif
