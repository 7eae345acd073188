/* SPDX-License-Identifier: MIT */
/* public_key.h - everything that the rules for public keys (lint/public_key.c) ask about a key. */
#ifndef X509_KEY_PUBLIC_KEY_H
#define X509_KEY_PUBLIC_KEY_H

#include "model/public_key_info.h"
#include "util/bytes.h"
#include "util/err.h"

/*
 * Reads a SubjectPublicKeyInfo and looks for flaws: RSA keys whose private half anybody can find, points that are not
 * on their curve, encodings that are not canonical.  About 0.3 ms.  -1 (ERR_INPUT): it is no SubjectPublicKeyInfo.
 */
int public_key_info_read(struct public_key_info *out, struct bytes spki, struct err *e) MUST_CHECK;

#endif
