/* SPDX-License-Identifier: MIT */
/* gateway_commands.c - single commands, for pasting, that complete a revocation at one gateway. */
#include <ctype.h>
#include <string.h>

#include "azure/gateway/gateway.h"
#include "azure/gateway/render.h"
#include "out/powershell.h"
#include "out/quote.h"
#include "util/array.h"

static int quote_powershell(struct buf *out, const char *text, struct err *e)
{
	return powershell_quote(out, (struct bytes){ (const void *)text, strlen(text) }, e);
}

/*
 * Placeholders, quoted for the language: %g group, %n gateway, %c name of the entry, %t thumbprint, %q a query for
 * the name of the entry with the thumbprint. An entry is removed by its thumbprint, because its name on the gateway
 * can differ: the command `find` finds the name.
 */
static const struct command_row {
	const char *with;
	enum gateway_command_kind kind;
	const char *text, *find;
} rows[] = {
	{ "az", GATEWAY_REVOKE,
	    "az network vnet-gateway revoked-cert create -g %g --gateway-name %n -n %c --thumbprint %t", NULL },
	{ "az", GATEWAY_RESTORE,
	    "az network vnet-gateway revoked-cert delete -g %g --gateway-name %n -n \"$name\"",
	    "az network vnet-gateway show -g %g -n %n -o tsv --query %q" },
	{ "PowerShell", GATEWAY_REVOKE,
	    "Add-AzVpnClientRevokedCertificate -ResourceGroupName %g -VirtualNetworkGatewayName %n"
	    " -VpnClientRevokedCertificateName %c -Thumbprint %t", NULL },
	{ "PowerShell", GATEWAY_RESTORE,
	    "Remove-AzVpnClientRevokedCertificate -ResourceGroupName %g -VirtualNetworkGatewayName %n"
	    " -VpnClientRevokedCertificateName $_.Name -Thumbprint $_.Thumbprint",
	    "Get-AzVirtualNetworkGateway -ResourceGroupName %g -Name %n" },
	/* Azure does not document that revoking a certificate ends its sessions */
	{ "PowerShell", GATEWAY_DISCONNECT,
	    "Get-AzVirtualNetworkGatewayVpnClientConnectionHealth -ResourceGroupName %g -VirtualNetworkGatewayName "
	    "%n", NULL },
	{ "PowerShell", GATEWAY_DISCONNECT,
	    "Disconnect-AzVirtualNetworkGatewayVpnConnection -ResourceGroupName %g -VirtualNetworkGatewayName %n"
	    " -VpnConnectionId ID", NULL },
	/*
	 * HUB is a point-to-site gateway with this configuration; Azure writes the list of its sessions to a blob
	 * (SAS)
	 */
	{ "PowerShell", GATEWAY_DISCONNECT_WAN,
	    "Get-AzP2sVpnGatewayDetailedConnectionHealth -ResourceGroupName %g -Name HUB -OutputBlobSasUrl SAS", NULL },
	{ "PowerShell", GATEWAY_DISCONNECT_WAN,
	    "Disconnect-AzP2sVpnGatewayVpnConnection -ResourceGroupName %g -ResourceName HUB -VpnConnectionId ID",
	    NULL },
};

struct command {
	const struct command_row *row;
	const char *name, *thumbprint;
	quote_fn *quote;
};

/* Azure keeps a thumbprint as given. JMESPath compares with case, PowerShell's -eq without. */
static void write_query(struct render *r, const struct command *c)
{
	char query[256], capitals[SHA1_HEX];
	size_t n = 0;

	for (; c->thumbprint[n] != '\0' && n < sizeof(capitals) - 1; n++)
		capitals[n] = (char)toupper((unsigned char)c->thumbprint[n]);
	capitals[n] = '\0';
	(void)snprintf(query, sizeof(query),
	    "vpnClientConfiguration.vpnClientRevokedCertificates[?contains(%c[\"%s\",\"%s\"]%c, thumbprint)]"
	    ".name | [0]",
	    '`', c->thumbprint, capitals, '`');
	render_quoted(r, c->quote, query);
}

static void write_text(struct render *r, const struct command *c, const char *text)
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
		if (*at == 'g' || *at == 'n')
			render_quoted(r, c->quote, *at == 'g' ? g->resource_group : g->name);
		else if (*at == 'q')
			write_query(r, c);
		else
			render_add(r, *at == 'c' ? c->name : c->thumbprint);
	}
	if (c->quote == quote_sh && g->subscription[0] != '\0') {
		render_add(r, " --subscription ");
		render_quoted(r, c->quote, g->subscription);
	}
}

static void write_row(struct render *r, const struct command *c)
{
	const bool is_sh = c->quote == quote_sh;

	if (c->row->find == NULL) {
		write_text(r, c, c->row->text);
		return;
	}
	render_add(r, is_sh ? "name=$(" : "(");
	write_text(r, c, c->row->find);
	if (is_sh)
		render_add(r, ") && ");
	else
		write_text(r, c,
		    ").VpnClientConfiguration.VpnClientRevokedCertificates | Where-Object { $_.Thumbprint -eq '%t' } | "
		    "ForEach-Object { ");
	write_text(r, c, c->row->text);
	render_add(r, is_sh ? "" : " }");
}

int gateway_each_command(const struct gateway_row *gateway, const struct gateway_command *wanted,
    gateway_command_fn *fn, void *arg, struct err *e)
{
	const struct gateway_change change = { .gateway = *gateway };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		AUTO_VALUE(buf) text = { 0 };
		struct render r = { &text, &change, false, e };

		if (rows[i].kind != wanted->kind)
			continue;
		write_row(&r, &(struct command){ &rows[i], wanted->name, wanted->thumbprint,
				  strcmp(rows[i].with, "az") == 0 ? quote_sh : quote_powershell });
		if (r.is_bad || buf_add(&text, "", 1, e) < 0 || fn(rows[i].with, (const char *)text.data, arg, e) < 0)
			return -1;
	}
	return 0;
}
