/* SPDX-License-Identifier: MIT */
/* gateway_close.c - what closes a revocation, as one script: thumbprints, sessions, CRL, and a look again. */
#include "azure/gateway.h"
#include "azure/render.h"
#include "out/quote.h"

/* Every command is tried, whatever became of those before it: the most that can be closed is. */
static const char head[] =
    "#!/bin/bash\n"
    "# Closes a revocation: each gateway refuses the certificates, their sessions end, and a new CRL lists them.\n"
    "# It may be run again: what is there already stays as it is.  Needs az, logged in; with p11ca here,\n"
    "# the ledger learns what each gateway has now.  SESSIONS='ID ID' names those of Virtual WAN that are to end.\n"
    "set -u\n"
    "failed=0\n"
    "trap 'failed=1; echo \"line $LINENO failed\" >&2' ERR\n"
    "state=$(mktemp -d) || { echo 'nothing is closed: there is no room for temporary files' >&2; exit 1; }\n"
    "trap 'rm -rf \"$state\"' EXIT\n";

static const char tail[] = "[ \"$failed\" -eq 0 ] || echo 'not everything is closed: see the lines above' >&2\n"
			   "exit \"$failed\"\n";

/* %g, %n: group and name, each as a word of the shell; %s: the subscription's option, or nothing. */
static void add_text(struct render *r, const char *text)
{
	const struct gateway_row *g = &r->change->gateway;
	char plain[2] = "";

	for (const char *at = text; *at != '\0'; at++) {
		plain[0] = *at;
		if (*at != '%') {
			render_add(r, plain);
			continue;
		}
		at++;
		if (*at == 'g' || *at == 'n') {
			render_quoted(r, quote_sh, *at == 'g' ? g->resource_group : g->name);
		} else if (g->subscription[0] != '\0') {
			render_add(r, " --subscription ");
			render_quoted(r, quote_sh, g->subscription);
		}
	}
}

/* A session is known by the name in its certificate. */
static void add_names(struct render *r)
{
	const struct gateway_entries *list = &r->change->revoked;

	render_add(r, "names=(");
	for (size_t i = 0; i < list->n; i++) {
		render_add(r, i > 0 ? " " : "");
		render_quoted(r, quote_sh, list->all[i].who);
	}
	render_add(r, ")\n");
}

static const char vnet_listed[] =
    "listed=$(az network vnet-gateway show -g %g -n %n%s \\\n"
    "    --query 'vpnClientConfiguration.vpnClientRevokedCertificates[].thumbprint' -o tsv)\n";
static const char vwan_listed[] =
    "listed=$(az resource show -g %g -n %n%s \\\n"
    "    --resource-type Microsoft.Network/vpnServerConfigurations --api-version " RENDER_API " \\\n"
    "    --query 'properties.vpnClientRevokedCertificates[].thumbprint' -o tsv)\n";

/* One at a time, and not twice: Virtual WAN would have it two times, and the other takes minutes for nothing. */
static void add_thumbprints(struct render *r)
{
	const struct gateway_change *c = r->change;

	add_text(r, render_is_wan(r) ? vwan_listed : vnet_listed);
	for (size_t i = 0; i < c->revoked.n; i++) {
		const struct gateway_change one = { .gateway = c->gateway,
			.revoked = { .all = &c->revoked.all[i], .n = 1 } };
		struct render of_one = { r->out, &one, r->is_bad, r->e };

		render_add(&of_one, "if ! grep -qix ");
		render_add(&of_one, c->revoked.all[i].thumbprint);
		render_add(&of_one, " <<<\"$listed\"; then\n");
		render_az_additions(&of_one);
		render_add(&of_one, "fi\n");
		r->is_bad = of_one.is_bad;
	}
}

static const char vnet_sessions[] =
    "sessions=$(az network vnet-gateway vpn-client show-health -g %g -n %n%s \\\n"
    "    --query '(value || @)[].[vpnUserName, vpnConnectionId]' -o tsv)\n"
    "ids=()\n"
    "while IFS=$'\\t' read -r user id; do\n"
    "\tfor name in \"${names[@]}\"; do\n"
    "\t\tif [ \"$user\" = \"$name\" ] && [ -n \"$id\" ]; then ids+=(\"$id\"); fi\n"
    "\tdone\n"
    "done <<<\"$sessions\"\n"
    "if [ \"${#ids[@]}\" -gt 0 ]; then\n"
    "\taz network vnet-gateway disconnect-vpn-connections -g %g -n %n%s \\\n"
    "\t    --vpn-connections \"${ids[@]}\" -o none\n"
    "else\n"
    "\techo \"no session of ${names[*]} is up at \"%n\n"
    "fi\n";

