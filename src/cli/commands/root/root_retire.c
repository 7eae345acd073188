/* SPDX-License-Identifier: MIT */
/* root_retire.c - the command `p11ca root retire`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/revoke/revoke.h"
#include "pki/root/root.h"

struct root_retire_args {
	const char *confirm, *reason;
};
static const struct opt options[] = {
	{ OPT_FIELD(TEXT, struct root_retire_args, confirm), .name = "confirm",
	    .help = "confirm the root's name without a prompt" },
	{ OPT_FIELD(FORMAT, struct root_retire_args, reason), .name = "reason", .choices = "keyCompromise",
	    .help = "also revoke all certificates of the root and never certify its key again" },
	{ .name = NULL },
};
static const struct command_prints prints[] = {
	{ "steps", step_fields, true },
	{ "clients", locked_out_fields, true },
	{ .key = NULL },
};

static int cmd_root_retire_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct root_retire_args *args = args_;
	AUTO_VALUE(pki) p = { .ui = NULL };
	AUTO_VALUE(retire_job) job = { .op = { .name = operands[0], .confirm = args->confirm },
		.reason = args->reason };

	if (open_pki_ledger(&p, app, LEDGER_WRITE, false, e) < 0)
		return -1;
	job.op.pki = &p;
	if (root_retire(&job, &app->mode, app->out, e) < 0)
		return -1;
	if (!app->mode.dry_run)
		app->ui.warn(app->ui.self, "root-retired-here",
		    "the root no longer issues; a gateway that has the root accepts its clients until you remove the "
		    "root");
	return 0;
}

static const struct command_example examples[] = {
	{ "Retire a root after all clients have moved:", "p11ca root retire contoso --confirm contoso" },
	{ "Retire a root whose key is compromised:",
	    "p11ca root retire contoso --reason keyCompromise --confirm contoso" },
	{ .text = NULL },
};

const struct command cmd_root_retire = {
	.path = "root retire",
	.summary = "Retire a root and list the clients that depend on it",
	.help = "The command lists every client with a valid certificate of this root: these clients are locked out "
		"when you remove the root from a gateway. Type the root's name to confirm, or give it with "
		"--confirm. A retired root cannot be reactivated; it can still sign CRLs.\n\n--reason keyCompromise "
		"also works on a root that is already retired.",
	.examples = examples,
	.operands = "NAME",
	.min_operands = 1,
	.max_operands = 1,
	.operand_value = VALUE_ROOT,
	.needs = NEED_HOME,
	.changes = true,
	.opts = options,
	.args_size = sizeof(struct root_retire_args),
	.prints = prints,
	.run = cmd_root_retire_run,
};
