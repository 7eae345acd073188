/* SPDX-License-Identifier: MIT */
/* ledger_acknowledge.c - the command `p11ca ledger acknowledge`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/ledger/ledger_location.h"

static const struct command_prints prints[] = {
	{ "steps", step_fields, true },
	{ "place", location_fields, false },
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

const struct command cmd_ledger_acknowledge = {
	.path = "ledger acknowledge",
	.summary = "End the hold of a restored ledger",
	.help = "What happened between the copy and its restore came back, as far as it is known: certificates and"
		" revocations with `p11ca client import`. Roots sign again. --note must say what became of the rest;"
		" it stays in the ledger. A certificate that was given out and is not known here cannot be revoked by"
		" CRL, only its thumbprint on the gateway.",
	.needs = NEED_HOME,
	.changes = true,
	.prints = prints,
	.run = cmd_ledger_acknowledge_run,
};
