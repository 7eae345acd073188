/* SPDX-License-Identifier: MIT */
/*
 * text.h - printf text and UUIDs for the files of a profile.
 *
 * All functions return -1 with ERR_INTERNAL (memory).
 */
#ifndef PROFILES_TEXT_H
#define PROFILES_TEXT_H

#include "model/vpn_profile.h"
#include "util/err.h"
#include "util/uuid.h"

/* Appends printf text. Untrusted values need out/quote.h instead. */
int profile_add(struct buf *out, struct err *e, const char *fmt, ...) __attribute__((__format__(__printf__, 3, 4)))
MUST_CHECK;

/*
 * A UUID (RFC 9562, version 5 layout) from the certificate and `purpose`. The same client gets the same UUID, so that
 * an import replaces the earlier profile.
 */
int profile_uuid(char out[UUID_TEXT], const struct vpn_profile *p, const char *purpose, struct err *e) MUST_CHECK;

#endif
