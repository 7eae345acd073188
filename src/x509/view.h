/* SPDX-License-Identifier: MIT */
/* view.h - splits a certificate (RFC 5280, 4.1) into borrowed DER items. */
#ifndef X509_VIEW_H
#define X509_VIEW_H

#include <stdbool.h>

#include "util/bytes.h"
#include "x509/der.h"
#include "x509/signed.h"

struct cert_view {
	struct signed_view outer;    /* { 0 } if only the TBS was given */
	unsigned version;            /* 1 to 3 */
	struct bytes serial, alg, issuer, subject, spki;
	struct bytes not_before, not_after;
	struct bytes extensions;     /* concatenated Extensions; len 0 = none */
};

/* False: not a TBSCertificate, or bytes after it. */
bool cert_view_tbs(struct cert_view *out, struct bytes tbs);
/* False: not a certificate, bytes after it, or its two algorithm identifiers differ (RFC 5280, 4.1.1.2). */
bool cert_view_cert(struct cert_view *out, struct bytes der);

/* Why cert_view_cert() failed: static text. */
const char *cert_view_fault(struct bytes der);

struct ext_view {
	struct der_item oid;
	bool is_critical;
	struct bytes value;          /* content of the OCTET STRING */
};

/* Takes the next Extension (RFC 5280, 4.1) off a list. False: none left (in->len is 0), or malformed. */
bool ext_view_next(struct bytes *in, struct ext_view *out);
/* The body of the subject key identifier; len 0 = not present. False: a malformed extension. */
bool cert_view_ski(struct bytes *out, const struct cert_view *v);

#endif
