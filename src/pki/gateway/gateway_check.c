/* SPDX-License-Identifier: MIT */
/* gateway_check.c - judges a gateway by Azure's rules: its present state, or the state that the ledger plans. */
#include <stdlib.h>
#include <string.h>

#include "azure/gateway/gateway.h"
#include "azure/gateway/gateway_state.h"
#include "azure/gateway/gateway_template.h"
#include "pki/request_check.h"
#include "pki/gateway/gateway_plan.h"
#include "pki/profile/package_op.h"
#include "pki/show_findings.h"
#include "x509/cert.h"

static bool gateway_check_has_word(const char *words, const char *word)
{
	char one[64];

	while (gateway_word(one, sizeof(one), &words))
		if (strcmp(one, word) == 0)
			return true;
	return false;
}

static int gateway_check_take_root(struct gateway *g, const struct gateway_entry *entry, struct err *e)
{
	struct gateway_root *root = &g->roots[g->n_roots++];

	(void)snprintf(root->name, sizeof(root->name), "%s", entry->name);
	return buf_add(&root->der, entry->der.data, entry->der.len, e) < 0 ||
		       cert_read_known(&root->info, buf_bytes(&root->der), e) < 0
		   ? -1
		   : 0;
}

int gateway_from_ledger(struct gateway *g, struct pki *p, const char *name, struct err *e)
{
	const struct gateway_options nothing = { .state = NULL };
	AUTO_VALUE(gateway_plan) plan = { .change = { .is_new = false } };
	const struct gateway_change *c = &plan.change;

	if (gateway_plan_make(&plan, p, name, &nothing, e) < 0)
		return -1;
	g->has_ikev2 = gateway_check_has_word(c->gateway.tunnels, "IkeV2");
	g->has_openvpn = gateway_check_has_word(c->gateway.tunnels, "OpenVPN");
	g->has_sstp = gateway_check_has_word(c->gateway.tunnels, "SSTP");
	g->states_tunnels = g->states_auth = g->states_roots = g->has_certificate = true;
	g->roots = calloc(c->roots.n + 1, sizeof(g->roots[0]));
	if (g->roots == NULL)
		return err_set(e, ERR_INTERNAL, "out of memory");
	for (size_t i = 0; i < c->roots.n; i++)
		if (gateway_check_take_root(g, &c->roots.all[i], e) < 0)
			return -1;
	return gateway_set_pools(g, c->gateway.pools, e);
}

static int from_state(struct gateway *g, struct pki *p, const char *name, const char *state, struct err *e)
{
	struct gateway_row row;

	if (gateway_find(&row, p, name, e) < 0 || pki_read_gateway(g, state, e) < 0 || pki_mark_foreign(g, p, e) < 0)
		return -1;
	/* in Virtual WAN the pool is in another resource, which can be checked, too */
	return g->kind == GATEWAY_OF_HUB && strcmp(row.type, GATEWAY_TYPE_VWAN) == 0 ? 0
										      : gateway_check_state(&row, g, e);
}

static int compare_template(struct template_losses *losses, struct pki *p, const char *name,
    const struct gateway_check_options *options, struct err *e)
{
	struct gateway_row row;

	if (options->state == NULL || strcmp(options->state, "-") == 0)
		return err_set(e, ERR_USAGE, "--template needs the gateway's state from a file: give --state FILE");
	return gateway_find(&row, p, name, e) < 0
		   ? -1
		   : template_compare(losses, &row, options->template, options->state, e);
}

/* Warns that only the ledger was checked, not the gateway. */
static void warn_of_ledger(struct pki *p)
{
	p->ui->warn(p->ui->self, "gateway-check-without-state",
	    "only the ledger's record was checked, not the gateway's roots, list of revoked certificates, address "
	    "pool, SKU and authentication in Azure: give --state FILE");
}

int gateway_check(
    struct pki *p, const char *name, const struct gateway_check_options *options, struct out *o, struct err *e)
{
	AUTO_VALUE(template_losses) losses = { .n = 0 };
	struct gateway_network around = { .n_vnets = 0 };
	AUTO_VALUE(gateway) g = { .n_roots = 0 };
	struct findings all = { .n = 0 };
	const struct facts f = { .have = FACT_GATEWAY | (options->template != NULL ? FACT_MERGED : 0U),
		.now = clock_now(&p->clock), .gateway = &g, .gateway_network = &around, .losses = &losses };
	unsigned n_bad = 0;

	for (unsigned i = 0; i < options->n_locals; i++)
		if (gateway_add_local(&around, options->locals[i], e) < 0)
			return -1;
	if ((options->vnet != NULL && vnet_state_read(&around, options->vnet, e) < 0) ||
	    (options->template != NULL && compare_template(&losses, p, name, options, e) < 0) ||
	    (options->state != NULL ? from_state(&g, p, name, options->state, e)
				    : gateway_from_ledger(&g, p, name, e)) < 0 ||
	    findings_run(all_rules, "gateway", &f, &all, e) < 0 || out_list(o, "findings", finding_fields, e) < 0 ||
	    findings_rows(&n_bad, name, &all, p->o.verbose, o, e) < 0 || out_end(o, e) < 0)
		return -1;
	if (options->state == NULL)
		warn_of_ledger(p);
	return n_bad > 0 ? 1 : 0;
}
