/* SPDX-License-Identifier: MIT */
/* client_show.c - the command `p11ca client show`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/gateway/gateway.h"
#include "pki/ledger/ledger_list.h"

static const struct command_prints prints[] = {
	{ "client", client_show_fields, false },
	{ "pending", pending_fields, true },
	{ "enforced_by", enforced_by_fields, true },
	{ .key = NULL },
};

static int cmd_client_show_run(struct app *app, const void *args, char **operands, struct err *e)
{
	AUTO_VALUE(pki) p = { .ui = NULL };

	(void)args;
	return open_pki_ledger(&p, app, LEDGER_READ, false, e) < 0 ? -1 : client_show(&p, operands[0], app->out, e);
}

static const struct command_example examples[] = {
	{ "Show a client's certificate:", "p11ca client show alice@contoso.com" },
	{ .text = NULL },
};

const struct command cmd_client_show = {
	.path = "client show",
	.summary = "Show a client certificate and its state",
	.help = "ID is a serial number, a thumbprint or fingerprint, or the name of a client with one valid "
		"certificate. The output lists revocations that p11ca has not yet seen at a gateway.",
	.examples = examples,
	.operands = "ID", .min_operands = 1, .max_operands = 1, .operand_value = VALUE_CLIENT,
	.needs = NEED_HOME,
	.prints = prints, .run = cmd_client_show_run,
};
