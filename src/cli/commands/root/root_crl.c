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
	    .help = "output file; - for standard output" },
	{ OPT_FIELD(FORMAT, struct root_crl_args, format), .name = "format", .choices = "pem|der",
	    .help = "pem for OpenVPN and strongSwan, der for HTTP and Windows (default: pem)" },
	{ OPT_FIELD(DAYS, struct root_crl_args, days), .name = "days",
	    .help = "days until the next update, when this CRL expires (default: 30)" },
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

static const struct command_example examples[] = {
	{ "Sign a CRL for OpenVPN or strongSwan:", "p11ca root crl contoso --out contoso.crl" },
	{ "Replace the CRL every day, for example from cron:",
	    "p11ca --batch root crl contoso --days 7 --force --out contoso.crl" },
	{ .text = NULL },
};

const struct command cmd_root_crl = {
	.path = "root crl",
	.summary = "Sign a certificate revocation list (CRL)",
	.help = "The CRL lists every revoked certificate of the root with its reason, and every serial number that "
		"was used for a certificate that nobody received. Its CRL number is higher than that of every "
		"earlier CRL, and at least the current time. The ledger records the CRL before the token signs it. A "
		"retired root can sign CRLs too.\n\nA gateway with an expired CRL refuses every client: write the "
		"next CRL in time, with --force over the old file. Azure's gateways do not read CRLs; they use lists "
		"of thumbprints.",
	.examples = examples,
	.operands = "NAME",
	.min_operands = 1,
	.max_operands = 1,
	.operand_value = VALUE_ROOT,
	.needs = NEED_MODULE | NEED_PIN | NEED_ROOT_PIN | NEED_HOME,
	.changes = true,
	.opts = options,
	.args_size = sizeof(struct root_crl_args),
	.prints = prints,
	.run = cmd_root_crl_run,
};
