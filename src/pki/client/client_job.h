/* SPDX-License-Identifier: MIT */
/* client_job.h - an operation for one client. */
#ifndef PKI_CLIENT_CLIENT_JOB_H
#define PKI_CLIENT_CLIENT_JOB_H

#include "pki/profile/profile_step.h"

struct software_key;

struct client_job {
	struct profiled_job profiled;
	bool has_letter;             /* a letter is written into the folder: client_letter.h */
	struct software_key *soft;   /* borrowed; a key that no token holds: software_key.h; NULL = on the card */
};
static inline void client_job_clear(struct client_job *job)
{
	issue_job_clear(&job->profiled.issue);
}
AUTO_VALUE_DEFINE(client_job, client_job_clear);

#define client_job_STEPS profiled_job_STEPS, const struct client_job_step *: 0
JOB_DEFINE(client_job, profiled.issue.key.op);

#endif
