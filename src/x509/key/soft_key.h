/* SPDX-License-Identifier: MIT */
/*
 * soft_key.h - a private key in this process's memory, for machines without token.
 *
 * While not in use, the only copy is in OpenSSL's secure heap: locked, not in core images, wiped when freed
 * (mlock(2), MADV_DONTDUMP of madvise(2)).
 */
#ifndef X509_KEY_SOFT_KEY_H
#define X509_KEY_SOFT_KEY_H

#include <stdbool.h>

#include "util/secret.h"
#include "x509/pfx/pfx.h"
#include "x509/signer.h"

struct soft_key;

/*
 * Call before any other use of OpenSSL: freed memory is wiped first, so that no copy of a key remains in it. -1:
 * ERR_POLICY "memory-not-locked" (the limit of locked memory is too low), ERR_INTERNAL.
 */
int soft_key_protect(struct err *e) MUST_CHECK;

/* -1 (ERR_INTERNAL): the library. */
int soft_key_generate(struct soft_key **out, const struct key_spec *spec, struct err *e) MUST_CHECK;
void soft_key_free(struct soft_key *k); /* key may be NULL */
AUTO_STRUCT_DEFINE(soft_key, soft_key_free);

/*
 * From a file's bytes: PEM (PKCS#8, encrypted or not; the older forms of OpenSSL) or DER of the same.  *is_encrypted:
 * a passphrase was needed (or NULL); with passphrase NULL that is ERR_PIN.  -1: ERR_PIN (a wrong passphrase, too),
 * ERR_POLICY "token-key" (it only points to a key: a pkcs11: URI, or one that a TPM wrapped), ERR_INPUT (no key).
 */
int soft_key_parse(struct soft_key **out, bool *is_encrypted, struct bytes file, const struct secret *passphrase,
    struct err *e) MUST_CHECK;
/*
 * Appends PEM of an EncryptedPrivateKeyInfo (RFC 5958, 3): PBES2 with AES-256 and PBKDF2, HMAC-SHA-256. The result is
 * read again before it is returned. -1: ERR_PIN (no passphrase), ERR_INTERNAL.
 */
int soft_key_encrypt(struct buf *out, const struct soft_key *k, const struct secret *passphrase, struct err *e)
    MUST_CHECK;

void soft_key_spec(struct key_spec *out, const struct soft_key *k);
int soft_key_spki(struct buf *out, const struct soft_key *k, struct err *e) MUST_CHECK; /* DER, appended */
/* Close the signer soon: until then a copy of the key is in memory that is not locked. */
int soft_key_signer(struct signer *out, const struct soft_key *k, struct err *e) MUST_CHECK;
/* As pfx_write(), with this key as what->key. */
int soft_key_pfx(struct buf *out, const struct soft_key *k, const struct pfx *what, struct err *e) MUST_CHECK;

#endif
