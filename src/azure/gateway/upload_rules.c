/* SPDX-License-Identifier: MIT */
/* upload_rules.c - rules for a file to be pasted into the portal: base64 without armour and line breaks. */
#include "azure/gateway/gateway.h"

static int has_blanks(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	const struct pasted *p = f->pasted;

	return p->n_blanks == 0
		   ? 0
		   : finding_add(out, r, e, "the base64 text contains %u line breaks or spaces", p->n_blanks);
}

const struct rule rules_upload[] = {
	{ "azure-data-spaces", FINDING_WARN, "check", FACT_PASTED, has_blanks,
	    "the base64 text contains line breaks or spaces",
	    "paste the output of `p11ca root export NAME --format base64`, or remove the line breaks" },
	{ .id = NULL },
};
