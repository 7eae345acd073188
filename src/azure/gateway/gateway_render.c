/* SPDX-License-Identifier: MIT */
/* gateway_render.c - the formats of a change: chooses the writer, and writes ARM and Bicep. */
#include "azure/gateway/gateway.h"

#include <string.h>

#include "azure/net.h"
#include "azure/gateway/render.h"
#include "out/powershell.h"
#include "util/text.h"

bool gateway_is_network(const char *text)
{
	struct ip_net net;

	return ip_net_parse(&net, (struct bytes){ (const void *)text, strlen(text) });
}

int gateway_add_local(struct gateway_network *around, const char *text, struct err *e)
{
	struct ip_net net;

	if (!ip_net_parse(&net, (struct bytes){ (const void *)text, strlen(text) }))
		return err_set(e, ERR_USAGE, "'%.60s' is no network: 192.168.1.0/24 is one", text);
	if (around->n_locals >= GATEWAY_NETWORK_MAX)
		return err_set(e, ERR_USAGE, "more than %d networks", GATEWAY_NETWORK_MAX);
	around->locals[around->n_locals++] = net;
	return 0;
}

static int gateway_render_add_pool(struct bytes text, void *arg, struct err *e)
{
	struct gateway *g = arg;

	if (g->n_pools >= PACKAGE_DNS_MAX || !ip_net_parse(&g->pools[g->n_pools], text))
		return err_set(e, ERR_INTERNAL, "'%.*s' is no address pool", (int)text.len, (const char *)text.data);
	g->n_pools++;
	return 0;
}

int gateway_set_pools(struct gateway *g, const char *pools, struct err *e)
{
	return net_each_item((struct bytes){ (const void *)pools, strlen(pools) }, gateway_render_add_pool, g, e);
}

void render_add(struct render *r, const char *text)
{
	if (!r->is_bad && buf_add(r->out, text, strlen(text), r->e) < 0)
		r->is_bad = true;
}

void render_quoted(struct render *r, quote_fn *quote, const char *text)
{
	if (r->is_bad || quote(r->out, text, r->e) == 0)
		return;
	r->is_bad = true;
	(void)err_while(r->e, "writing '%.100s' for gateway '%s'", text, r->change->gateway.name);
}

void render_comment(struct render *r, const char *mark, const char *text)
{
	char safe[1024];

	(void)print_safe(safe, sizeof(safe), text, strlen(text));
	render_add(r, mark);
	render_add(r, safe);
	render_add(r, "\n");
}

static void gateway_render_note(struct render *r, const char *mark, const struct gateway_entry *entry, const char *list)
{
	static const char *const fates[] = { "kept", "added", "removed", "left out" };
	char line[900];

	if (entry->action == GATEWAY_KEEP && entry->is_ours && entry->why == NULL)
		return;
	(void)snprintf(line, sizeof(line), "%s '%s' %s%s%s: %s%s%s", list, entry->name, entry->thumbprint,
	    entry->subject[0] != '\0' ? " " : "", entry->subject, fates[entry->action],
	    entry->is_ours ? "" : ", not ours", entry->why != NULL ? ", " : "");
	if (entry->why != NULL)
		(void)snprintf(line + strlen(line), sizeof(line) - strlen(line), "%s", entry->why);
	render_comment(r, mark, line);
}

void render_notes(struct render *r, const char *mark)
{
	for (size_t i = 0; i < r->change->roots.n; i++)
		gateway_render_note(r, mark, &r->change->roots.all[i], "root");
	for (size_t i = 0; i < r->change->revoked.n; i++)
		gateway_render_note(r, mark, &r->change->revoked.all[i], "revoked");
	if (gateway_change_is_empty(r->change))
		render_comment(r, mark, "nothing to do");
}

bool render_is_wan(const struct render *r)
{
	return strcmp(r->change->gateway.type, GATEWAY_TYPE_VWAN) == 0;
}

const char *render_type(const struct render *r)
{
	return render_is_wan(r) ? "Microsoft.Network/vpnServerConfigurations"
				: "Microsoft.Network/virtualNetworkGateways";
}

bool render_is_listed(const struct gateway_entry *entry)
{
	return entry->action == GATEWAY_KEEP || entry->action == GATEWAY_ADD;
}

