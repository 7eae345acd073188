/* SPDX-License-Identifier: MIT */
/*
 * gateway_revoke_script.c - writes the script that completes a revocation: it adds thumbprints to the gateways'
 * lists,
 * disconnects sessions, records the results in the ledger, and publishes CRLs.
 */
#include <stddef.h>

#include "azure/gateway/gateway.h"
#include "azure/gateway/render.h"
#include "out/quote.h"

static const char head[] =
    "#!/bin/sh\n"
    "# Closes a revocation: each gateway refuses the certificates, and their sessions end. If p11ca is instal"
    "led here, the\n"
    "# ledger records what each gateway has afterwards.\n"
    "# Needs az (tested with 2.74; no extension), logged in as a person whose role allows to change each gate"
    "way and to\n"
    "# disconnect sessions, such as Network Contributor.\n"
    "# The script can be run again: what is done already is skipped.\n"
    "# Azure's list of sessions can be five minutes old: a session that began just before may be missing. Run"
    " the script\n"
    "# again after five minutes.\n"
    "# SESSIONS='ID ID' names the sessions of Virtual WAN to end, SESSIONS='HUB/ID HUB/ID' those of each "
    "point-to-site gateway,\n"
    "# SESSIONS=none states that there is no session.\n"
    "# CRL_FOLDER=FOLDER also signs a new CRL of each root and writes it there; p11ca asks for the PIN of the"
    " root's token.\n"
    "# Exit status: 0 everything is closed, 1 something failed or could not be determined.\n"
    "set -u\n"
    "n_failed=0 n_unknown=0\n"
    "closed() {\n"
    "\techo \"done: $*\"\n"
    "}\n"
    "failed() {\n"
    "\tn_failed=$((n_failed + 1))\n"
    "\techo \"FAILED: $*\" >&2\n"
    "}\n"
    "unknown() {\n"
    "\tn_unknown=$((n_unknown + 1))\n"
    "\techo \"NOT DETERMINED: $*\" >&2\n"
    "}\n"
    "finish() {\n"
    "\tif [ \"$n_failed\" -eq 0 ] && [ \"$n_unknown\" -eq 0 ]; then\n"
    "\t\techo 'Everything is closed.'\n"
    "\t\texit 0\n"
    "\tfi\n"
    "\techo \"Not everything is closed: $n_failed failed, $n_unknown not determined.\" >&2\n"
    "\texit 1\n"
    "}\n";

/*
 * The script tries every part even if an earlier part failed. It sends ids of sessions by `az resource`, because `az
 * network vnet-gateway disconnect-vpn-connections` turns them into resource ids of site-to-site connections
 * (azure-cli 2.74, custom.py), and the command for Virtual WAN is in an extension.
 */
