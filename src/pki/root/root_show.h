/* SPDX-License-Identifier: MIT */
/* root_show.h - the roots of the ledger as records, with what p11ca.conf says of them. */
#ifndef PKI_ROOT_ROOT_SHOW_H
#define PKI_ROOT_ROOT_SHOW_H

#include "out/out.h"
#include "pki/pki.h"

/* List "roots". */
int root_list(struct pki *p, struct out *o, struct err *e) MUST_CHECK;
/* Record "root", list "issuers" of a subordinate root.  -1 (ERR_NOT_FOUND): the ledger has no such root. */
int root_show(struct pki *p, const char *name, struct out *o, struct err *e) MUST_CHECK;
extern const struct out_field root_list_fields[], root_show_fields[], root_issuer_fields[];

#endif
