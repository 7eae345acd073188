/* SPDX-License-Identifier: MIT */
/*
 * base64.h - writes and reads base64 (RFC 4648, 4) and writes PEM (RFC 7468).
 *
 * All functions append to out. -1 with ERR_INTERNAL (memory) unless another error is given.
 */
#ifndef UTIL_BASE64_H
#define UTIL_BASE64_H

#include "util/bytes.h"
#include "util/err.h"

/* All characters of base64, padding included. */
#define BASE64_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="

/* Lines of `width` characters (a multiple of 4), each ended by eol; width 0 = one line without eol. */
int base64_encode(struct buf *out, struct bytes data, size_t width, const char *eol, struct err *e) MUST_CHECK;
/* White space in text is ignored. -1 (ERR_INPUT): text is not complete base64. */
int base64_decode(struct buf *out, struct bytes text, struct err *e) MUST_CHECK;
/* PEM with LF; label is "CERTIFICATE" or another type. */
int pem_encode(struct buf *out, const char *label, struct bytes der, struct err *e) MUST_CHECK;

#endif
