/* SPDX-License-Identifier: MIT */
/* session.h - from the options of a command to what operations stand on. */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include "cli/command.h"
#include "pki/pki.h"

/* Fills p from the shared options.  p is { 0 } before; the caller clears it (AUTO_VALUE(pki)). */
int session_open(struct pki *p, const struct app *app, struct err *e) MUST_CHECK;
/* And opens the ledger: a dry run only reads, and makes none. */
int session_open_ledger(struct pki *p, const struct app *app, enum ledger_use how, bool is_test, struct err *e)
    MUST_CHECK;

#endif
