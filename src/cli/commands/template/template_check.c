/* SPDX-License-Identifier: MIT */
/* template_check.c - the command `p11ca template check`: its options, help and output. */
#include "cli/command.h"
#include "pki/user_templates.h"

static const struct command_prints prints[] = { { "template", template_fields, false }, { .key = NULL } };

static int cmd_template_check_run(struct app *app, const void *args, char **operands, struct err *e)
{
	struct user_template u;

	(void)args;
	return user_template_read(&u, operands[0], NULL, e) < 0 ? -1 : template_print(&u.t, app->out, e);
}

static const struct command_example examples[] = {
	{ "Check a template before you copy it to the templates folder:", "p11ca template check office-machines.ini" },
	{ .text = NULL },
};

const struct command cmd_template_check = {
	.path = "template check",
	.summary = "Check a custom template before use",
	.help = "A template is an INI file without sections. To use it as --template NAME, store it as "
		"templates/NAME.ini in p11ca's home. The first setting is base, the name of a built-in client "
		"template. Other settings replace those of the base: summary, days, keys (rsa ec ed25519), "
		"min-rsa-bits, extended-key-usage (clientAuth first), user-principal-name and host-names-only (yes "
		"or no). A template cannot weaken the requirements of its base. An unknown setting, an invalid value "
		"or a setting that occurs twice is an error, reported with file and line.",
	.examples = examples,
	.operands = "FILE",
	.min_operands = 1,
	.max_operands = 1,
	.operand_value = VALUE_FILE,
	.prints = prints,
	.run = cmd_template_check_run,
};
