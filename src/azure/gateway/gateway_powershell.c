/* SPDX-License-Identifier: MIT */
/* gateway_powershell.c - writes the change of a gateway as a script for Azure PowerShell. */
#include <string.h>

#include "azure/gateway/render.h"
#include "out/powershell.h"
#include "util/base64.h"

static const char needs[] =
    "#\n"
    "# Needs PowerShell with the modules Az.Accounts, Az.Network and Az.Resources, logged in by "
    "Connect-AzAccount as a\n"
    "# person whose role allows to change the gateway, such as Network Contributor. It was written from "
    "documentation and\n"
    "# source of the cmdlets, and not run against Azure by its authors: look at the lists afterwards.\n"
    "# Revocations are sent first. The script reads the gateway's lists and changes only the entries that it "
    "names. It\n"
    "# can be run again: what is done already is skipped.\n"
    "# The cmdlets cannot make Azure refuse a change if somebody else changes the gateway between their reading "
    "and their\n"
    "# writing: let nobody else change it while the script runs. The script for az has no such gap.\n";
/* Azure returns radiusServerSecret only to the action listRadiusSecrets (RadiusServer in the REST specification). */
static const char radius[] =
    "# The gateway has RADIUS servers. The script reads their secrets and sends them back with each change: that "
    "needs a\n"
    "# module Az.Network with the cmdlet that it calls for it. Afterwards check that clients with RADIUS still "
    "connect.\n";
/* UpdateAzureVirtualNetworkGatewayCommand.cs: ShouldContinue(), which ignores preferences and -Force. */
static const char aad[] =
    "# The gateway accepts Entra ID. With IkeV2 and OpenVPN, Set-AzVirtualNetworkGateway asks a question that "
    "-Confirm\n"
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
    "# A name that no entry of the list has.\n"
    "function Get-FreeName($List, $Wanted) {\n"
    "    $free = $Wanted\n"
    "    for ($k = 2; @($List | ForEach-Object { $_.Name }) -contains $free; $k++) { $free = \"$Wanted-$k\" }\n"
    "    $free\n"
    "}\n"
    "# What is to become of the list: its entries without $Remove and with $Add, which $Create makes of name and "
    "data.\n"
    "function Get-Change($List, $Member, $Add, $Remove, $Create) {\n"
    "    $there = @($List | Where-Object { $_ })\n"
    "    $gone = @($Remove | ForEach-Object { Get-Normal $_ })\n"
    "    $left = @($there | Where-Object { $gone -cnotcontains (Get-Normal $_.$Member) })\n"
    "    $new = @($Add | Where-Object { $_ -and -not (Test-Listed $there $Member $_.Data) })\n"
    "    $all = $left\n"
    "    foreach ($entry in $new) { $all += & $Create (Get-FreeName $all $entry.Name) $entry.Data }\n"
    "    [pscustomobject]@{\n"
    "        Before = $there; Left = $left; All = $all; IsChanged = $new.Count -gt 0 -or $left.Count -lt "
    "$there.Count\n"
    "    }\n"
    "}\n"
    "# Without the new roots if they do not fit, so that nothing else waits for them; the script reports them at "
    "its end.\n"
    "function Get-Roots($List, $Member, $Create) {\n"
    "    $roots = Get-Change $List $Member $addRoots $removeRoots $Create\n"
    "    if ($roots.All.Count -gt 20 -and $roots.All.Count -gt $roots.Left.Count) {\n"
    "        $script:full = \"'$name' would have $($roots.All.Count) roots, Azure allows 20 "
    "(gateway-root-limit): no root was added\"\n"
    "        $roots.All = $roots.Left\n"
    "        $roots.IsChanged = $roots.Left.Count -lt $roots.Before.Count\n"
    "    }\n"
    "    if ($roots.IsChanged -and $roots.All.Count -eq 0) {\n"
    "        throw \"the change would remove the last root of '$name', and Azure refuses that (gateway-no-root)\"\n"
    "    }\n"
    "    $roots\n"
    "}\n"
    "$full = ''\n"
    "# Fills in the secrets of RADIUS servers, which Azure does not return with the gateway: a change without "
    "them removes them.\n"
    "function Set-Secrets($Servers, $GetSecrets) {\n"
    "    $lost = @($Servers | Where-Object { $_.RadiusServerAddress -and -not $_.RadiusServerSecret })\n"
    "    if ($lost.Count -eq 0 -or $env:ACCEPT_RADIUS) { return }\n"
    "    $secrets = @()\n"
    "    try { $secrets = @(& $GetSecrets) } catch { $why = \": $_\" }\n"
    "    foreach ($server in $lost) {\n"
    "        $one = @($secrets | Where-Object { $_.RadiusServerAddress -eq $server.RadiusServerAddress })\n"
    "        if ($one.Count -eq 0 -or -not $one[0].RadiusServerSecret) {\n"
    "            throw \"'$name': the secret of RADIUS server $($server.RadiusServerAddress) cannot be read$why, "
    "and a change\" +\n"
    "                ' could remove it. Run this script with ACCEPT_RADIUS=1 in the environment, and set the "
    "secrets again'\n"
    "        }\n"
    "        if ($server.PSObject.Properties['RadiusServerSecret']) {\n"
    "            $server.RadiusServerSecret = $one[0].RadiusServerSecret\n"
    "        } else {\n"
    "            $server | Add-Member -NotePropertyName radiusServerSecret -NotePropertyValue "
    "$one[0].RadiusServerSecret\n"
    "        }\n"
    "    }\n"
    "}\n";
