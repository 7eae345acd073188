/* SPDX-License-Identifier: MIT */
/* ledger_list.h - what the ledger has, as records: the lists, the single ones, and their certificates as files. */
#ifndef PKI_LEDGER_LEDGER_LIST_H
#define PKI_LEDGER_LEDGER_LIST_H

#include "out/out.h"
#include "pki/pki.h"

extern const struct out_field client_list_fields[], client_show_fields[];

struct client_filter {
	const char *root_name, *state; /* NULL = any */
	bool all;                    /* also what is void, unknown or expired */
	unsigned expiring;           /* only what is live and ends within so many days; 0 = any */
	int64_t as_of;               /* as it was, or will be, at that time; 0 = now */
};
/*
 * List "clients": streams.  as_of: by the dates that the rows have today, so a hold that was taken back since does
 * not show.  1: with expiring, there are such certificates.
 */
int client_list(struct pki *p, const struct client_filter *filter, struct out *o, struct err *e) MUST_CHECK;
/* Record "client", list "pending" (gateway.h).
 * id: as client_find().  -1: ERR_NOT_FOUND. */
int client_show(struct pki *p, const char *id, struct out *o, struct err *e) MUST_CHECK;

/* The certificate in a format of der_encode(), appended. */
int root_encode(struct buf *out, struct pki *p, const char *name, const char *format, struct err *e) MUST_CHECK;
/* with_chain: the root's behind it (pem only). */
int client_encode(struct buf *out, struct pki *p, const char *id, const char *format, bool with_chain, struct err *e)
    MUST_CHECK;

/* Every certificate, client and root, for `ledger export`: list "certificates". */
int ledger_export(struct pki *p, struct out *o, struct err *e) MUST_CHECK;
extern const struct out_field export_fields[];

#endif
