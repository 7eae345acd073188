/* SPDX-License-Identifier: MIT */
/* open_pki.h - from the options of a command to what operations stand on. */
#ifndef CLI_OPEN_PKI_H
#define CLI_OPEN_PKI_H

#include "cli/command.h"
#include "pki/pki.h"

/* Fills p from the shared options.  p is { 0 } before; the caller clears it (AUTO_VALUE(pki)). */
int open_pki(struct pki *p, const struct app *app, struct err *e) MUST_CHECK;
/* And opens the ledger: a dry run only reads, and makes none. */
int open_pki_ledger(struct pki *p, const struct app *app, enum ledger_use how, bool is_test, struct err *e)
    MUST_CHECK;

#endif
