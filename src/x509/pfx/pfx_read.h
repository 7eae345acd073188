/* SPDX-License-Identifier: MIT */
/* pfx_read.h - reads the visible part of a PKCS#12, without its password. */
#ifndef X509_PFX_PFX_READ_H
#define X509_PFX_PFX_READ_H

#include "model/pfx_encryption.h"
#include "util/bytes.h"
#include "util/err.h"

/*
 * Reads the algorithms of every encrypted part and of the MAC (RFC 7292, 4; RFC 8018, A.4). BER is accepted, because
 * Windows writes it.
 * -1: ERR_INPUT "pfx-format" (not a PKCS#12, or opened by a certificate instead of a password).
 */
int pfx_read_encryption(struct pfx_encryption *out, struct bytes pfx, struct err *e) MUST_CHECK;

#endif
