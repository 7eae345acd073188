/* SPDX-License-Identifier: MIT */
/* gateway_foreign.c - see gateway_foreign.h. */
#include "azure/gateway/gateway_foreign.h"

#include <string.h>

#include "util/array.h"

/* For a root that is not in the ledger: p11ca can neither renew nor remove it. They have the ids of other rules. */
static const struct rule foreign_roots[] = {
	{ "gateway-root-expired", FINDING_FAIL, "", 0, NULL, "a root on the gateway has expired",
	    "the root is not in the ledger: ask its owner to remove it, because it blocks every change" },
	{ "gateway-root-expires-30", FINDING_FAIL, "", 0, NULL, "a root on the gateway expires within 30 days",
	    "the root is not in the ledger: ask its owner to replace it now" },
	{ "gateway-root-expires-60", FINDING_WARN, "", 0, NULL, "a root on the gateway expires within 60 days",
	    "the root is not in the ledger: ask its owner to replace it" },
	{ "gateway-root-expires-90", FINDING_INFO, "", 0, NULL, "a root on the gateway expires within 90 days",
	    "the root is not in the ledger: its owner should plan a successor" },
};

int gateway_rule_test_key(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	const struct gateway *g = f->gateway;

	for (size_t i = 0; i < g->n_roots; i++)
		if (g->roots[i].test_key != NULL &&
		    finding_add(out, r, e, "root '%.80s' has the published test key '%.40s'", g->roots[i].name,
			g->roots[i].test_key) < 0)
			return -1;
	return 0;
}

const struct rule *gateway_rule_for(const struct rule *r, const struct gateway_root *root)
{
	for (size_t i = 0; root->is_foreign && i < ARRAY_LEN(foreign_roots); i++)
		if (strcmp(foreign_roots[i].id, r->id) == 0)
			return &foreign_roots[i];
	return r;
}
