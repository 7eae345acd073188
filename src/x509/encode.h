/* SPDX-License-Identifier: MIT */
/* encode.h - reads and writes the encodings of certificates and requests: PEM, DER, one line of base64. */
#ifndef X509_ENCODE_H
#define X509_ENCODE_H

#include "util/bytes.h"
#include "util/err.h"

enum der_kind {
	DER_CERT,
	DER_REQUEST,
	DER_CMS,
	DER_CRL,
	DER_CERTS,                   /* for der_each_cert(): a certificate, or a CMS message with certificates */
};

/*
 * Decodes a file (PEM of any usual label, DER, or bare base64 of one line or several; a byte order mark, UTF-16
 * with one, and CRLF are accepted) and appends its one DER object to out. -1 (ERR_INPUT): no object, several,
 * data before (other than text above the PEM armour) or after it, a private key (refused by name).
 */
int der_from_file(struct buf *out, struct bytes file, enum der_kind kind, struct err *e) MUST_CHECK;
/* The probable kind of a file, by its PEM label or its structure; DER_CERT if unknown. */
enum der_kind der_kind_of_file(struct bytes file);
typedef int der_fn(struct bytes der, void *arg, struct err *e);
/*
 * Calls fn for all certificates of a PEM file, or the one of a DER file, in order; also those in a PKCS#7 or CMS
 * message (.p7b, .p7c, in PEM under any label, DER or base64). Ends when fn returns -1. At most max.
 */
int der_each_cert(struct bytes file, size_t max, der_fn *fn, void *arg, struct err *e) MUST_CHECK;

/* "base64" (exactly one line, no newline), "cer" (base64 text with armour and CRLF), "pem", "der".
 * Appends.  -1 (ERR_USAGE): no such format. */
int der_encode(struct buf *out, struct bytes der, enum der_kind kind, const char *format, struct err *e) MUST_CHECK;
const char *der_format_at(size_t i); /* names in order; NULL after the last */

#endif
