/* SPDX-License-Identifier: MIT */
/* open_pki.h - makes the struct pki (configuration, module, ledger) of an operation from the shared options. */
#ifndef CLI_OPEN_PKI_H
#define CLI_OPEN_PKI_H

#include "cli/command.h"
#include "pki/pki.h"

/* Fills p from the shared options. *p is zeroed before; the caller clears it (AUTO_VALUE(pki)). */
int open_pki(struct pki *p, const struct app *app, struct err *e) MUST_CHECK;
/* As above, and opens the ledger: a dry run opens it read-only and does not create it. */
int open_pki_ledger(struct pki *p, const struct app *app, enum ledger_use how, bool is_test, struct err *e)
    MUST_CHECK;

#endif
