/* SPDX-License-Identifier: MIT */
/* root_export.c - the command `p11ca root export`: its options, help and output. */
#include "cli/export_text.h"
#include "cli/open_pki.h"
#include "pki/ledger/ledger_list.h"

struct root_export_args {
	const char *format, *out;
	bool force;
};
static const struct opt options[] = {
	{ OPT_FIELD(FORMAT, struct root_export_args, format), .name = "format", .choices = "base64|cer|pem|der",
	    .help = "base64: one line for Azure; cer: base64 with CRLF; pem; der (default: base64)" },
	{ OPT_FIELD(OUT_FILE, struct root_export_args, out), .name = "out",
	    .help = "output file (default: standard output)" },
	{ OPT_FIELD(FLAG, struct root_export_args, force), .name = "force", .help = "overwrite the file" },
	{ .name = NULL },
};

static int cmd_root_export_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct root_export_args *args = args_;
	AUTO_VALUE(pki) p = { .ui = NULL };
	AUTO_VALUE(buf) text = { 0 };

	if (open_pki_ledger(&p, app, LEDGER_READ, false, e) < 0 ||
	    root_encode(&text, &p, operands[0], args->format != NULL ? args->format : "base64", e) < 0)
		return -1;
	return export_text(app, &text, args->out, args->force, e);
}

static const struct command_example examples[] = {
	{ "Write the certificate in the format that Azure expects:", "p11ca root export contoso --out contoso.txt" },
	{ "Write a PEM file:", "p11ca root export contoso --format pem --out contoso.pem" },
	{ .text = NULL },
};

const struct command cmd_root_export = {
	.path = "root export",
	.summary = "Write a root's certificate to a file",
	.help = "The default format is the one that Azure's portal, az and ARM templates expect: DER in base64 on "
		"one line, without a newline unless standard output is a terminal. For a subordinate root, the "
		"certificates of its issuers come first, one on each line, starting with the self-signed CA, because "
		"a gateway accepts an intermediate CA only after its issuer. The format der contains only the root's "
		"own certificate.",
	.examples = examples,
	.operands = "NAME",
	.min_operands = 1,
	.max_operands = 1,
	.operand_value = VALUE_ROOT,
	.needs = NEED_HOME,
	.opts = options,
	.args_size = sizeof(struct root_export_args),
	.run = cmd_root_export_run,
};
