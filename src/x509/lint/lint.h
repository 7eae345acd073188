/* SPDX-License-Identifier: MIT */
/* lint.h - the rules that need only certificates and requests. Tables end with id NULL. */
#ifndef X509_LINT_LINT_H
#define X509_LINT_LINT_H

#include "model/finding.h"

extern const struct rule rules_rfc5280[]; /* sets: rfc5280, azure, check, clients'; FACT_CERT, FACT_CHAIN */
extern const struct rule rules_azure[];   /* sets: azure, check, clients'; ids "azure-…" */
extern const struct rule rules_clients[]; /* sets: windows, apple, strongswan, openvpn, check; ids "client-…" */
extern const struct rule rules_request[]; /* sets: gate, check; FACT_REQUEST; ids "request-…" */
extern const struct rule rules_public_key[]; /* sets: gate, check; ids "request-…"; set key: ids "key-…" */

#endif
