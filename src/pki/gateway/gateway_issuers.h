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

/* The CAs above the root's certificate c that the gateway does not have, from the top; an expired one is warned of. */
int gateway_issuer_add(struct planning *pl, const struct cert_row *c, struct err *e) MUST_CHECK;
/* Says of each CA among the roots which root of ours it is above (plan->above, why), and whether it is to stay. */
int gateway_issuers_judge(struct planning *pl, struct err *e) MUST_CHECK;
/* "gateway-above-trusts": each root with valid clients that the gateway is not to trust, and lets in all the same. */
int gateway_issuers_warn(struct pki *p, const struct gateway_plan *plan, struct err *e) MUST_CHECK;

#endif
