/* SPDX-License-Identifier: MIT */
/* ledger_list.h - prints the records of the ledger: lists, single records, and certificates as files. */
#ifndef PKI_LEDGER_LEDGER_LIST_H
#define PKI_LEDGER_LEDGER_LIST_H

#include "out/out.h"
#include "pki/pki.h"

extern const struct out_field client_list_fields[], client_show_fields[];

struct calendar;

struct client_filter {
	const char *root_name, *state, *device; /* NULL = any */
	const char *card;            /* label or serial number of the token with the key; NULL = any */
	const char *search;          /* part of a name or device, or the begin of a serial number; NULL = any */
	enum cert_order order;
	bool all;                    /* includes void, unknown and expired ones; with expiring, renewed ones */
	unsigned expiring;           /* only live certificates that expire within so many days; 0 = any */
	int64_t as_of;               /* the state at that time; 0 = now */
};
/*
 * Prints list "clients" as a stream. as_of: by the present dates of the rows, so a certificate on hold that was
 * restored since is not shown as revoked. 1: with expiring, there are such certificates.
 */
int client_list(struct pki *p, const struct client_filter *filter, struct out *o, struct err *e) MUST_CHECK;
/* Writes the certificates of that list as a calendar (ledger_calendar.h). 1: as client_list(). */
int client_calendar(const struct calendar *calendar, const struct client_filter *filter, struct err *e) MUST_CHECK;
/* Record "client", list "pending" (gateway.h).
 * id: as client_find().  -1: ERR_NOT_FOUND. */
int client_show(struct pki *p, const char *id, struct out *o, struct err *e) MUST_CHECK;

/* Appends the certificate in a format of der_encode(). */
int root_encode(struct buf *out, struct pki *p, const char *name, const char *format, struct err *e) MUST_CHECK;
/* with_chain: followed by the root's certificate (pem only). */
int client_encode(struct buf *out, struct pki *p, const char *id, const char *format, bool with_chain, struct err *e)
    MUST_CHECK;

/* Prints every certificate, of clients and roots, for `ledger export`: list "certificates". */
int ledger_export(struct pki *p, struct out *o, struct err *e) MUST_CHECK;
extern const struct out_field export_fields[];

#endif
