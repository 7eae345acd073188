/* SPDX-License-Identifier: MIT */
/*
 * crl.h - writes the to-be-signed bytes of a certificate revocation list (RFC 5280, 5.1). No side effects.
 *
 * Entries are added one by one to the caller's buffer, about 50 bytes each, directly
 * from the ledger; crl_build() adds the rest.
 */
#ifndef X509_CRL_H
#define X509_CRL_H

#include <stdbool.h>
#include <stdint.h>

#include "model/sig_alg.h"
#include "util/bytes.h"
#include "util/err.h"

struct crl_entry {
	struct bytes serial;         /* big-endian, 1 to 20 bytes */
	bool is_negative;            /* serial is the magnitude of a negative number, as MakeCert writes */
	int64_t revoked_at;
	int reason;                  /* CRLReason (RFC 5280, 5.3.1); 0 = unspecified, which is omitted */
};
/* Appends one entry of revokedCertificates. -1 (ERR_INPUT): invalid serial, date or reason. */
int crl_add_entry(struct buf *entries, const struct crl_entry *entry, struct err *e) MUST_CHECK;

struct crl_spec {
	struct bytes issuer_cert;    /* DER: its subject is the issuer, its subject key identifier the AKI */
	struct bytes entries;        /* of crl_add_entry(); empty = no entry */
	int64_t number;              /* above 0, and above the numbers of all earlier CRLs */
	int64_t this_update, next_update;
	enum sig_alg alg;            /* of the key that will sign */
};
/*
 * Appends the DER of the TBSCertList: version 2, nextUpdate, CRL number, and AKI if the issuer has a subject key
 * identifier. The same spec gives the same bytes. -1 (ERR_INPUT): a part is malformed or in the wrong order.
 */
int crl_build(struct buf *out, const struct crl_spec *spec, struct err *e) MUST_CHECK;

/* The AlgorithmIdentifier inside a TBSCertList, borrowed. False: not a TBSCertList of version 2. */
bool crl_tbs_alg(struct bytes *alg, struct bytes tbs);

#endif
