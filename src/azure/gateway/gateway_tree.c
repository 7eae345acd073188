/* SPDX-License-Identifier: MIT */
/* gateway_tree.c - writes the wanted configuration of a gateway as a tree: JSON for ARM and az, or Bicep. */
#include <string.h>

#include "azure/gateway/render.h"
#include "out/quote.h"
#include "util/base64.h"

const struct notation notation_json = { quote_json, false, false };
const struct notation notation_line = { quote_json, false, true };
const struct notation notation_bicep = { quote_bicep, true, false };

static void begin_item(struct tree *t, const char *key)
{
	if (!t->is_first && !t->n->is_bicep)
		render_add(t->r, ",");
	if (!t->n->is_one_line && t->depth > 0) {
		render_add(t->r, "\n");
		for (unsigned i = 0; i < t->depth; i++)
			render_add(t->r, "  ");
	}
	t->is_first = false;
	if (key == NULL)
		return;
	if (t->n->is_bicep)
		render_add(t->r, key); /* a constant of p11ca, and an identifier */
	else
		render_quoted(t->r, t->n->quote, key);
	render_add(t->r, t->n->is_one_line ? ":" : ": ");
}

void tree_open(struct tree *t, const char *key, const char *bracket)
{
	begin_item(t, key);
	render_add(t->r, bracket);
	t->depth++;
	t->is_first = true;
}

void tree_close(struct tree *t, const char *bracket)
{
	t->depth--;
	if (!t->is_first && !t->n->is_one_line) {
		render_add(t->r, "\n");
		for (unsigned i = 0; i < t->depth; i++)
			render_add(t->r, "  ");
	}
	render_add(t->r, bracket);
	t->is_first = false;
}

void tree_text(struct tree *t, const char *key, const char *text)
{
	begin_item(t, key);
	render_quoted(t->r, t->n->quote, text);
}

void tree_words(struct tree *t, const char *key, const char *words)
{
	char word[64];

	tree_open(t, key, "[");
	for (const char *at = words; *at != '\0';) {
		const size_t len = strcspn(at, ",");

		(void)snprintf(word, sizeof(word), "%.*s", (int)len, at);
		tree_text(t, NULL, word);
		at += len + (at[len] == ',');
	}
	tree_close(t, "]");
}

void tree_pools(struct tree *t, const char *key)
{
	tree_open(t, key, "{");
	tree_words(t, "addressPrefixes", t->r->change->gateway.pools);
	tree_close(t, "}");
}

void tree_auth(struct tree *t, const char *key)
{
	const struct gateway_change *c = t->r->change;
	char words[64];

	(void)snprintf(words, sizeof(words), "Certificate%s%s", c->has_radius ? ",Radius" : "",
	    c->has_aad ? ",AAD" : "");
	tree_words(t, key, words);
}

/* Virtual WAN writes the data beside the name, a virtual network gateway under `properties`. */
void tree_entry(struct tree *t, const struct gateway_entry *entry, bool is_root)
{
	const bool is_wan = render_is_wan(t->r);
	AUTO_VALUE(buf) data = { 0 };
	const char *datum;

	if (!t->r->is_bad && is_root && !entry->is_unreadable &&
	    (base64_encode(&data, buf_bytes(&entry->der), 0, "", t->r->e) < 0 || buf_add(&data, "", 1, t->r->e) < 0))
		t->r->is_bad = true;
	if (t->r->is_bad)
		return;
	tree_open(t, NULL, "{");
	tree_text(t, "name", entry->name);
	if (!is_wan)
		tree_open(t, "properties", "{");
	datum = entry->is_unreadable ? entry->datum : is_root ? (const char *)data.data : entry->thumbprint;
	if (datum != NULL)
		tree_text(t, is_root ? "publicCertData" : "thumbprint", datum);
	if (!is_wan)
		tree_close(t, "}");
	tree_close(t, "}");
}

static void tree_entries(struct tree *t, const char *key, const struct gateway_entries *list, bool is_root)
{
	tree_open(t, key, "[");
	for (size_t i = 0; i < list->n; i++)
		if (render_is_listed(&list->all[i]))
			tree_entry(t, &list->all[i], is_root);
	tree_close(t, "]");
}

void tree_roots(struct tree *t, const char *key)
{
	tree_entries(t, key, &t->r->change->roots, true);
}

void tree_revoked(struct tree *t, const char *key)
{
	tree_entries(t, key, &t->r->change->revoked, false);
}

/* Writes both lists completely: a deployment of the merged template removes an entry that is not in the list. */
void tree_changes(struct tree *t)
{
	const struct gateway_change *c = t->r->change;

	if (c->sets_pools)
		tree_pools(t, "vpnClientAddressPool");
	if (c->sets_tunnels)
		tree_words(t, render_is_wan(t->r) ? "vpnProtocols" : "vpnClientProtocols", c->gateway.tunnels);
	if (c->sets_auth)
		tree_auth(t, "vpnAuthenticationTypes");
	tree_roots(t, "vpnClientRootCertificates");
	tree_revoked(t, "vpnClientRevokedCertificates");
}
