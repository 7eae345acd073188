/* SPDX-License-Identifier: MIT */
/* gateway_list.c - the command `p11ca gateway list`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/gateway/gateway.h"

static const struct command_prints prints[] = { { "gateways", gateway_fields, true }, { .key = NULL } };

static int cmd_gateway_list_run(struct app *app, const void *args, char **operands, struct err *e)
{
	AUTO_VALUE(pki) p = { .ui = NULL };

	(void)args;
	(void)operands;
	return open_pki_ledger(&p, app, LEDGER_READ, false, e) < 0 ? -1 : gateway_list(&p, app->out, e);
}

static const struct command_example examples[] = {
	{ "List the gateways:", "p11ca gateway list" },
	{ .text = NULL },
};

const struct command cmd_gateway_list = {
	.path = "gateway list",
	.summary = "List the gateways in the ledger",
	.examples = examples,
	.needs = NEED_HOME,
	.prints = prints,
	.run = cmd_gateway_list_run,
};
