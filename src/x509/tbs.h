/* SPDX-License-Identifier: MIT */
/* tbs.h - the to-be-signed bytes of certificates (RFC 5280, 4.1) and requests (RFC 2986, 4.1).  Pure. */
#ifndef X509_TBS_H
#define X509_TBS_H

#include <stdbool.h>
#include <stdint.h>

#include "model/cert_template.h"
#include "model/sig_alg.h"
#include "util/bytes.h"
#include "util/err.h"

#define TBS_TIME_MAX INT64_C(253402300799) /* 9999-12-31T23:59:59Z, the last GeneralizedTime (RFC 5280, 4.1.2.5) */

struct tbs_spec {
	const struct cert_template *template;
	struct bytes subject;        /* DER Name */
	const char *cn;              /* the authorised name: SANs come from it by the template's rule; NULL for roots */
	struct bytes spki;           /* DER SubjectPublicKeyInfo of the subject */
	struct bytes ski;            /* subject key identifier: the CKA_ID where we drew it; empty = SHA-1 of the key */
	struct bytes issuer_cert;    /* DER; empty = self-signed */
	struct bytes serial;         /* 1 to 20 bytes, big-endian, first bit zero, not all zero */
	int64_t not_before, not_after;
	enum sig_alg alg;            /* of the key that will sign */
};

/*
 * Appends the DER of the TBSCertificate.  The same spec gives the same bytes.  AKI copies the issuer's SKI;
 * where the issuer has none there is none (a self-signed root copies its own SKI).
 * SANs: dNSName = cn where it is a host name, rfc822Name where it is name@domain, and a UPN where the template says so.
 * -1: ERR_INPUT (a part is malformed), ERR_POLICY (the template does not allow this key or name: code "template-…").
 */
int tbs_build(struct buf *out, const struct tbs_spec *spec, struct err *e) MUST_CHECK;

/* Appends the CertificationRequestInfo: subject, key, no attributes. */
int tbs_build_request(struct buf *out, struct bytes subject, struct bytes spki, struct err *e) MUST_CHECK;

/*
 * Chooses the validity: notBefore = now - 5 minutes but never before the issuer's; notAfter = days later.
 * days 0 = the template's, clipped to the issuer's; explicit ones beyond it are refused ("validity-beyond-issuer").
 * issuer_not_after 0 = self-signed.  -1 (ERR_POLICY).
 */
int validity_choose(int64_t *not_before, int64_t *not_after, int64_t now, unsigned days,
    const struct cert_template *t, int64_t issuer_not_before, int64_t issuer_not_after, struct err *e) MUST_CHECK;

#endif
