/* SPDX-License-Identifier: MIT */
/* root_rollover.c - the command `p11ca root rollover`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/root/root.h"

struct root_rollover_args {
	const char *to;
};
static const struct opt options[] = {
	{ OPT_FIELD(ROOT, struct root_rollover_args, to), .name = "to", .required = true,
	    .help = "the new root" },
	{ .name = NULL },
};
static const struct command_prints prints[] = {
	{ "rollover", rollover_fields, false },
	{ "clients", locked_out_fields, true },
	{ "steps", rollover_step_fields, true },
	{ .key = NULL },
};

static int cmd_root_rollover_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct root_rollover_args *args = args_;
	AUTO_VALUE(pki) p = { .ui = NULL };

	if (open_pki_ledger(&p, app, LEDGER_READ, false, e) < 0)
		return -1;
	return root_rollover(&p, operands[0], args->to, app->out, e);
}

static const struct command_example examples[] = {
	{ "Show which clients still use the old root:", "p11ca root rollover contoso --to contoso-2027" },
	{ .text = NULL },
};

const struct command cmd_root_rollover = {
	.path = "root rollover",
	.summary = "Show which clients have moved to another root",
	.help = "The command shows the plan for moving from one root to another, the state of each client, and the "
		"next step. It changes nothing. Move clients with `p11ca client renew` and --root, in as many groups "
		"as you like, while the gateway trusts both roots. Record the gateway's state first, see `p11ca help "
		"gateway diff`, so that the plan shows whether the gateway trusts the new root. A question "
		"mark marks facts that only the client's machine, or a gateway without a recorded state, can show.",
	.examples = examples,
	.operands = "NAME",
	.min_operands = 1,
	.max_operands = 1,
	.operand_value = VALUE_ROOT,
	.needs = NEED_HOME,
	.opts = options,
	.args_size = sizeof(struct root_rollover_args),
	.prints = prints,
	.run = cmd_root_rollover_run,
};
