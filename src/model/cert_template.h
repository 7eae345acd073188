/* SPDX-License-Identifier: MIT */
/* cert_template.h - the content of a certificate to be issued; the request cannot change any of it. */
#ifndef MODEL_CERT_TEMPLATE_H
#define MODEL_CERT_TEMPLATE_H

#include <stdbool.h>

#include "model/key_spec.h"

#define TEMPLATE_EKU_MAX 4

struct cert_template {
	const char *name;            /* "azure-client" */
	const char *summary;         /* one line, no full stop */
	bool is_root;                /* self-signed, CA:TRUE pathlen 0, keyCertSign + cRLSign */
	unsigned days;               /* validity if --days is not given */
	unsigned key_types;          /* allowed key types, bits 1 << enum key_type */
	unsigned min_rsa_bits;
	const char *why_not;         /* the message for a refused key type, with the reason */
	const char *eku[TEMPLATE_EKU_MAX]; /* dotted OIDs in order; NULL ends the list */
	bool has_upn;                /* the name is also written as UPN (otherName 1.3.6.1.4.1.311.20.2.3) */
	bool is_ledger;              /* for the ledger's own key only, not for clients */
	bool is_cn_host;             /* the name must be a host name (device tunnels) */
	const char *rule_set;        /* the lint set that judges the result: "azure" or "rfc5280" */
};

#endif
