/* SPDX-License-Identifier: MIT */
/* ledger_acknowledge.c - the command `p11ca ledger acknowledge`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/ledger/ledger_location.h"

static const struct command_prints prints[] = {
	{ "steps", step_fields, true },
	{ "location", location_fields, false },
	{ .key = NULL },
};

static int cmd_ledger_acknowledge_run(struct app *app, const void *args, char **operands, struct err *e)
{
	AUTO_VALUE(pki) p = { .ui = NULL };

	(void)args;
	(void)operands;
	if (open_pki_ledger(&p, app, LEDGER_WRITE, false, e) < 0)
		return -1;
	return ledger_acknowledge_restore(&p, &app->mode, app->out, e);
}

static const struct command_example examples[] = {
	{ "Allow issuing again after a restore:",
	    "p11ca ledger acknowledge --note 'all certificates of November are imported'" },
	{ .text = NULL },
};

const struct command cmd_ledger_acknowledge = {
	.path = "ledger acknowledge",
	.summary = "Allow a restored ledger to issue again",
	.help = "First import the certificates and revocations from between the backup and the restore with `p11ca "
		"client import`. After this command, the roots sign again. In --note, describe what could not be "
		"imported; the ledger keeps the note. A certificate that was issued and is not in the ledger cannot "
		"be revoked with a CRL, only with its thumbprint at the gateway.",
	.examples = examples,
	.needs = NEED_HOME,
	.changes = true,
	.prints = prints,
	.run = cmd_ledger_acknowledge_run,
};
