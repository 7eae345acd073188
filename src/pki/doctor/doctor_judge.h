/* SPDX-License-Identifier: MIT */
/* doctor_judge.h - rules applied to one part of an installation. */
#ifndef PKI_DOCTOR_DOCTOR_JUDGE_H
#define PKI_DOCTOR_DOCTOR_JUDGE_H

#include "model/finding.h"
#include "pki/doctor/doctor_run.h"
#include "pki/installation.h"

/* Rows of the failures and warnings of the rule set about the object that of names. */
int doctor_judge(struct doctor_run *v, const char *of, const char *set, struct facts *f, struct err *e) MUST_CHECK;
int doctor_judge_installation(
    struct doctor_run *v, const char *of, const struct installation *i, struct err *e) MUST_CHECK;
/* A certificate by what its template is for; where there is no such template, as for Azure. */
int doctor_judge_cert(struct doctor_run *v, const char *of, const char *template_name, struct facts *f, struct err *e)
    MUST_CHECK;

#endif
