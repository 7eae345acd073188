/* SPDX-License-Identifier: MIT */
/* gateway_show.c - the command `p11ca gateway show`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/gateway/gateway.h"

static const struct command_prints prints[] = {
	{ "gateway", gateway_fields, false },
	{ "roots", gateway_root_fields, true },
	{ "enforced", gateway_enforced_fields, true },
	{ "pending", pending_fields, true },
	{ .key = NULL },
};

static int cmd_gateway_show_run(struct app *app, const void *args, char **operands, struct err *e)
{
	AUTO_VALUE(pki) p = { .ui = NULL };

	(void)args;
	return open_pki_ledger(&p, app, LEDGER_READ, false, e) < 0 ? -1 : gateway_show(&p, operands[0], app->out, e);
}

static const struct command_example examples[] = {
	{ "Show a gateway and its pending changes:", "p11ca gateway show VNet1GW" },
	{ .text = NULL },
};

const struct command cmd_gateway_show = {
	.path = "gateway show",
	.summary = "Show a gateway and its pending changes",
	.help = "The command prints the gateway's record in the ledger, and what `p11ca gateway diff … --record` last "
		"saw there: the roots, the clients that the gateway refuses, and the changes that it does not "
		"contain yet. It does not connect to Azure.",
	.examples = examples,
	.operands = "GATEWAY",
	.min_operands = 1,
	.max_operands = 1,
	.operand_value = VALUE_GATEWAY,
	.needs = NEED_HOME,
	.prints = prints,
	.run = cmd_gateway_show_run,
};
