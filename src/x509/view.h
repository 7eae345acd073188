/* SPDX-License-Identifier: MIT */
/* view.h - the pieces of a certificate (RFC 5280, 4.1), each a borrowed DER item. */
#ifndef X509_VIEW_H
#define X509_VIEW_H

#include <stdbool.h>

#include "util/bytes.h"
#include "x509/der.h"
#include "x509/signed.h"

struct cert_view {
	struct signed_view outer;    /* { 0 } where only the TBS was there */
	unsigned version;            /* 1 to 3 */
	struct bytes serial, alg, issuer, subject, spki;
	struct bytes not_before, not_after;
	struct bytes extensions;     /* one Extension after the other; len 0 = none */
};

/* False: not a TBSCertificate, or bytes after it. */
bool cert_view_tbs(struct cert_view *out, struct bytes tbs);
/* False: not a certificate, bytes after it, or its two algorithm identifiers differ (RFC 5280, 4.1.1.2). */
bool cert_view_cert(struct cert_view *out, struct bytes der);

/* Why cert_view_cert() is false: static text. */
const char *cert_view_fault(struct bytes der);

struct ext_view {
	struct der_item oid;
	bool is_critical;
	struct bytes value;          /* what is inside the OCTET STRING */
};

/* Takes the next Extension (RFC 5280, 4.1) off a list.  False: none left, or malformed (in->len tells which). */
bool ext_view_next(struct bytes *in, struct ext_view *out);
/* The body of the subject key identifier; len 0 = none.  False: an extension is malformed. */
bool cert_view_ski(struct bytes *out, const struct cert_view *v);

#endif
