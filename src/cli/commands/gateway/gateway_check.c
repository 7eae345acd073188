/* SPDX-License-Identifier: MIT */
/* gateway_check.c - the command `p11ca gateway check`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/gateway/gateway_plan.h"
#include "pki/show_findings.h"

struct gateway_check_args {
	const char *state, *template, *vnet;
	struct opt_list locals;
};
static const struct opt options[] = {
	{ OPT_FIELD(FILE, struct gateway_check_args, state), .name = "state",
	    .help = "output of `az network vnet-gateway show … -o json`" },
	{ OPT_FIELD(FILE, struct gateway_check_args, template), .name = "template",
	    .help = "ARM template in JSON: report what its deployment would remove from --state" },
	{ OPT_FIELD(FILE, struct gateway_check_args, vnet), .name = "vnet",
	    .help = "output of `az network vnet show … -o json`, to find overlapping ranges" },
	{ OPT_LIST_FIELD(TEXT, struct gateway_check_args, locals), .name = "local-net",
	    .help = "a client's local network, such as 192.168.1.0/24" },
	{ .name = NULL },
};
static const struct command_prints prints[] = { { "findings", finding_fields, true }, { .key = NULL } };

static int cmd_gateway_check_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct gateway_check_args *args = args_;
	const struct gateway_check_options wanted = { args->state, args->template, args->vnet, args->locals.data,
		args->locals.n };
	AUTO_VALUE(pki) p = { .ui = NULL };

	return open_pki_ledger(&p, app, LEDGER_READ, false, e) < 0
	    ? -1 : gateway_check(&p, operands[0], &wanted, app->out, e);
}

static const struct command_example examples[] = {
	{ "Check a gateway's state:", "p11ca gateway check VNet1GW --state gw.json" },
	{ "Find clients' networks that overlap the address range:",
	    "p11ca gateway check VNet1GW --local-net 192.168.1.0/24" },
	{ .text = NULL },
};

const struct command cmd_gateway_check = {
	.path = "gateway check",
	.summary = "Find what Azure will reject or what will stop working",
	.help = "The command checks expired roots, which block every update of the gateway; roots that expire within "
		"90, 60 and 30 days; the limit of 20 roots; names, address ranges, SKU, tunnel types and "
		"authentication; and which clients have no suitable tunnel type. Without --state, it checks the "
		"gateway's record in the ledger. With --template, it also reports roots, revoked certificates and "
		"properties of the gateway that the template lacks, because a deployment would remove them. The exit "
		"status is 10 if there is a failure or a warning.",
	.examples = examples,
	.operands = "GATEWAY",
	.min_operands = 1,
	.max_operands = 1,
	.operand_value = VALUE_GATEWAY,
	.needs = NEED_HOME,
	.opts = options,
	.args_size = sizeof(struct gateway_check_args),
	.prints = prints,
	.run = cmd_gateway_check_run,
};
