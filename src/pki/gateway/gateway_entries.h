/* SPDX-License-Identifier: MIT */
/* gateway_entries.h - entries come into the lists of a planned gateway. */
#ifndef PKI_GATEWAY_GATEWAY_ENTRIES_H
#define PKI_GATEWAY_GATEWAY_ENTRIES_H

#include "model/gateway_change.h"
#include "model/ledger_rows.h"

/* A planned entry, as it is on the gateway.  -1: ERR_INPUT ("gateway-format": it has no name), ERR_INTERNAL. */
int gateway_plan_copy(struct gateway_entries *list, const char *name, const char *thumbprint, struct bytes der,
    const char *who, struct err *e) MUST_CHECK;
/* Adds an entry for the gateway. -1 (ERR_POLICY, "gateway-entry-name-taken"): another entry has the name. */
int gateway_plan_add(struct gateway_entries *list, const char *name, const struct cert_row *c, const char *who,
    struct bytes der, struct err *e) MUST_CHECK;
bool gateway_plan_has_name(const struct gateway_entries *list, const char *name);

#endif
