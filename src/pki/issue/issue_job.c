/* SPDX-License-Identifier: MIT */
/* issue_job.c - what a job with a certificate owns. */
#include "pki/issue/issue_job.h"
#include "x509/request.h"

void issue_job_clear(struct issue_job *job)
{
	key_job_clear(&job->key);
	buf_clear(&job->subject);
	buf_clear(&job->request_der);
	buf_clear(&job->cert_der);
	buf_clear(&job->renewed_der);
	buf_clear(&job->replaced_der);
	request_clear(&job->request);
	*job = (struct issue_job){ .root_name = NULL };
}
