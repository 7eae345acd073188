/* SPDX-License-Identifier: MIT */
/* doctor_run.h - what all parts of one run of `doctor` share. */
#ifndef PKI_DOCTOR_DOCTOR_RUN_H
#define PKI_DOCTOR_DOCTOR_RUN_H

#include "model/client_report.h"
#include "model/package.h"
#include "pki/doctor/doctor.h"

struct doctor_run {
	struct pki *p;
	doctor_finding_fn *fn;
	void *arg;                   /* of fn */
	uint64_t n_faults;           /* of the ledger, without unfinished work */
	struct package *package;     /* NULL = not given */
	struct gateway *gateway;
	struct client_report *report; /* NULL = not given */
};

#endif
