/* SPDX-License-Identifier: MIT */
/* doctor_run.h - the parts of pki/doctor/doctor.h's visit, for its own files. */
#ifndef PKI_DOCTOR_DOCTOR_RUN_H
#define PKI_DOCTOR_DOCTOR_RUN_H

#include "model/client_report.h"
#include "model/finding.h"
#include "model/package.h"
#include "pki/doctor/doctor.h"
#include "pki/op.h"

struct visit {
	struct pki *p;
	struct out *o;
	unsigned n_bad;
	struct package *package;     /* NULL = none was given */
	struct gateway *gateway;
	struct client_report *report; /* NULL = none was given */
};

/* Rows of what the set finds wrong with `of`; what is only worth knowing is for `check`. */
int doctor_judge(struct visit *v, const char *of, const char *set, struct facts *f, struct err *e) MUST_CHECK;
int doctor_judge_installation(struct visit *v, const char *of, const struct installation *i, struct err *e) MUST_CHECK;

/* doctor_checks.c: who else may read or write the home; the module that commands would load. */
int doctor_look_at_home(struct visit *v, struct err *e) MUST_CHECK;
int doctor_look_at_module(struct visit *v, struct err *e) MUST_CHECK;
/* The root's newest CRL, where it has any: Azure reads none, but whoever does refuses everybody once it has ended. */
int doctor_look_at_crl(struct visit *v, const struct root_row *root, struct err *e) MUST_CHECK;
/* Decisions that no gateway was seen to follow, and each gateway as the ledger would have it. */
int doctor_look_at_gateways(struct visit *v, struct err *e) MUST_CHECK;
/* What the gateway of --state (at path) lacks of the ledger's decisions, where the ledger knows it. */
int doctor_look_at_decisions(struct visit *v, const char *path, struct err *e) MUST_CHECK;
/* Profiles that name a certificate which has a successor, and those that the package breaks. */
int doctor_look_at_profiles(struct visit *v, struct err *e) MUST_CHECK;
/* What the client's machine says of itself, with the client's certificate and root (NULL: not known). */
int doctor_look_at_report(struct visit *v, const struct cert_row *row, const struct cert_info *cert,
    const struct issuer *root, struct err *e) MUST_CHECK;
/* The client's card, where it is here: whether it can do what the package's tunnel will ask for. */
int doctor_look_at_card(struct visit *v, const struct cert_row *row, const struct cert_info *cert, struct err *e)
    MUST_CHECK;

#endif