static const char *const functions[] = {
	"\n",
	"# refuse: the gateway refuses the certificates in $tmp/revoked. Status 1: the gateway cannot be read\n"
	"refuse() {\n"
	"\tlook\n"
	"\tcase $? in\n"
	"\t0) ;;\n"
	"\t1)\n"
	"\t\tunknown \"what gateway '$name' refuses: $problem\"\n"
	"\t\treturn 1\n"
	"\t\t;;\n"
	"\t*)\n"
	"\t\tfailed \"$problem\"\n"
	"\t\treturn 0\n"
	"\t\t;;\n"
	"\tesac\n"
	"\tif [ \"$kind\" = null ]; then\n"
	"\t\tclosed \"gateway '$name' has no point-to-site configuration and accepts no client\"\n"
	"\telif change \"$tmp/revoked\" vpnClientRevokedCertificates thumbprint >\"$tmp/changed\"; then\n"
	"\t\tclosed \"$(cat \"$tmp/changed\")\"\n"
	"\telse\n"
	"\t\tfailed \"$problem\"\n"
	"\tfi\n"
	"}\n"
	"\n",
	"# body_of_ids: writes $tmp/body, the request that ends the sessions in $tmp/ids\n"
	"body_of_ids() {\n"
	"\t{\n"
	"\t\tprintf '{\"vpnConnectionIds\":['\n"
	"\t\tsed 's/.*/\"&\"/' \"$tmp/ids\" | paste -sd , - | tr -d '\\n'\n"
	"\t\tprintf ']}\\n'\n"
	"\t} >\"$tmp/body\"\n"
	"}\n"
	"\n",
	"# end_sessions: ends those of the clients in $tmp/names at a virtual network gateway\n"
	"end_sessions() {\n"
	"\tif ! try \"list the sessions at gateway '$name'\" az network vnet-gateway vpn-client show-health -g "
	"\"$group\" \\\n"
	"\t    -n \"$name\" ${subscription:+--subscription \"$subscription\"} --only-show-errors -o tsv --query "
	"\\\n"
	"\t    '[[type(not_null(value, @))], not_null(value, @)[].[vpnUserName, vpnConnectionId]][]' \\\n"
	"\t    >\"$tmp/sessions\"; then\n"
	"\t\tunknown \"which sessions are up at gateway '$name': $problem\"\n"
	"\t\treturn\n"
	"\tfi\n"
	"\tif [ \"$(head -n 1 \"$tmp/sessions\")\" != array ]; then\n"
	"\t\tunknown \"which sessions are up at gateway '$name': az did not print a list\"\n"
	"\t\treturn\n"
	"\tfi\n"
	"\tif ! awk -F '\\t' 'is_name { names[$0]; next } FNR > 1 && ($1 in names) && $2 != \"\" { print $2 }' \\\n"
	"\t    is_name=1 \"$tmp/names\" is_name=0 \"$tmp/sessions\" >\"$tmp/ids\"; then\n"
	"\t\tunknown \"which sessions are up at gateway '$name': see the message above\"\n"
	"\t\treturn\n"
	"\tfi\n"
	"\tif ! [ -s \"$tmp/ids\" ]; then\n"
	"\t\tclosed \"gateway '$name' lists no session of $(paste -sd , \"$tmp/names\"); the list can be 5 minute"
	"s old\"\n"
	"\telif grep -qv '^[A-Za-z0-9_.:-]*$' \"$tmp/ids\"; then\n"
	"\t\tunknown \"the sessions at gateway '$name': an id has unexpected characters\"\n"
	"\telse\n"
	"\t\tbody_of_ids\n"
	"\t\tif try \"end the sessions at gateway '$name'\" resource invoke-action -o none \\\n"
	"\t\t    --action disconnectVirtualNetworkGatewayVpnConnections --request-body @\"$tmp/body\"; then\n"
	"\t\t\tclosed \"gateway '$name' ends the sessions $(paste -sd ' ' \"$tmp/ids\")\"\n"
	"\t\telse\n"
	"\t\t\tfailed \"$problem\"\n"
	"\t\tfi\n"
	"\tfi\n"
	"}\n"
	"\n",
	"# end_sessions_at_hubs: those in $SESSIONS. Azure lists the sessions of Virtual WAN only in a storage ac"
	"count of yours\n"
	"end_sessions_at_hubs() {\n"
	"\tif ! try \"list the point-to-site gateways of '$name'\" resource show \\\n"
	"\t    --query '(properties.p2SVpnGateways || `[]`)[].id' -o tsv >\"$tmp/hubs\"; then\n"
	"\t\tunknown \"which sessions are up: $problem\"\n"
	"\t\treturn\n"
	"\tfi\n"
	"\tif ! [ -s \"$tmp/hubs\" ]; then\n"
	"\t\tclosed \"no point-to-site gateway uses configuration '$name'\"\n"
	"\t\treturn\n"
	"\tfi\n"
	"\twhile IFS= read -r hub <&3; do\n"
	"\t\techo \"${hub##*/}\" >>\"$tmp/all_hubs\"\n"
	"\t\tcase ${SESSIONS-} in\n"
	"\t\t'')\n"
	"\t\t\tunknown \"which sessions of $(paste -sd , \"$tmp/names\") are up at $hub. List them with \\\n"
	"Get-AzP2sVpnGatewayDetailedConnectionHealth, then run this script "
	"with SESSIONS='${hub##*/}/ID' or SESSIONS=none"
	"\"\n"
	"\t\t\t;;\n"
	"\t\tnone) closed \"$hub has no session of $(paste -sd , \"$tmp/names\"), as you state by SESSIONS=none"
	"\" ;;\n"
	"\t\t*)\n"
	"\t\t\techo \"$SESSIONS\" | tr -s ' ' '\\n' |\n"
	"\t\t\t\tsed -n -e \"s|^${hub##*/}/||p\" -e t -e '/./{/\\//!p;}' >\"$tmp/ids\"\n"
	"\t\t\tif ! [ -s \"$tmp/ids\" ]; then\n"
	"\t\t\t\tclosed \"$hub has no session of $(paste -sd , \"$tmp/names\"), as you state by SESSIONS\"\n"
	"\t\t\t\tcontinue\n"
	"\t\t\telif grep -qv '^[A-Za-z0-9_.:-]*$' \"$tmp/ids\"; then\n"
	"\t\t\t\tfailed 'SESSIONS has an id with unexpected characters'\n"
	"\t\t\t\tcontinue\n"
	"\t\t\tfi\n"
	"\t\t\tbody_of_ids\n"
	"\t\t\tif try \"end the sessions at $hub\" az resource invoke-action --ids \"$hub\" \\\n"
	"\t\t\t    --api-version " RENDER_API " --action disconnectP2sVpnConnections -o none \\\n"
	"\t\t\t    --request-body @\"$tmp/body\"; then\n"
	"\t\t\t\tclosed \"$hub ends the sessions $(paste -sd ' ' \"$tmp/ids\")\"\n"
	"\t\t\telse\n"
	"\t\t\t\tfailed \"$problem\"\n"
	"\t\t\tfi\n"
	"\t\t\t;;\n"
	"\t\tesac\n"
	"\tdone 3<\"$tmp/hubs\"\n"
	"}\n"
	"\n",
	"# check_hubs: each HUB in $SESSIONS is a point-to-site gateway whose sessions were to end\n"
	"check_hubs() {\n"
	"\t: >>\"$tmp/all_hubs\"\n"
	"\techo \"${SESSIONS-}\" | tr -s ' ' '\\n' | sed -n 's|/.*||p' | "
	"grep -vxF -f \"$tmp/all_hubs\" >\"$tmp/no_hubs\" ||\n"
	"\t\treturn 0\n"
	"\tfailed \"the sessions of $(paste -sd ' ' \"$tmp/no_hubs\"): no configuration here has such a point-to-site "
	"gateway\"\n"
	"}\n"
	"\n",
	"# record: the ledger records what the gateway has\n"
	"record() {\n"
	"\tif ! command -v p11ca >/dev/null; then\n"
	"\t\techo \"note: p11ca is not installed here; record the result: p11ca gateway diff '$name' --state FILE"
	" --record\"\n"
	"\t\treturn\n"
	"\tfi\n"
	"\tif ! try \"read gateway '$name'\" resource show -o json >\"$tmp/state\"; then\n"
	"\t\tunknown \"what gateway '$name' has now: $problem\"\n"
	"\t\treturn\n"
	"\tfi\n"
	"\tp11ca gateway diff \"$name\" --state \"$tmp/state\" --record >\"$tmp/diff\"\n"
	"\tcase $? in\n"
	"\t0 | 10) closed \"the ledger has recorded what gateway '$name' has\" ;;\n"
	"\t*) failed \"the ledger has not recorded what gateway '$name' has: see the message of p11ca above\" ;;"
	"\n",
	"\tesac\n"
	"}\n"
	"\n",
	"# crl ROOT: no gateway of Azure reads CRLs; other servers do\n"
	"crl() {\n"
	"\tif [ -z \"${CRL_FOLDER-}\" ]; then\n"
	"\t\techo \"note: if other servers read CRLs of '$1', run this script with CRL_FOLDER=FOLDER\"\n"
	"\telif ! command -v p11ca >/dev/null; then\n"
	"\t\tfailed \"the CRL of '$1': p11ca is not installed here\"\n"
	"\telif p11ca root crl \"$1\" --force --out \"$CRL_FOLDER/$1.crl\"; then\n"
	"\t\tclosed \"the CRL of '$1' is in $CRL_FOLDER/$1.crl\"\n"
	"\telse\n"
	"\t\tfailed \"the CRL of '$1': see the message of p11ca above\"\n"
	"\tfi\n"
	"}\n"
	"\n",
	"ready || {\n"
	"\tunknown \"what the gateways refuse: $problem\"\n"
	"\tfinish\n"
	"}\n",
	NULL,
};

