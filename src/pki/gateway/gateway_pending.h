/* SPDX-License-Identifier: MIT */
/* gateway_pending.h - decisions about certificates that a gateway was not observed to follow. */
#ifndef PKI_GATEWAY_GATEWAY_PENDING_H
#define PKI_GATEWAY_GATEWAY_PENDING_H

#include "out/out.h"
#include "pki/pki.h"

/* A decision about a client's certificate that a gateway was not seen to follow. */
struct gateway_pending {
	const struct gateway_row *gateway;
	const struct cert_row *cert;
	bool is_restore;             /* NOT YET ACCEPTED AGAIN; else NOT YET ENFORCED */
	int64_t decided_at;          /* of a revocation; 0 = not known */
	int64_t observed_at;             /* when the gateway's state was last recorded; 0 = never */
};
typedef int gateway_pending_fn(const struct gateway_pending *one, void *arg, struct err *e);
/*
 * Calls fn for each: certificates that are revoked, not expired and were issued by a root that the gateway may
 * let in, until `gateway diff --record` has seen the thumbprint there (or the root gone); and restored ones until it is
 * seen gone.  cert_id 0 = of all certificates; gateway_id 0 = at all gateways.
 */
int gateway_each_pending(struct pki *p, int64_t gateway_id, int64_t cert_id, gateway_pending_fn *fn, void *arg,
    struct err *e) MUST_CHECK;
/* Rows of the list "pending", which is open. */
int gateway_pending_rows(struct pki *p, int64_t gateway_id, int64_t cert_id, struct out *o, struct err *e) MUST_CHECK;
/* Rows of list "pending", which it opens and ends; *n (or NULL) counts them. */
int gateway_print_pending(struct pki *p, int64_t gateway_id, int64_t cert_id, unsigned *n, struct out *o,
    struct err *e) MUST_CHECK;
extern const struct out_field pending_fields[];

#endif
