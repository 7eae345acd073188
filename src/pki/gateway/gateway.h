/* SPDX-License-Identifier: MIT */
/* gateway.h - gateways in the ledger: which roots each is to trust, and what was seen there. */
#ifndef PKI_GATEWAY_GATEWAY_H
#define PKI_GATEWAY_GATEWAY_H

#include "pki/gateway/gateway_pending.h"
#include "pki/gateway/gateway_record.h"
#include "pki/op.h"

/* What `gateway add` is about; op.gateway. */
struct gateway_job {
	struct gateway_row row;
	bool replace;
};

/*
 * -1 (ERR_USAGE): the gateway's name, its resource group or its subscription is not one of Azure's, or begins with a
 * character that az or PowerShell would take for more than a name.
 */
int gateway_check_names(const struct gateway_row *row, struct err *e) MUST_CHECK;
/*
 * Records op->gateway's row.  -1: ERR_USAGE (a name, a pool, a tunnel type that is none), ERR_NOT_FOUND (no such root),
 * ERR_POLICY ("gateway-name-taken").
 */
int gateway_add(struct op *op, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;
/* Record "gateway", list "pending": what is decided and was not seen there. */
int gateway_show(struct pki *p, const char *name, struct out *o, struct err *e) MUST_CHECK;

#endif
