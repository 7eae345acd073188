/* SPDX-License-Identifier: MIT */
/* template_list.c - the command `p11ca template list`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/user_templates.h"

static const struct out_field fields[] = {
	{ OUT_TEXT("name", "TEMPLATE", struct cert_template, name), .help = "what --template takes" },
	{ OUT_TEXT("summary", "FOR", struct cert_template, summary), .as = OUT_AS_PROSE, .help = "what it is for" },
	{ OUT_UINT("days", "DAYS", struct cert_template, days), .help = "validity unless --days says otherwise" },
	{ OUT_BOOL("for_roots", NULL, struct cert_template, is_root), .help = "for roots" },
	{ .key = NULL },
};
static const struct command_prints prints[] = { { "templates", fields, true }, { .key = NULL } };

static int cmd_template_list_print(const struct cert_template *t, void *arg, struct err *e)
{
	return out_row(arg, t, e);
}

static int cmd_template_list_run(struct app *app, const void *args, char **operands, struct err *e)
{
	AUTO_VALUE(pki) p = { .ui = NULL };

	(void)args;
	(void)operands;
	if (open_pki(&p, app, e) < 0 || out_list(app->out, "templates", fields, e) < 0 ||
	    pki_each_template(&p, cmd_template_list_print, app->out, e) < 0)
		return -1;
	return out_end(app->out, e);
}

static const struct command_example examples[] = {
	{ "List the certificate templates:", "p11ca template list" },
	{ .text = NULL },
};

const struct command cmd_template_list = {
	.path = "template list",
	.summary = "List the certificate templates",
	.help = "The list contains the built-in templates, then those in templates/*.ini in p11ca's home.",
	.examples = examples,
	.needs = NEED_HOME,
	.prints = prints, .run = cmd_template_list_run,
};
