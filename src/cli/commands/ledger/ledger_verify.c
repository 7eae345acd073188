/* SPDX-License-Identifier: MIT */
/* ledger_verify.c - the command `p11ca ledger verify`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/ledger/ledger_audit.h"

struct ledger_verify_args {
	const char *checkpoint, *root, *head;
};
static const struct opt options[] = {
	{ OPT_FIELD(FILE, struct ledger_verify_args, checkpoint), .name = "checkpoint",
	    .help = "a signed checkpoint that was kept elsewhere; needs --root" },
	{ OPT_FIELD(FILE, struct ledger_verify_args, root), .name = "root",
	    .help = "certificate of the root that certified the ledger's key; for --checkpoint" },
	{ OPT_FIELD(TEXT, struct ledger_verify_args, head), .name = "head",
	    .help = "hash of an earlier event, as in a receipt" },
	{ .name = NULL },
};
static const struct command_prints prints[] = {
	{ "faults", fault_fields, true }, { "ledger", verify_fields, false }, { .key = NULL },
};

static int cmd_ledger_verify_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct ledger_verify_args *args = args_;
	const struct verify_against against = { args->checkpoint, args->root, args->head };
	AUTO_VALUE(pki) p = { .ui = NULL };

	if ((args->checkpoint != NULL) != (args->root != NULL)) {
		(void)err_set(e, ERR_USAGE, "--checkpoint and --root go together");
		e->hint = "--root requires the root's certificate: `p11ca root export NAME --format pem`";
		return -1;
	}
	if (app->n_operands > 0 && app->home != NULL)
		return err_set(e, ERR_USAGE, "FILE names a ledger: leave out --home");
	if ((app->n_operands > 0 ? pki_open_copy(&p, operands[0], &app->ui, e) :
				   open_pki_ledger(&p, app, LEDGER_READ, false, e)) < 0)
		return -1;
	return ledger_verify_all(&p, &against, app->out, e);
}

static const struct command_example examples[] = {
	{ "Verify the ledger:", "p11ca ledger verify" },
	{ "Verify a copy against a checkpoint:",
	    "p11ca ledger verify backup.db --checkpoint checkpoint.pem --root contoso.pem" },
	{ .text = NULL },
};

const struct command cmd_ledger_verify = {
	.path = "ledger verify",
	.summary = "Verify the integrity of the ledger",
	.help = "The command verifies the hash chain of the events, each row against its events, and each "
		"certificate against its issuer. It needs no token and writes nothing. Unfinished work is listed, "
		"but is not a fault. The exit status is 10 if a fault is found.\n\nFILE is a copy of ledger.db, for "
		"a reader without p11ca's home and token; no other process may write to it. With --checkpoint or "
		"--head, the command also finds events that were removed from the end and a hash chain that was "
		"rewritten.",
	.examples = examples,
	.operands = "[FILE]",
	.max_operands = 1,
	.operand_value = VALUE_FILE,
	.needs = NEED_HOME,
	.opts = options,
	.args_size = sizeof(struct ledger_verify_args),
	.prints = prints,
	.run = cmd_ledger_verify_run,
};
