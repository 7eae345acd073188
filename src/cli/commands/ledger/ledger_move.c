/* SPDX-License-Identifier: MIT */
/* ledger_move.c - the command `p11ca ledger move`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/ledger/ledger_audit.h"
#include "pki/ledger/ledger_location.h"

struct ledger_move_args {
	const char *out;
};
static const struct opt options[] = {
	{ OPT_FIELD(OUT_FILE, struct ledger_move_args, out), .name = "out", .required = true,
	    .help = "output file for `p11ca ledger restore`; must not exist" },
	{ .name = NULL },
};
static const struct command_prints prints[] = {
	{ "steps", step_fields, true },
	{ "faults", fault_fields, true },
	{ "ledger", verify_fields, false },
	{ .key = NULL },
};

static int cmd_ledger_move_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct ledger_move_args *args = args_;
	AUTO_VALUE(pki) p = { .ui = NULL };

	(void)operands;
	if (open_pki_ledger(&p, app, LEDGER_MOVE, false, e) < 0)
		return -1;
	return ledger_move_to(&p, args->out, &app->mode, app->out, e);
}

static const struct command_example examples[] = {
	{ "Seal the ledger on this machine and write a copy for the new one:", "p11ca ledger move --out moved.db" },
	{ .text = NULL },
};

const struct command cmd_ledger_move = {
	.path = "ledger move",
	.summary = "Move the ledger to another machine",
	.help = "A ledger is bound to its machine: with the same ledger on two machines, each machine would lack the "
		"other's certificates and revocations. This command seals the ledger on this machine permanently and "
		"writes a complete copy. On the other machine, run `p11ca ledger restore FILE`, then `p11ca ledger "
		"acknowledge`. Use the copy only once: restoring it again later would lose newer events. If the copy "
		"is lost before it is restored, run the command again to write another one.",
	.examples = examples,
	.needs = NEED_HOME,
	.changes = true,
	.opts = options,
	.args_size = sizeof(struct ledger_move_args),
	.prints = prints,
	.run = cmd_ledger_move_run,
};