/* Only a blob in a storage account of one's own lists the sessions of Virtual WAN. */
static const char vwan_sessions[] =
    "hubs=$(az resource show -g %g -n %n%s \\\n"
    "    --resource-type Microsoft.Network/vpnServerConfigurations --api-version " RENDER_API " \\\n"
    "    --query 'properties.p2SVpnGateways[].id' -o tsv)\n"
    "for hub in $hubs; do\n"
    "\tif [ -n \"${SESSIONS:-}\" ]; then\n"
    "\t\t# shellcheck disable=SC2086\n"
    "\t\taz network p2s-vpn-gateway disconnect --ids \"$hub\" --vpn-connection-ids $SESSIONS -o none\n"
    "\telse\n"
    "\t\techo \"sessions at $hub are still up: Get-AzP2sVpnGatewayDetailedConnectionHealth lists those of\" \\\n"
    "\t\t    \"${names[*]}; run this again with SESSIONS='ID ID'\" >&2\n"
    "\t\tfailed=1\n"
    "\tfi\n"
    "done\n";

static const char seen_vnet[] = "if command -v p11ca >/dev/null; then\n"
				"\taz network vnet-gateway show -g %g -n %n%s -o json >\"$state/json\"\n";
static const char seen_vwan[] = "if command -v p11ca >/dev/null; then\n"
				"\taz network vpn-server-config show -g %g -n %n%s -o json >\"$state/json\"\n";
static const char seen[] =
    "\tp11ca gateway diff %n --state \"$state/json\" --record >\"$state/diff\" || [ $? -eq 10 ]\n"
    "fi\n";

static const char crl_head[] = "\n# For whoever reads CRLs; it asks for the root's PIN.\n"
			       "if command -v p11ca >/dev/null; then\n";
/* No gateway reads CRLs: the revocation is closed without. */
static const char crl_tail[] =
    "else\n"
    "\techo 'p11ca is not here: whoever reads CRLs needs a new one, by p11ca root crl where it is' >&2\n"
    "fi\n";

int gateway_close_begin(struct buf *out, const char *home, struct err *e)
{
	const struct gateway_change none = { .has_state = false };
	struct render r = { out, &none, false, e };

	render_add(&r, head);
	render_add(&r, "[ \"${P11CA_HOME:-}\" ] || P11CA_HOME=");
	render_quoted(&r, quote_sh, home);
	render_add(&r, "\nexport P11CA_HOME\n");
	return r.is_bad ? -1 : 0;
}

int gateway_close_at(struct buf *out, const struct gateway_change *c, struct err *e)
{
	struct render r = { out, c, false, e };
	const bool is_wan = render_is_wan(&r);

	render_add(&r, "\n");
	render_comment(&r, "# Gateway ", c->gateway.name);
	add_thumbprints(&r);
	add_names(&r);
	add_text(&r, is_wan ? vwan_sessions : vnet_sessions);
	add_text(&r, is_wan ? seen_vwan : seen_vnet);
	add_text(&r, seen);
	return r.is_bad ? -1 : 0;
}

int gateway_close_end(struct buf *out, const char *roots[], size_t n_roots, struct err *e)
{
	const struct gateway_change none = { .has_state = false };
	struct render r = { out, &none, false, e };

	for (size_t i = 0; i < n_roots; i++) {
		render_add(&r, i == 0 ? crl_head : "");
		render_add(&r, "\tp11ca root crl ");
		render_quoted(&r, quote_sh, roots[i]);
		render_add(&r, " --force --out ");
		render_quoted(&r, quote_sh, roots[i]);
		render_add(&r, ".crl\n");
	}
	render_add(&r, n_roots > 0 ? crl_tail : "");
	render_add(&r, tail);
	return r.is_bad ? -1 : 0;
}
