/* SPDX-License-Identifier: MIT */
/* gateway_render.c - the formats of a change: chooses the writer, and writes ARM and Bicep. */
#include "azure/gateway/gateway.h"

#include <string.h>

#include "azure/gateway/render.h"
#include "out/powershell.h"
#include "util/array.h"

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
	for (size_t i = 0; i < ARRAY_LEN(renderers); i++)
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

	for (size_t i = 0; i < ARRAY_LEN(renderers); i++) {
		if (strcmp(format, renderers[i].format) != 0)
			continue;
		if (renderers[i].needs_state && !c->has_state) {
			(void)err_set(e, ERR_POLICY, "%s contains complete lists, and the lists of '%s' are not "
			    "known", format,
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
