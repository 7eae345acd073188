/* SPDX-License-Identifier: MIT */
/* doctor.h - checks the whole installation: ledger, roots, tokens, gateways, clients and profiles. */
#ifndef PKI_DOCTOR_DOCTOR_H
#define PKI_DOCTOR_DOCTOR_H

#include "model/finding.h"
#include "out/out.h"
#include "pki/pki.h"

struct doctor_args {
	const char *client_id;       /* --client; NULL */
	const char *package_path;    /* --package; NULL */
	const char *const *state_paths; /* --state; with several, package and client are checked without a gateway */
	unsigned n_states;
	const char *report_path;     /* --client-report; NULL */
};
/*
 * Prints list "findings" (finding_fields): faults of the ledger, its roots and their tokens (no login), certificates
 * that expire soon, one client and its machine, a package, a gateway's state. Changes nothing.
 * 1: there are findings.
 */
int doctor(struct pki *p, const struct doctor_args *args, struct out *o, struct err *e) MUST_CHECK;
/* Receives the warnings and failures about the object that `of` names, which are valid during the call only. */
typedef int doctor_finding_fn(const char *of, const struct findings *all, void *arg, struct err *e);
/* The same checks; calls fn instead of printing. *n_faults: the number of faults of the ledger. */
int doctor_each(uint64_t *n_faults, struct pki *p, const struct doctor_args *args, doctor_finding_fn *fn, void *arg,
    struct err *e) MUST_CHECK;
/* Appends the script of `--collect windows`. */
int doctor_collect(struct buf *out, struct err *e) MUST_CHECK;

#endif