/*
 * Add-AzVpnClientRevokedCertificate and similar cmdlets read the gateway and write it. They refuse an existing (or
 * missing) entry by name and data, and do not check whether a name is in use. In known versions Add- fills in the
 * secrets of RADIUS servers and Remove- does not, so a gateway with RADIUS servers is written by
 * Set-AzVirtualNetworkGateway, which may ask a question; other gateways are not.
 */
static const char vnet[] =
    "function Get-Config {\n"
    "    (Get-AzVirtualNetworkGateway -ResourceGroupName $group -Name $name).VpnClientConfiguration\n"
    "}\n"
    "function Set-Revoked {\n"
    "    foreach ($entry in $addRevoked) {\n"
    "        $list = (Get-Config).VpnClientRevokedCertificates\n"
    "        if (Test-Listed $list Thumbprint $entry.Data) { continue }\n"
    "        $free = Get-FreeName $list $entry.Name\n"
    "        Add-AzVpnClientRevokedCertificate -ResourceGroupName $group -VirtualNetworkGatewayName $name `\n"
    "            -VpnClientRevokedCertificateName $free -Thumbprint $entry.Data | "
    "Out-Null\n"
    "    }\n"
    "    foreach ($data in $removeRevoked) {\n"
    "        $there = @((Get-Config).VpnClientRevokedCertificates | Where-Object { $_.Thumbprint -eq $data })\n"
    "        foreach ($entry in $there) {\n"
    "            Remove-AzVpnClientRevokedCertificate -ResourceGroupName $group `\n"
    "                -VirtualNetworkGatewayName $name `\n"
    "                -VpnClientRevokedCertificateName $entry.Name -Thumbprint $entry.Thumbprint | Out-Null\n"
    "        }\n"
    "    }\n"
    "}\n"
    "# One request for both lists, or without $WithRoots for the revoked certificates.\n"
    "function Set-Lists([switch]$WithRoots) {\n"
    "    $gateway = Get-AzVirtualNetworkGateway -ResourceGroupName $group -Name $name\n"
    "    $config = $gateway.VpnClientConfiguration\n"
    "    $more = @{}\n"
    "    $revoked = Get-Change $config.VpnClientRevokedCertificates Thumbprint $addRevoked $removeRevoked {\n"
    "        New-AzVpnClientRevokedCertificate -Name $args[0] -Thumbprint $args[1]\n"
    "    }\n"
    "    if ($revoked.IsChanged) { $more.VpnClientRevokedCertificates = @($revoked.All) }\n"
    "    if ($WithRoots) {\n"
    "        $roots = Get-Roots $config.VpnClientRootCertificates PublicCertData {\n"
    "            New-AzVpnClientRootCertificate -Name $args[0] -PublicCertData $args[1]\n"
    "        }\n"
    "        if ($roots.IsChanged) { $more.VpnClientRootCertificates = @($roots.All) }\n"
    "    }\n"
    "    if ($more.Count -eq 0) { return }\n"
    "    if ($WithRoots) { Set-Missing $config $more }\n"
    "    Set-Secrets (@($config) + @($config.RadiusServers)) {\n"
    "        Get-AzAllVirtualNetworkGatewayRadiusServerSecret -ResourceGroupName $group -Name $name\n"
    "    }\n"
    "    # Set-AzVirtualNetworkGateway removes the custom routes unless they are given.\n"
    "    if ($gateway.CustomRoutes.AddressPrefixes) { $more.CustomRoute = "
    "@($gateway.CustomRoutes.AddressPrefixes) }\n"
    "    Set-AzVirtualNetworkGateway -VirtualNetworkGateway $gateway @more | Out-Null\n"
    "}\n"
    "$config = Get-Config\n"
    "$hasRadius = @((@($config) + @($config.RadiusServers)) | Where-Object { $_.RadiusServerAddress }).Count -gt "
    "0\n";
