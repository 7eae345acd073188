/* SPDX-License-Identifier: MIT */
/* render_text.c - parts of scripts and templates that all formats of a gateway change share. */
#include "azure/gateway/render.h"

#include <string.h>

#include "util/text.h"

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

static void render_note(struct render *r, const char *mark, const struct gateway_entry *entry, const char *list)
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
		render_note(r, mark, &r->change->roots.all[i], "root");
	for (size_t i = 0; i < r->change->revoked.n; i++)
		render_note(r, mark, &r->change->revoked.all[i], "revoked");
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
