/* SPDX-License-Identifier: MIT */
/* gateway_template.h - compares an ARM template with what the gateway has. */
#ifndef AZURE_GATEWAY_GATEWAY_TEMPLATE_H
#define AZURE_GATEWAY_GATEWAY_TEMPLATE_H

#include "model/finding.h"
#include "model/gateway_template.h"
#include "model/ledger_rows.h"

/*
 * Appends to out what the gateway's resource in the template lacks of the state: entries of the two lists, properties
 * that can be written, and items of their lists of text.  Values that differ are not compared.
 * template_path: an ARM template, or one resource, in JSON; among several of the type, the gateway's name decides.
 * state_path: as for gateway_state_read(); not standard input, which is read once.
 * -1 (ERR_INPUT): "gateway-template-format" (not JSON, no such resource), "gateway-template-limit"; ERR_OUTPUT.
 */
int template_compare(struct template_losses *out, const struct gateway_row *gateway, const char *template_path,
    const char *state_path, struct err *e) MUST_CHECK;

/* Set "gateway"; FACT_MERGED. */
extern const struct rule rules_template[];

#endif
