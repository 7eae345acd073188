/* SPDX-License-Identifier: MIT */
/* profile_step.h - the step that writes profiles, and the job that it needs. */
#ifndef PKI_PROFILE_PROFILE_STEP_H
#define PKI_PROFILE_PROFILE_STEP_H

#include "pki/issue/issue_job.h"
#include "pki/profile/profile.h"

/* An operation that may write profiles for the certificate. */
struct profiled_job {
	struct issue_job issue;
	const struct profile_options *profiles; /* --package and --for; NULL = none */
	struct profile_job *profile_job; /* borrowed; for the step that writes them */
};
#define profiled_job_STEPS issue_job_STEPS, const struct profiled_job_step *: 0
JOB_DEFINE(profiled_job, issue.key.op);

extern const struct profiled_job_step step_write_profiles;

#endif
