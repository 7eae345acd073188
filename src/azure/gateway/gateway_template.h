/* SPDX-License-Identifier: MIT */
/* gateway_template.h - compares an ARM template with the gateway's state, to find what a deployment would remove. */
#ifndef AZURE_GATEWAY_GATEWAY_TEMPLATE_H
#define AZURE_GATEWAY_GATEWAY_TEMPLATE_H

#include "model/finding.h"
#include "model/gateway_template.h"
#include "model/ledger_rows.h"

/*
 * Appends to out what the gateway's resource in the template lacks of the state: entries of the two lists, writable
 * properties, and items of their lists of text. Values that differ are not compared.
 * template_path: an ARM template, or one resource, in JSON; of several resources, the one with the gateway's name is
 * used.
 * state_path: as for gateway_state_read(), but not standard input, which can be read only once.
 * -1 (ERR_INPUT): "gateway-template-format" (not JSON, no such resource), "gateway-template-limit"; ERR_OUTPUT.
 */
int template_compare(struct template_losses *out, const struct gateway_row *gateway, const char *template_path,
    const char *state_path, struct err *e) MUST_CHECK;

/* template_rules.c: set "gateway"; needs FACT_MERGED. */
extern const struct rule rules_template[];

#endif
