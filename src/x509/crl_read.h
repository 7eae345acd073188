/* SPDX-License-Identifier: MIT */
/* crl_read.h - reads a certificate revocation list that a root signed elsewhere (RFC 5280, 5). */
#ifndef X509_CRL_READ_H
#define X509_CRL_READ_H

#include <stdint.h>

#include "model/cert_info.h"
#include "util/bytes.h"
#include "util/err.h"
#include "util/hash.h"

struct crl_info {
	int64_t number;              /* the CRL number; 0 = no number */
	int64_t this_update, next_update; /* next_update 0 = not stated */
	int64_t n_entries;
	char sha256[SHA256_HEX], tbs_sha256[SHA256_HEX]; /* of the DER, and of its TBSCertList */
};
struct crl_revoked {
	char serial[SERIAL_HEX];     /* as cert_info.serial */
	int64_t revoked_at;
	const char *reason;          /* static: a word of model/revoke_reason.def */
};
typedef int crl_revoked_fn(const struct crl_revoked *revoked, void *arg, struct err *e);

/*
 * Reads the complete CRL of the issuer (both DER) and calls fn for each entry; ends when fn returns -1.
 * -1: ERR_INPUT (not a CRL; a delta or an indirect CRL; an unknown critical extension; a number above 2^62),
 * ERR_POLICY ("crl-issuer": by another issuer or key).
 */
int crl_read(struct crl_info *out, struct bytes der, struct bytes issuer, crl_revoked_fn *fn, void *arg, struct err *e)
    MUST_CHECK;

#endif