static const char only_adds[] =
    "if (-not $config) {\n"
    "    throw \"'$name' has no point-to-site configuration (gateway-no-config): p11ca gateway render --state\"\n"
    "}\n"
    "if ($hasRadius) {\n"
    "    Set-Lists\n"
    "    Set-Lists -WithRoots\n"
    "} else {\n"
    "    Set-Revoked\n"
    "    foreach ($entry in $addRoots) {\n"
    "        $list = @((Get-Config).VpnClientRootCertificates | Where-Object { $_ })\n"
    "        if (Test-Listed $list PublicCertData $entry.Data) { continue }\n"
    "        if ($list.Count -ge 20) {\n"
    "            $full = \"'$name' has $($list.Count) roots, Azure allows 20 (gateway-root-limit): not every "
    "root was added\"\n"
    "            continue\n"
    "        }\n"
    "        $free = Get-FreeName $list $entry.Name\n"
    "        Add-AzVpnClientRootCertificate -ResourceGroupName $group -VirtualNetworkGatewayName $name `\n"
    "            -VpnClientRootCertificateName $free -PublicCertData $entry.Data | "
    "Out-Null\n"
    "    }\n"
    "}\n";
/*
 * Roots that are removed or need settings go in one request: Azure refuses to replace the last root by two requests.
 * UpdateAzureVirtualNetworkGatewayCommand.cs: CustomRoutes = null if -CustomRoute is not given.
 */
static const char both_lists[] =
    "# An expired root blocks every other change: then the revocations are sent together with its removal. "
    "Without a\n"
    "# configuration they are sent together with the first root.\n"
    "if ($config) {\n"
    "    try { if ($hasRadius) { Set-Lists } else { Set-Revoked } } catch {\n"
    "        if ($removeRoots.Count -eq 0) { throw }\n"
    "        Write-Warning \"the revocations are sent together with the removal of roots: $_\"\n"
    "    }\n"
    "}\n"
    "Set-Lists -WithRoots\n";
static const char stop[] =
    "if ($full) { throw $full }\n";
