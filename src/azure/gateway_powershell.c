/* SPDX-License-Identifier: MIT */
/* gateway_powershell.c - a change of a gateway as a script for Azure PowerShell. */
#include <string.h>

#include "azure/render.h"
#include "out/powershell.h"
#include "out/quote.h"

static const char needs[] =
    "#\n"
    "# Needs PowerShell with the modules Az.Accounts, Az.Network and Az.Resources, logged in by Connect-AzAccou"
    "nt as a\n"
    "# person whose role allows to change the gateway, such as Network Contributor. It was written from documen"
    "tation and\n"
    "# source of the cmdlets, and not run against Azure by its authors: look at the lists afterwards.\n"
    "# Revocations are sent first. The script reads the gateway's lists and changes only the entries that it na"
    "mes. It\n"
    "# can be run again: what is done already is skipped.\n";
/* AddAzureVpnClientRevokedCertificateCommand.cs of Az.Network: BackfillRadiusServerSecrets() before the PUT. */
static const char radius[] =
    "# The gateway has RADIUS servers. Newer versions of Az.Network read their secrets and send them back with "
    "a change;\n"
    "# older ones do not. Afterwards check that clients with RADIUS still connect.\n";
/* UpdateAzureVirtualNetworkGatewayCommand.cs: ShouldContinue(), which looks at no preference and no -Force. */
static const char aad[] =
    "# The gateway accepts Entra ID. With IkeV2 and OpenVPN, Set-AzVirtualNetworkGateway asks a question that -"
    "Confirm\n"
    "# and -Force do not answer: if this script calls it, run the script where you can answer.\n";
static const char common[] =
    "# Text of one certificate may differ in line breaks, armour, padding, or the case of a thumbprint.\n"
    "function Get-Normal($Data) {\n"
    "    $text = \"$Data\" -creplace '-----[A-Z ]*-----|\\s|=', ''\n"
    "    if ($text.Length -eq 40) { $text.ToLowerInvariant() } else { $text }\n"
    "}\n"
    "function Test-Listed($List, $Member, $Data) {\n"
    "    @($List | Where-Object { $_ -and (Get-Normal $_.$Member) -ceq (Get-Normal $Data) }).Count -gt 0\n"
    "}\n"
    "function Test-Roots($Count) {\n"
    "    if ($Count -gt 20) { throw \"'$name' would have $Count roots, Azure allows 20 (gateway-root-limit)\" }"
    "\n"
    "    if ($Count -eq 0) { throw \"'$name' would have no root, and Azure refuses that (gateway-no-root)\" }\n"
    "}\n";
/* The cmdlets refuse an entry that is there, or is not, by name and data: the lists are read before each. */
static const char vnet[] =
    "function Get-Config {\n"
    "    (Get-AzVirtualNetworkGateway -ResourceGroupName $group -Name $name).VpnClientConfiguration\n"
    "}\n"
    "function Set-Revoked {\n"
    "    foreach ($entry in $addRevoked) {\n"
    "        if (Test-Listed (Get-Config).VpnClientRevokedCertificates Thumbprint $entry.Data) { continue }\n"
    "        Add-AzVpnClientRevokedCertificate -ResourceGroupName $group -VirtualNetworkGatewayName $name `\n"
    "            -VpnClientRevokedCertificateName $entry.Name -Thumbprint $entry.Data | Out-Null\n"
    "    }\n"
    "    foreach ($data in $removeRevoked) {\n"
    "        $there = @((Get-Config).VpnClientRevokedCertificates | Where-Object { $_.Thumbprint -eq $data })\n"
    "        foreach ($entry in $there) {\n"
    "            Remove-AzVpnClientRevokedCertificate -ResourceGroupName $group `\n"
    "                -VirtualNetworkGatewayName $name `\n"
    "                -VpnClientRevokedCertificateName $entry.Name -Thumbprint $entry.Thumbprint | Out-Null\n"
    "        }\n"
    "    }\n"
    "}\n";
static const char only_adds[] =
    "if (-not (Get-Config)) {\n"
    "    throw \"'$name' has no point-to-site configuration (gateway-no-config): p11ca gateway render --state\""
    "\n"
    "}\n"
    "Set-Revoked\n"
    "foreach ($entry in $addRoots) {\n"
    "    $roots = @((Get-Config).VpnClientRootCertificates | Where-Object { $_ })\n"
    "    if (Test-Listed $roots PublicCertData $entry.Data) { continue }\n"
    "    Test-Roots ($roots.Count + 1)\n"
    "    Add-AzVpnClientRootCertificate -ResourceGroupName $group -VirtualNetworkGatewayName $name `\n"
    "        -VpnClientRootCertificateName $entry.Name -PublicCertData $entry.Data | Out-Null\n"
    "}\n";
/*
 * Roots that are removed, or that need settings, go in one request: one that replaces the last root is refused alone.
 * UpdateAzureVirtualNetworkGatewayCommand.cs: CustomRoutes = null where -CustomRoute is not given.
 */
