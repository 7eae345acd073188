/* SPDX-License-Identifier: MIT */
/* gateway_commands.c - what closes a revocation at one gateway: single commands, to be pasted. */
#include <string.h>

#include "azure/gateway.h"
#include "azure/render.h"
#include "out/powershell.h"
#include "out/quote.h"

static int quote_powershell(struct buf *out, const char *text, struct err *e)
{
	return powershell_quote(out, (struct bytes){ (const void *)text, strlen(text) }, e);
}

/* %g group, %n gateway, %c the entry's name, %t thumbprint: each as its language quotes it. */
static const struct command_row {
	const char *with;
	enum gateway_command_kind kind;
	const char *text;
} rows[] = {
	{ "az", GATEWAY_REVOKE,
	    "az network vnet-gateway revoked-cert create -g %g --gateway-name %n -n %c --thumbprint %t" },
	{ "az", GATEWAY_RESTORE, "az network vnet-gateway revoked-cert delete -g %g --gateway-name %n -n %c" },
	{ "PowerShell", GATEWAY_REVOKE,
	    "Add-AzVpnClientRevokedCertificate -ResourceGroupName %g -VirtualNetworkGatewayName %n"
	    " -VpnClientRevokedCertificateName %c -Thumbprint %t" },
	{ "PowerShell", GATEWAY_RESTORE,
	    "Remove-AzVpnClientRevokedCertificate -ResourceGroupName %g -VirtualNetworkGatewayName %n"
	    " -VpnClientRevokedCertificateName %c -Thumbprint %t" },
	/* nobody says that revoking ends a session that is up */
	{ "PowerShell", GATEWAY_DISCONNECT,
	    "Get-AzVirtualNetworkGatewayVpnClientConnectionHealth -ResourceGroupName %g -VirtualNetworkGatewayName "
	    "%n" },
	{ "PowerShell", GATEWAY_DISCONNECT,
	    "Disconnect-AzVirtualNetworkGatewayVpnConnection -ResourceGroupName %g -VirtualNetworkGatewayName %n"
	    " -VpnConnectionId ID" },
	/* HUB is a point-to-site gateway that uses the configuration; a blob (SAS) says whose sessions it has */
	{ "PowerShell", GATEWAY_DISCONNECT_WAN,
	    "Get-AzP2sVpnGatewayDetailedConnectionHealth -ResourceGroupName %g -Name HUB -OutputBlobSasUrl SAS" },
	{ "PowerShell", GATEWAY_DISCONNECT_WAN,
	    "Disconnect-AzP2sVpnGatewayVpnConnection -ResourceGroupName %g -ResourceName HUB -VpnConnectionId ID" },
};

static void write_row(struct render *r, const struct command_row *row, const char *name, const char *thumbprint)
{
	quote_fn *quote = strcmp(row->with, "az") == 0 ? quote_sh : quote_powershell;
	const struct gateway_row *g = &r->change->gateway;
	char plain[2] = "";

	for (const char *at = row->text; *at != '\0'; at++) {
		plain[0] = *at;
		if (*at != '%') {
			render_add(r, plain);
			continue;
		}
		at++;
		if (*at == 'g' || *at == 'n')
			render_quoted(r, quote, *at == 'g' ? g->resource_group : g->name);
		else
			render_add(r, *at == 'c' ? name : thumbprint);
	}
	if (quote == quote_sh && g->subscription[0] != '\0') {
		render_add(r, " --subscription ");
		render_quoted(r, quote, g->subscription);
	}
}

int gateway_each_command(const struct gateway_row *gateway, enum gateway_command_kind kind, const char *name,
    const char *thumbprint, gateway_command_fn *fn, void *arg, struct err *e)
{
	const struct gateway_change change = { .gateway = *gateway };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_VALUE(buf) text = { 0 };
		struct render r = { &text, &change, false, e };

		if (rows[i].kind != kind)
			continue;
		write_row(&r, &rows[i], name, thumbprint);
		if (r.is_bad || buf_add(&text, "", 1, e) < 0 || fn(rows[i].with, (const char *)text.at, arg, e) < 0)
			return -1;
	}
	return 0;
}