/* SetAzureResourceCmdlet.cs: a PUT with the existing tags and the given properties. */
static const char vwan[] =
    "# One request for both lists, or without $WithRoots for the revoked certificates.\n"
    "function Set-Lists([switch]$WithRoots) {\n"
    "    $resource = Get-AzResource -ResourceGroupName $group -Name $name -ApiVersion '" RENDER_API "' `\n"
    "        -ResourceType 'Microsoft.Network/vpnServerConfigurations'\n"
    "    $properties = $resource.Properties\n"
    "    $lists = @{\n"
    "        vpnClientRevokedCertificates = Get-Change $properties.vpnClientRevokedCertificates thumbprint `\n"
    "            $addRevoked $removeRevoked { [pscustomobject]@{ name = $args[0]; thumbprint = $args[1] } }\n"
    "    }\n"
    "    if ($WithRoots) {\n"
    "        $lists.vpnClientRootCertificates = Get-Roots $properties.vpnClientRootCertificates publicCertData {\n"
    "            [pscustomobject]@{ name = $args[0]; publicCertData = $args[1] }\n"
    "        }\n"
    "    }\n"
    "    $changed = @($lists.Keys | Where-Object { $lists[$_].IsChanged })\n"
    "    if ($changed.Count -eq 0) { return }\n"
    "    foreach ($list in $changed) {\n"
    "        $properties | Add-Member -Force -NotePropertyName $list -NotePropertyValue @($lists[$list].All)\n"
    "    }\n"
    "    if ($WithRoots) { Set-Missing $properties }\n"
    "    Set-Secrets (@($properties) + @($properties.radiusServers)) {\n"
    "        Get-AzAllVpnServerConfigurationRadiusServerSecret -ResourceGroupName $group -Name $name\n"
    "    }\n"
    "    Set-AzResource -ResourceId $resource.ResourceId -Properties $properties `\n"
    "        -ApiVersion '" RENDER_API "' -Force | Out-Null\n"
    "}\n"
    "# An expired root blocks every other change: then the revocations are sent together with its removal.\n"
    "try { Set-Lists } catch {\n"
    "    if ($removeRoots.Count -eq 0) { throw }\n"
    "    Write-Warning \"the revocations are sent together with the removal of roots: $_\"\n"
    "}\n"
    "Set-Lists -WithRoots\n";

static int gateway_powershell_quote(struct buf *out, const char *text, struct err *e)
{
	return powershell_quote(out, (struct bytes){ (const void *)text, strlen(text) }, e);
}

static void gateway_powershell_assign(struct render *r, const char *variable, const char *value)
{
	render_add(r, variable);
	render_add(r, " = ");
	render_quoted(r, gateway_powershell_quote, value);
	render_add(r, "\n");
}

static void gateway_powershell_datum(struct render *r, const struct gateway_entry *entry, bool is_root)
{
	AUTO_VALUE(buf) text = { 0 };

	if (!is_root) {
		render_quoted(r, gateway_powershell_quote, entry->thumbprint);
		return;
	}
	if (r->is_bad)
		return;
	if (base64_encode(&text, buf_bytes(&entry->der), 0, "", r->e) < 0 || buf_add(&text, "", 1, r->e) < 0)
		r->is_bad = true;
	else
		render_quoted(r, gateway_powershell_quote, (const char *)text.data);
}

static void gateway_powershell_words(struct render *r, const char *text)
{
	char word[64];
	const char *between = "";

	render_add(r, "@(");
	for (const char *at = text; *at != '\0';) {
		const size_t len = strcspn(at, ",");

		(void)snprintf(word, sizeof(word), "%.*s", (int)len, at);
		render_add(r, between);
		render_quoted(r, gateway_powershell_quote, word);
		between = ", ";
		at += len + (at[len] == ',');
	}
	render_add(r, ")");
}

