/* SPDX-License-Identifier: MIT */
/*
 * tbs.h - writes the to-be-signed bytes of certificates (RFC 5280, 4.1) and requests (RFC 2986, 4.1). No side
 * effects.
 */
#ifndef X509_TBS_H
#define X509_TBS_H

#include <stdbool.h>
#include <stdint.h>

#include "model/cert_info.h"
#include "model/cert_template.h"
#include "model/sig_alg.h"
#include "util/bytes.h"
#include "util/err.h"

#define TBS_TIME_MAX INT64_C(253402300799) /* 9999-12-31T23:59:59Z, the last GeneralizedTime (RFC 5280, 4.1.2.5) */

struct tbs_spec {
	const struct cert_template *template;
	struct bytes subject;        /* DER Name */
	const char *cn;              /* the authorised name; the template derives SANs from it; NULL for roots */
	struct bytes spki;           /* DER SubjectPublicKeyInfo of the subject */
	struct bytes ski;            /* subject key identifier: a random CKA_ID; empty = SHA-1 of the key */
	struct bytes issuer_cert;    /* DER; empty = self-signed */
	struct bytes serial;         /* 1 to 20 bytes, big-endian, first bit zero, not all zero */
	int64_t not_before, not_after;
	enum sig_alg alg;            /* of the key that will sign */
};

/*
 * Appends the DER of the TBSCertificate. The same spec gives the same bytes. AKI is the issuer's SKI, and is
 * omitted if the issuer has no SKI (a self-signed root has its own SKI as AKI).
 * SANs: dNSName = cn if it is a host name, rfc822Name if it is name@domain, and a UPN if the template requires it.
 * -1: ERR_INPUT (a part is malformed), ERR_POLICY (the template does not allow this key or name: code "template-…").
 */
int tbs_build(struct buf *out, const struct tbs_spec *spec, struct err *e) MUST_CHECK;

/* Appends the CertificationRequestInfo: subject, key, no attributes. */
int tbs_build_request(struct buf *out, struct bytes subject, struct bytes spki, struct err *e) MUST_CHECK;

struct validity_query {
	int64_t now;
	unsigned days;               /* 0 = those of the template */
	const struct cert_template *template;
	const struct cert_info *issuer; /* NULL = self-signed */
};
/*
 * Chooses the validity: notBefore = now - 5 minutes but never before the issuer's; notAfter = days later.
 * days 0 = the template's, shortened to the issuer's; explicit days beyond it are refused ("validity-beyond-issuer").
 * -1 (ERR_POLICY).
 */
int validity_choose(int64_t *not_before, int64_t *not_after, const struct validity_query *q, struct err *e) MUST_CHECK;

#endif
