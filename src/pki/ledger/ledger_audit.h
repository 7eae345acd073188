/* SPDX-License-Identifier: MIT */
/* ledger_audit.h - the ledger checked as evidence, and its history shown. */
#ifndef PKI_LEDGER_LEDGER_AUDIT_H
#define PKI_LEDGER_LEDGER_AUDIT_H

#include "out/out.h"
#include "pki/pki.h"
#include "pki/step.h"

extern const struct out_field fault_fields[], verify_fields[], event_fields[];

struct verify_against {          /* what somebody else kept; NULL = nothing */
	const char *checkpoint_file, *root_file; /* both or none */
	const char *head;            /* hex */
};
/*
 * List "faults" and record "ledger".  1: faults were found.  -1: also where the checkpoint itself is none, or not of a
 * ledger key that the root certified.
 */
int ledger_verify_all(struct pki *p, const struct verify_against *against, struct out *o, struct err *e) MUST_CHECK;
/* The checkpoint of a, which has both files.  -1: as checkpoint_read(). */
struct checkpoint;
int ledger_read_checkpoint(struct checkpoint *out, const struct verify_against *a, struct err *e) MUST_CHECK;
/* A copy into a new file, verified; prints as ledger_verify_all() does, of the copy.  1: the copy has faults. */
int ledger_backup_to(struct pki *p, const char *path, const struct run_mode *mode, struct out *o, struct err *e)
    MUST_CHECK;
/* List "events", from seq on (0 = all); the last n (0 = all). */
int ledger_log(struct pki *p, unsigned last, struct out *o, struct err *e) MUST_CHECK;

#endif
