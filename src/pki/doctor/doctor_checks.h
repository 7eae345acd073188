/* SPDX-License-Identifier: MIT */
/* doctor_checks.h - home, module, gateways, profiles and card of an installation. */
#ifndef PKI_DOCTOR_DOCTOR_CHECKS_H
#define PKI_DOCTOR_DOCTOR_CHECKS_H

#include "pki/doctor/doctor_run.h"
#include "pki/installation.h"
#include "pki/op.h"

/* Who else may read or write the home; the module that commands would load. */
int doctor_check_home(struct doctor_run *v, struct err *e) MUST_CHECK;
int doctor_check_module(struct doctor_run *v, struct err *e) MUST_CHECK;
/* The root's newest CRL, where it has any: Azure reads none, but whoever does refuses everybody once it has ended. */
int doctor_check_crl(struct doctor_run *v, const struct root_row *root, struct err *e) MUST_CHECK;
/* Decisions that no gateway was seen to follow, and each gateway as the ledger would have it. */
int doctor_check_gateways(struct doctor_run *v, struct err *e) MUST_CHECK;
/* What the gateway of --state (at path) lacks of the ledger's decisions, where the ledger knows it. */
int doctor_check_decisions(struct doctor_run *v, const char *path, struct err *e) MUST_CHECK;
/* Profiles that name a certificate which has a successor, and those that the package breaks. */
int doctor_check_profiles(struct doctor_run *v, struct err *e) MUST_CHECK;
/* What the client's machine says of itself, with the client's certificate and root (NULL: not known). */
int doctor_check_report(struct doctor_run *v, const struct cert_row *row, const struct cert_info *cert,
    const struct issuer *root, struct err *e) MUST_CHECK;
/* The client's card, where it is here: whether it can do what the package's tunnel will ask for. */
int doctor_check_card(struct doctor_run *v, const struct cert_row *row, const struct cert_info *cert, struct err *e)
    MUST_CHECK;

#endif
