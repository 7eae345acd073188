/* SPDX-License-Identifier: MIT */
/* package_diff.c - the command `p11ca package diff`: its options, help and output. */
#include "cli/command.h"
#include "pki/profile/package_op.h"

static const struct command_prints prints[] = { { "changes", package_change_fields, true }, { .key = NULL } };

static int cmd_package_diff_run(struct app *app, const void *args, char **operands, struct err *e)
{
	(void)args;
	return package_compare(operands[0], operands[1], app->out, e);
}

static const struct command_example examples[] = {
	{ "Compare an old package with a new one:", "p11ca package diff VNet1GW-2025.zip VNet1GW.zip" },
	{ .text = NULL },
};

const struct command cmd_package_diff = {
	.path = "package diff",
	.summary = "Show the differences between two client packages",
	.help = "For each difference, the output lists the profile formats that it breaks. A changed tls-auth key is "
		"reported, but not printed. The exit status is 10 if there are differences.",
	.examples = examples,
	.operands = "OLD NEW",
	.min_operands = 2,
	.max_operands = 2,
	.operand_value = VALUE_FILE,
	.prints = prints,
	.run = cmd_package_diff_run,
};
