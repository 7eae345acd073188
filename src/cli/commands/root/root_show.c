/* SPDX-License-Identifier: MIT */
/* root_show.c - the command `p11ca root show`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/ledger/ledger_list.h"
#include "pki/root/root_show.h"

static const struct command_prints prints[] = {
	{ "root", root_show_fields, false }, { "issuers", root_issuer_fields, true }, { .key = NULL },
};

static int cmd_root_show_run(struct app *app, const void *args, char **operands, struct err *e)
{
	AUTO_VALUE(pki) p = { .ui = NULL };

	(void)args;
	return open_pki_ledger(&p, app, LEDGER_READ, false, e) < 0 ? -1 : root_show(&p, operands[0], app->out, e);
}

static const struct command_example examples[] = {
	{ "Show a root:", "p11ca root show contoso" },
	{ .text = NULL },
};

const struct command cmd_root_show = {
	.path = "root show",
	.summary = "Show a root, its key, and the results of the key's tests",
	.examples = examples,
	.operands = "NAME", .min_operands = 1, .max_operands = 1, .operand_value = VALUE_ROOT,
	.needs = NEED_HOME,
	.prints = prints, .run = cmd_root_show_run,
};
