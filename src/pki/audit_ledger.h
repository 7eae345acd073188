/* SPDX-License-Identifier: MIT */
/* audit_ledger.h - the ledger checked as evidence, and its history shown. */
#ifndef PKI_AUDIT_LEDGER_H
#define PKI_AUDIT_LEDGER_H

#include "out/out.h"
#include "pki/pki.h"

extern const struct out_field fault_fields[], verify_fields[], event_fields[];

/* List "faults" and record "ledger".  1: faults were found. */
int ledger_verify_all(struct pki *p, struct out *o, struct err *e) MUST_CHECK;
/* List "events", from seq on (0 = all); the last n (0 = all). */
int ledger_log(struct pki *p, unsigned last, struct out *o, struct err *e) MUST_CHECK;

#endif
