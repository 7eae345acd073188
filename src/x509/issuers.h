/* SPDX-License-Identifier: MIT */
/*
 * issuers.h - the CAs above a certificate: DER behind DER, the nearest issuer first, a self-signed one last.
 *
 * Nothing at all where the certificate signed itself.
 */
#ifndef X509_ISSUERS_H
#define X509_ISSUERS_H

#include <stddef.h>
#include <stdint.h>

#include "util/bytes.h"
#include "util/err.h"

#define ISSUERS_MAX 8

/* Each of them, borrowed; returns how many (those beyond ISSUERS_MAX, and what is no DER, are left out). */
size_t issuers_list(struct bytes out[ISSUERS_MAX], struct bytes issuers);
/* The last one; cert, where there is none. */
struct bytes issuers_top(struct bytes cert, struct bytes issuers);

/*
 * Finds them in pool (DER behind DER, in any order, others among them) and appends them to out.  Each signed the one
 * before it, may sign CAs, and is valid at `at` (RFC 5280, 6.1; 0: not looked at).
 * -1 (ERR_POLICY): "issuers-incomplete", "issuers-length" (pathLenConstraint), "chain-…" of cert_verify().
 */
int issuers_find(struct buf *out, struct bytes cert, struct bytes pool, int64_t at, struct err *e) MUST_CHECK;
/* Each signed the one before it, and the first one cert.  -1 (ERR_POLICY): "chain-…". */
int issuers_verify(struct bytes cert, struct bytes issuers, struct err *e) MUST_CHECK;
/* Appends each, as der_encode() does. */
int issuers_encode(struct buf *out, struct bytes issuers, const char *format, struct err *e) MUST_CHECK;

#endif
