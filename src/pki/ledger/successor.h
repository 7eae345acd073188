/* SPDX-License-Identifier: MIT */
/* successor.h - the certificate that a client got by the renewal of another one. */
#ifndef PKI_LEDGER_SUCCESSOR_H
#define PKI_LEDGER_SUCCESSOR_H

#include "pki/pki.h"

/* Changes the row to the state on another day, by its dates. False: it did not exist then, or was never issued. */
bool cert_move_back(struct cert_row *row, int64_t at);

struct successor {
	int64_t at;                  /* the day of the question; 0 = now, when the ledger knows the states */
	int64_t now;
	char serial[SERIAL_HEX];     /* "" = no successor */
};
/* Finds the successor that is valid at as_of (0 = now). -1: the ledger fails. */
int successor_find(struct successor *s, struct pki *p, const struct cert_row *row, int64_t as_of, struct err *e)
    MUST_CHECK;
/* *renewed: the client's certificate has such a successor. */
int client_is_renewed(bool *renewed, struct pki *p, const struct cert_row *row, int64_t as_of, struct err *e)
    MUST_CHECK;

#endif
