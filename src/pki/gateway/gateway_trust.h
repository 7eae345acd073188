/* SPDX-License-Identifier: MIT */
/* gateway_trust.h - which roots a gateway trusts, and whose clients it accepts. */
#ifndef PKI_GATEWAY_GATEWAY_TRUST_H
#define PKI_GATEWAY_GATEWAY_TRUST_H

#include "pki/gateway/gateway_plan.h"

/* Whether the gateway should trust this root: the row names it, or names no root and the root is not retired. */
bool gateway_wants_root(const struct gateway_row *gateway, const struct root_row *root);
/*
 * Whether the gateway may accept clients of the root, as far as the ledger knows: it wants the root, or the root is
 * retired and may still be there, was there when the gateway's state was last recorded, or has an issuer in common with
 * a root that it wants.
 */
int gateway_may_let_in(bool *out, struct pki *p, const struct gateway_row *gateway, const struct root_row *root,
    struct err *e) MUST_CHECK;

/* Whether the gateway's last recorded state trusted the root, by an older certificate or an issuer, too. */
int gateway_observed_trust(enum tri *out, struct pki *p, const struct gateway_row *gateway,
    const struct root_row *root, struct err *e) MUST_CHECK;

/*
 * Whether the planned gateway trusts a certificate of the root itself; whether it accepts clients of the root, because
 * of that or of an issuer; and such an issuer, or NULL.  Not counted are the entries that the plan adds (the gateway as
 * it is now), or those that it removes (as it will be).
 */
bool gateway_trusts_itself(const struct gateway_plan *plan, int64_t root_id, enum gateway_action without);
bool gateway_plan_trusts(const struct gateway_plan *plan, int64_t root_id, enum gateway_action without);
const struct gateway_entry *gateway_trusted_issuer(
    const struct gateway_plan *plan, int64_t root_id, enum gateway_action without);

#endif
