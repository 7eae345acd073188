/* SPDX-License-Identifier: MIT */
/* ledger_location.h - restores a ledger from a copy, acknowledges missing events, and moves a ledger. */
#ifndef PKI_LEDGER_LEDGER_LOCATION_H
#define PKI_LEDGER_LEDGER_LOCATION_H

#include "out/out.h"
#include "pki/pki.h"
#include "pki/step.h"

extern const struct out_field location_fields[];

/* Prints record "location": the current location, and how many missing certificates were recorded since the restore. */
int ledger_location_print(struct pki *p, struct out *o, struct err *e) MUST_CHECK;

struct restore_args {
	const char *copy;            /* file or home */
	const char *checkpoint_file, *root_file; /* both or none */
};
/*
 * Restores the copy into the home, which has no ledger, in a new epoch after verification: prints lists "faults",
 * records "ledger" and "location". p: without a ledger before, with the ledger after. -1: ERR_LEDGER "copy-faulty", or
 * as ledger_restore_prepare() and checkpoint_read(); the home then still has no ledger.
 */
int ledger_restore_from(struct pki *p, const struct restore_args *args, const struct run_mode *mode, struct out *o,
    struct err *e) MUST_CHECK;

/* Acknowledges missing events, with the reason in the note: roots issue again. -1: ERR_USAGE (no note). */
int ledger_acknowledge_restore(struct pki *p, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;

/*
 * Checks whether a copy of the ledger can be written to path. -1: ERR_USAGE (standard output), as
 * file_check_writable().
 */
int ledger_copy_inspect(const char *path, struct err *e) MUST_CHECK;
/* Seals the ledger of p (LEDGER_MOVE) and writes and verifies the copy for the new location. */
int ledger_move_to(struct pki *p, const char *path, const struct run_mode *mode, struct out *o, struct err *e)
    MUST_CHECK;

#endif