static void tree_body(struct tree *t)
{
	const bool is_wan = render_is_wan(t->r);

	tree_open(t, "properties", "{");
	if (!is_wan)
		tree_open(t, "vpnClientConfiguration", "{");
	tree_changes(t);
	if (!is_wan)
		tree_close(t, "}");
	tree_close(t, "}");
}

static void render_arm(struct render *r)
{
	struct tree t = { r, &notation_json, 0, true };

	tree_open(&t, NULL, "{");
	tree_text(&t, "type", render_type(r));
	tree_text(&t, "apiVersion", RENDER_API);
	tree_text(&t, "name", r->change->gateway.name);
	tree_body(&t);
	tree_close(&t, "}");
	render_add(r, "\n");
}

/* Writes a variable, not a resource: to be merged into the gateway's own resource, which has the other properties. */
static void render_bicep(struct render *r)
{
	struct tree t = { r, &notation_bicep, 0, true };

	render_comment(r, "// ", "Merge these members into the gateway's resource in your own template.");
	render_comment(r, "// ", "A deployment removes whatever the template does not contain: see --template of");
	render_comment(r, "// ", "p11ca gateway check.");
	render_notes(r, "// ");
	render_add(r, "var p11ca = ");
	tree_open(&t, NULL, "{");
	tree_text(&t, "name", r->change->gateway.name);
	tree_body(&t);
	tree_close(&t, "}");
	render_add(r, "\n");
}

#define SHOW_VNET "`az network vnet-gateway show -g GROUP -n GATEWAY -o json`"
#define SHOW_WAN \
	"`az resource show -g GROUP -n GATEWAY --resource-type Microsoft.Network/vpnServerConfigurations " \
	"--api-version " \
	RENDER_API " -o json`"
#define NEED_STATE(command) "give what " command " prints with --state FILE"

static const struct renderer {
	const char *format;
	void (*render)(struct render *r);
	bool needs_state;            /* writes complete lists: a deployment removes other entries */
} renderers[] = {
	{ "az", render_az, false },
	{ "powershell", render_powershell, false },
	{ "arm", render_arm, true },
	{ "bicep", render_bicep, true },
};

bool gateway_format_is_template(const char *format)
{
	for (size_t i = 0; i < sizeof(renderers) / sizeof(renderers[0]); i++)
		if (strcmp(format, renderers[i].format) == 0)
			return renderers[i].needs_state;
	return false;
}

/*
 * Windows PowerShell 5.1 reads a file without byte order mark in the machine's code page. Standard output gets no
 * mark, which a terminal would show.
 */
int gateway_render_begin(struct buf *out, const char *format, struct err *e)
{
	if (strcmp(format, "powershell") != 0)
		return 0;
	return buf_add(out, POWERSHELL_BOM, strlen(POWERSHELL_BOM), e);
}

static bool removes_unreadable(const struct gateway_entries *list)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->all[i].is_unreadable && list->all[i].action == GATEWAY_REMOVE)
			return true;
	return false;
}

int gateway_render(struct buf *out, const struct gateway_change *c, const char *format, struct err *e)
{
	struct render r = { out, c, false, e };

	for (size_t i = 0; i < sizeof(renderers) / sizeof(renderers[0]); i++) {
		if (strcmp(format, renderers[i].format) != 0)
			continue;
		if (renderers[i].needs_state && !c->has_state) {
			(void)err_set(e, ERR_POLICY, "%s has whole lists, and what is on '%s' is not known", format,
			    c->gateway.name);
			return err_rule(e, "gateway-needs-state", render_is_wan(&r) ? NEED_STATE(SHOW_WAN)
										    : NEED_STATE(SHOW_VNET));
		}
		if (!renderers[i].needs_state && (removes_unreadable(&c->roots) || removes_unreadable(&c->revoked))) {
			(void)err_set(e, ERR_POLICY, "%s cannot remove an entry that cannot be read: it finds entries"
			    " by their content", format);
			return err_rule(e, "gateway-unreadable-format", "use --format arm or bicep, which have whole"
			    " lists, or remove the entry by hand");
		}
		renderers[i].render(&r);
		return r.is_bad ? -1 : 0;
	}
	return err_set(e, ERR_USAGE, "no format is called '%s'", format);
}
