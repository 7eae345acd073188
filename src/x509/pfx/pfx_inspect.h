/* SPDX-License-Identifier: MIT */
/* pfx_inspect.h - checks a PKCS#12 from outside (RFC 7292) before it becomes part of a profile. */
#ifndef X509_PFX_PFX_INSPECT_H
#define X509_PFX_PFX_INSPECT_H

#include <stdbool.h>

#include "util/bytes.h"
#include "util/err.h"
#include "util/secret.h"

enum pfx_owner {
	PFX_OWNER_CLIENT,            /* the client's certificate is in the file, or the key names it */
	PFX_OWNER_OTHER,             /* the file has another certificate */
	PFX_OWNER_UNKNOWN,           /* the certificate is encrypted, and the password unknown */
};

struct pfx_info {
	enum pfx_owner owner;
	bool is_opened;              /* the password was given, and the MAC is correct */
};

#define PFX_PASSWORD_MIN 12 /* characters */

/* Checks a password for a new file. -1 (ERR_POLICY): "pfx-password" (empty, or not UTF-8), "pfx-password-short". */
int pfx_check_password(const struct secret *password, struct err *e) MUST_CHECK;

/*
 * Checks the file for the client with this certificate (DER). password NULL: checks the visible part only: the
 * encryption of the key, and in files of most programs the thumbprint of its certificate (localKeyID). The private
 * key is never decrypted.
 * -1: ERR_INPUT "pfx-format" (not a PKCS#12, bytes after it, a content type that no client reads);
 * ERR_POLICY "pfx-not-encrypted" (no MAC, an empty password, or an unencrypted key), "pfx-encryption" (not AES or
 * 3DES,
 * for certificates RC2, and a MAC with SHA-1 or SHA-2), "pfx-keys" (not exactly one private key); ERR_PIN
 * "pfx-password-wrong".
 */
int pfx_inspect(struct pfx_info *out, struct bytes file, struct bytes cert, const struct secret *password,
    struct err *e) MUST_CHECK;

#endif
