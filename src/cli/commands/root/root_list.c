/* SPDX-License-Identifier: MIT */
/* root_list.c - the command `p11ca root list`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/ledger/ledger_list.h"
#include "pki/root/root_show.h"

static const struct command_prints prints[] = { { "roots", root_list_fields, true }, { .key = NULL } };

static int cmd_root_list_run(struct app *app, const void *args, char **operands, struct err *e)
{
	AUTO_VALUE(pki) p = { .ui = NULL };

	(void)args;
	(void)operands;
	return open_pki_ledger(&p, app, LEDGER_READ, false, e) < 0 ? -1 : root_list(&p, app->out, e);
}

static const struct command_example examples[] = {
	{ "List the roots:", "p11ca root list" },
	{ .text = NULL },
};

const struct command cmd_root_list = {
	.path = "root list",
	.summary = "List the roots in the ledger",
	.examples = examples,
	.needs = NEED_HOME,
	.prints = prints, .run = cmd_root_list_run,
};
