/* SPDX-License-Identifier: MIT */
/* ledger_recover.h - what runs that died left in the ledger. */
#ifndef PKI_LEDGER_LEDGER_RECOVER_H
#define PKI_LEDGER_LEDGER_RECOVER_H

#include "out/out.h"
#include "pki/pki.h"
#include "pki/step.h"

/*
 * Lists unfinished work of dead runs: list "unfinished". finish: certificates whose signature can be made again are
 * finished (root PIN); close: the rest is closed: keys become orphans, certificates unknown. 1: something is left.
 */
struct recover_how {
	bool finish, close;
};
int ledger_recover(struct pki *p, const struct recover_how *how, const struct run_mode *mode, struct out *o,
    struct err *e) MUST_CHECK;
extern const struct out_field recover_fields[];

#endif
