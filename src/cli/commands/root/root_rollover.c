/* SPDX-License-Identifier: MIT */
/* root_rollover.c - the command `p11ca root rollover`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/root/root.h"

struct root_rollover_args {
	const char *to;
};
static const struct opt options[] = {
	{ OPT_FIELD(NAME, struct root_rollover_args, to), .name = "to", .required = true,
	    .help = "the root that follows" },
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

const struct command cmd_root_rollover = {
	.path = "root rollover",
	.summary = "Show how far the clients have moved to another root",
	.help = "The plan of a move from one root to another, each client's place in it, and what is next. It"
		" changes nothing: clients move with client renew --root, in as many waves as is wanted, while both"
		" roots are on the gateway. What only the gateway or the clients' machines can tell is marked with a"
		" question mark.",
	.operands = "NAME",
	.min_operands = 1,
	.max_operands = 1,
	.operand_value = VALUE_NAME,
	.needs = NEED_HOME,
	.opts = options,
	.args_size = sizeof(struct root_rollover_args),
	.prints = prints,
	.run = cmd_root_rollover_run,
};
