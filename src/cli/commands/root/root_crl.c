/* SPDX-License-Identifier: MIT */
/* root_crl.c - the command `p11ca root crl`: its options, help and output. */
#include <string.h>

#include "cli/export_text.h"
#include "cli/open_pki.h"
#include "pki/revoke/revoke.h"

struct root_crl_args {
	const char *out, *format;
	unsigned days;
	bool force;
};
static const struct opt options[] = {
	{ OPT_FIELD(OUT_FILE, struct root_crl_args, out), .name = "out", .required = true,
	    .help = "file; - is standard output" },
	{ OPT_FIELD(FORMAT, struct root_crl_args, format), .name = "format", .choices = "pem|der",
	    .help = "pem (OpenVPN, strongSwan), or der (over HTTP, Windows) (default: pem)" },
	{ OPT_FIELD(DAYS, struct root_crl_args, days), .name = "days",
	    .help = "until the next update, after which it is no good (default: 30)" },
	{ OPT_FIELD(FLAG, struct root_crl_args, force), .name = "force", .help = "overwrite the file" },
	{ .name = NULL },
};
static const struct command_prints prints[] = {
	{ "steps", step_fields, true },
	{ "crl", crl_fields, false },
	{ "data", NULL, false },
	{ .key = NULL },
};

static int cmd_root_crl_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct root_crl_args *args = args_;
	AUTO_VALUE(pki) p = { .ui = NULL };
	AUTO_VALUE(crl_job) job = { .op = { .name = operands[0], .purpose = "root", .device = "", .out_path = args->out,
					.force = args->force },
		.root_name = operands[0], .days = args->days, .format = args->format != NULL ? args->format : "pem" };

	if (open_pki_ledger(&p, app, LEDGER_WRITE, false, e) < 0)
		return -1;
	job.op.pki = &p;
	if (root_crl(&job, &app->mode, app->out, e) < 0)
		return -1;
	if (app->mode.dry_run)
		return 0;
	if (strcmp(args->out, "-") == 0)
		return export_text(app, &job.file, NULL, false, e);
	return crl_print(&job, app->out, e);
}

const struct command cmd_root_crl = {
	.path = "root crl",
	.summary = "Sign the list of what a root revoked",
	.help = "The list has every certificate of the root that is revoked, with its reason, and every one that may"
		" have been signed without anybody having it. Its number is above that of every list before and not"
		" below the time. What will be signed is in the ledger before the token signs.\n\nWhoever checks with"
		" a list refuses every client once its next update has passed: make one in time, with --force over the"
		" old file. Also for a root that is retired. Azure's gateways read no lists, only thumbprints.",
	.operands = "NAME",
	.min_operands = 1,
	.max_operands = 1,
	.operand_value = VALUE_NAME,
	.needs = NEED_MODULE | NEED_PIN | NEED_ROOT_PIN | NEED_HOME,
	.changes = true,
	.opts = options,
	.args_size = sizeof(struct root_crl_args),
	.prints = prints,
	.run = cmd_root_crl_run,
};
