/* SPDX-License-Identifier: MIT */
/* ledger_verify.c - p11ca ledger verify */
#include "cli/open_pki.h"
#include "pki/audit_ledger.h"

static const struct command_prints prints[] = {
	{ "faults", fault_fields, true }, { "ledger", verify_fields, false }, { .key = NULL },
};

static int run(struct app *app, const void *args, char **operands, struct err *e)
{
	AUTO_VALUE(pki) p = { .ui = NULL };

	(void)args;
	(void)operands;
	return open_pki_ledger(&p, app, LEDGER_READ, false, e) < 0 ? -1 : ledger_verify_all(&p, app->out, e);
}

const struct command cmd_ledger_verify = {
	.path = "ledger verify",
	.summary = "Check the ledger as evidence",
	.help = "The hash chain of the events, each row against its events, each certificate against its issuer. "
		"No token is needed and nothing is written. Exit status 10 when a fault is found. Work that an "
		"interrupted run left is shown, and is no fault.",
	.needs = NEED_HOME,
	.prints = prints,
	.run = run,
};
