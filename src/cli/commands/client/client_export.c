/* SPDX-License-Identifier: MIT */
/* client_export.c - the command `p11ca client export`: its options, help and output. */
#include <string.h>

#include "cli/export_text.h"
#include "cli/open_pki.h"
#include "pki/ledger/ledger_list.h"

struct client_export_args {
	const char *format, *out;
	bool force, chain;
};
static const struct opt options[] = {
	{ OPT_FIELD(FORMAT, struct client_export_args, format), .name = "format", .choices = "base64|cer|pem|der",
	    .help = "base64: one line for Azure; cer: base64 with CRLF; pem; der (default: pem)" },
	{ OPT_FIELD(OUT_FILE, struct client_export_args, out), .name = "out",
	    .help = "output file (default: standard output)" },
	{ OPT_FIELD(FLAG, struct client_export_args, chain), .name = "chain",
	    .help = "add the root's certificate; for pem and cer" },
	{ OPT_FIELD(FLAG, struct client_export_args, force), .name = "force", .help = "overwrite the file" },
	{ .name = NULL },
};

static int cmd_client_export_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct client_export_args *args = args_;
	AUTO_VALUE(pki) p = { .ui = NULL };
	AUTO_VALUE(buf) text = { 0 };

	if (args->chain && args->format != NULL && strcmp(args->format, "pem") != 0 && strcmp(args->format, "cer") != 0)
		return err_set(e, ERR_USAGE, "--chain needs --format pem or cer");
	if (open_pki_ledger(&p, app, LEDGER_READ, false, e) < 0 ||
	    client_encode(&text, &p, operands[0], args->format != NULL ? args->format : "pem", args->chain, e) < 0)
		return -1;
	return export_text(app, &text, args->out, args->force, e);
}

static const struct command_example examples[] = {
	{ "Write a certificate and its root to a PEM file:",
	    "p11ca client export alice@contoso.com --chain --out alice.pem" },
	{ .text = NULL },
};

const struct command cmd_client_export = {
	.path = "client export",
	.summary = "Write a client's certificate to a file",
	.help = "ID is a serial number, a thumbprint or fingerprint, or the name of a client with one valid "
		"certificate.",
	.examples = examples,
	.operands = "ID", .min_operands = 1, .max_operands = 1, .operand_value = VALUE_CLIENT,
	.needs = NEED_HOME,
	.opts = options, .args_size = sizeof(struct client_export_args),
	.run = cmd_client_export_run,
};
