/* SPDX-License-Identifier: MIT */
/* gateway_foreign.h - the rules for roots on a gateway that belong to another owner. */
#ifndef AZURE_GATEWAY_GATEWAY_FOREIGN_H
#define AZURE_GATEWAY_GATEWAY_FOREIGN_H

#include "model/finding.h"
#include "model/gateway.h"

/* The rule whose summary and remedy fit the root: r, or a rule with the same id for roots that are foreign. */
const struct rule *gateway_rule_for(const struct rule *r, const struct gateway_root *root);

#endif
