/* SPDX-License-Identifier: MIT */
/* ledger_location.h - the ledger goes on elsewhere: restored from a copy, acknowledged, moved. */
#ifndef PKI_LEDGER_LEDGER_LOCATION_H
#define PKI_LEDGER_LEDGER_LOCATION_H

#include "out/out.h"
#include "pki/pki.h"
#include "pki/step.h"

extern const struct out_field location_fields[];

/* Record "place": where the ledger is now, and what has come back since it was restored. */
int ledger_location_print(struct pki *p, struct out *o, struct err *e) MUST_CHECK;

struct restore_args {
	const char *copy;            /* file or home */
	const char *checkpoint_file, *root_file; /* both or none */
};
/*
 * The home, which has no ledger, gets the copy's in a new epoch, once it was verified: lists "faults", records
 * "ledger" and "place".  p: without a ledger; has one afterwards.  -1: ERR_LEDGER "copy-faulty", or as
 * ledger_restore_prepare() and checkpoint_read(); then there is no ledger as before.
 */
int ledger_restore_from(struct pki *p, const struct restore_args *args, const struct run_mode *mode, struct out *o,
    struct err *e) MUST_CHECK;

/* What is missing is known, and why that is so stands in the note: roots sign again.  -1: ERR_USAGE (no note). */
int ledger_acknowledge_restore(struct pki *p, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;

/* Whether a copy of the ledger may become path.  -1: ERR_USAGE (standard output), as file_check_writable(). */
int ledger_copy_inspect(const char *path, struct err *e) MUST_CHECK;
/* Seals the ledger of p (LEDGER_MOVE) and writes the copy that goes on elsewhere, which is verified. */
int ledger_move_to(struct pki *p, const char *path, const struct run_mode *mode, struct out *o, struct err *e)
    MUST_CHECK;

#endif