/* Writes $variable = @( ... ): name and data of added entries, data of removed entries. */
static void gateway_powershell_entries(struct render *r, const char *variable, const struct gateway_entries *list,
    bool is_root, enum gateway_action action)
{
	render_add(r, variable);
	render_add(r, " = @(\n");
	for (size_t i = 0; i < list->n; i++) {
		if (list->all[i].action != action)
			continue;
		render_add(r, "    ");
		if (action == GATEWAY_ADD) {
			render_add(r, "[pscustomobject]@{ Name = ");
			render_quoted(r, gateway_powershell_quote, list->all[i].name);
			render_add(r, "; Data = ");
		}
		gateway_powershell_datum(r, &list->all[i], is_root);
		render_add(r, action == GATEWAY_ADD ? " }\n" : "\n");
	}
	render_add(r, ")\n");
}

/* Sets the value only if the gateway still has none when the script runs. */
static void gateway_powershell_set_missing(
    struct render *r, const char *is_there, const char *target, const char *value)
{
	render_add(r, "    if (-not ");
	render_add(r, is_there);
	render_add(r, ") { ");
	render_add(r, target);
	gateway_powershell_words(r, value);
	render_add(r, " }\n");
}

static void settings_vnet(struct render *r)
{
	const struct gateway_change *c = r->change;

	render_add(r, "function Set-Missing($Config, $More) {\n");
	if (c->sets_pools)
		gateway_powershell_set_missing(r, "$Config.VpnClientAddressPool.AddressPrefixes",
		    "$More.VpnClientAddressPool = ", c->gateway.pools);
	if (c->sets_tunnels)
		gateway_powershell_set_missing(
		    r, "$Config.VpnClientProtocols", "$More.VpnClientProtocol = ", c->gateway.tunnels);
	if (c->sets_auth)
		render_add(r,
		    "    $types = @($Config.VpnAuthenticationTypes | Where-Object { $_ -and $_ -ne 'Certificate' })\n"
		    "    $More.VpnAuthenticationType = @('Certificate') + $types\n");
	render_add(r, "}\n");
}

static void settings_vwan(struct render *r)
{
	const struct gateway_change *c = r->change;

	render_add(r, "function Set-Missing($Properties) {\n");
	if (c->sets_tunnels)
		gateway_powershell_set_missing(r, "$Properties.vpnProtocols",
		    "$Properties | Add-Member -Force -NotePropertyName vpnProtocols -NotePropertyValue ",
		    c->gateway.tunnels);
	if (c->sets_auth)
		render_add(r,
		    "    $types = @($Properties.vpnAuthenticationTypes |\n"
		    "        Where-Object { $_ -and $_ -ne 'Certificate' })\n"
		    "    $Properties | Add-Member -Force -NotePropertyName vpnAuthenticationTypes "
		    "-NotePropertyValue @(@('Certificate') + $types)\n");
	render_add(r, "}\n");
}

static void render_vnet(struct render *r)
{
	const struct gateway_change *c = r->change;

	settings_vnet(r);
	render_add(r, vnet);
	if (gateway_entries_count(&c->roots, GATEWAY_REMOVE) == 0 && !c->sets_pools && !c->sets_tunnels &&
	    !c->sets_auth)
		render_add(r, only_adds);
	else
		render_add(r, both_lists);
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
		gateway_powershell_assign(r, "$subscription", c->gateway.subscription);
		render_add(r, "Set-AzContext -Subscription $subscription | Out-Null\n");
	}
	gateway_powershell_assign(r, "$group", c->gateway.resource_group);
	gateway_powershell_assign(r, "$name", c->gateway.name);
	gateway_powershell_entries(r, "$addRevoked", &c->revoked, false, GATEWAY_ADD);
	gateway_powershell_entries(r, "$removeRevoked", &c->revoked, false, GATEWAY_REMOVE);
	gateway_powershell_entries(r, "$addRoots", &c->roots, true, GATEWAY_ADD);
	gateway_powershell_entries(r, "$removeRoots", &c->roots, true, GATEWAY_REMOVE);
	render_add(r, common);
	if (render_is_wan(r)) {
		settings_vwan(r);
		render_add(r, vwan);
	} else {
		render_vnet(r);
	}
	render_add(r, stop);
}
