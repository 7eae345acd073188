/* SPDX-License-Identifier: MIT */
/*
 * issuers.h - the issuers of a certificate: concatenated DER, the nearest issuer first, a self-signed CA last.
 *
 * Empty for a self-signed certificate.
 */
#ifndef X509_ISSUERS_H
#define X509_ISSUERS_H

#include <stddef.h>
#include <stdint.h>

#include "util/bytes.h"
#include "util/err.h"

#define ISSUERS_MAX 8

/*
 * Fills out with the issuers, borrowed; returns their number (without those beyond ISSUERS_MAX, and without invalid
 * DER).
 */
size_t issuers_list(struct bytes out[ISSUERS_MAX], struct bytes issuers);
/* The last issuer, or cert if there is no issuer. */
struct bytes issuers_top(struct bytes cert, struct bytes issuers);

/*
 * Finds the issuers in pool (concatenated DER, in any order, with other certificates) and appends them to out. Each
 * signed the certificate before it, may sign CAs, and is valid at `at` (RFC 5280, 6.1; 0: not checked).
 * -1 (ERR_POLICY): "issuers-incomplete", "issuers-path-length" (pathLenConstraint), "chain-…" of cert_verify().
 */
int issuers_find(struct buf *out, struct bytes cert, struct bytes pool, int64_t at, struct err *e) MUST_CHECK;
/* Checks that each issuer signed the certificate before it, and the first one cert. -1 (ERR_POLICY): "chain-…". */
int issuers_verify(struct bytes cert, struct bytes issuers, struct err *e) MUST_CHECK;
/* Appends each in a format of der_encode(). */
int issuers_encode(struct buf *out, struct bytes issuers, const char *format, struct err *e) MUST_CHECK;

#endif
