/* SPDX-License-Identifier: MIT */
/* template_list.c - p11ca template list */
#include "cli/command.h"
#include "pki/ops.h"

static const struct out_field fields[] = {
	{ OUT_TEXT("name", "TEMPLATE", struct cert_template, name), .help = "what --template takes" },
	{ OUT_TEXT("summary", "FOR", struct cert_template, summary), .help = "what it is for" },
	{ OUT_UINT("days", "DAYS", struct cert_template, days), .help = "validity unless --days says otherwise" },
	{ OUT_BOOL("root", NULL, struct cert_template, is_root), .help = "for roots" },
	{ .key = NULL },
};
static const struct command_prints prints[] = { { "templates", fields, true }, { .key = NULL } };

static int run(struct app *app, const void *args, char **operands, struct err *e)
{
	const struct cert_template *t;

	(void)args;
	(void)operands;
	if (out_list(app->out, "templates", fields, e) < 0)
		return -1;
	for (size_t i = 0; (t = template_at(i)) != NULL; i++)
		if (out_row(app->out, t, e) < 0)
			return -1;
	return out_end(app->out, e);
}

const struct command cmd_template_list = {
	.path = "template list",
	.summary = "List what certificates can contain",
	.prints = prints, .run = run,
};
