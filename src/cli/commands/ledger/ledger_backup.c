/* SPDX-License-Identifier: MIT */
/* ledger_backup.c - the command `p11ca ledger backup`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/ledger/ledger_audit.h"

struct ledger_backup_args {
	const char *out;
};
static const struct opt options[] = {
	{ OPT_FIELD(OUT_FILE, struct ledger_backup_args, out), .name = "out", .required = true,
	    .help = "output file; must not exist" },
	{ .name = NULL },
};
static const struct command_prints prints[] = {
	{ "steps", step_fields, true },
	{ "faults", fault_fields, true },
	{ "ledger", verify_fields, false },
	{ .key = NULL },
};

static int cmd_ledger_backup_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct ledger_backup_args *args = args_;
	AUTO_VALUE(pki) p = { .ui = NULL };

	(void)operands;
	if (open_pki_ledger(&p, app, LEDGER_WRITE, false, e) < 0)
		return -1;
	return ledger_backup_to(&p, args->out, &app->mode, app->out, e);
}

static const struct command_example examples[] = {
	{ "Back up the ledger:", "p11ca ledger backup --out backup-2026-11-30.db" },
	{ .text = NULL },
};

const struct command cmd_ledger_backup = {
	.path = "ledger backup",
	.summary = "Copy the ledger to a new file and verify the copy",
	.help = "The copy is consistent, even if other processes write to the ledger at the same time. p11ca reads "
		"and verifies the copy. The exit status is 10 if the copy has a fault. The command needs no token.",
	.examples = examples,
	.needs = NEED_HOME,
	.changes = true,
	.opts = options,
	.args_size = sizeof(struct ledger_backup_args),
	.prints = prints,
	.run = cmd_ledger_backup_run,
};
