/* SPDX-License-Identifier: MIT */
/* pfx_inspect.h - a PKCS#12 that somebody gave (RFC 7292): judged before it is put into a profile. */
#ifndef X509_PFX_PFX_INSPECT_H
#define X509_PFX_PFX_INSPECT_H

#include <stdbool.h>

#include "util/bytes.h"
#include "util/err.h"
#include "util/secret.h"

enum pfx_owner {
	PFX_OWNER_CLIENT,            /* the client's certificate is in it, or its key names that certificate */
	PFX_OWNER_OTHER,             /* the certificate in it is another one */
	PFX_OWNER_UNKNOWN,           /* the certificate is encrypted, and the password is not known */
};

struct pfx_info {
	enum pfx_owner owner;
	bool is_opened;              /* the password was given, and the file's MAC is right */
};

#define PFX_PASSWORD_MIN 12 /* characters */

/* A password for a new file.  -1 (ERR_POLICY): "pfx-password" (none, or not UTF-8), "pfx-password-short". */
int pfx_check_password(const struct secret *password, struct err *e) MUST_CHECK;

/*
 * Judges the file for the client with this certificate (DER).  password NULL: what the file shows without it, which
 * is how the key is encrypted, and with most programs' files the thumbprint of its certificate (localKeyID).  The
 * private key is never decrypted.
 * -1: ERR_INPUT "pfx-format" (not a PKCS#12, something follows it, a content type that none of our clients reads);
 * ERR_POLICY "pfx-not-encrypted" (no MAC, an empty password, or a key in the clear), "pfx-encryption" (not AES or 3DES,
 * for certificates RC2, and a MAC with SHA-1 or SHA-2), "pfx-keys" (not exactly one private key); ERR_PIN
 * "pfx-password-wrong".
 */
int pfx_inspect(struct pfx_info *out, struct bytes file, struct bytes cert, const struct secret *password,
    struct err *e) MUST_CHECK;

#endif
