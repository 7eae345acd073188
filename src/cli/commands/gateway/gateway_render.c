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
	    .help = "script for az or Azure PowerShell, or members of a template (default: az)" },
	{ OPT_FIELD(FILE, struct gateway_render_args, state), .name = "state",
	    .help = "state of the gateway, see below for the command (default: additions only)" },
	{ OPT_FIELD(FLAG, struct gateway_render_args, retired), .name = "retired", .help = "remove retired roots" },
	{ OPT_FIELD(FLAG, struct gateway_render_args, prune), .name = "prune",
	    .help = "remove entries of this ledger that are retired, expired or another gateway's" },
	{ OPT_FIELD(FLAG, struct gateway_render_args, prune_unreadable), .name = "prune-unreadable",
	    .help = "remove entries that cannot be read (default: they stay as they are)" },
	{ OPT_FIELD(OUT_FILE, struct gateway_render_args, out), .name = "out",
	    .help = "file (default: standard output)" },
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
	{ "A script that makes the gateway trust and refuse what the ledger records.",
	    "p11ca gateway render VNet1GW --state gw.json --out VNet1GW.sh" },
	{ .text = NULL },
};

const struct command cmd_gateway_render = {
	.path = "gateway render",
	.summary = "Write what a gateway should trust and refuse, to be run",
	.help =
	    "The script adds the missing roots and revoked certificates; revocations come first. Entries that p11ca "
	    "did not create are kept and named in comments. With --state, entries of restored clients are removed, "
	    "and with --retired or --prune roots; you are warned of each valid client that this locks out. Issuers "
	    "of a root stay unless they are expired: you are warned of each root whose clients they still admit. "
	    "Address pool, tunnel types and certificate authentication are set if the gateway has none.\n\n"
	    "az: a script for sh. It needs az (tested with 2.74; no extension). powershell: needs the modules "
	    "Az.Accounts, Az.Network and Az.Resources. For both, log in first, with a role that may change the "
	    "gateway, such as Network Contributor. The scripts read the lists when they run: what somebody changed "
	    "after --state was read is kept, and running a script again changes nothing. The revocations are sent in a "
	    "first request of their own, or together with the roots if the gateway has no point-to-site "
	    "configuration or "
	    "an expired root blocks it.\n\n"
	    "arm and bicep need --state and contain both lists complete, roots and revoked certificates. Merge "
	    "these members into the gateway's "
	    "resource in your own template: a deployment removes whatever the template does not contain. "
	    "`p11ca gateway check` reports what a merged template would remove.\n\n"
	    "FILE of --state is what `az network vnet-gateway show -g GROUP -n GATEWAY -o json` prints. `p11ca explain "
	    "gateway-format` shows the command for Virtual WAN.\n\n"
	    "Exit status 10 if a root does not fit, because Azure allows 20, or if the last root would go: the "
	    "revocations "
	    "are written, and the root is not changed.",
	.examples = examples,
	.operands = "GATEWAY",
	.min_operands = 1,
	.max_operands = 1,
	.operand_value = VALUE_NAME,
	.needs = NEED_HOME,
	.opts = options,
	.args_size = sizeof(struct gateway_render_args),
	.run = cmd_gateway_render_run,
};
