/* SPDX-License-Identifier: MIT */
/* cert_load.h - the certificate that an earlier run issued for the same name, device and key. */
#ifndef PKI_ISSUE_CERT_LOAD_H
#define PKI_ISSUE_CERT_LOAD_H

#include "pki/issue/issue_job.h"

/*
 * The certificate that the ledger has for this name, device and key, or as the successor of job->renewed: fills cert.
 * Once.  -1 (ERR_POLICY): "client-has-certificate" (of another root or template than is asked for; a successor for
 * another key).
 */
int op_load_cert(struct issue_job *job, struct err *e) MUST_CHECK;
/* Whether an earlier certificate is valid for the days that were asked for (0: any).  -1: "client-has-certificate". */
int cert_check_days(const struct cert_row *row, unsigned days_asked, struct err *e) MUST_CHECK;

#endif
