/* SPDX-License-Identifier: MIT */
/* gateway_render.c - the command `p11ca gateway render`: its options, help and output. */
#include <string.h>

#include "cli/export_text.h"
#include "cli/open_pki.h"
#include "pki/gateway/gateway_plan.h"

struct gateway_render_args {
	const char *format, *state, *out;
	bool retired, prune, prune_unreadable, force;
};
static const struct opt options[] = {
	{ OPT_FIELD(FORMAT, struct gateway_render_args, format), .name = "format", .choices = "az|powershell|arm|bicep",
	    .help = "script for az or PowerShell, or part of a template (default: az)" },
	{ OPT_FIELD(FILE, struct gateway_render_args, state), .name = "state",
	    .help = "output of `az network vnet-gateway show … -o json` (default: only additions)" },
	{ OPT_FIELD(FLAG, struct gateway_render_args, retired), .name = "retired", .help = "remove retired roots" },
	{ OPT_FIELD(FLAG, struct gateway_render_args, prune), .name = "prune",
	    .help = "remove entries from this ledger that are retired, expired or for another gateway" },
	{ OPT_FIELD(FLAG, struct gateway_render_args, prune_unreadable), .name = "prune-unreadable",
	    .help = "remove entries that p11ca cannot read (default: keep them)" },
	{ OPT_FIELD(OUT_FILE, struct gateway_render_args, out), .name = "out",
	    .help = "output file (default: standard output)" },
	{ OPT_FIELD(FLAG, struct gateway_render_args, force), .name = "force", .help = "overwrite the file" },
	{ .name = NULL },
};

static int cmd_gateway_render_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct gateway_render_args *args = args_;
	const struct gateway_options wanted = { args->state, args->retired, args->prune,
		args->prune_unreadable, args->out != NULL && strcmp(args->out, "-") != 0 };
	AUTO_VALUE(pki) p = { .ui = NULL };
	AUTO_VALUE(buf) text = { 0 };
	int result;

	if (open_pki_ledger(&p, app, LEDGER_READ, false, e) < 0)
		return -1;
	result = gateway_write(&text, &p, operands[0], &wanted, args->format != NULL ? args->format : "az", e);
	return result < 0 || export_text(app, &text, args->out, args->force, e) < 0 ? -1 : result;
}

static const struct command_example examples[] = {
	{ "Write a script for az that adds missing roots and revocations:",
	    "p11ca gateway render VNet1GW --out VNet1GW.sh" },
	{ "Also remove retired roots, according to the gateway's state:",
	    "p11ca gateway render VNet1GW --state gw.json --retired --out VNet1GW.sh" },
	{ "Write a script for PowerShell:", "p11ca gateway render VNet1GW --format powershell --out VNet1GW.ps1" },
	{ .text = NULL },
};

const struct command cmd_gateway_render = {
	.path = "gateway render",
	.summary = "Write a script that updates a gateway's certificates",
	.help = "The script adds the missing roots and revoked certificates, revocations first. It keeps entries "
		"that p11ca did not create and names them in comments. \n\nWith --state, it also removes entries of "
		"restored clients, and with --retired or --prune, roots; p11ca warns of each valid client that this "
		"locks out. Issuers of a root are kept unless they are expired; p11ca warns of each root whose "
		"clients they still admit. If the gateway has no address pool, tunnel types or certificate "
		"authentication, the script sets them.\n\nThe format az is a script for sh and az (tested with az "
		"2.74, without extensions). The format powershell needs the modules Az.Accounts, Az.Network and "
		"Az.Resources. For both, log in first, with a role that can change the gateway, such as Network "
		"Contributor. The scripts read the gateway's lists when they run: later changes by others are kept, "
		"and running a script again changes nothing. Revocations are sent in a separate first request, or "
		"together with the roots if the gateway has no point-to-site configuration or an expired root blocks "
		"the update.\n\nThe formats arm and bicep need --state and contain both complete lists, roots and "
		"revoked certificates. Merge them into the gateway's resource in your template: a deployment removes "
		"everything that the template does not contain. `p11ca gateway check` reports what a template would "
		"remove.\n\nTo get the state, run `az network vnet-gateway show -g GROUP -n GATEWAY -o json`. `p11ca "
		"explain gateway-format` shows the command for Virtual WAN.\n\nThe exit status is 10 if a root does "
		"not fit, because Azure allows 20, or if the last root would be removed: the script then contains "
		"the revocations and does not change the root.",
	.examples = examples,
	.operands = "GATEWAY",
	.min_operands = 1,
	.max_operands = 1,
	.operand_value = VALUE_GATEWAY,
	.needs = NEED_HOME,
	.opts = options,
	.args_size = sizeof(struct gateway_render_args),
	.run = cmd_gateway_render_run,
};
