/* SPDX-License-Identifier: MIT */
/* template_show.c - the command `p11ca template show`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/user_templates.h"

static const struct command_prints prints[] = { { "template", template_fields, false }, { .key = NULL } };

static int cmd_template_show_run(struct app *app, const void *args, char **operands, struct err *e)
{
	AUTO_VALUE(pki) p = { .ui = NULL };
	const struct cert_template *t;

	(void)args;
	if (open_pki(&p, app, e) < 0 || pki_template_find(&t, &p, operands[0], e) < 0)
		return -1;
	return template_print(t, app->out, e);
}

static const struct command_example examples[] = {
	{ "Show the default template for clients:", "p11ca template show azure-client" },
	{ .text = NULL },
};

const struct command cmd_template_show = {
	.path = "template show",
	.summary = "Show the contents of a certificate template",
	.examples = examples,
	.operands = "TEMPLATE", .min_operands = 1, .max_operands = 1, .operand_value = VALUE_TEMPLATE,
	.help = "NAME is a built-in template, or NAME of templates/NAME.ini in p11ca's home.",
	.needs = NEED_HOME,
	.prints = prints, .run = cmd_template_show_run,
};
