/* SPDX-License-Identifier: MIT */
/* root_find.h - a root of the ledger by its name. */
#ifndef PKI_ROOT_FIND_H
#define PKI_ROOT_FIND_H

#include "pki/pki.h"

/* Sets ERR_NOT_FOUND ("root-not-found") with the most similar name of a root, and returns -1. name NULL: no root. */
int root_not_found(struct pki *p, const char *name, struct err *e);
/* -1: as root_not_found(). */
int root_row_find(struct root_row *out, struct pki *p, const char *name, struct err *e) MUST_CHECK;

#endif
