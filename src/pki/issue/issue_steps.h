/* SPDX-License-Identifier: MIT */
/* issue_steps.h - steps that make a certificate, write it onto the card and into files. */
#ifndef PKI_ISSUE_ISSUE_STEPS_H
#define PKI_ISSUE_ISSUE_STEPS_H

#include "pki/issue/issue_job.h"

extern const struct issue_job_step step_find_issuer, step_issue; /* issue_step.c */
extern const struct issue_job_step step_self_sign;               /* self_sign_step.c */
extern const struct issue_job_step step_install;                 /* install_step.c */
extern const struct issue_job_step step_write_files;             /* files_step.c */

#endif
