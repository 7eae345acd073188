/* SPDX-License-Identifier: MIT */
/* check.c - p11ca check */
#include "cli/open_pki.h"
#include "pki/ops.h"

struct check_args {
	const char *root;
};
static const struct opt options[] = {
	{ OPT_FIELD(FILE, struct check_args, root), .name = "root", .help = "certificate of the issuer, to judge the chain" },
	{ .name = NULL },
};
static const struct command_prints prints[] = { { "findings", finding_fields, true }, { .key = NULL } };

static int run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct check_args *args = args_;
	AUTO_VALUE(pki) p = { .ui = NULL };

	if (open_pki(&p, app, e) < 0)
		return -1;
	return check_files(&p, operands, (size_t)app->n_operands, args->root, app->out, e);
}

const struct command cmd_check = {
	.path = "check",
	.summary = "Lint certificates and requests",
	.help = "Every rule of RFC 5280 and of Azure that has its facts is run; each finding has a stable code, see p11ca explain. A file may "
		"hold a chain, the leaf first. Exit status 10 when there is a failure or a warning. With -v what could not be judged is "
		"shown as well.",
	.operands = "FILE...", .min_operands = 1, .max_operands = 1000000, .operand_value = VALUE_FILE,
	.opts = options, .args_size = sizeof(struct check_args),
	.prints = prints, .run = run,
};
