/* SPDX-License-Identifier: MIT */
/* package_show.c - the command `p11ca package show`: its options, help and output. */
#include "cli/command.h"
#include "pki/profile/package_op.h"

static const struct command_prints prints[] = {
	{ "package", package_fields, false },
	{ "routes", package_net_fields, true },
	{ "gateway_roots", package_root_fields, true },
	{ "client_roots", package_hash_fields, true },
	{ .key = NULL },
};

static int cmd_package_show_run(struct app *app, const void *args, char **operands, struct err *e)
{
	(void)args;
	return package_show(operands[0], app->out, e);
}

static const struct command_example examples[] = {
	{ "Show a client package:", "p11ca package show VNet1GW.zip" },
	{ .text = NULL },
};

const struct command cmd_package_show = {
	.path = "package show",
	.summary = "Show the contents of a client package",
	.help = "PACKAGE is the zip file that the gateway generates, the folder with its unpacked files, or a single "
		"VpnSettings.xml. The command writes no files and prints no secrets.",
	.examples = examples,
	.operands = "PACKAGE",
	.min_operands = 1,
	.max_operands = 1,
	.operand_value = VALUE_FILE,
	.prints = prints,
	.run = cmd_package_show_run,
};
