/* SPDX-License-Identifier: MIT */
/* gateway_az.c - a change of a gateway as a shell script for the Azure CLI. */
#include "azure/render.h"
#include "out/quote.h"

static void argument(struct render *r, const char *option, const char *value)
{
	render_add(r, " \\\n    ");
	render_add(r, option);
	render_add(r, " ");
	render_quoted(r, quote_sh, value);
}

static void where(struct render *r, const char *name_option)
{
	const struct gateway_row *g = &r->change->gateway;

	argument(r, "-g", g->resource_group);
	argument(r, name_option, g->name);
	if (g->subscription[0] != '\0')
		argument(r, "--subscription", g->subscription);
}

/* Of an entry that is added, by the command that adds one; the datum itself, for a file's name may be read as PEM. */
static void add_entry(struct render *r, const struct gateway_entry *entry, bool is_root)
{
	AUTO_VALUE(buf) data = { 0 };

	if (entry->fate != GATEWAY_ADD || r->is_bad)
		return;
	render_add(r, "az network vnet-gateway ");
	render_add(r, is_root ? "root-cert create" : "revoked-cert create");
	where(r, "--gateway-name");
	argument(r, "-n", entry->name);
	if (is_root &&
	    (quote_base64(&data, buf_bytes(&entry->der), 0, "", r->e) < 0 || buf_add(&data, "", 1, r->e) < 0))
		r->is_bad = true;
	else
		argument(r, is_root ? "--public-cert-data" : "--thumbprint",
		    is_root ? (const char *)data.at : entry->thumbprint);
	render_add(r, " \\\n    -o none\n");
}

typedef void member_fn(struct tree *t, const char *key);

static void tunnels(struct tree *t, const char *key)
{
	tree_words(t, key, t->r->change->gateway.tunnels);
}

static void whole(struct tree *t, const char *key)
{
	tree_open(t, key, "{");
	tree_changes(t);
	tree_close(t, "}");
}

/* PATH=JSON, as one word of the shell. */
static void set(struct render *r, const char *member, member_fn *fn)
{
	AUTO_VALUE(buf) word = { 0 };
	struct render in = { &word, r->change, r->is_bad, r->e };
	struct tree t = { &in, &notation_line, 0, true };

	render_add(&in, render_is_wan(r) ? "properties" : "properties.vpnClientConfiguration");
	render_add(&in, member);
	render_add(&in, "=");
	fn(&t, NULL);
	if (!in.is_bad && buf_add(&word, "", 1, r->e) < 0)
		in.is_bad = true;
	r->is_bad = in.is_bad;
	if (r->is_bad)
		return;
	render_add(r, " \\\n        ");
	render_quoted(r, quote_sh, (const char *)word.at);
}

static void resource_update(struct render *r)
{
	render_add(r, "az resource update");
	where(r, "-n");
	argument(r, "--resource-type", render_type(r));
	argument(r, "--api-version", RENDER_API);
}

/* The lists as they are to be, and whatever must stand before them: one request. */
static void render_complete(struct render *r)
{
	const struct gateway_change *c = r->change;

	resource_update(r);
	render_add(r, " \\\n    --set");
	if (c->is_new) {
		set(r, "", whole);
	} else {
		if (c->sets_pools)
			set(r, ".vpnClientAddressPool", tree_pools);
		if (c->sets_tunnels)
			set(r, render_is_wan(r) ? ".vpnProtocols" : ".vpnClientProtocols", tunnels);
		if (c->sets_auth)
			set(r, ".vpnAuthenticationTypes", tree_auth);
		if (render_has_changes(&c->roots))
			set(r, ".vpnClientRootCertificates", tree_roots);
		if (render_has_changes(&c->revoked))
			set(r, ".vpnClientRevokedCertificates", tree_revoked);
	}
	render_add(r, " \\\n    -o none\n");
}

static void append(struct render *r, const char *list, const struct gateway_entry *entry, bool is_root)
{
	AUTO_VALUE(buf) json = { 0 };
	struct render in = { &json, r->change, r->is_bad, r->e };
	struct tree t = { &in, &notation_line, 0, true };

	if (entry->fate != GATEWAY_ADD || r->is_bad)
		return;
	tree_entry(&t, entry, is_root);
	if (!in.is_bad && buf_add(&json, "", 1, r->e) < 0)
		in.is_bad = true;
	r->is_bad = in.is_bad;
	if (r->is_bad)
		return;
	render_add(r, " \\\n    --add ");
	render_add(r, list);
	render_add(r, " ");
	render_quoted(r, quote_sh, (const char *)json.at);
}

/* Virtual WAN has no command that adds one certificate. */
static void render_appended(struct render *r)
{
	const struct gateway_change *c = r->change;

	resource_update(r);
	for (size_t i = 0; i < c->roots.n; i++)
		append(r, "properties.vpnClientRootCertificates", &c->roots.all[i], true);
	for (size_t i = 0; i < c->revoked.n; i++)
		append(r, "properties.vpnClientRevokedCertificates", &c->revoked.all[i], false);
	render_add(r, " \\\n    -o none\n");
}

void render_az_additions(struct render *r)
{
	const struct gateway_change *c = r->change;

	if (render_is_wan(r)) {
		render_appended(r);
		return;
	}
	for (size_t i = 0; i < c->roots.n; i++)
		add_entry(r, &c->roots.all[i], true);
	for (size_t i = 0; i < c->revoked.n; i++)
		add_entry(r, &c->revoked.all[i], false);
}

void render_az(struct render *r)
{
	const struct gateway_change *c = r->change;

	render_add(r, "#!/bin/sh\nset -eu\n");
	render_notes(r, "# ");
	if (gateway_change_is_empty(c))
		return;
	if (c->has_state) {
		render_complete(r);
		return;
	}
	if (!render_is_wan(r))
		render_comment(r, "# ", "Only adds; what is there already makes its command fail: see --state.");
	render_az_additions(r);
}
