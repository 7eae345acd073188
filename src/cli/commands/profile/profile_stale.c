/* SPDX-License-Identifier: MIT */
/* profile_stale.c - the command `p11ca profile stale`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/profile/profile_history.h"

static const struct command_prints prints[] = { { "stale", stale_fields, true }, { .key = NULL } };

static int cmd_profile_stale_run(struct app *app, const void *args, char **operands, struct err *e)
{
	AUTO_VALUE(pki) p = { .ui = NULL };

	(void)args;
	return open_pki_ledger(&p, app, LEDGER_READ, false, e) < 0 ? -1 : profile_stale(&p, operands[0], app->out, e);
}

static const struct command_example examples[] = {
	{ "List the clients that need new profiles:", "p11ca profile stale VNet1GW.zip" },
	{ .text = NULL },
};

const struct command cmd_profile_stale = {
	.path = "profile stale",
	.summary = "List the clients whose profiles a new package breaks",
	.help = "PACKAGE is the new client package. The command lists each client with a profile for a gateway of "
		"another name, without a gateway root that is in the package, with an old tls-auth key, or for a "
		"tunnel type that the package lacks, and each client whose profiles name the key of a renewed "
		"certificate. `p11ca profile write … --all` writes new profiles. The exit "
		"status is 10 if any clients are listed.",
	.examples = examples,
	.operands = "PACKAGE",
	.min_operands = 1,
	.max_operands = 1,
	.operand_value = VALUE_FILE,
	.needs = NEED_HOME,
	.prints = prints,
	.run = cmd_profile_stale_run,
};
