/* SPDX-License-Identifier: MIT */
/* gateway_name.h - names of certificates on a gateway's lists. */
#ifndef PKI_GATEWAY_GATEWAY_NAME_H
#define PKI_GATEWAY_GATEWAY_NAME_H

#include "model/ledger_rows.h"

/*
 * A name for a gateway's list: `p11ca-` and 16 digits of the serial; of the thumbprint where the serial is not ours,
 * because other CAs count, or begin each serial alike.  It has no blanks and never contains the client's name.
 */
#define AZURE_NAME_MAX 24
void azure_name(char out[AZURE_NAME_MAX], const struct cert_row *c);

/* The name of a CA, which no other CA has: serials are unique only below the same CA. */
#define AZURE_CA_NAME_MAX 26
void azure_ca_name(char out[AZURE_CA_NAME_MAX], const char *fingerprint);

#endif
