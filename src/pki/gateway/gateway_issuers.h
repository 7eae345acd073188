/* SPDX-License-Identifier: MIT */
/*
 * gateway_issuers.h - issuers of a subordinate root.  A gateway that trusts one of them also accepts the root's
 * clients, because Azure accepts a client whose chain ends at any uploaded CA.
 */
#ifndef PKI_GATEWAY_GATEWAY_ISSUERS_H
#define PKI_GATEWAY_GATEWAY_ISSUERS_H

#include "pki/gateway/gateway_plan.h"

struct planning {
	struct gateway_plan *plan;
	struct pki *p;
	const struct gateway_options *options;
	int64_t now;
};

/* Adds the issuers of the root's certificate c that the gateway lacks, from the top; warns about an expired issuer. */
int gateway_issuer_add(struct planning *pl, const struct cert_row *c, struct err *e) MUST_CHECK;
/*
 * Finds for each CA on the gateway the roots of the ledger that it issued (plan->above), and decides whether it
 * stays.
 */
int gateway_issuers_judge(struct planning *pl, struct err *e) MUST_CHECK;
/* "gateway-issuer-trusted": each root with valid clients that the gateway should not trust but accepts by an issuer. */
int gateway_issuers_warn(struct pki *p, const struct gateway_plan *plan, struct err *e) MUST_CHECK;

#endif
