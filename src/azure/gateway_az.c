/* SPDX-License-Identifier: MIT */
/* gateway_az.c - a change of a gateway as a shell script for the Azure CLI. */
#include "azure/render.h"
#include "out/quote.h"

static const char needs[] =
    "#\n"
    "# Needs az (tested with 2.74; no extension), logged in as a person whose role allows to change the gateway, such\n"
    "# as Network Contributor. Revocations are sent first. The script reads the gateway's lists and changes only the\n"
    "# entries that it names. It can be run again: what is done already is skipped.\n"
    "# Exit status: 0 everything is done, 1 not everything is done.\n";
static const char start[] =
    "set -eu\n"
    "stop() {\n"
    "\techo \"not everything is done: $*\" >&2\n"
    "\texit 1\n"
    "}\n"
    "\n"
    "# is_empty PATH: the gateway has no such list, or an empty one\n"
    "is_empty() {\n"
    "\ttry \"read gateway '$name'\" resource show --query \"length(not_null($1, \\`[]\\`))\" -o tsv \\\n"
    "\t    >\"$tmp/length\" || stop \"$problem\"\n"
    "\t[ \"$(cat \"$tmp/length\")\" = 0 ]\n"
    "}\n";
static const char check[] =
    "ready || stop \"$problem\"\n"
    "look || stop \"$problem\"\n"
    "set --\n";
/* Azure refuses roots without pool, tunnel types and Certificate: all of them go into the request with the roots. */
static const char new_config[] =
    "if [ \"$kind\" = null ]; then\n"
    "\tset -- \"$@\" \"$config={}\"\n"
    "fi\n";
static const char no_config[] =
    "[ \"$kind\" != null ] || stop \"gateway '$name' has no point-to-site configuration (gateway-no-config);\n"
    "give its state to p11ca gateway render with --state\"\n";
static const char auth[] =
    "try \"read gateway '$name'\" resource show -o json >\"$tmp/auth\" --query \"[\\`[\\\"Certificate\\\"]\\`,\n"
    "    ($config.vpnAuthenticationTypes || \\`[]\\`)[?@ != 'Certificate']][]\" || stop \"$problem\"\n"
    "set -- \"$@\" \"$config.vpnAuthenticationTypes=@$tmp/auth\"\n";
/* An expired root blocks every other change, revocations too: then both lists go into one request. */
static const char send[] =
    "if [ \"$kind\" = null ]; then\n"
    "\tplan \"$tmp/revoked\" vpnClientRevokedCertificates thumbprint || stop \"$problem\"\n"
    "\t[ \"$added\" -eq 0 ] || set -- \"$@\" \"$config.$list=@$tmp/$list\"\n"
    "elif ! change \"$tmp/revoked\" vpnClientRevokedCertificates thumbprint; then\n"
    "\tgrep -q CertificateExpired \"$tmp/err\" && grep -q ^remove \"$tmp/roots\" || stop \"$problem\"\n"
    "\techo 'An expired root blocks the change: sending it together with the removal of the root.' >&2\n"
    "\tset -- \"$@\" \"$config.$list=@$tmp/$list\"\n"
    "fi\n"
    "change \"$tmp/roots\" vpnClientRootCertificates publicCertData \"$@\" || stop \"$problem\"\n";

typedef void member_fn(struct tree *t, const char *key);

static void tunnels(struct tree *t, const char *key)
{
	tree_words(t, key, t->r->change->gateway.tunnels);
}

/* Sets config.MEMBER unless the gateway has it by now. */
static void set_missing(struct render *r, const char *member, const char *list, member_fn *fn)
{
	AUTO_VALUE(buf) word = { 0 };
	struct render in = { &word, r->change, r->is_bad, r->e };
	struct tree t = { &in, &notation_line, 0, true };

	fn(&t, NULL);
	if (!in.is_bad && buf_add(&word, "", 1, r->e) < 0)
		in.is_bad = true;
	r->is_bad = in.is_bad;
	if (r->is_bad)
		return;
	render_add(r, "! is_empty \"$config.");
	render_add(r, list);
	render_add(r, "\" || set -- \"$@\" \"$config.");
	render_add(r, member);
	render_add(r, "\"=");
	render_quoted(r, quote_sh, (const char *)word.at);
	render_add(r, "\n");
}

static void settings(struct render *r)
{
	const struct gateway_change *c = r->change;
	const char *protocols = render_is_wan(r) ? "vpnProtocols" : "vpnClientProtocols";

	if (c->sets_pools)
		set_missing(r, "vpnClientAddressPool", "vpnClientAddressPool.addressPrefixes", tree_pools);
	if (c->sets_tunnels)
		set_missing(r, protocols, protocols, tunnels);
	if (c->sets_auth)
		render_add(r, auth);
}

void render_az(struct render *r)
{
	const struct gateway_change *c = r->change;

	render_add(r, "#!/bin/sh\n");
	render_comment(r, "# Changes in Azure: ", c->gateway.name);
	render_notes(r, "# ");
	if (gateway_change_is_empty(c))
		return;
	render_add(r, needs);
	render_add(r, start);
	render_parts(r, render_sh_functions);
	render_add(r, "\n");
	render_sh_use(r);
	render_sh_lines(r, "revoked", &c->revoked, false);
	render_sh_lines(r, "roots", &c->roots, true);
	render_add(r, check);
	render_add(r, c->is_new ? new_config : no_config);
	settings(r);
	render_add(r, send);
}
