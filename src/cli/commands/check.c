/* SPDX-License-Identifier: MIT */
/* check.c - the command `p11ca check`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/check.h"
#include "pki/show_findings.h"
#include "pki/user_templates.h"

struct check_args {
	const char *root, *template_name;
};
static const struct opt options[] = {
	{ OPT_FIELD(FILE, struct check_args, root), .name = "root",
	    .help = "certificate of the issuer, to judge the chain" },
	{ OPT_FIELD(TEMPLATE, struct check_args, template_name), .name = "template",
	    .help = "judge requests as for this template (default: azure-client)" },
	{ .name = NULL },
};
static const struct command_prints prints[] = { { "findings", finding_fields, true }, { .key = NULL } };

static int cmd_check_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct check_args *args = args_;
	AUTO_VALUE(pki) p = { .ui = NULL };

	struct check_job job = { .files = operands, .n_files = (size_t)app->n_operands, .root_file = args->root };

	if (open_pki(&p, app, e) < 0 || (args->template_name != NULL &&
	    pki_template_find(&job.template, &p, args->template_name, e) < 0))
		return -1;
	return check_files(&p, &job, app->out, e);
}

const struct command cmd_check = {
	.path = "check",
	.summary = "Lint certificates and requests",
	.help = "Every rule of RFC 5280, of Azure and of the VPN clients that has its facts is run; each finding has "
		"a stable code, "
		"see `p11ca explain`. A file may hold a chain, the leaf first. Exit status 10 when there is a "
		"failure or a warning. Of several files, one that cannot be read is a finding. With -v what could not"
		" be judged is shown as well.",
	.operands = "FILE...",
	.min_operands = 1,
	.max_operands = 1000000,
	.operand_value = VALUE_FILE,
	.opts = options,
	.args_size = sizeof(struct check_args),
	.prints = prints,
	.run = cmd_check_run,
};
