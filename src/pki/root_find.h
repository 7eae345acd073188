/* SPDX-License-Identifier: MIT */
/* root_find.h - a root of the ledger by its name. */
#ifndef PKI_ROOT_FIND_H
#define PKI_ROOT_FIND_H

#include "pki/pki.h"

/* -1 (ERR_NOT_FOUND): the ledger has no root of this name. */
int root_row_find(struct root_row *out, struct pki *p, const char *name, struct err *e) MUST_CHECK;

#endif
