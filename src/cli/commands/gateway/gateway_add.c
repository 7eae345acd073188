/* SPDX-License-Identifier: MIT */
/* gateway_add.c - the command `p11ca gateway add`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/gateway/gateway.h"

struct gateway_add_args {
	const char *group, *subscription, *type;
	struct opt_list pools, tunnels, roots;
	bool replace;
};
static const struct opt options[] = {
	{ OPT_FIELD(TEXT, struct gateway_add_args, group), .name = "resource-group", .required = true,
	    .help = "the gateway's resource group" },
	{ OPT_FIELD(TEXT, struct gateway_add_args, subscription), .name = "subscription",
	    .help = "id or name (default: the current subscription of az or PowerShell)" },
	{ OPT_FIELD(FORMAT, struct gateway_add_args, type), .name = "type",
	    .choices = "vnet-gateway|vpn-server-config",
	    .help = "virtual network gateway, or Virtual WAN configuration (default: vnet-gateway)" },
	{ OPT_LIST_FIELD(TEXT, struct gateway_add_args, pools), .name = "pool",
	    .help = "address range for the clients, if the gateway has none" },
	{ OPT_LIST_FIELD(TEXT, struct gateway_add_args, tunnels), .name = "tunnel",
	    .help = "tunnel type, if the gateway has none (default: IkeV2 and OpenVPN)" },
	{ OPT_LIST_FIELD(ROOT, struct gateway_add_args, roots), .name = "root",
	    .help = "root that the gateway trusts (default: every root that is not retired)" },
	{ OPT_FIELD(FLAG, struct gateway_add_args, replace), .name = "replace",
	    .help = "replace the gateway's record; options that are not given get their defaults" },
	{ .name = NULL },
};
static const struct command_prints prints[] = {
	{ "steps", step_fields, true },
	{ "gateway", gateway_fields, false },
	{ .key = NULL },
};

static int cmd_gateway_add_copy(char *out, size_t size, const char *what, const char *text, struct err *e)
{
	const int n = snprintf(out, size, "%s", text != NULL ? text : "");

	return n >= 0 && (size_t)n < size ? 0 : err_set(e, ERR_USAGE, "too long for the %s", what);
}

static int cmd_gateway_add_fill(
    struct gateway_row *row, const char *name, const struct gateway_add_args *args, struct err *e)
{
	static const char *const usual[] = { "IkeV2", "OpenVPN" };
	const bool is_usual = args->tunnels.n == 0;

	if (cmd_gateway_add_copy(row->name, sizeof(row->name), "name of a gateway", name, e) < 0 ||
	    cmd_gateway_add_copy(
		row->resource_group, sizeof(row->resource_group), "name of a resource group", args->group, e) < 0 ||
	    cmd_gateway_add_copy(row->subscription, sizeof(row->subscription), "subscription", args->subscription, e) <
		0 ||
	    cmd_gateway_add_copy(
		row->type, sizeof(row->type), "type", gateway_type_of(args->type != NULL ? args->type : ""), e) < 0)
		return -1;
	return gateway_join(row->pools, sizeof(row->pools), "address pool", args->pools.data, args->pools.n, e) < 0 ||
	        gateway_join(row->tunnels, sizeof(row->tunnels), "tunnel type", is_usual ? usual : args->tunnels.data,
	            is_usual ? 2 : args->tunnels.n, e) < 0 ||
	        gateway_join(row->roots, sizeof(row->roots), "root", args->roots.data, args->roots.n, e) < 0
	    ? -1 : 0;
}

static int cmd_gateway_add_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct gateway_add_args *args = args_;
	AUTO_VALUE(pki) p = { .ui = NULL };
	AUTO_VALUE(gateway_job) job = { .op = { .purpose = "gateway", .device = "" }, .replace = args->replace };

	if (cmd_gateway_add_fill(&job.row, operands[0], args, e) < 0 ||
	    open_pki_ledger(&p, app, LEDGER_WRITE, false, e) < 0)
		return -1;
	job.op.pki = &p;
	return gateway_add(&job, &app->mode, app->out, e);
}

static const struct command_example examples[] = {
	{ "Add a gateway that trusts one root:", "p11ca gateway add VNet1GW --resource-group TestRG1 --root contoso" },
	{ "Also set the address range, for a gateway that has none:",
	    "p11ca gateway add VNet1GW --resource-group TestRG1 --root contoso --pool 172.16.201.0/24" },
	{ .text = NULL },
};

const struct command cmd_gateway_add = {
	.path = "gateway add",
	.summary = "Add a gateway to the ledger",
	.help = "From then on, `p11ca gateway render` writes the roots that the gateway should trust and the "
		"certificates that it should refuse, and p11ca reports each revocation as NOT YET ENFORCED until it "
		"has seen the revocation there. The command sends nothing to Azure. GATEWAY is the name in Azure of "
		"the virtual network gateway, or of the VPN server configuration in Virtual WAN.",
	.examples = examples,
	.operands = "GATEWAY",
	.min_operands = 1,
	.max_operands = 1,
	.operand_value = VALUE_NAME,
	.needs = NEED_HOME,
	.changes = true,
	.opts = options,
	.args_size = sizeof(struct gateway_add_args),
	.prints = prints,
	.run = cmd_gateway_add_run,
};