static const char roots_begin[] =
    "# An expired root blocks every other change: then revocations are sent again after the roots.\n"
    "$again = -not (Get-Config)\n"
    "if (-not $again) {\n"
    "    try { Set-Revoked } catch {\n"
    "        if ($removeRoots.Count -eq 0) { throw }\n"
    "        Write-Warning \"the revocations are sent again after the roots: $_\"\n"
    "        $again = $true\n"
    "    }\n"
    "}\n"
    "$gateway = Get-AzVirtualNetworkGateway -ResourceGroupName $group -Name $name\n"
    "$config = $gateway.VpnClientConfiguration\n"
    "$now = @($config.VpnClientRootCertificates | Where-Object { $_ })\n"
    "$remove = @($removeRoots | ForEach-Object { Get-Normal $_ })\n"
    "$roots = @($now | Where-Object { $remove -cnotcontains (Get-Normal $_.PublicCertData) })\n"
    "$change = $roots.Count -lt $now.Count\n"
    "foreach ($entry in $addRoots) {\n"
    "    if (Test-Listed $now PublicCertData $entry.Data) { continue }\n"
    "    $roots += New-AzVpnClientRootCertificate -Name $entry.Name -PublicCertData $entry.Data\n"
    "    $change = $true\n"
    "}\n"
    "Test-Roots $roots.Count\n"
    "# Set-AzVirtualNetworkGateway removes the custom routes unless they are given.\n"
    "$more = @{}\n"
    "if ($gateway.CustomRoutes.AddressPrefixes) { $more.CustomRoute = @($gateway.CustomRoutes.AddressPrefixes) "
    "}\n";
static const char roots_end[] =
    "if ($change) {\n"
    "    Set-AzVirtualNetworkGateway -VirtualNetworkGateway $gateway -VpnClientRootCertificates $roots @more |"
    "\n"
    "        Out-Null\n"
    "}\n"
    "if ($again) { Set-Revoked }\n";
/* SetAzureResourceCmdlet.cs: a PUT with the tags that are there, and the properties as given. */
static const char vwan[] =
    "function Set-List($List, $Member, $Add, $Remove) {\n"
    "    $resource = Get-AzResource -ResourceGroupName $group -Name $name -ApiVersion '" RENDER_API "' `\n"
    "        -ResourceType 'Microsoft.Network/vpnServerConfigurations'\n"
    "    $properties = $resource.Properties\n"
    "    $servers = @($properties) + @($properties.radiusServers) | Where-Object { $_.radiusServerAddress }\n"
    "    $lost = @($servers | Where-Object { -not $_.radiusServerSecret })\n"
    "    if ($lost.Count -gt 0 -and -not $env:ACCEPT_RADIUS) {\n"
    "        throw \"'$name' has RADIUS servers whose secrets Azure does not return, and a change could remove "
    "them.\" +\n"
    "            ' Run this script with ACCEPT_RADIUS=1 in the environment, and set the secrets again'\n"
    "    }\n"
    "    $now = @($properties.$List | Where-Object { $_ })\n"
    "    $new = @($Add | Where-Object { -not (Test-Listed $now $Member $_.Data) })\n"
    "    $gone = @($Remove | ForEach-Object { Get-Normal $_ })\n"
    "    $left = @($now | Where-Object { $gone -cnotcontains (Get-Normal $_.$Member) })\n"
    "    $left = @($left | Where-Object { $new.Name -cnotcontains $_.name })\n"
    "    if ($new.Count -eq 0 -and $left.Count -eq $now.Count) { return }\n"
    "    if ($Member -eq 'publicCertData') { Test-Roots ($left.Count + $new.Count) }\n"
    "    $all = $left + @($new | ForEach-Object { [pscustomobject]@{ name = $_.Name; $Member = $_.Data } })\n"
    "    $properties | Add-Member -Force -NotePropertyName $List -NotePropertyValue @($all)\n"
    "    if ($Member -eq 'publicCertData') { Set-Missing $properties }\n"
    "    Set-AzResource -ResourceId $resource.ResourceId -Properties $properties `\n"
    "        -ApiVersion '" RENDER_API "' -Force | Out-Null\n"
    "}\n";
static const char vwan_changes[] =
    "try { Set-List vpnClientRevokedCertificates thumbprint $addRevoked $removeRevoked } catch {\n"
    "    if ($removeRoots.Count -eq 0) { throw }\n"
    "    Write-Warning \"the revocations are sent again after the roots: $_\"\n"
    "}\n"
    "Set-List vpnClientRootCertificates publicCertData $addRoots $removeRoots\n"
    "Set-List vpnClientRevokedCertificates thumbprint $addRevoked $removeRevoked\n";

static int quote(struct buf *out, const char *text, struct err *e)
{
	return powershell_quote(out, (struct bytes){ (const void *)text, strlen(text) }, e);
}

static void assign(struct render *r, const char *variable, const char *value)
{
	render_add(r, variable);
	render_add(r, " = ");
	render_quoted(r, quote, value);
	render_add(r, "\n");
}

