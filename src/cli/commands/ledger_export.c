/* SPDX-License-Identifier: MIT */
/* ledger_export.c - p11ca ledger export */
#include "cli/open_pki.h"
#include "pki/listing.h"

struct ledger_export_args {
	const char *format;
};
static const struct opt options[] = {
	{ OPT_FIELD(FORMAT, struct ledger_export_args, format), .name = "format", .choices = "csv|jsonl|json|text",
	  .help = "csv (RFC 4180), jsonl (one object a line), json or text; else csv" },
	{ .name = NULL },
};
static const struct command_prints prints[] = { { "certificates", export_fields, true }, { .key = NULL } };

static int export_as(struct pki *p, const char *format, struct err *e)
{
	struct err at_close = ERR_INIT;
	struct out *o = NULL;
	int result = out_open(&o, format, stdout, e);

	if (result == 0)
		result = ledger_export(p, o, e);
	if (out_close(o, result < 0 ? e : NULL, &at_close) < 0 && result == 0) {
		*e = at_close;
		result = -1;
	}
	return result;
}

static int run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct ledger_export_args *args = args_;
	AUTO_VALUE(pki) p = { .ui = NULL };

	(void)operands;
	if (open_pki_ledger(&p, app, LEDGER_READ, false, e) < 0)
		return -1;
	if (app->json)
		return ledger_export(&p, app->out, e);
	return export_as(&p, args->format != NULL ? args->format : "csv", e);
}

const struct command cmd_ledger_export = {
	.path = "ledger export",
	.summary = "Write every certificate in the ledger, one row each",
	.needs = NEED_HOME,
	.opts = options, .args_size = sizeof(struct ledger_export_args),
	.prints = prints, .run = run,
};
