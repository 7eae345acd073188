/* SPDX-License-Identifier: MIT */
/* openssl_index.h - the ledger as the database of `openssl ca`. */
#ifndef PKI_LEDGER_OPENSSL_INDEX_H
#define PKI_LEDGER_OPENSSL_INDEX_H

#include <stdio.h>

#include "pki/pki.h"

/*
 * Appends the certificates of one root (NULL: the only root) as the index.txt of `openssl ca`, which `openssl ocsp`
 * reads. A client with several live certificates has one line for each.
 */
int ledger_index(struct pki *p, const char *root_name, FILE *f, struct err *e) MUST_CHECK;

#endif
