/* SPDX-License-Identifier: MIT */
/* gateway.h - gateways in the ledger: the roots that each should trust, and the observed state of certificates. */
#ifndef PKI_GATEWAY_GATEWAY_H
#define PKI_GATEWAY_GATEWAY_H

#include "pki/gateway/gateway_pending.h"
#include "pki/gateway/gateway_record.h"
#include "pki/op.h"

/* The options and result of `gateway add`. */
struct gateway_job {
	struct op op;
	struct gateway_row row;
	bool replace;
};
static inline void gateway_job_clear(struct gateway_job *job)
{
	op_clear(&job->op);
}
AUTO_VALUE_DEFINE(gateway_job, gateway_job_clear);
#define gateway_job_STEPS op_STEPS, const struct gateway_job_step *: 0
JOB_DEFINE(gateway_job, op);

/*
 * -1 (ERR_USAGE): the gateway's name, resource group or subscription is invalid in Azure, or begins with a character
 * that az or PowerShell would interpret.
 */
int gateway_check_names(const struct gateway_row *row, struct err *e) MUST_CHECK;
/*
 * Records job->row, and prints record "gateway". -1: ERR_USAGE (invalid name, pool or tunnel type), ERR_NOT_FOUND
 * ("root-not-found"), ERR_POLICY ("gateway-name-taken", "root-retired").
 */
int gateway_add(struct gateway_job *job, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;
/*
 * Prints record "gateway"; list "roots": the roots that the gateway should trust or was seen to trust; list "enforced":
 * clients that it was seen to refuse; list "pending": decisions that were not observed at the gateway.
 */
int gateway_show(struct pki *p, const char *name, struct out *o, struct err *e) MUST_CHECK;
extern const struct out_field gateway_root_fields[], gateway_enforced_fields[];

#endif
