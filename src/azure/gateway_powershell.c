/* SPDX-License-Identifier: MIT */
/* gateway_powershell.c - a change of a gateway as a script for Azure PowerShell. */
#include <string.h>

#include "azure/render.h"
#include "out/powershell.h"
#include "out/quote.h"

static int quote(struct buf *out, const char *text, struct err *e)
{
	return powershell_quote(out, (struct bytes){ (const void *)text, strlen(text) }, e);
}

static void argument(struct render *r, const char *option, const char *value)
{
	render_add(r, " ");
	render_add(r, option);
	render_add(r, " ");
	render_quoted(r, quote, value);
}

/* 'DER' as one line. */
static void data(struct render *r, const struct gateway_entry *entry)
{
	AUTO_VALUE(buf) text = { 0 };

	if (r->is_bad)
		return;
	if (quote_base64(&text, buf_bytes(&entry->der), 0, "", r->e) < 0 || buf_add(&text, "", 1, r->e) < 0)
		r->is_bad = true;
	else
		render_quoted(r, quote, (const char *)text.at);
}

static void datum(struct render *r, const struct gateway_entry *entry, bool is_root)
{
	if (is_root)
		data(r, entry);
	else
		render_quoted(r, quote, entry->thumbprint);
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

static void auth(struct render *r)
{
	const struct gateway_change *c = r->change;
	char text[64];

	(void)snprintf(text, sizeof(text), "Certificate%s%s", c->has_radius ? ",Radius" : "", c->has_aad ? ",AAD" : "");
	words(r, text);
}

static void add_entry(struct render *r, const struct gateway_entry *entry, bool is_root)
{
	const struct gateway_row *g = &r->change->gateway;

	if (entry->fate != GATEWAY_ADD)
		return;
	render_add(r, is_root ? "Add-AzVpnClientRootCertificate" : "Add-AzVpnClientRevokedCertificate");
	argument(r, "-ResourceGroupName", g->resource_group);
	argument(r, "-VirtualNetworkGatewayName", g->name);
	argument(r, is_root ? "-VpnClientRootCertificateName" : "-VpnClientRevokedCertificateName", entry->name);
	render_add(r, is_root ? " -PublicCertData " : " -Thumbprint ");
	datum(r, entry, is_root);
	render_add(r, " | Out-Null\n");
}

static void object(struct render *r, const struct gateway_entry *entry, bool is_root)
{
	if (render_is_wan(r)) {
		render_add(r, "    [pscustomobject]@{ name = ");
		render_quoted(r, quote, entry->name);
		render_add(r, is_root ? "; publicCertData = " : "; thumbprint = ");
		datum(r, entry, is_root);
		render_add(r, " }\n");
		return;
	}
	render_add(r, is_root ? "    New-AzVpnClientRootCertificate" : "    New-AzVpnClientRevokedCertificate");
	argument(r, "-Name", entry->name);
	render_add(r, is_root ? " -PublicCertData " : " -Thumbprint ");
	datum(r, entry, is_root);
	render_add(r, "\n");
}

/* $name = @( … ): what is listed, or with added_only what is new. */
static void list(struct render *r, const char *name, const struct gateway_entries *entries, bool is_root,
    bool added_only)
{
	render_add(r, name);
	render_add(r, " = @(\n");
	for (size_t i = 0; i < entries->n; i++)
		if (added_only ? entries->all[i].fate == GATEWAY_ADD : render_is_listed(&entries->all[i]))
			object(r, &entries->all[i], is_root);
	render_add(r, ")\n");
}

static void render_complete(struct render *r)
{
	const struct gateway_change *c = r->change;
	const bool roots = c->is_new || render_has_changes(&c->roots), revoked = render_has_changes(&c->revoked);

	render_add(r, "$gateway = Get-AzVirtualNetworkGateway");
	argument(r, "-ResourceGroupName", c->gateway.resource_group);
	argument(r, "-Name", c->gateway.name);
	render_add(r, "\n");
	if (roots)
		list(r, "$roots", &c->roots, true, false);
	if (revoked)
		list(r, "$revoked", &c->revoked, false, false);
	render_add(r, "Set-AzVirtualNetworkGateway -VirtualNetworkGateway $gateway");
	if (c->sets_pools) {
		render_add(r, " -VpnClientAddressPool ");
		words(r, c->gateway.pools);
	}
	if (c->sets_tunnels) {
		render_add(r, " -VpnClientProtocol ");
		words(r, c->gateway.tunnels);
	}
	if (c->sets_auth) {
		render_add(r, " -VpnAuthenticationType ");
		auth(r);
	}
	render_add(r, roots ? " -VpnClientRootCertificates $roots" : "");
	render_add(r, revoked ? " -VpnClientRevokedCertificates $revoked" : "");
	render_add(r, " | Out-Null\n");
}

static void member(struct render *r, const char *key, const char *value)
{
	render_add(r, "$config.Properties | Add-Member -Force -NotePropertyName ");
	render_add(r, key);
	render_add(r, " -NotePropertyValue ");
	render_add(r, value);
	render_add(r, "\n");
}

/* Without a state, behind what is there. */
static void wan_list(struct render *r, const char *name, const char *key, const struct gateway_entries *entries,
    bool is_root)
{
	char value[160];

	if (!render_has_changes(entries))
		return;
	list(r, name, entries, is_root, !r->change->has_state);
	if (r->change->has_state)
		(void)snprintf(value, sizeof(value), "$%s", name + 1);
	else
		(void)snprintf(value, sizeof(value), "(@($config.Properties.%s | Where-Object { $_ }) + $%s)", key,
		    name + 1);
	member(r, key, value);
}

static void render_wan(struct render *r)
{
	const struct gateway_change *c = r->change;

	render_add(r, "$config = Get-AzResource");
	argument(r, "-ResourceGroupName", c->gateway.resource_group);
	argument(r, "-ResourceType", render_type(r));
	argument(r, "-Name", c->gateway.name);
	argument(r, "-ApiVersion", RENDER_API);
	render_add(r, "\n");
	if (c->sets_tunnels) {
		render_add(r, "$tunnels = ");
		words(r, c->gateway.tunnels);
		render_add(r, "\n");
		member(r, "vpnProtocols", "$tunnels");
	}
	if (c->sets_auth) {
		render_add(r, "$auth = ");
		auth(r);
		render_add(r, "\n");
		member(r, "vpnAuthenticationTypes", "$auth");
	}
	wan_list(r, "$roots", "vpnClientRootCertificates", &c->roots, true);
	wan_list(r, "$revoked", "vpnClientRevokedCertificates", &c->revoked, false);
	render_add(r, "Set-AzResource -ResourceId $config.ResourceId -Properties $config.Properties -ApiVersion ");
	render_quoted(r, quote, RENDER_API);
	render_add(r, " -Force | Out-Null\n");
}

void render_powershell(struct render *r)
{
	const struct gateway_change *c = r->change;

	render_add(r, POWERSHELL_BOM);
	render_add(r, "$ErrorActionPreference = 'Stop'\n");
	render_notes(r, "# ");
	if (gateway_change_is_empty(c))
		return;
	if (c->gateway.subscription[0] != '\0') {
		render_add(r, "Set-AzContext");
		argument(r, "-Subscription", c->gateway.subscription);
		render_add(r, " | Out-Null\n");
	}
	if (render_is_wan(r)) {
		render_wan(r);
	} else if (c->has_state) {
		render_complete(r);
	} else {
		for (size_t i = 0; i < c->roots.n; i++)
			add_entry(r, &c->roots.all[i], true);
		for (size_t i = 0; i < c->revoked.n; i++)
			add_entry(r, &c->revoked.all[i], false);
	}
}
