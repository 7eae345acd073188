/* SPDX-License-Identifier: MIT */
/* cert_template.h - what a certificate will contain; the request decides nothing of it. */
#ifndef MODEL_CERT_TEMPLATE_H
#define MODEL_CERT_TEMPLATE_H

#include <stdbool.h>

#include "model/key_spec.h"

#define TEMPLATE_EKU_MAX 4

struct cert_template {
	const char *name;            /* "azure-client" */
	const char *summary;         /* one line, no full stop */
	bool is_root;                /* self-signed, CA:TRUE pathlen 0, keyCertSign + cRLSign */
	unsigned days;               /* validity unless --days says otherwise */
	unsigned key_types;          /* bits 1 << enum key_type that may be certified */
	unsigned min_rsa_bits;
	const char *why_not;         /* what to say of a key type that is refused, with the reason */
	const char *eku[TEMPLATE_EKU_MAX]; /* dotted OIDs in order; NULL-ended */
	bool has_upn;                /* the name goes into a UPN as well (otherName 1.3.6.1.4.1.311.20.2.3) */
	bool is_ledger;              /* for the ledger's own key alone: no client gets one */
	bool is_cn_host;             /* only a host name will do (device tunnels) */
	const char *rule_set;        /* the lint set that judges the result: "azure" or "rfc5280" */
};

#endif
