/* SPDX-License-Identifier: MIT */
/* gateway_render.c - p11ca gateway render */
#include "cli/export_text.h"
#include "cli/open_pki.h"
#include "pki/gateway_plan.h"

struct gateway_render_args {
	const char *format, *state, *out;
	bool retired, prune, prune_unreadable, force;
};
static const struct opt options[] = {
	{ OPT_FIELD(FORMAT, struct gateway_render_args, format), .name = "format", .choices = "az|powershell|arm|bicep",
	    .help = "a script for az or Azure PowerShell, or what to put into a template; else az" },
	{ OPT_FIELD(FILE, struct gateway_render_args, state), .name = "state",
	    .help = "what `az` prints of the gateway, or VPN server configuration; without, only adds" },
	{ OPT_FIELD(FLAG, struct gateway_render_args, retired), .name = "retired",
	    .help = "take off roots that are retired" },
	{ OPT_FIELD(FLAG, struct gateway_render_args, prune), .name = "prune",
	    .help = "take off what is ours and no longer wanted: retired, expired, another gateway's" },
	{ OPT_FIELD(FLAG, struct gateway_render_args, prune_unreadable), .name = "prune-unreadable",
	    .help = "remove entries whose certificate or thumbprint cannot be read (default: they stay as they are)" },
	{ OPT_FIELD(OUT_FILE, struct gateway_render_args, out), .name = "out", .help = "file; else standard output" },
	{ OPT_FIELD(FLAG, struct gateway_render_args, force), .name = "force", .help = "overwrite the file" },
	{ .name = NULL },
};

static int run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct gateway_render_args *args = args_;
	const struct gateway_wish wish = { args->state, args->retired, args->prune,
		args->prune_unreadable };
	AUTO_VALUE(pki) p = { .ui = NULL };
	AUTO_VALUE(buf) text = { 0 };

	if (open_pki_ledger(&p, app, LEDGER_READ, false, e) < 0 ||
	    gateway_write(&text, &p, operands[0], &wish, args->format != NULL ? args->format : "az", e) < 0)
		return -1;
	return export_text(app, &text, args->out, args->force, e);
}

static const struct command_example examples[] = {
	{ "One request that makes the gateway trust and refuse what the ledger says, and keeps the rest.",
	    "p11ca gateway render VNet1GW --state gw.json --out VNet1GW.sh" },
	{ .text = NULL },
};

const struct command cmd_gateway_render = {
	.path = "gateway render",
	.summary = "Write what a gateway should trust and refuse, to be run",
	.help =
	    "Without --state only commands that add something, which arm and bicep cannot say. With it the "
	    "complete lists: what the gateway has, and what the ledger wants; what is not ours stays, and is named. "
	    "Something is taken off only where the client was restored, or with --retired or --prune; each valid "
	    "client that "
	    "this cuts off is warned of. The CAs above a root, which others may need, "
	    "stay unless they are expired: each root whose clients they let in all the same is warned of."
	    " Address pool, tunnel types and certificate authentication are set where "
	    "the gateway has none.\n\narm and bicep are what to merge into the gateway's own template, no template of "
	    "their own: "
	    "deployed alone, that would lose whatever it does not say.",
	.examples = examples,
	.operands = "GATEWAY",
	.min_operands = 1,
	.max_operands = 1,
	.operand_value = VALUE_NAME,
	.needs = NEED_HOME,
	.opts = options,
	.args_size = sizeof(struct gateway_render_args),
	.run = run,
};
