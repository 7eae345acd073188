/* SPDX-License-Identifier: MIT */
/* ledger_audit.h - verifies the ledger, also against a checkpoint, and lists its events. */
#ifndef PKI_LEDGER_LEDGER_AUDIT_H
#define PKI_LEDGER_LEDGER_AUDIT_H

#include "out/out.h"
#include "pki/pki.h"
#include "pki/step.h"

extern const struct out_field fault_fields[], verify_fields[], event_fields[];

struct verify_against {          /* a checkpoint kept elsewhere; NULL = no checkpoint */
	const char *checkpoint_file, *root_file; /* both, or neither */
	const char *head;            /* hex */
};
/*
 * Prints list "faults" and record "ledger". 1: faults were found. -1: also if the checkpoint is invalid, or not
 * signed by a ledger key that the root certified.
 */
int ledger_verify_all(struct pki *p, const struct verify_against *against, struct out *o, struct err *e) MUST_CHECK;
/* Reads the checkpoint of a, which has both files. -1: as checkpoint_read(). */
struct checkpoint;
int ledger_read_checkpoint(struct checkpoint *out, const struct verify_against *a, struct err *e) MUST_CHECK;
/*
 * Writes a copy to a new file and verifies it; prints as ledger_verify_all() does, for the copy. 1: the copy has
 * faults.
 */
int ledger_backup_to(struct pki *p, const char *path, const struct run_mode *mode, struct out *o, struct err *e)
    MUST_CHECK;
/* Prints list "events", from seq on (0 = all); the last n (0 = all). */
int ledger_log(struct pki *p, unsigned last, struct out *o, struct err *e) MUST_CHECK;

#endif
