/* SPDX-License-Identifier: MIT */
/* gateway_record.h - gateways of the ledger: found, listed, and the lists in their columns. */
#ifndef PKI_GATEWAY_GATEWAY_RECORD_H
#define PKI_GATEWAY_GATEWAY_RECORD_H

#include "out/out.h"
#include "pki/pki.h"

/*
 * Copies a list, comma-separated, into a column of the row. -1 (ERR_USAGE): too long, or an item is empty or has a
 * comma.
 */
int gateway_join(char *out, size_t size, const char *what, const char *const items[], unsigned n, struct err *e)
    MUST_CHECK;
/* Iterates over the words of a comma-separated text: *at moves; false at the end. */
bool gateway_word(char *out, size_t size, const char **at);

/* The word that the ledger stores for a type of gateway: "vnet-gateway" (and any other word) or "vpn-server-config". */
const char *gateway_type_of(const char *word);
/* -1 (ERR_NOT_FOUND): the ledger has no such gateway. */
int gateway_find(struct gateway_row *out, struct pki *p, const char *name, struct err *e) MUST_CHECK;
/* Record "gateway". */
int gateway_print(const struct gateway_row *row, struct out *o, struct err *e) MUST_CHECK;
/* List "gateways". */
int gateway_list(struct pki *p, struct out *o, struct err *e) MUST_CHECK;
extern const struct out_field gateway_fields[];

#endif
