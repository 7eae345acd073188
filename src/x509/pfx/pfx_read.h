/* SPDX-License-Identifier: MIT */
/* pfx_read.h - what a PKCS#12 of others says of itself before its password is known. */
#ifndef X509_PFX_PFX_READ_H
#define X509_PFX_PFX_READ_H

#include "model/pfx_encryption.h"
#include "util/bytes.h"
#include "util/err.h"

/*
 * The algorithms of every part that is encrypted, and of the MAC (RFC 7292, 4; RFC 8018, A.4).  BER is read, too:
 * Windows writes it.
 * -1: ERR_INPUT "pfx-format" (no PKCS#12, or one that a certificate opens instead of a password).
 */
int pfx_read_encryption(struct pfx_encryption *out, struct bytes pfx, struct err *e) MUST_CHECK;

#endif
