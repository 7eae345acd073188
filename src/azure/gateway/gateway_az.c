/* SPDX-License-Identifier: MIT */
/* gateway_az.c - writes the change of a gateway as a shell script for the Azure CLI. */
#include "azure/gateway/render.h"
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
    "}\n";
static const char check[] =
    "ready || stop \"$problem\"\n"
    "look || stop \"$problem\"\n";
static const char no_config[] =
    "[ \"$kind\" != null ] || stop \"gateway '$name' has no point-to-site configuration (gateway-no-config);\n"
    "give its state to p11ca gateway render with --state\"\n";
/* An expired root blocks every other change, also revocations; one request then changes both lists. */
static const char send[] =
    "if [ \"$kind\" = null ]; then\n"
    "\talso=$tmp/revoked\n"
    "elif ! change \"$tmp/revoked\" vpnClientRevokedCertificates thumbprint; then\n"
    "\tgrep -q -e CertificateExpired -e 'operation failed' \"$tmp/err\" && grep -q ^remove \"$tmp/roots\" ||\n"
    "\t\tstop \"$problem\"\n"
    "\techo 'An expired root blocks the change: sending it together with the removal of the root.' >&2\n"
    "\talso=$tmp/revoked\n"
    "fi\n"
    "change \"$tmp/roots\" vpnClientRootCertificates publicCertData \"$settings\" || stop \"$problem\"\n";

typedef void member_fn(struct tree *t, const char *key);

static void gateway_az_tunnels(struct tree *t, const char *key)
{
	tree_words(t, key, t->r->change->gateway.tunnels);
}

/* Writes NAME:EXPRESSION for merge(): the gateway's value, or the default if that is missing or empty. */
static void gateway_az_set_missing(struct render *r, const char *name, const char *part, member_fn *fn)
{
	const char *config = render_is_wan(r) ? "properties." : "properties.vpnClientConfiguration.";
	struct tree t = { r, &notation_line, 0, true };

	render_add(r, name);
	render_add(r, ":");
	render_add(r, config);
	render_add(r, name);
	render_add(r, part);
	render_add(r, " && ");
	render_add(r, config);
	render_add(r, name);
	render_add(r, " || `");
	fn(&t, NULL);
	render_add(r, "`,");
}

static void set_auth(struct render *r)
{
	render_add(r, "vpnAuthenticationTypes:[`[\"Certificate\"]`,(properties.");
	render_add(r, render_is_wan(r) ? "" : "vpnClientConfiguration.");
	render_add(r, "vpnAuthenticationTypes || `[]`)[?@ != `\"Certificate\"`]][],");
}

/* Azure refuses roots without pool, tunnel types and Certificate, so the request with the roots contains them. */
static void gateway_az_settings(struct render *r)
{
	const struct gateway_change *c = r->change;
	AUTO_VALUE(buf) text = { 0 };
	struct render in = { &text, c, r->is_bad, r->e };

	if (c->sets_pools)
		gateway_az_set_missing(&in, "vpnClientAddressPool", ".addressPrefixes", tree_pools);
	if (c->sets_tunnels)
		gateway_az_set_missing(
		    &in, render_is_wan(r) ? "vpnProtocols" : "vpnClientProtocols", "", gateway_az_tunnels);
	if (c->sets_auth)
		set_auth(&in);
	if (!in.is_bad && buf_add(&text, "", 1, r->e) < 0)
		in.is_bad = true;
	r->is_bad = in.is_bad;
	render_add(r, "settings=");
	render_quoted(r, quote_sh, r->is_bad ? "" : (const char *)text.data);
	render_add(r, "\n");
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
	render_add(r, c->is_new ? "" : no_config);
	gateway_az_settings(r);
	render_add(r, send);
}
