/* SPDX-License-Identifier: MIT */
/* request_step.h - makes the request for a key, signed with it. */
#ifndef PKI_ISSUE_REQUEST_STEP_H
#define PKI_ISSUE_REQUEST_STEP_H

#include "pki/issue/issue_job.h"

/* Makes the request of the name in op for job->spki, signed by s: fills subject, request_der and request. */
int op_sign_request(struct issue_job *job, const struct signer *s, struct err *e) MUST_CHECK;

/* The same for the subject in op. */
int op_sign_request_as(struct issue_job *job, const struct signer *s, struct err *e) MUST_CHECK;

/* Appends the request as PEM. */
int request_pem(struct buf *out, const struct issue_job *job, struct err *e) MUST_CHECK;

extern const struct issue_job_step step_ask_request, step_build_request, step_write_request;

#endif
