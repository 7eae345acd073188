/* SPDX-License-Identifier: MIT */
/* doctor.h - the whole installation looked at before its users call. */
#ifndef PKI_DOCTOR_DOCTOR_H
#define PKI_DOCTOR_DOCTOR_H

#include "out/out.h"
#include "pki/pki.h"

struct doctor_args {
	const char *client_id;       /* --client; NULL */
	const char *package_path;    /* --package; NULL */
	const char *state_path;      /* --state; NULL */
	const char *report_path;     /* --client-report; NULL */
};
/*
 * List "findings" (finding_fields): what is wrong with the ledger, its roots and their tokens (no login), the
 * certificates that end soon, one client and its machine, a package, a gateway's state.  Nothing is changed.
 * 1: there is something.
 */
int doctor(struct pki *p, const struct doctor_args *args, struct out *o, struct err *e) MUST_CHECK;
/* What `--collect windows` prints, appended. */
int doctor_collect(struct buf *out, struct err *e) MUST_CHECK;

#endif