static void datum(struct render *r, const struct gateway_entry *entry, bool is_root)
{
	AUTO_VALUE(buf) text = { 0 };

	if (!is_root) {
		render_quoted(r, quote, entry->thumbprint);
		return;
	}
	if (r->is_bad)
		return;
	if (quote_base64(&text, buf_bytes(&entry->der), 0, "", r->e) < 0 || buf_add(&text, "", 1, r->e) < 0)
		r->is_bad = true;
	else
		render_quoted(r, quote, (const char *)text.at);
}

static void words(struct render *r, const char *text)
{
	char word[64];
	const char *between = "";

	render_add(r, "@(");
	for (const char *at = text; *at != '\0';) {
		const size_t len = strcspn(at, ",");

		(void)snprintf(word, sizeof(word), "%.*s", (int)len, at);
		render_add(r, between);
		render_quoted(r, quote, word);
		between = ", ";
		at += len + (at[len] == ',');
	}
	render_add(r, ")");
}

/* $variable = @( ... ): of the added ones name and data, of the removed ones data. */
static void entries(struct render *r, const char *variable, const struct gateway_entries *list, bool is_root,
    enum gateway_fate fate)
{
	render_add(r, variable);
	render_add(r, " = @(\n");
	for (size_t i = 0; i < list->n; i++) {
		if (list->all[i].fate != fate)
			continue;
		render_add(r, "    ");
		if (fate == GATEWAY_ADD) {
			render_add(r, "[pscustomobject]@{ Name = ");
			render_quoted(r, quote, list->all[i].name);
			render_add(r, "; Data = ");
		}
		datum(r, &list->all[i], is_root);
		render_add(r, fate == GATEWAY_ADD ? " }\n" : "\n");
	}
	render_add(r, ")\n");
}

/* Only where the gateway has none by now. */
static void set_missing(struct render *r, const char *is_there, const char *target, const char *value)
{
	render_add(r, "if (-not ");
	render_add(r, is_there);
	render_add(r, ") { ");
	render_add(r, target);
	words(r, value);
	render_add(r, " }\n");
}

static void settings_vnet(struct render *r)
{
	const struct gateway_change *c = r->change;

	if (c->sets_pools)
		set_missing(r, "$config.VpnClientAddressPool.AddressPrefixes", "$more.VpnClientAddressPool = ",
		    c->gateway.pools);
	if (c->sets_tunnels)
		set_missing(r, "$config.VpnClientProtocols", "$more.VpnClientProtocol = ", c->gateway.tunnels);
	if (c->sets_auth)
		render_add(r,
		    "$types = @($config.VpnAuthenticationTypes | Where-Object { $_ -and $_ -ne 'Certificate' })\n"
		    "$more.VpnAuthenticationType = @('Certificate') + $types\n");
}

static void settings_vwan(struct render *r)
{
	const struct gateway_change *c = r->change;

	render_add(r, "function Set-Missing($Properties) {\n");
	if (c->sets_tunnels)
		set_missing(r, "$Properties.vpnProtocols",
		    "$Properties | Add-Member -Force -NotePropertyName vpnProtocols -NotePropertyValue ",
		    c->gateway.tunnels);
	if (c->sets_auth)
		render_add(r,
		    "$types = @($Properties.vpnAuthenticationTypes | Where-Object { $_ -and $_ -ne 'Certificate' })\n"
		    "$Properties | Add-Member -Force -NotePropertyName vpnAuthenticationTypes "
		    "-NotePropertyValue @(@('Certificate') + $types)\n");
	render_add(r, "}\n");
}

static void render_vnet(struct render *r)
{
	const struct gateway_change *c = r->change;

	render_add(r, vnet);
	if (gateway_entries_count(&c->roots, GATEWAY_REMOVE) == 0 && !c->sets_pools && !c->sets_tunnels &&
	    !c->sets_auth) {
		render_add(r, only_adds);
		return;
	}
	render_add(r, roots_begin);
	settings_vnet(r);
	render_add(r, roots_end);
}

void render_powershell(struct render *r)
{
	const struct gateway_change *c = r->change;

	render_comment(r, "# Changes in Azure: ", c->gateway.name);
	render_notes(r, "# ");
	if (gateway_change_is_empty(c))
		return;
	render_add(r, needs);
	render_add(r, c->has_radius ? radius : "");
	render_add(r, c->has_aad && !render_is_wan(r) ? aad : "");
	render_add(r, "$ErrorActionPreference = 'Stop'\n");
	if (c->gateway.subscription[0] != '\0') {
		assign(r, "$subscription", c->gateway.subscription);
		render_add(r, "Set-AzContext -Subscription $subscription | Out-Null\n");
	}
	assign(r, "$group", c->gateway.resource_group);
	assign(r, "$name", c->gateway.name);
	entries(r, "$addRevoked", &c->revoked, false, GATEWAY_ADD);
	entries(r, "$removeRevoked", &c->revoked, false, GATEWAY_REMOVE);
	entries(r, "$addRoots", &c->roots, true, GATEWAY_ADD);
	entries(r, "$removeRoots", &c->roots, true, GATEWAY_REMOVE);
	render_add(r, common);
	if (!render_is_wan(r)) {
		render_vnet(r);
		return;
	}
	settings_vwan(r);
	render_add(r, vwan);
	render_add(r, vwan_changes);
}
