/* SPDX-License-Identifier: MIT */
/* ledger_restore.c - the command `p11ca ledger restore`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/ledger/ledger_audit.h"
#include "pki/ledger/ledger_location.h"

struct ledger_restore_args {
	const char *checkpoint, *root;
};
static const struct opt options[] = {
	{ OPT_FIELD(FILE, struct ledger_restore_args, checkpoint), .name = "checkpoint",
	    .help = "newest signed checkpoint, to count missing events; needs --root" },
	{ OPT_FIELD(FILE, struct ledger_restore_args, root), .name = "root",
	    .help = "certificate of the root that certified the ledger's key; for --checkpoint" },
	{ .name = NULL },
};
static const struct command_prints prints[] = {
	{ "steps", step_fields, true },
	{ "faults", fault_fields, true },
	{ "ledger", verify_fields, false },
	{ "location", location_fields, false },
	{ .key = NULL },
};

static int cmd_ledger_restore_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct ledger_restore_args *args = args_;
	const struct restore_args job = { operands[0], args->checkpoint, args->root };
	AUTO_VALUE(pki) p = { .ui = NULL };

	if ((args->checkpoint != NULL) != (args->root != NULL)) {
		(void)err_set(e, ERR_USAGE, "--checkpoint and --root go together");
		e->hint = "--root requires the root's certificate: `p11ca root export NAME --format pem`";
		return -1;
	}
	return open_pki(&p, app, e) < 0 ? -1 : ledger_restore_from(&p, &job, &app->mode, app->out, e);
}

static const struct command_example examples[] = {
	{ "Restore a backup, and count the events that it lacks:",
	    "p11ca ledger restore backup.db --checkpoint checkpoint.pem --root contoso.pem" },
	{ .text = NULL },
};

const struct command cmd_ledger_restore = {
	.path = "ledger restore",
	.summary = "Restore the ledger from a backup",
	.help = "FILE is the output of `p11ca ledger backup` or `p11ca ledger move`. The command verifies the copy "
		"and makes it the ledger of p11ca's home, which must not contain a ledger, in a new epoch. A backup "
		"lacks the certificates and revocations that followed it. Therefore the roots sign neither "
		"certificates nor CRLs until you import these with `p11ca client import CERT... --revoked-from CRL`, "
		"and run `p11ca ledger acknowledge`. A moved ledger is complete when it is restored for the first "
		"time, which p11ca cannot check: confirm it with `p11ca ledger acknowledge`.\n\nA backup does not "
		"contain p11ca.conf and templates. The command needs no token.",
	.examples = examples,
	.operands = "FILE",
	.min_operands = 1,
	.max_operands = 1,
	.operand_value = VALUE_FILE,
	.needs = NEED_HOME,
	.changes = true,
	.opts = options,
	.args_size = sizeof(struct ledger_restore_args),
	.prints = prints,
	.run = cmd_ledger_restore_run,
};
