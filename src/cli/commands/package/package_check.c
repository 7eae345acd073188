/* SPDX-License-Identifier: MIT */
/* package_check.c - the command `p11ca package check`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/profile/package_op.h"
#include "pki/show_findings.h"

struct package_check_args {
	const char *root, *state;
};
static const struct opt options[] = {
	{ OPT_FIELD(ROOT, struct package_check_args, root), .name = "root",
	    .help = "root of the clients (default: the only root in the ledger)" },
	{ OPT_FIELD(FILE, struct package_check_args, state), .name = "state",
	    .help = "output of `az network vnet-gateway show … -o json`" },
	{ .name = NULL },
};
static const struct command_prints prints[] = { { "findings", finding_fields, true }, { .key = NULL } };

static int cmd_package_check_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct package_check_args *args = args_;
	AUTO_VALUE(pki) p = { .ui = NULL };

	return open_pki(&p, app, e) < 0 ? -1 : package_check(&p, operands[0], args->root, args->state, app->out, e);
}

static const struct command_example examples[] = {
	{ "Check a client package for the clients of a root:", "p11ca package check VNet1GW.zip --root contoso" },
	{ .text = NULL },
};

const struct command cmd_package_check = {
	.path = "package check",
	.summary = "Find problems in a client package",
	.help = "The command reports missing tunnel types, gateway roots that are expired or unknown, a package that "
		"was generated before the root was uploaded (error 798), and addresses and routes that overlap. The "
		"exit status is 10 if there is a failure or a warning.",
	.examples = examples,
	.operands = "PACKAGE",
	.min_operands = 1,
	.max_operands = 1,
	.operand_value = VALUE_FILE,
	.needs = NEED_HOME,
	.opts = options,
	.args_size = sizeof(struct package_check_args),
	.prints = prints,
	.run = cmd_package_check_run,
};
