/* SPDX-License-Identifier: MIT */
/* doctor_checks.h - home, module, gateways, profiles and card of an installation. */
#ifndef PKI_DOCTOR_DOCTOR_CHECKS_H
#define PKI_DOCTOR_DOCTOR_CHECKS_H

#include "pki/doctor/doctor_run.h"
#include "pki/installation.h"
#include "pki/issuer.h"
#include "pki/op.h"

/* Who else may read or write the home; the module that commands would load. */
int doctor_check_home(struct doctor_run *v, struct err *e) MUST_CHECK;
int doctor_check_module(struct doctor_run *v, struct err *e) MUST_CHECK;
/*
 * Checks the root's newest CRL, if any: Azure reads no CRL, but other programs refuse all clients once it has
 * expired.
 */
int doctor_check_crl(struct doctor_run *v, const struct root_row *root, struct err *e) MUST_CHECK;
/* Checks decisions that were not observed at a gateway, and the planned state of each gateway. */
int doctor_check_gateways(struct doctor_run *v, struct err *e) MUST_CHECK;
/* Compares the state of --state (at path) with the ledger's decisions, if the ledger has the gateway. */
int doctor_check_decisions(struct doctor_run *v, const char *path, struct err *e) MUST_CHECK;
/* Checks for profiles whose certificate has a successor, and for profiles that the package breaks. */
int doctor_check_profiles(struct doctor_run *v, struct err *e) MUST_CHECK;
/* Judges the report of the client's machine, with the client's certificate and root (NULL: not known). */
int doctor_check_report(struct doctor_run *v, const struct cert_row *row, const struct cert_info *cert,
    const struct issuer *root, struct err *e) MUST_CHECK;
/* Checks whether the client's token, if present, supports what the package's tunnel needs. */
int doctor_check_card(struct doctor_run *v, const struct cert_row *row, const struct cert_info *cert, struct err *e)
    MUST_CHECK;

#endif
