/* SPDX-License-Identifier: MIT */
/* gateway_pending.h - decisions about certificates that a gateway was not observed to follow. */
#ifndef PKI_GATEWAY_GATEWAY_PENDING_H
#define PKI_GATEWAY_GATEWAY_PENDING_H

#include "out/out.h"
#include "pki/pki.h"

/* A decision about a client's certificate that was not observed at a gateway. */
struct gateway_pending {
	const struct gateway_row *gateway;
	const struct cert_row *cert;
	bool is_restore;             /* true: NOT YET ACCEPTED AGAIN; false: NOT YET ENFORCED */
	int64_t decided_at;          /* of a revocation; 0 = not known */
	enum tri is_root_trusted;    /* in the gateway's last recorded state; TRI_NOT_STATED = never recorded */
	int64_t observed_at;         /* time of the gateway's last recorded state; 0 = never */
};
typedef int gateway_pending_fn(const struct gateway_pending *one, void *arg, struct err *e);
/*
 * Calls fn for each: certificates that are revoked, not expired and issued by a root whose clients the gateway may
 * accept, until `gateway diff --record` has observed the thumbprint in its list, or a retired root as removed; and
 * restored certificates until the thumbprint is observed removed. cert_id 0 = all certificates; gateway_id 0 = all
 * gateways.
 */
int gateway_each_pending(struct pki *p, int64_t gateway_id, int64_t cert_id, gateway_pending_fn *fn, void *arg,
    struct err *e) MUST_CHECK;
/* Prints rows of the list "pending", which is open. */
int gateway_pending_rows(struct pki *p, int64_t gateway_id, int64_t cert_id, struct out *o, struct err *e) MUST_CHECK;
/* Prints the list "pending"; *n (or NULL) counts the rows. */
int gateway_print_pending(struct pki *p, int64_t gateway_id, int64_t cert_id, unsigned *n, struct out *o,
    struct err *e) MUST_CHECK;
/* Prints the list "enforced_by": the gateways whose newest recorded state refuses the certificate. */
int gateway_print_enforced(struct pki *p, int64_t cert_id, struct out *o, struct err *e) MUST_CHECK;
extern const struct out_field enforced_by_fields[];
/* hidden: the same fields without headings, which text leaves out. */
extern const struct out_field pending_fields[], hidden_pending_fields[];

#endif
