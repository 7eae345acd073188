/* SPDX-License-Identifier: MIT */
/* gateway_foreign.h - the rules for roots on a gateway that belong to another owner. */
#ifndef AZURE_GATEWAY_GATEWAY_FOREIGN_H
#define AZURE_GATEWAY_GATEWAY_FOREIGN_H

#include "model/finding.h"
#include "model/gateway.h"

/* The rule whose summary and remedy fit the root: r, or a rule with the same id for roots that are foreign. */
const struct rule *gateway_rule_for(const struct rule *r, const struct gateway_root *root);

/* Rule "gateway-root-test-key": the key of a root is a published test key (gateway_root.test_key). */
int gateway_rule_test_key(const struct rule *r, const struct facts *f, struct findings *out, struct err *e) MUST_CHECK;

#endif