/* A session is identified by the name in its certificate. */
static void add_names(struct render *r)
{
	const struct gateway_entries *list = &r->change->revoked;

	render_add(r, "printf '%s\\n'");
	for (size_t i = 0; i < list->n; i++) {
		render_add(r, " ");
		render_quoted(r, quote_sh, list->all[i].subject);
	}
	render_add(r, " | sort -u >\"$tmp/names\"\n");
}

int gateway_close_begin(struct buf *out, const char *home, struct err *e)
{
	const struct gateway_change none = { .has_state = false };
	struct render r = { out, &none, false, e };

	render_add(&r, head);
	render_add(&r, "[ \"${P11CA_HOME:-}\" ] || P11CA_HOME=");
	render_quoted(&r, quote_sh, home);
	render_add(&r, "\nexport P11CA_HOME\n");
	render_parts(&r, render_sh_functions);
	render_parts(&r, functions);
	return r.is_bad ? -1 : 0;
}

int gateway_close_at(struct buf *out, const struct gateway_change *c, struct err *e)
{
	struct render r = { out, c, false, e };

	render_add(&r, "\n");
	render_sh_use(&r);
	render_sh_lines(&r, "revoked", &c->revoked, false);
	add_names(&r);
	render_add(&r, "if refuse; then\n\t");
	render_add(&r, render_is_wan(&r) ? "end_sessions_at_hubs" : "end_sessions");
	render_add(&r, "\n\trecord\nfi\n");
	return r.is_bad ? -1 : 0;
}

int gateway_close_end(struct buf *out, const char *roots[], size_t n_roots, struct err *e)
{
	const struct gateway_change none = { .has_state = false };
	struct render r = { out, &none, false, e };

	render_add(&r, "\n");
	for (size_t i = 0; i < n_roots; i++) {
		render_add(&r, "crl ");
		render_quoted(&r, quote_sh, roots[i]);
		render_add(&r, "\n");
	}
	render_add(&r, "check_hubs\nfinish\n");
	return r.is_bad ? -1 : 0;
}
