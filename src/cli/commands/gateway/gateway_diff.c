/* SPDX-License-Identifier: MIT */
/* gateway_diff.c - the command `p11ca gateway diff`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/gateway/gateway_plan.h"

struct gateway_diff_args {
	const char *state;
	bool record, retired, prune, prune_unreadable;
};
static const struct opt options[] = {
	{ OPT_FIELD(FILE, struct gateway_diff_args, state), .name = "state", .required = true,
	    .help = "output of `az network vnet-gateway show … -o json`" },
	{ OPT_FIELD(FLAG, struct gateway_diff_args, record), .name = "record",
	    .help = "record which roots the gateway trusts and which certificates it refuses" },
	{ OPT_FIELD(FLAG, struct gateway_diff_args, retired), .name = "retired",
	    .help = "as for gateway render" },
	{ OPT_FIELD(FLAG, struct gateway_diff_args, prune), .name = "prune", .help = "as for gateway render" },
	{ OPT_FIELD(FLAG, struct gateway_diff_args, prune_unreadable), .name = "prune-unreadable",
	    .help = "as for gateway render" },
	{ .name = NULL },
};
static const struct command_prints prints[] = {
	{ "roots", gateway_entry_fields, true },
	{ "revoked", gateway_entry_fields, true },
	{ "settings", gateway_setting_fields, true },
	{ "locked_out", gateway_locked_out_fields, true },
	{ .key = NULL },
};

static int cmd_gateway_diff_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct gateway_diff_args *args = args_;
	const struct gateway_options wanted = { args->state, args->retired, args->prune,
		args->prune_unreadable, .is_file = false };
	AUTO_VALUE(pki) p = { .ui = NULL };

	/* with --dry-run the ledger is opened read-only */
	if (open_pki_ledger(&p, app, args->record ? LEDGER_WRITE : LEDGER_READ, false, e) < 0)
		return -1;
	return gateway_diff(&p, operands[0], &wanted, args->record && !app->mode.dry_run, app->out, e);
}

static const struct command_example examples[] = {
	{ "Show the differences between a gateway and the ledger:", "p11ca gateway diff VNet1GW --state gw.json" },
	{ "Record the gateway's state after a script was run:", "p11ca gateway diff VNet1GW --state gw.json --record" },
	{ .text = NULL },
};

const struct command cmd_gateway_diff = {
	.path = "gateway diff",
	.summary = "Compare a gateway with the ledger",
	.help = "The command lists the changes that `p11ca gateway render` would make. With --record, the ledger "
		"records the gateway's state: a revocation counts as enforced at the gateway when its state contains "
		"the thumbprint. The exit status is 10 if there are changes to make.",
	.examples = examples,
	.operands = "GATEWAY",
	.min_operands = 1,
	.max_operands = 1,
	.operand_value = VALUE_GATEWAY,
	.needs = NEED_HOME,
	.changes = true,
	.opts = options,
	.args_size = sizeof(struct gateway_diff_args),
	.prints = prints,
	.run = cmd_gateway_diff_run,
};
